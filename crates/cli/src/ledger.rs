//! Opening the ledger that a command is about, and naming its accounts.

use std::collections::BTreeMap;

use counterfoil::domain::AccountId;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::{ObjectKind, ObjectRef};
use counterfoil::{Counterfoil, Ids};
use serde_json::Value;

use crate::args::Args;
use crate::exit::Failure;
use crate::output::{Cell, Output};

/// The word that stands for the platform's own account on the command line.
pub(crate) const PLATFORM: &str = "platform";

/// How the accounts of a ledger are called.
pub(crate) struct Names {
    ids: Ids,
    accounts: Vec<AccountId>,
    external: BTreeMap<AccountId, String>,
}

/// Opens the ledger in the data folder, with its views at the head.
pub(crate) async fn open(args: &Args) -> Result<Counterfoil, Failure> {
    let ledger = Counterfoil::builder().path(args.folder()).open().await?;
    ledger.caught_up().await?;
    Ok(ledger)
}

/// Closes it, and adds what a reader should know about damaged snapshots.
pub(crate) async fn close(ledger: Counterfoil, output: Output) -> Result<Output, Failure> {
    let damaged = ledger.damaged_views();
    ledger.close().await?;
    Ok(output.notes(damaged.into_iter().map(|(view, why)| {
        format!("the snapshot of the view {view} is damaged ({why}); the answer was built from the log; run `counterfoil rebuild {view}`")
    })))
}

impl Names {
    /// The names of one account, or of all.
    pub(crate) fn of(ledger: &Counterfoil, account: Option<AccountId>) -> Result<Self, Failure> {
        ledger.views(|views| {
            let mut accounts: Vec<AccountId> = views.balance().rows(account).map(|row| row.account).collect();
            // An account has a row for every currency.
            accounts.dedup();
            let mut external = BTreeMap::new();
            for account in &accounts {
                let object = views.objects().get(ObjectRef::Account(*account))?;
                if let Some(name) = object.as_ref().and_then(|object| object.external_id()) {
                    external.insert(*account, name.to_owned());
                }
            }
            Ok(Self { ids: ledger.ids().clone(), accounts, external })
        })
    }

    /// The accounts that have one, the platform first.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> + '_ {
        self.accounts.iter().copied()
    }

    /// An object's id as text.
    pub(crate) fn id(&self, object: impl Into<ObjectRef>) -> String {
        self.ids.text(object)
    }

    /// The cell of the object that something is about: its id, where there is one.
    pub(crate) fn source(&self, object: Option<ObjectRef>) -> Cell {
        Cell::plain(object.map(|object| self.id(object)))
    }

    /// The object that a text is the id of.
    pub(crate) fn parse(&self, text: &str) -> Option<ObjectRef> {
        self.ids.parse(text).ok()
    }

    /// The caller's id of an account.
    pub(crate) fn external(&self, account: AccountId) -> Option<&str> {
        self.external.get(&account).map(String::as_str)
    }

    /// What people call an account: its external id, `platform`, or its id.
    pub(crate) fn shown(&self, account: AccountId) -> String {
        match self.external(account) {
            Some(external) => external.to_owned(),
            None if account.is_platform() => PLATFORM.to_owned(),
            None => self.id(account),
        }
    }

    /// The cells of an account: its id, and its external id where it has one.
    pub(crate) fn cells(&self, account: AccountId) -> [Cell; 2] {
        let external = self.external(account).map_or(Value::Null, Value::from);
        let shown = if account.is_platform() { PLATFORM } else { self.external(account).unwrap_or("") };
        [Cell::plain(self.id(account)), Cell::shown(shown, external)]
    }
}

/// The account that a text names: an external id, an account's id, or `platform`.
pub(crate) fn account(ledger: &Counterfoil, text: &str) -> Result<AccountId, Failure> {
    // Ids come first: no external id can stand for another account's id or the platform.
    if text == PLATFORM {
        return Ok(AccountId::PLATFORM);
    }
    let known = |account: &AccountId| ledger.views(|views| views.balance().has_account(*account));
    if let Ok(ObjectRef::Account(account)) = ledger.ids().parse(text)
        && known(&account)
    {
        return Ok(account);
    }
    let named = ledger.views(|views| views.objects().by_external_id(ObjectKind::Account, text))?;
    if let Some(ObjectRef::Account(account)) = named.map(|object| object.reference) {
        return Ok(account);
    }
    Err(Failure::input(format!(
        "no account \"{text}\"; name an external id, an account's id (acct_…) or `{PLATFORM}`"
    )))
}

/// The time that is asked about, where it is past: what is to come is not known, and is not older.
pub(crate) fn past(ledger: &Counterfoil, asked: Option<Timestamp>) -> Option<Timestamp> {
    let now = ledger.views(|views| views.payouts().now());
    asked.filter(|asked| *asked < now)
}

/// Reads a time on the command line.
pub(crate) fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|error: counterfoil::domain::calendar::NotATime| error.to_string())
}
