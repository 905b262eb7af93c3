//! The projector: how events become a view, and which views there are.

use std::fmt;
use std::path::Path;

use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, Recorded};
use counterfoil_runs::RunError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rows::{Older, Written};

/// A view's state, folded from events.
///
/// Its serialised form must be a function of the events and flushes alone: states that
/// were made alike give equal bytes, so nothing in it is unordered. Its queries are
/// ordinary methods.
///
/// A view may keep rows of its events on disk. A flush writes those in memory to files in
/// a folder, whose names its state then holds; so writing its snapshot commits them. A
/// view that is never flushed stays wholly in memory.
pub trait Projector: Default + Serialize + DeserializeOwned + Send + 'static {
    /// The view's name, 1 to 16 bytes: in commands, reports and file names.
    const NAME: &'static str;
    /// Raised with every change of the state's shape or meaning; a snapshot of another
    /// version is thrown away and the view rebuilt.
    const VERSION: u32;

    /// Adds one event. The caller hands every event once, in order.
    fn apply(&mut self, recorded: &Recorded);

    /// Looks at what a posting to an account will change, and changes nothing. What several
    /// events change lies apart: memory gives it faster where all of it is asked for first.
    #[inline]
    fn touch(&self, account: AccountId, currency: Currency) -> u64 {
        let _ = (account, currency);
        0
    }

    /// How many bytes a flush would move out of memory, roughly.
    fn unwritten(&self) -> usize {
        0
    }

    /// Writes the rows in memory, which are of events before `end`, to a new file. The view
    /// is as it was, so others may ask it meanwhile, until [`Older`] takes the file over.
    ///
    /// # Errors
    /// What the disk says.
    fn write(&self, folder: &Path, end: u64) -> Result<Written, RunError> {
        let _ = (folder, end);
        Ok(Written::default())
    }

    /// Lets go of the rows in memory: they were written.
    fn let_go(&mut self) {}

    /// Its files, if it keeps some.
    fn older(&self) -> Option<&Older> {
        None
    }

    /// Its files, to change which they are.
    fn older_mut(&mut self) -> Option<&mut Older> {
        None
    }
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
