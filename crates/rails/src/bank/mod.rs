//! Banks: what a bank is asked, what it tells, and its simulator.

mod ask;
mod details;
mod fact;
mod port;
mod refusal;

pub mod simulator;

pub use ask::{BankAsk, BankOrder, Payee};
pub use details::BankDetails;
pub use fact::{BankFact, Flow, OrderResult};
pub use port::{BankAnswer, BankRail};
pub use refusal::BankRefusal;
pub use simulator::BankSimulator;
