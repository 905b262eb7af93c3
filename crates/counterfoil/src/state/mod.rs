//! State: what the writer needs of the past, kept beside the log so that opening does not
//! read all of it.
//!
//! A checkpoint is a snapshot of the ledger and, in runs, where each idempotency key was
//! used and where each changed record stands ([`Recall`]). It is made by who follows the
//! log, and is a cache: where it is missing, broken, of another log or of another
//! version, the log is read from its first frame.
//!
//! ```text
//! ledger-<position>.snapshot        the ledger, the names of its runs, and heads that the
//!                                   log passed; written last
//! keys-<first>-<end>.run            short key → position
//! latest-<first>-<end>.run          record → position of its latest event
//! ```

mod compare;
mod difference;
mod keeper;
mod latest;
mod merge;
mod recall;
mod recalled;
mod scratch;
mod sections;
mod shelf;
mod snapshot;
mod table;
mod trail;

pub(crate) use compare::Comparison;
pub(crate) use difference::Difference;
pub(crate) use keeper::{Keeper, TOGETHER, is_awaited, is_due, is_worth};
pub(crate) use latest::Latest;
pub(crate) use recalled::{Recalled, short};
pub(crate) use shelf::{Broken, Checkpoint, StateShelf};
pub(crate) use trail::{Standing, Trail};

#[cfg(test)]
mod forged;
#[cfg(test)]
mod tests;
