//! The line to a bank: which events ask it, and how its facts are recorded.
//!
//! | event | ask | fact | command |
//! |---|---|---|---|
//! | `payout_created` | pay out | done | `MarkPayoutPaid` |
//! | | | failed, returned, or refused | `MarkPayoutFailed` |

use std::sync::Arc;

use async_trait::async_trait;
use counterfoil_domain::account::BankAccount;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::payout::{FailureCode, MarkPayoutFailed, MarkPayoutPaid, PayoutMoved};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::{AccountId, Event, ObjectId, PayoutId, Recorded};
use counterfoil_rails::bank::{BankDetails, BankOrder, Flow, OrderResult, Payee};
use counterfoil_rails::{
    AskKey, BankAnswer, BankAsk, BankFact, BankRail, BankRefusal, Cursor, Page, RailError, Told,
};

use super::claim::{Asked, Claim, event_of};
use super::error::SagaError;
use super::line::{Complete, Line, Refused, Wanted};
use super::outcome::{Said, Why};
use super::payees::{OnFile, Payees};
use super::record::Telling;
use crate::Counterfoil;

pub(super) struct BankLine {
    port: Arc<dyn BankRail>,
    payees: Arc<dyn Payees>,
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
    details: Option<BankDetails>,
}

impl BankLine {
    pub(super) fn new(port: Arc<dyn BankRail>, payees: Arc<dyn Payees>) -> Self {
        Self { port, payees }
    }
}

/// The bank account of that fingerprint that was on file before `position`, where it is on file no
/// more: read from the log, since the ledger keeps those alone that are. That is so only of a payout
/// whose account put another bank account on file between the payout and its ask.
async fn replaced(
    ledger: &Counterfoil,
    of: (AccountId, Currency),
    fingerprint: [u8; 8],
    position: u64,
) -> Result<Option<BankAccount>, SagaError> {
    let mut feed = ledger.subscribe(0);
    while let Some(recorded) = feed.try_next().await?.filter(|recorded| recorded.position < position) {
        let mut filed = None;
        if let Event::AccountOnboarded(onboarded) = &recorded.event {
            let bank = onboarded.bank_account.as_ref();
            filed = bank.filter(|_| (onboarded.account, onboarded.currency) == of);
        } else if let Event::BankAccountAttached { account, currency, bank } = &recorded.event {
            filed = Some(&**bank).filter(|_| (*account, *currency) == of);
        }
        // Of one fingerprint all are the same bank account.
        if let Some(bank) = filed.filter(|bank| bank.number.fingerprint == fingerprint) {
            return Ok(Some(bank.clone()));
        }
    }
    Ok(None)
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
        let Event::PayoutCreated(moved) = &recorded.event else { return None };
        let (position, at, ask) = (recorded.position, recorded.time, order(moved));
        // A bank takes a payout and says nothing for days.
        Some(Wanted { key: ask.key, at, position, ask, traced: false })
    }

    async fn complete(
        &self,
        ledger: &Counterfoil,
        wanted: &Wanted<Order>,
    ) -> Result<Complete<Order>, SagaError> {
        let Order { account, amount: Money { currency, .. }, bank, .. } = wanted.ask;
        let Some(holder) = ledger.account(account).await? else {
            return Ok(Complete::Ask(wanted.ask.clone()));
        };
        let mut filed = None;
        if let Some(fingerprint) = bank {
            let fits = |(of, bank): &&(Currency, BankAccount)| {
                *of == currency && bank.number.fingerprint == fingerprint
            };
            filed = holder.bank_accounts.iter().find(fits).map(|(_, bank)| bank.clone());
            if filed.is_none() {
                filed = replaced(ledger, (account, currency), fingerprint, wanted.position).await?;
            }
        }
        let payee = OnFile { account, country: holder.country, currency, bank: filed.as_ref() };
        match self.payees.details(&payee) {
            Ok(details) => Ok(Complete::Ask(Order { details, ..wanted.ask.clone() })),
            Err(error) => Ok(Complete::Held(format!("where to pay is not known: {error}").into())),
        }
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

    async fn telling(&mut self, ledger: &Counterfoil, told: &Told<BankFact>) -> Result<Telling, SagaError> {
        let BankFact { order, flow, amount, result } = told.fact;
        if flow != Flow::Payout {
            // The ledger orders none of these here.
            return Ok(Telling::Unrecorded(Why::NoCommand));
        }
        let claim = Claim { amount: Some(amount), payment: None };
        let event = event_of(ledger, order.id()).await?;
        let asked = event.and_then(|recorded| asked(&recorded, order.id()));
        match asked.and_then(|asked| claim.differs(&asked)) {
            Some(why) => Ok(Telling::Unrecorded(why)),
            None => Ok(payout(order.id(), result)),
        }
    }

    fn refused(&self, ask: &Order, refusal: &BankRefusal) -> Refused {
        let code = match refusal {
            // It did something under this key, and may have paid: a person must look at it.
            BankRefusal::KeyReused { .. } => return Refused::Open,
            BankRefusal::UnknownBankAccount { .. } => FailureCode::NoAccount,
            BankRefusal::NotPositive { .. }
            | BankRefusal::UnknownOrder { .. }
            | BankRefusal::TooLate { .. }
            | BankRefusal::Other { .. } => FailureCode::CouldNotProcess,
        };
        Refused::Command(Box::new(MarkPayoutFailed { payout: PayoutId(ask.key.id()), code }.into()))
    }

    fn said(&self, told: &Told<BankFact>) -> Said {
        Said::Bank(told.clone())
    }

    fn said_no(&self, key: AskKey, refusal: &BankRefusal) -> Said {
        Said::BankRefused { key, refusal: refusal.clone() }
    }
}

/// What an event asked of the bank under the key `id`.
fn asked(recorded: &Recorded, id: ObjectId) -> Option<Asked> {
    let Event::PayoutCreated(moved) = &recorded.event else { return None };
    let amount = Money::new(moved.payout.currency, moved.payout.amount);
    (moved.id.0 == id).then_some(Asked { amount, payment: None, here: true })
}

fn payout(order: ObjectId, result: OrderResult) -> Telling {
    let payout = PayoutId(order);
    match result {
        OrderResult::Done => Telling::command(MarkPayoutPaid { payout }),
        OrderResult::Failed(code) | OrderResult::Returned(code) => {
            Telling::command(MarkPayoutFailed { payout, code })
        }
        // The ledger calls no payout back.
        OrderResult::Cancelled => Telling::Unrecorded(Why::NoCommand),
    }
}
