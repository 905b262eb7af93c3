//! Writing the views to their shelf and taking them from it.

use std::fmt;
use std::io;

use super::Views;
use crate::encoding::{Encoding, EncodingError};
use crate::follower::Follower;
use crate::projector::{Projector, View};
use crate::shelf::Shelf;
use crate::snapshot::{self, Checkpoint, Damage, Lineage, Read};

/// What loading one view came to. But for `Loaded` the view is empty and needs the log
/// from the first event on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was no snapshot.
    Fresh,
    /// It stands where its snapshot was written. The caller must hold its lineage against
    /// the log and [`Views::forget`] the view where it is of another.
    Loaded {
        /// Where that is.
        at: Checkpoint,
    },
    /// Its snapshot is broken, or [unreadable](Damage::Unreadable): then nothing is known of
    /// it, and its files must stay.
    Damaged {
        /// The snapshot's name on its shelf.
        file: String,
        /// What is wrong with it.
        why: Damage,
    },
    /// Its snapshot is whole, and of another version of the view.
    Stale {
        /// Which.
        version: u32,
    },
}

/// Why the views' snapshots were not all written. Those that were are good.
#[derive(Debug)]
pub enum CheckpointError {
    /// The views do not stand at one position, so that one chain hash cannot fit all.
    Apart {
        /// The position that the first event to hand over has.
        lowest: u64,
        /// The highest position that a view needs next.
        highest: u64,
    },
    /// A state could not be encoded.
    Encoding {
        /// Whose.
        view: View,
        /// What the encoding said.
        error: EncodingError,
    },
    /// A snapshot could not be written.
    Shelf {
        /// Whose.
        view: View,
        /// What the shelf said.
        error: io::Error,
    },
}

impl Views {
    /// Writes a snapshot of every view. `lineage` says of which log they are, which ends at
    /// [`Views::next_position`].
    ///
    /// # Errors
    /// The views stand at different positions, or one could not be written.
    pub fn checkpoint(
        &self,
        lineage: &Lineage,
        shelf: &dyn Shelf,
        encoding: &impl Encoding,
    ) -> Result<(), CheckpointError> {
        let lowest = self.next_position();
        let highest = View::ALL.into_iter().map(|view| self.position(view)).max().unwrap_or_default();
        if lowest != highest {
            return Err(CheckpointError::Apart { lowest, highest });
        }
        for view in View::ALL {
            self.checkpoint_one(view, lineage, shelf, encoding)?;
        }
        Ok(())
    }

    /// Writes a snapshot of one view. `lineage` says of which log it is, which ends at its
    /// [`Views::position`].
    ///
    /// # Errors
    /// It could not be encoded or written.
    pub fn checkpoint_one(
        &self,
        view: View,
        lineage: &Lineage,
        shelf: &dyn Shelf,
        encoding: &impl Encoding,
    ) -> Result<(), CheckpointError> {
        let at = Checkpoint { next_position: self.position(view), lineage: lineage.clone() };
        let written = match view {
            View::Balance => snapshot::write(self.balance.state(), &at, encoding),
            View::Payouts => snapshot::write(self.payouts.state(), &at, encoding),
            View::Tax => snapshot::write(self.tax.state(), &at, encoding),
            View::Statement => snapshot::write(self.statement.state(), &at, encoding),
            View::Objects => snapshot::write(self.objects.state(), &at, encoding),
        };
        let (head, state) = written.map_err(|error| CheckpointError::Encoding { view, error })?;
        let written = shelf.write(&snapshot::file_name(view.name()), &[&head, &state]);
        written.map_err(|error| CheckpointError::Shelf { view, error })
    }

    /// Takes every view from its snapshot, as far as there are good ones, and says for
    /// each what came of it. What is broken stays on the shelf to be looked at; the
    /// next checkpoint writes over it.
    #[must_use]
    pub fn load(shelf: &dyn Shelf, encoding: &impl Encoding) -> (Self, [(View, Outcome); 5]) {
        let mut views = Self::new();
        let outcomes = View::ALL.map(|view| (view, views.load_one(view, shelf, encoding)));
        (views, outcomes)
    }

    fn load_one(&mut self, view: View, shelf: &dyn Shelf, encoding: &impl Encoding) -> Outcome {
        let outcome = match view {
            View::Balance => take(&mut self.balance, shelf, encoding),
            View::Payouts => take(&mut self.payouts, shelf, encoding),
            View::Tax => take(&mut self.tax, shelf, encoding),
            View::Statement => take(&mut self.statement, shelf, encoding),
            View::Objects => take(&mut self.objects, shelf, encoding),
        };
        match &outcome {
            Outcome::Fresh | Outcome::Loaded { .. } => tracing::debug!(%view, ?outcome, "view loaded"),
            Outcome::Damaged { why: Damage::Unreadable { .. }, .. } => {
                tracing::error!(%view, "the {view} view was not opened: {outcome}");
            }
            Outcome::Damaged { .. } | Outcome::Stale { .. } => {
                tracing::warn!(%view, "the {view} view is rebuilt: {outcome}");
            }
        }
        outcome
    }
}

fn take<P: Projector>(follower: &mut Follower<P>, shelf: &dyn Shelf, encoding: &impl Encoding) -> Outcome {
    let file = snapshot::file_name(P::NAME);
    let bytes = match shelf.read(&file) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Outcome::Fresh,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            let why = Damage::Payload { error: EncodingError::new(error) };
            return Outcome::Damaged { file, why };
        }
        Err(error) => {
            let why = Damage::Unreadable { kind: error.kind(), message: error.to_string() };
            return Outcome::Damaged { file, why };
        }
    };
    match snapshot::read::<P>(&bytes, encoding) {
        Read::State(mut state, at) => {
            if let Err(why) = attach(&mut state, shelf) {
                return Outcome::Damaged { file, why };
            }
            *follower = Follower::resumed(state, at.next_position);
            Outcome::Loaded { at }
        }
        Read::Stale(version) => Outcome::Stale { version },
        Read::Damaged(why) => Outcome::Damaged { file, why },
    }
}

/// Opens the files of rows that a state names.
fn attach<P: Projector>(state: &mut P, shelf: &dyn Shelf) -> Result<(), Damage> {
    let Some(older) = state.older_mut() else {
        return Ok(());
    };
    match shelf.runs() {
        Some(folder) => older.attach(folder, P::NAME).map_err(|error| {
            let message = error.to_string();
            match error.io_kind().filter(|_| !error.is_damage()) {
                Some(kind) => Damage::Unreadable { kind, message },
                None => Damage::Rows { message },
            }
        }),
        None if older.files().next().is_none() => Ok(()),
        None => {
            let message = "it has files of rows, and there is no folder for them".to_owned();
            Err(Damage::Rows { message })
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fresh => f.write_str("there is no snapshot"),
            Self::Loaded { at } => write!(f, "loaded at position {}", at.next_position),
            Self::Damaged { file, why: why @ Damage::Unreadable { .. } } => {
                write!(f, "the snapshot {file} was not opened: {why}")
            }
            Self::Damaged { file, why } => {
                let view = file.strip_suffix(".snapshot").unwrap_or(file);
                write!(f, "the snapshot {file} is damaged: {why}; run `counterfoil rebuild {view}`")
            }
            Self::Stale { version } => write!(f, "its snapshot is of version {version} of the view"),
        }
    }
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Apart { lowest, highest } => {
                write!(f, "the views stand between the positions {lowest} and {highest}; feed them first")
            }
            Self::Encoding { view, error } => write!(f, "the {view} view cannot be encoded: {error}"),
            Self::Shelf { view, error } => {
                write!(f, "the snapshot of the {view} view cannot be written: {error}")
            }
        }
    }
}

impl std::error::Error for CheckpointError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Apart { .. } => None,
            Self::Encoding { error, .. } => Some(error),
            Self::Shelf { error, .. } => Some(error),
        }
    }
}
