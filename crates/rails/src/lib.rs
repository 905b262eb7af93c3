//! Rails: the ports behind which card processors and banks stand, and simulators of both.
//!
//! An **ask** is what the ledger durably decided and wants done: authorise, capture, refund,
//! pay out, debit, top up, answer a dispute. A **fact** is what a rail says has happened. An
//! ask may be refused by the rail; a fact is never refused by anybody.
//!
//! ```text
//! event in the log ──▶ ask (its key is the event's place) ──▶ rail
//!                                                              │ answer: refused, or taken
//!                                                              │   with what is known already
//!     event in the log ◀── fact, each with an id ◀── facts ◀───┘ the rest comes when it comes
//! ```
//!
//! [`CardRail`] and [`BankRail`] are the ports, [`CardSimulator`] and [`BankSimulator`] the
//! seeded simulators, which honour Connect's test tokens
//! (<https://docs.stripe.com/testing>, <https://docs.stripe.com/connect/testing>). A simulator
//! sees no clock but the instants that it is handed, and no chance but its seed. What is
//! promised of delivery: `docs/decisions/rails.md`.
//!
//! ```
//! use counterfoil_domain::money::{Currency, Money};
//! use counterfoil_domain::{AccountId, ObjectId};
//! use counterfoil_rails::card::{CaptureMethod, CardOrder, CardToken};
//! use counterfoil_rails::{AskKey, CardAsk, CardSimulator, Settings};
//!
//! let mut processor = CardSimulator::new(Settings::seeded(7));
//! let charge = CardAsk {
//!     key: AskKey::of(ObjectId::new(41, 0)),
//!     order: CardOrder::Authorise {
//!         card: CardToken::new("tok_createDispute"),
//!         amount: Money::new(Currency::USD, 10_000),
//!         capture: CaptureMethod::Automatic,
//!         merchant: AccountId::PLATFORM,
//!     },
//! };
//! processor.ask("2026-03-02T10:00:00Z".parse()?, &charge)?;
//!
//! // Nobody answers the dispute.
//! processor.advance("2027-01-01".parse()?);
//! let story: Vec<String> = processor.told().iter().map(ToString::to_string).collect();
//! assert_eq!(story.last().unwrap(), "2026-03-23T10:01:00Z dispute_closed dp_41.0: lost");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod diary;
mod draw;
mod key;
mod names;
mod reference;
mod settings;
mod simulated;
mod simulating;
mod told;

pub mod bank;
pub mod card;
pub mod delays;

pub use answer::{Answer, RailError};
pub use bank::{BankAnswer, BankAsk, BankFact, BankRail, BankRefusal, BankSimulator};
pub use card::{CardAnswer, CardAsk, CardFact, CardRail, CardRefusal, CardSimulator};
pub use delays::{Delays, Wait};
pub use key::{AskKey, NotAnAskKey};
pub use reference::{Cursor, DisputeRef, FactId, NotAReference, WarningRef};
pub use settings::Settings;
pub use simulated::Simulated;
pub use told::{Page, Told};
