//! The ledger a marketplace runs on, as a library inside its own process.
//!
//! [`Counterfoil`] opens a data folder, executes commands durably, and answers from
//! views that are built from its append-only log. It is the books and decisions of a
//! payments platform; card processors and banks stay outside.
//!
//! Nothing is acknowledged before it is on disk. A refusal names the rule; an unknown
//! outcome is called unknown.

mod appended;
mod ask;
pub mod audit;
mod clock;
pub mod codec;
mod counterfoil;
mod error;
mod execute;
mod feed;
mod follow;
#[cfg(test)]
mod handwritten;
mod ids;
mod layout;
mod open;
mod outcome;
mod projection;
mod receipt;
mod replay;
mod request;
pub mod saga;
pub mod sealing;
mod state;
mod writer;

pub use appended::Appended;
pub use ask::Ask;
pub use counterfoil::Counterfoil;
pub use counterfoil_domain as domain;
pub use counterfoil_log as log;
pub use counterfoil_rails as rails;
pub use counterfoil_views as views;
pub use counterfoil_views::View;
pub use error::{ExecuteError, OpenError};
pub use execute::Execute;
pub use feed::Feed;
pub use ids::{Ids, NotAnId};
pub use layout::exists;
pub use open::Builder;
pub use outcome::{
    ChargeMade, Outcome, PayoutMade, RefundMade, ReversalMade, SplitMade, Stepped, TransferAsked,
};
pub use projection::{Rebuilt, ViewsStopped};
pub use receipt::Receipt;
pub use request::{Request, charge_of_request};
