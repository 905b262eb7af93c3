//! The projector: how events become a view, and which views there are.

use std::fmt;

use counterfoil_domain::Recorded;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A view's state, folded from events.
///
/// Its serialised form must be a function of the events alone: equal states give equal
/// bytes, so nothing in it is unordered. Its queries are ordinary methods.
pub trait Projector: Default + Clone + PartialEq + Serialize + DeserializeOwned + Send + 'static {
    /// The view's name, 1 to 16 bytes: in commands, reports and file names.
    const NAME: &'static str;
    /// Raised with every change of the state's shape or meaning; a snapshot of another
    /// version is thrown away and the view rebuilt.
    const VERSION: u32;

    /// Adds one event. The caller hands every event once, in order.
    fn apply(&mut self, recorded: &Recorded);
}

/// One of the five views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// What each account is owed, by state.
    Balance,
    /// Payouts made, and what will be paid when and why not sooner.
    Payouts,
    /// What each account sold in a year.
    Tax,
    /// Every balance entry with its cause.
    Statement,
    /// Any object by id, and lists of them.
    Objects,
}

impl View {
    /// Every view.
    pub const ALL: [Self; 5] = [Self::Balance, Self::Payouts, Self::Tax, Self::Statement, Self::Objects];

    /// Its name, as commands and files use it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Balance => crate::Balance::NAME,
            Self::Payouts => crate::Payouts::NAME,
            Self::Tax => crate::Tax::NAME,
            Self::Statement => crate::Statement::NAME,
            Self::Objects => crate::Objects::NAME,
        }
    }

    /// The view of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
