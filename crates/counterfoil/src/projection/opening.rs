//! Opening the views: snapshots where they fit the log, the log where they do not.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};

use counterfoil_domain::Recorded;
use counterfoil_log::EventLog;
use counterfoil_views::views::Outcome;
use counterfoil_views::{Checkpoint, FolderShelf, View, Views};

use super::{BYTES, Bygone, Changes, Kept, Live, Shared, States};
use crate::error::OpenError;

/// The views while the log is replayed.
pub(crate) struct Viewing {
    views: Views,
    changes: Changes,
    shelf: Option<FolderShelf>,
    damaged: Vec<(View, String)>,
    /// The files of rows that good snapshots name.
    committed: Vec<(View, String)>,
    /// Where every view stood by its snapshot alone, if they did at one position.
    loaded_at: Option<u64>,
    /// How many events were taken in since rows were last looked at.
    taken_in: u32,
    pub(super) next_frame: u64,
}

/// After so many events it is looked whether rows fill the memory.
const LOOK: u32 = 4_096;

impl Viewing {
    /// The views as their snapshots hold them. One whose snapshot is broken, or of a log
    /// that is not this one, starts empty and is named as damaged.
    pub(crate) async fn load(folder: Option<PathBuf>, log: &dyn EventLog) -> Result<Self, OpenError> {
        let mut viewing = Self {
            views: Views::new(),
            changes: Changes::default(),
            shelf: None,
            damaged: Vec::new(),
            committed: Vec::new(),
            loaded_at: None,
            taken_in: 0,
            next_frame: 0,
        };
        let Some(path) = folder else {
            return Ok(viewing);
        };
        let shelf = FolderShelf::new(&path).map_err(|source| OpenError::Io { path, source })?;
        let (views, outcomes) = Views::load(&shelf, &States);
        viewing.views = views;
        viewing.shelf = Some(shelf);
        for (view, outcome) in outcomes {
            let damage = match outcome {
                Outcome::Fresh | Outcome::Stale { .. } => None,
                Outcome::Damaged { file, why } => Some(format!("{file}: {why}")),
                Outcome::Loaded { at } if at.next_position > log.head().next_position => {
                    let (seen, held) = (at.next_position, log.head().next_position);
                    return Err(OpenError::ShorterLog { view: view.name(), seen, held });
                }
                Outcome::Loaded { at } if is_of(log, &at).await? => None,
                Outcome::Loaded { at } => {
                    viewing.views.forget(view);
                    Some(format!("it stands at position {} of a log that is not this one", at.next_position))
                }
            };
            viewing.damaged.extend(damage.map(|why| (view, why)));
            viewing.committed.extend(viewing.views.files_of(view).into_iter().map(|file| (view, file)));
        }
        let position = viewing.views.next_position();
        let together = View::ALL.into_iter().all(|view| viewing.views.position(view) == position);
        viewing.loaded_at = together.then_some(position);
        Ok(viewing)
    }

    /// Takes in an event that a view may not have seen.
    pub(crate) fn take_in(&mut self, recorded: &Recorded) -> Result<(), OpenError> {
        self.changes.add(recorded);
        if recorded.position < self.views.next_position() {
            return Ok(());
        }
        self.views
            .apply(recorded)
            .map_err(|gap| OpenError::Breach { position: recorded.position, why: gap.to_string() })?;
        self.taken_in += 1;
        if self.taken_in >= LOOK {
            self.taken_in = 0;
            self.write_rows()?;
        }
        Ok(())
    }

    /// Moves rows to disk where they fill the memory.
    fn write_rows(&mut self) -> Result<(), OpenError> {
        match &self.shelf {
            Some(shelf) if self.views.unwritten() >= BYTES => {
                let path = shelf.folder();
                let written = self.views.flush(path);
                written.map_err(|error| OpenError::Io {
                    path: path.into(),
                    source: std::io::Error::other(error),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Notes that every frame before `next_frame` was seen.
    pub(crate) fn settle(&mut self, next_frame: u64) {
        self.next_frame = next_frame;
    }

    /// Where the views were written last.
    pub(super) fn kept(&self) -> Kept {
        Kept { rows: self.views.next_position(), snapshots: self.loaded_at }
    }

    pub(super) fn into_shared(self, log: Arc<dyn EventLog>) -> Shared {
        let Self { views, changes, shelf, damaged, committed, .. } = self;
        Shared {
            live: RwLock::new(Live { views, changes }),
            bygone: Bygone::new(log),
            stopped: RwLock::new(None),
            shelf,
            damaged: RwLock::new(damaged),
            committed: Mutex::new(committed),
            making: Mutex::new(0),
        }
    }
}

/// Whether a checkpoint was taken of this log: a frame ends at its position with its
/// hash. (A seal frame ends where the frame before it does.)
async fn is_of(log: &dyn EventLog, at: &Checkpoint) -> Result<bool, OpenError> {
    let mut next_frame = match at.next_position.checked_sub(1) {
        None => 0,
        Some(last) => match log.frame_of(last).await? {
            Some(frame) => frame.number(),
            None => return Ok(false),
        },
    };
    loop {
        // One byte asks for one frame.
        let frames = log.read(next_frame, 1).await?;
        for frame in &frames {
            let end = frame.head_after();
            if end.next_position > at.next_position {
                return Ok(false);
            }
            if end.next_position == at.next_position && end.hash.0 == at.chain {
                return Ok(true);
            }
            next_frame = end.next_frame;
        }
        if frames.is_empty() {
            return Ok(false);
        }
    }
}
