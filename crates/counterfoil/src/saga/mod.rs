//! The saga: what stands between the ledger and its rails.
//!
//! An ask is an event of the log: `charge_asked`, `payout_created`. The saga reads the durable
//! log in order, puts each ask to its rail under the key of its place, and records what the rail
//! tells as commands of facts. So every instant at which a process can die lies between two of
//! these, and after each the same key is asked again and the same fact recorded once
//! (docs/decisions/rails-saga.md).
//!
//! ```text
//!  command ──▶ event, durable ──▶ ask, its key the event's place ──▶ rail
//!                                                                     │
//!  outcome ◀── event, durable ◀── command of a fact ◀── fact ◀────────┘
//! ```

mod asked;
mod bank;
mod cards;
mod claim;
mod clock;
mod desk;
mod disputes;
mod error;
mod line;
mod marked;
mod now;
mod outcome;
mod patience;
mod payees;
mod record;

pub use error::SagaError;
pub use outcome::{Heard, Paid, Said, Unrecorded, Why};
pub use patience::Patience;
pub use payees::{OnFile, Payees, SealedDetails};

use std::sync::Arc;

use counterfoil_domain::ChargeId;
use counterfoil_domain::dispute::Recovery;
use counterfoil_rails::{BankRail, CardRail};

use tokio::sync::Mutex;

use crate::Counterfoil;
use bank::BankLine;
use cards::CardLine;
use desk::Desk;
use disputes::Recoveries;
use line::Line;
use now::Now;

/// One ledger's dealings with one card processor and one bank.
///
/// What it asked for it gives back, and it puts all payouts; a second saga of the same ledger asks
/// under the same keys, and so does nothing twice. Several callers may share one: each rail is
/// served by itself, one caller at a time, and one that is silent keeps nobody from the other. It
/// waits by tokio's clock: its runtime has time enabled.
pub struct Saga {
    ledger: Counterfoil,
    cards: Mutex<Desk<CardLine>>,
    bank: Mutex<Desk<BankLine>>,
    /// The newest business time that was seen.
    now: Now,
}

/// What a saga is opened with.
#[must_use]
pub struct SagaBuilder {
    ledger: Counterfoil,
    cards: Arc<dyn CardRail>,
    bank: Arc<dyn BankRail>,
    payees: Arc<dyn Payees>,
    patience: Patience,
    recoveries: Arc<Recoveries>,
    rails_forget: bool,
}

impl Saga {
    /// A builder of the saga of a ledger with its card processor and its bank.
    pub fn builder(ledger: &Counterfoil, cards: Arc<dyn CardRail>, bank: Arc<dyn BankRail>) -> SagaBuilder {
        SagaBuilder {
            ledger: ledger.clone(),
            cards,
            bank,
            payees: Arc::new(SealedDetails::new(ledger)),
            patience: Patience::default(),
            recoveries: Arc::new(|_| Recovery::None),
            rails_forget: false,
        }
    }

    /// Puts every ask that is durable and was not answered yet, in the order of the log, and
    /// records what the answers hold. Where a rail is out of reach the other one is asked all
    /// the same.
    ///
    /// # Errors
    /// A rail did not answer, a log that cannot be read, or a ledger that records nothing more.
    /// What was not answered is put again by the next call.
    pub async fn put(&self) -> Result<(), SagaError> {
        let cards = self.put_to(&self.cards).await;
        let bank = self.put_to(&self.bank).await;
        cards.and(bank)
    }

    /// Puts the asks of one rail.
    async fn put_to<L: Line>(&self, desk: &Mutex<Desk<L>>) -> Result<(), SagaError> {
        desk.lock().await.put(&self.ledger, &self.now).await
    }
}

impl SagaBuilder {
    /// Where accounts are paid; by default what the ledger has sealed of their bank accounts.
    pub fn payees(mut self, payees: Arc<dyn Payees>) -> Self {
        self.payees = payees;
        self
    }

    /// How often and how long a rail is asked before it is out of reach.
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// What is taken back from sellers where a charge of theirs is disputed; by default nothing.
    pub fn recovering(mut self, policy: impl Fn(ChargeId) -> Recovery + Send + Sync + 'static) -> Self {
        self.recoveries = Arc::new(policy);
        self
    }

    /// Says that the rails remember nothing of an earlier process, as simulators in memory: then
    /// every ask since the first event is put again, and they are what they were.
    pub fn rails_forget(mut self) -> Self {
        self.rails_forget = true;
        self
    }

    /// Opens the saga: finds the asks that an earlier process left unanswered, and puts them. Where
    /// a rail is out of reach, the next call puts its asks again.
    ///
    /// # Errors
    /// A log that cannot be read, or a ledger that records nothing more.
    pub async fn open(self) -> Result<Saga, SagaError> {
        let Self { ledger, cards, bank, payees, patience, recoveries, rails_forget } = self;
        let state = ledger.ledger().await?;
        let cards = CardLine::new(cards, recoveries, &state);
        let bank = BankLine::new(bank, payees);
        let saga = Saga {
            cards: Mutex::new(Desk::open(&ledger, &state, cards, patience, rails_forget).await?),
            bank: Mutex::new(Desk::open(&ledger, &state, bank, patience, rails_forget).await?),
            now: Now::new(state.now()),
            ledger,
        };
        drop(state);
        match saga.put().await {
            // What was not answered is put again; the other rail is served meanwhile.
            Ok(()) | Err(SagaError::OutOfReach { .. }) => Ok(saga),
            Err(error) => Err(error),
        }
    }
}
