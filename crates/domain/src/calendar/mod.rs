//! The calendar: days, instants, business days, and the work that falls due.

mod agenda;
mod day;
mod maturities;
mod settlement;
mod timestamp;

pub mod advance;
pub mod bank;

pub use advance::AdvanceTo;
pub use agenda::{Agenda, Rank, Wait};
pub use day::{Day, Weekday};
pub use maturities::{Maturities, Waiting};
pub use timestamp::{NotATime, Timestamp};
