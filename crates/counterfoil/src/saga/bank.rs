//! The line to a bank: which events ask it, and how its facts are recorded.
//!
//! | event | ask | fact | command |
//! |---|---|---|---|
//! | `payout_created` | pay out | done | `MarkPayoutPaid` |
//! | | | failed, returned, or refused | `MarkPayoutFailed` |

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use counterfoil_domain::account::{BankAccount, Country};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::payout::{FailureCode, MarkPayoutFailed, MarkPayoutPaid, PayoutMoved};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::{AccountId, Command, Event, ObjectId, PayoutId, Recorded};
use counterfoil_rails::bank::{BankOrder, Flow, OrderResult, Payee};
use counterfoil_rails::{
    AskKey, BankAnswer, BankAsk, BankFact, BankRail, BankRefusal, Cursor, Page, RailError, Told,
};

use super::error::SagaError;
use super::line::{Line, Wanted};
use super::payees::{OnFile, Payees};
use super::record::Telling;
use crate::Counterfoil;

pub(super) struct BankLine {
    port: Arc<dyn BankRail>,
    payees: Arc<dyn Payees>,
    /// What is on file of the accounts whose events were seen.
    seen: BTreeMap<AccountId, Kept>,
}

/// What is kept of an account.
#[derive(Clone, Debug)]
struct Kept {
    country: Country,
    banks: Vec<(Currency, BankAccount)>,
}

/// A payout as it is asked.
#[derive(Clone, Debug)]
pub(super) struct Order {
    account: AccountId,
    amount: Money,
    arrive_on: Day,
    /// The fingerprint of the bank account that it goes to.
    bank: Option<[u8; 8]>,
    key: AskKey,
    details: Option<counterfoil_rails::bank::BankDetails>,
}

impl BankLine {
    pub(super) fn new(port: Arc<dyn BankRail>, payees: Arc<dyn Payees>) -> Self {
        Self { port, payees, seen: BTreeMap::new() }
    }

    /// Takes in what an event says of an account's banks.
    fn file(seen: &mut BTreeMap<AccountId, Kept>, recorded: &Recorded) {
        if let Event::AccountOnboarded(onboarded) = &recorded.event {
            let banks = onboarded.bank_account.iter().map(|bank| (onboarded.currency, bank.clone()));
            let kept = Kept { country: onboarded.country, banks: banks.collect() };
            seen.insert(onboarded.account, kept);
        }
        if let Event::LedgerOpened(settings) = &recorded.event {
            seen.insert(AccountId::PLATFORM, Kept { country: settings.country, banks: Vec::new() });
        }
        if let Event::BankAccountAttached { account, currency, bank } = &recorded.event
            && let Some(kept) = seen.get_mut(account)
        {
            kept.banks.retain(|(of, _)| of != currency);
            kept.banks.push((*currency, (**bank).clone()));
        }
    }

    /// The account as it was when an event was recorded, where that was not seen: read from the
    /// log, which is rare.
    async fn as_of(
        ledger: &Counterfoil,
        account: AccountId,
        position: u64,
    ) -> Result<Option<Kept>, SagaError> {
        let mut seen = BTreeMap::new();
        let mut feed = ledger.subscribe(0);
        while let Some(recorded) = feed.try_next().await?.filter(|recorded| recorded.position < position) {
            Self::file(&mut seen, &recorded);
            seen.retain(|of, _| *of == account);
        }
        Ok(seen.remove(&account))
    }
}

impl Kept {
    /// The bank account of this fingerprint.
    fn bank(&self, currency: Currency, fingerprint: [u8; 8]) -> Option<&BankAccount> {
        let banks = self.banks.iter().filter(|(of, _)| *of == currency);
        banks.map(|(_, bank)| bank).find(|bank| bank.number.fingerprint == fingerprint)
    }
}

fn order(moved: &PayoutMoved) -> Order {
    let payout = &moved.payout;
    Order {
        account: payout.account,
        amount: Money::new(payout.currency, payout.amount),
        arrive_on: payout.arrival,
        bank: payout.bank,
        key: AskKey::of(moved.id.0),
        details: None,
    }
}

#[async_trait]
impl Line for BankLine {
    type Ask = Order;
    type Fact = BankFact;
    type Refusal = BankRefusal;

    fn name(&self) -> &RailName {
        self.port.name()
    }

    fn sees(&mut self, recorded: &Recorded) -> Option<Wanted<Order>> {
        Self::file(&mut self.seen, recorded);
        let Event::PayoutCreated(moved) = &recorded.event else { return None };
        let (position, at, ask) = (recorded.position, recorded.time, order(moved));
        // A bank takes a payout and says nothing for days.
        Some(Wanted { key: ask.key, at, position, ask, traced: false })
    }

    async fn complete(&self, ledger: &Counterfoil, wanted: &Wanted<Order>) -> Result<Order, SagaError> {
        let Order { account, amount, bank, .. } = wanted.ask;
        let fits = |kept: &&Kept| bank.is_none_or(|bank| kept.bank(amount.currency, bank).is_some());
        let seen = self.seen.get(&account).filter(fits).cloned();
        let kept = match seen {
            Some(kept) => Some(kept),
            None => Self::as_of(ledger, account, wanted.position).await?,
        };
        let details = kept.map(|kept| {
            let on_file = bank.and_then(|bank| kept.bank(amount.currency, bank));
            let (country, currency) = (kept.country, amount.currency);
            self.payees.details(&OnFile { account, country, currency, bank: on_file })
        });
        let details = details.transpose().map_err(SagaError::Payee)?.flatten();
        Ok(Order { details, ..wanted.ask.clone() })
    }

    async fn ask(&self, at: Timestamp, ask: &Order) -> Result<BankAnswer, RailError> {
        let to = Payee { account: ask.account, details: ask.details.clone() };
        let order = BankOrder::PayOut { to, amount: ask.amount, arrive_on: Some(ask.arrive_on) };
        self.port.ask(at, &BankAsk { key: ask.key, order }).await
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<BankFact>, RailError> {
        self.port.facts(after, until, most).await
    }

    fn telling(&self, told: &Told<BankFact>) -> Telling {
        let BankFact { order, flow, result, .. } = told.fact;
        match flow {
            Flow::Payout => payout(order.id(), result),
            // The ledger orders none of these here.
            Flow::Debit | Flow::TopUp => Telling::Unrecorded,
        }
    }

    fn refused(&self, ask: &Order, refusal: &BankRefusal) -> Option<Command> {
        let code = match refusal {
            // It did something under this key, and may have paid: a person must look at it.
            BankRefusal::KeyReused { .. } => return None,
            BankRefusal::UnknownBankAccount { .. } => FailureCode::NoAccount,
            BankRefusal::NotPositive { .. }
            | BankRefusal::UnknownOrder { .. }
            | BankRefusal::TooLate { .. }
            | BankRefusal::Other { .. } => FailureCode::CouldNotProcess,
        };
        Some(MarkPayoutFailed { payout: PayoutId(ask.key.id()), code }.into())
    }
}

fn payout(order: ObjectId, result: OrderResult) -> Telling {
    let payout = PayoutId(order);
    match result {
        OrderResult::Done => Telling::Command(MarkPayoutPaid { payout }.into()),
        OrderResult::Failed(code) | OrderResult::Returned(code) => {
            Telling::Command(MarkPayoutFailed { payout, code }.into())
        }
        // The ledger calls no payout back.
        OrderResult::Cancelled => Telling::Unrecorded,
    }
}
