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
mod clock;
mod desk;
mod error;
mod line;
mod marked;
mod outcome;
mod patience;
mod payees;
mod record;

pub use error::SagaError;
pub use outcome::{Heard, Paid, Unrecorded, Why};
pub use patience::Patience;
pub use payees::{OnFile, Payees, SealedDetails};

use std::sync::Arc;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_rails::{BankRail, CardRail};

use crate::Counterfoil;
use bank::BankLine;
use cards::CardLine;
use desk::Desk;

/// One ledger's dealings with one card processor and one bank.
///
/// What it asked for it gives back, and it puts all payouts; a second saga of the same ledger asks
/// under the same keys, and so does nothing twice. It waits by tokio's clock: its runtime has time
/// enabled.
pub struct Saga {
    ledger: Counterfoil,
    cards: Desk<CardLine>,
    bank: Desk<BankLine>,
    /// The newest business time that was seen.
    now: Timestamp,
}

/// What a saga is opened with.
#[must_use]
pub struct SagaBuilder {
    ledger: Counterfoil,
    cards: Arc<dyn CardRail>,
    bank: Arc<dyn BankRail>,
    payees: Arc<dyn Payees>,
    patience: Patience,
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
    pub async fn put(&mut self) -> Result<(), SagaError> {
        let cards = self.cards.put(&self.ledger, &mut self.now).await;
        let bank = self.bank.put(&self.ledger, &mut self.now).await;
        cards.and(bank)
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

    /// Says that the rails remember nothing of an earlier process, as simulators in memory: then
    /// every ask since the first event is put again, and they are what they were.
    pub fn rails_forget(mut self) -> Self {
        self.rails_forget = true;
        self
    }

    /// Opens the saga: finds the asks that an earlier process left unanswered, and puts them.
    ///
    /// # Errors
    /// As for [`Saga::put`].
    pub async fn open(self) -> Result<Saga, SagaError> {
        let Self { ledger, cards, bank, payees, patience, rails_forget } = self;
        let state = ledger.ledger().await?;
        let cards = CardLine::new(cards, &state);
        let bank = BankLine::new(bank, payees);
        let mut saga = Saga {
            cards: Desk::open(&ledger, &state, cards, patience, rails_forget).await?,
            bank: Desk::open(&ledger, &state, bank, patience, rails_forget).await?,
            now: state.now(),
            ledger,
        };
        drop(state);
        saga.put().await?;
        Ok(saga)
    }
}
