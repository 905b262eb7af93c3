//! A fact as it is told: with its id and its instant.

use std::fmt;

use counterfoil_domain::calendar::Timestamp;

use crate::{Cursor, FactId};

/// A fact and its telling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<F> {
    /// What the rail calls it; the same each time that it is told.
    pub id: FactId,
    /// When the rail says that it happened.
    pub at: Timestamp,
    /// What happened.
    pub fact: F,
}

/// Some facts, in the order in which they are to be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<F> {
    /// The facts.
    pub told: Vec<Told<F>>,
    /// Where the reader stands after them; `None` where nothing has been told yet.
    pub next: Option<Cursor>,
    /// Whether there may be more by the same instant. What follows from this page is decided, and
    /// asked, before the next one is read.
    pub more: bool,
}

impl<F: fmt::Display> fmt::Display for Told<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.at, self.fact)
    }
}
