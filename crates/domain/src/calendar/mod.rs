//! The calendar: days, instants, business days, and the work that falls due.

mod day;
mod maturities;
mod timestamp;

pub mod advance;
pub mod bank;

pub use advance::AdvanceTo;
pub use day::{Day, Weekday};
pub use maturities::{Maturities, Waiting};
pub use timestamp::{NotATime, Timestamp};
