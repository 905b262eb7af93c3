//! The shapes of a ledger's state in a snapshot. They may change with every release: a
//! snapshot of another version is thrown away and made again from the log.

mod account;
mod rest;

pub(in super::super) use account::{AccountShape, ExternalIdShape};
pub(in super::super) use rest::RestShape;
