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

mod answer;
mod diary;
mod draw;
mod key;
mod names;
mod reference;
mod settings;
mod told;

pub mod bank;
pub mod card;
pub mod delays;

pub use answer::{Answer, RailError};
pub use bank::{BankAnswer, BankAsk, BankFact, BankRail, BankRefusal, BankSimulator};
pub use card::{CardAnswer, CardAsk, CardFact, CardRail, CardRefusal, CardSimulator};
pub use delays::{Delays, Wait};
pub use key::{AskKey, NotAnAskKey};
pub use reference::{Cursor, DisputeRef, FactId, NotAReference};
pub use settings::Settings;
pub use told::{Page, Told};
