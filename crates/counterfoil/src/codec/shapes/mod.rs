//! The shapes of stored events, by version. A shape is frozen: what changes is a new
//! version in a new folder, and `body.rs` lifts the old one.
//!
//! Shapes know no domain enum and no domain order: numbers stand for names
//! (`numbers.rs`), and each field is written in the order of its declaration. Texts and
//! bytes are borrowed both ways, so that neither direction copies them and a length
//! beyond the input is refused before anything is allocated.

pub(super) mod ledger;
mod list;

pub(super) mod v0;
pub(super) mod v1;
pub(super) mod v2;

use counterfoil_domain::books::Entry;

use super::Fault;

/// A shape with the entry that stood before it.
pub(super) struct Posted<S> {
    pub(super) shape: S,
    pub(super) entry: Entry,
}

/// Each of `shapes` as its domain value.
fn each<S, D: TryFrom<S, Error = Fault>, C: FromIterator<D>>(shapes: Vec<S>) -> Result<C, Fault> {
    shapes.into_iter().map(D::try_from).collect()
}

/// A shape that may be absent as its domain value.
fn maybe<S, D: TryFrom<S, Error = Fault>>(shape: Option<S>) -> Result<Option<D>, Fault> {
    shape.map(D::try_from).transpose()
}
