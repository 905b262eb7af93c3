//! A simulated bank: test bank accounts, a seed, and the ledger's clock.

mod accounts;
mod rail;
mod rates;
mod script;

#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod stories;

use std::collections::BTreeMap;

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::Money;

pub use self::accounts::{ACCOUNTS, Row, TestBank, known_accounts};
pub use self::rail::SimulatedBank;
pub use self::rates::BankRates;
pub use self::script::{Script, script};
use super::{BankAnswer, BankAsk, BankDetails, BankFact, BankOrder, BankRefusal, Flow, OrderResult};
use crate::diary::Diary;
use crate::simulating::{Given, Simulating};
use crate::{AskKey, Cursor, Page, RailError, Settings, Told};

/// A simulated bank. Like the card processor's, it follows from its settings and the asks with
/// their instants, and is made again from them by [`BankSimulator::rebuilt`].
///
/// ```text
/// waiting ──▶ done ──▶ returned
///    ├──────▶ failed
///    └──────▶ cancelled
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankSimulator {
    settings: Settings,
    given: Given<BankAsk, BankFact, BankRefusal>,
    orders: BTreeMap<AskKey, Order>,
    diary: Diary<OrderResult, BankFact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Order {
    flow: Flow,
    amount: Money,
    result: Option<OrderResult>,
}

impl BankSimulator {
    /// A bank that has been asked nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, given: BTreeMap::new(), orders: BTreeMap::new(), diary: Diary::new() }
    }

    /// The bank that has been asked these, in the order of their instants.
    ///
    /// # Errors
    /// An ask lies before the one before it.
    pub fn rebuilt(
        settings: Settings,
        asks: impl IntoIterator<Item = (Timestamp, BankAsk)>,
    ) -> Result<Self, RailError> {
        Self::new(settings).put_all(asks)
    }

    /// Takes an ask that was decided at `at`, once what was due by then has been told.
    ///
    /// # Errors
    /// `at` lies before an instant that came before, unless the ask is repeated: a repeated ask
    /// gets its first answer, whenever it comes.
    pub fn ask(&mut self, at: Timestamp, ask: &BankAsk) -> Result<BankAnswer, RailError> {
        self.put(at, ask)
    }

    /// Tells everything that is due up to and with `until`.
    pub fn advance(&mut self, until: Timestamp) {
        self.pass(until);
    }

    /// At most `most` facts that came after the cursor, up to and with `until`. Where all that has
    /// been told is read already, the clock goes on to the next instant at which something is told,
    /// and no further: so what follows from a page can be asked at the instants of its facts.
    ///
    /// # Errors
    /// The cursor is none of this simulator's.
    pub fn facts(
        &mut self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<BankFact>, RailError> {
        self.page(after, until, most)
    }

    /// Everything that has been told so far, in order.
    #[must_use]
    pub fn told(&self) -> &[Told<BankFact>] {
        self.diary.told()
    }

    /// When something may next be told of what has been asked so far. No real bank knows.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.diary.next_due()
    }

    fn begin(
        &mut self,
        at: Timestamp,
        key: AskKey,
        bank: TestBank,
        flow: Flow,
        amount: Money,
        arrive_on: Option<Day>,
    ) -> Result<(), BankRefusal> {
        if amount.minor <= 0 {
            return Err(BankRefusal::NotPositive { asked: amount });
        }
        self.orders.insert(key, Order { flow, amount, result: None });
        for (when, result) in script(&self.settings, bank, key, flow, amount.currency, arrive_on, at) {
            self.diary.plan(when, key, result);
        }
        Ok(())
    }

    /// A result comes, if it still can.
    fn come(&mut self, at: Timestamp, key: AskKey, result: OrderResult) -> Option<Told<BankFact>> {
        let order = self.orders.get_mut(&key)?;
        let follows = match (order.result, result) {
            (None, OrderResult::Done | OrderResult::Failed(_) | OrderResult::Cancelled)
            | (Some(OrderResult::Done), OrderResult::Returned(_)) => true,
            (None, OrderResult::Returned(_)) | (Some(_), _) => false,
        };
        if !follows {
            return None;
        }
        order.result = Some(result);
        let fact = BankFact { order: key, flow: order.flow, amount: order.amount, result };
        Some(self.diary.tell(at, key, fact))
    }
}

impl Simulating for BankSimulator {
    type Ask = BankAsk;
    type Happening = OrderResult;
    type Fact = BankFact;
    type Refusal = BankRefusal;

    fn key(ask: &BankAsk) -> AskKey {
        ask.key
    }

    fn reused(key: AskKey) -> BankRefusal {
        BankRefusal::KeyReused { key }
    }

    fn given(&mut self) -> &mut Given<BankAsk, BankFact, BankRefusal> {
        &mut self.given
    }

    fn diary(&mut self) -> &mut Diary<OrderResult, BankFact> {
        &mut self.diary
    }

    fn take(&mut self, at: Timestamp, ask: &BankAsk) -> Result<Vec<Told<BankFact>>, BankRefusal> {
        match &ask.order {
            BankOrder::PayOut { to, amount, arrive_on } => {
                let bank = to.details.as_ref().map_or(Ok(TestBank::Works), known)?;
                self.begin(at, ask.key, bank, Flow::Payout, *amount, *arrive_on)?;
                Ok(Vec::new())
            }
            BankOrder::Debit { from, amount } => {
                self.begin(at, ask.key, known(from)?, Flow::Debit, *amount, None)?;
                Ok(Vec::new())
            }
            BankOrder::TopUp { from, amount } => {
                self.begin(at, ask.key, known(from)?, Flow::TopUp, *amount, None)?;
                Ok(Vec::new())
            }
            BankOrder::Cancel { order } => {
                let unknown = BankRefusal::UnknownOrder { order: *order };
                if self.orders.get(order).ok_or(unknown)?.result.is_some() {
                    return Err(BankRefusal::TooLate { order: *order });
                }
                Ok(self.come(at, *order, OrderResult::Cancelled).into_iter().collect())
            }
        }
    }

    fn happen(&mut self, at: Timestamp, key: AskKey, happening: OrderResult) {
        self.come(at, key, happening);
    }
}

fn known(details: &BankDetails) -> Result<TestBank, BankRefusal> {
    TestBank::of(details).ok_or_else(|| BankRefusal::UnknownBankAccount {
        details: details.clone(),
        known: known_accounts(details.country()),
    })
}
