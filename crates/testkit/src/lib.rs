//! What the tests share: a world in which commands are executed, and the scenario
//! language in which an accountant can read what follows from them.
//!
//! A [`World`] is a ledger with its records and its time, held to the laws at every
//! event. A [`scenario`] is a text file: what was given, what is done, and what the
//! books say then.

pub mod scenario;
pub mod world;

pub use world::{Records, World};
