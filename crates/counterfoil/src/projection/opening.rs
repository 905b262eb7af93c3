//! Opening the views: snapshots where they fit the log, the log where they do not.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, RwLock};

use counterfoil_log::{EventLog, Head};
use counterfoil_views::views::Outcome;
use counterfoil_views::{Checkpoint, Damage, FolderShelf, View, Views};

use super::keeping::Rows;
use super::lineage::standing;
use super::{Bygone, Changes, Kept, Live, Shared, States};
use crate::error::OpenError;
use crate::state::{Recalled, Standing, Trail};

/// The views as their snapshots hold them, before the log is followed.
pub(crate) struct Viewing {
    views: Views,
    shelf: Option<FolderShelf>,
    damaged: Vec<(View, String)>,
    /// The files of rows that good snapshots name.
    committed: Vec<(View, String)>,
    /// Where every view stood by its snapshot alone, if they did at one position.
    loaded_at: Option<u64>,
    /// How many events the log holds.
    opened: u64,
    /// The head of the log that all of them have seen.
    pub(super) head: Head,
    /// The heads that the log passed until then, as the view tells that stands there.
    trail: Trail,
}

impl Viewing {
    /// The views as their snapshots hold them. One whose snapshot is broken, or of a log
    /// that is not this one, starts empty and is named as damaged. Where the system does not
    /// give a file, nothing is opened.
    pub(crate) async fn load(folder: Option<PathBuf>, log: &dyn EventLog) -> Result<Self, OpenError> {
        let mut viewing = Self {
            views: Views::new(),
            shelf: None,
            damaged: Vec::new(),
            committed: Vec::new(),
            loaded_at: None,
            opened: log.head().next_position,
            head: Head::genesis(log.ledger()),
            trail: Trail::default(),
        };
        let Some(path) = folder else {
            return Ok(viewing);
        };
        let shelf = FolderShelf::new(&path).map_err(|source| OpenError::Io { path, source })?;
        let (views, outcomes) = Views::load(&shelf, &States::default());
        viewing.views = views;
        viewing.shelf = Some(shelf);
        let mut trails = Vec::new();
        for (view, outcome) in outcomes {
            let damage = match outcome {
                Outcome::Fresh | Outcome::Stale { .. } => None,
                // It may be whole: to go on without it would be to write over it.
                Outcome::Damaged { file, why: Damage::Unreadable { kind, message } } => {
                    let path = viewing.shelf.iter().map(|shelf| shelf.folder().join(&file)).collect();
                    return Err(OpenError::Io { path, source: io::Error::new(kind, message) });
                }
                Outcome::Damaged { file, why } => Some(format!("{file}: {why}")),
                Outcome::Loaded { at } => {
                    let damage = viewing.settle(view, &at, log).await?;
                    if damage.is_none() {
                        trails.push((at.next_position, at.lineage.trail));
                    }
                    damage
                }
            };
            viewing.damaged.extend(damage.map(|why| (view, why)));
            viewing.committed.extend(viewing.views.files_of(view).into_iter().map(|file| (view, file)));
        }
        let position = viewing.views.next_position();
        let together = View::ALL.into_iter().all(|view| viewing.views.position(view) == position);
        viewing.loaded_at = together.then_some(position);
        viewing.head = head_before(log, position).await?;
        // The frames before it are not passed once more.
        let trail = trails.into_iter().find(|(at, _)| *at == position);
        viewing.trail = trail.map(|(_, trail)| Trail::stored(trail)).unwrap_or_default();
        Ok(viewing)
    }

    /// Forgets a view that was taken of another log; says so.
    async fn settle(
        &mut self,
        view: View,
        at: &Checkpoint,
        log: &dyn EventLog,
    ) -> Result<Option<String>, OpenError> {
        let seen = at.next_position;
        match standing(at, log).await? {
            Standing::OfThis => Ok(None),
            Standing::Ahead => {
                Err(OpenError::ShorterLog { view: view.name(), seen, held: log.head().next_position })
            }
            Standing::OfAnother => {
                self.views.forget(view);
                Ok(Some(format!("it stands at position {seen} of a log that is not this one")))
            }
        }
    }

    /// The first frame that the views have not seen.
    pub(crate) fn next_frame(&self) -> u64 {
        self.head.next_frame
    }

    /// Where the views were written last.
    pub(super) fn kept(&self) -> Kept {
        let rows = Rows::up_to(self.views.next_position());
        Kept { rows, snapshots: self.loaded_at, opened: self.opened, ..Kept::default() }
    }

    pub(super) fn into_shared(self, log: Arc<dyn EventLog>, recalled: Recalled) -> Shared {
        let Self { views, shelf, damaged, committed, trail, .. } = self;
        let changes = Changes::new(recalled);
        Shared {
            ledger: log.ledger(),
            live: RwLock::new(Live { views, changes, trail }),
            bygone: Bygone::new(log),
            stopped: RwLock::new(None),
            shelf,
            states: States::default(),
            damaged: RwLock::new(damaged),
            committed: Mutex::new(committed),
            making: Mutex::new(0),
        }
    }
}

/// The head of the log before the frame that holds a position, or its newest.
async fn head_before(log: &dyn EventLog, position: u64) -> Result<Head, OpenError> {
    let Some(frame) = log.frame_of(position).await? else {
        return Ok(log.head());
    };
    let (next_frame, next_position) = (frame.number(), frame.first_position());
    Ok(Head { next_frame, next_position, hash: frame.previous(), epoch: frame.epoch() })
}
