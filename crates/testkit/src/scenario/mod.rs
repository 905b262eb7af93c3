//! The scenario language: what was given, what is done, what the books say then.
//!
//! ```text
//! # The rule, in a sentence.
//! given  platform in US, USD
//! given  bakery is onboarded in US, USD
//! when   at 2026-03-02T11:00:00Z order-1 charges 100.00 USD on card for bakery (direct)
//! then   charge_succeeded order-1 100.00
//!
//! book                                       debit    credit
//!   rail:card                               100.00
//!   bakery:pending                                    100.00
//!
//! left   bakery:pending 100.00   rail:card 100.00
//! ```
//!
//! `given` lines are done first and must succeed; exactly one `when` follows (a story
//! may have several groups). `then` names every event of the `when`, due work included,
//! with as many of its facts as the author wants; or `refused RULE`, with `says` and the
//! refusal's sentence; or `nothing`. A `book` is required where money moves: every
//! posting, in any order, each under its column; a pending book may name its day
//! (`bakery:pending@2026-03-04`). `left` asks what things come to afterwards:
//! `bakery:available 0.00`, `rail:card 1.00`, `bakery:payouts closed`,
//! `order-1:refundable 0.00`, `payout-1:status paid`, `bakery:bank errored`.
//!
//! The phrases are in [`phrase`]. The world begins on Monday, 2026-03-02T10:00:00Z; its
//! platform has no processing fee and a delay of two business days unless it says so.

pub mod phrase;
pub mod words;

mod document;
mod names;
mod play;
mod returning;
mod rules;
mod sales;
mod stage;
mod telling;
mod terms;

pub use document::Document;
pub use play::{Bless, Played, play};
pub use words::Complaint;
