//! Views: what people ask of a ledger, folded from its events.
//!
//! A view is a [`Projector`]: it is handed recorded events in order and only adds. It
//! can be thrown away and rebuilt, and the rebuilt one equals the live one. Its queries
//! are ordinary methods on its state. [`Views`] keeps all five at one position, writes
//! their snapshots to a [`Shelf`] and rebuilds one beside the live one. [`Reading`] asks
//! them.
//!
//! What grows with history leaves memory: rows go to sorted files, and an object is
//! built when it is asked for, from the events that made and changed it ([`Past`]).
//!
//! A view answers for the newest event it was handed. A question about the past is
//! answered by a [`Follower`] of its own, fed with the events up to that business time.
//!
//! [`transactions`], [`debts`], [`exposure`] and [`explain`] ask several of them at once and store
//! nothing.
//!
//! Read in this order: [`projector`], the five views, [`past`], [`reading`], [`follower`],
//! [`snapshot`], [`views`].

pub mod projector;

pub mod balance;

pub mod payouts;

pub mod tax;

pub mod statement;

pub mod objects;

pub mod object;

pub mod transactions;

pub mod debts;

pub mod exposure;

pub mod explain;

pub mod margin;

pub mod past;

pub mod reading;

pub mod difference;

pub mod encoding;

pub mod follower;

pub mod shelf;

pub mod snapshot;

pub mod unreadable;

pub mod views;

#[cfg(test)]
mod driver;

mod holding;
mod movement;
mod numbered;
mod rows;
mod shape;

pub use balance::Balance;
pub use difference::{Comparable, Difference};
pub use encoding::{Encoding, EncodingError};
pub use follower::{Follower, Gap};
pub use margin::Margin;
pub use object::{ObjectKind, ObjectRef};
pub use objects::Objects;
pub use past::Past;
pub use payouts::Payouts;
pub use projector::{Projector, View};
pub use reading::Reading;
pub use rows::{Merge, Merged, Older, Written};
pub use shelf::{FolderShelf, Shelf};
pub use snapshot::{Checkpoint, Damage, Lineage};
pub use statement::Statement;
pub use tax::Tax;
pub use unreadable::Unreadable;
pub use views::{Outcome, Rebuild, Views};
