//! Rebuilding a view from the first event, beside the live one, and exchanging them.

use std::sync::PoisonError;

use counterfoil_log::EventLog;
use counterfoil_views::views::Incomparable;
use counterfoil_views::{Rebuild, View};

use super::{BYTES, Projection, READ_BYTES, States, missing};
use crate::codec::decode_frame;
use crate::error::OpenError;

/// What a rebuild came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Which view.
    pub view: View,
    /// How many events it was built from.
    pub events: u64,
    /// The first place where the old one was not like the new one.
    pub difference: Option<String>,
    /// What was wrong with its snapshot when the ledger was opened.
    pub damage: Option<String>,
}

impl Projection {
    /// Rebuilds a view and puts the rebuilt one in its place, snapshot included.
    pub(crate) async fn rebuild(&self, view: View, log: &dyn EventLog) -> Result<Rebuilt, OpenError> {
        let making = self.shared.making();
        let rebuilt = self.rebuild_beside(view, log).await;
        drop(making);
        self.shared.sweep();
        rebuilt
    }

    async fn rebuild_beside(&self, view: View, log: &dyn EventLog) -> Result<Rebuilt, OpenError> {
        let mut rebuild = Rebuild::of(view);
        let mut next_frame = 0;
        loop {
            next_frame = self.feed(&mut rebuild, next_frame, log).await?;
            // The live view may have moved on meanwhile; it is exchanged at one position.
            let position = rebuild.next_position();
            match self.exchange(rebuild, log)? {
                Ok(rebuilt) => return Ok(rebuilt),
                Err(behind) => rebuild = *behind,
            }
            if self.seen(position).await.is_err() {
                return Err(OpenError::Breach {
                    position,
                    why: format!("the live {view} view stands still"),
                });
            }
        }
    }

    /// Compares and exchanges, where both stand at one position; else hands back the
    /// rebuilt view.
    fn exchange(
        &self,
        mut rebuild: Rebuild,
        log: &dyn EventLog,
    ) -> Result<Result<Rebuilt, Box<Rebuild>>, OpenError> {
        let (view, events) = (rebuild.view(), rebuild.next_position());
        if self.shared.read_views(|views| views.position(view)) != events {
            return Ok(Err(Box::new(rebuild)));
        }
        self.write_rows(&mut rebuild, 0)?;
        self.shared.write(|live| {
            // A file of the live one that cannot be read is a reason to exchange it.
            let (difference, unreadable) = match live.views.compare(&rebuild) {
                Ok(difference) => (difference, None),
                Err(Incomparable::Behind(_)) => return Ok(Err(Box::new(rebuild))),
                Err(Incomparable::Unreadable(unreadable)) => (None, Some(unreadable.to_string())),
            };
            if let Err((_, rebuild)) = live.views.swap(rebuild) {
                return Ok(Err(rebuild));
            }
            let head = log.head();
            if let Some(shelf) = self.shared.shelf.as_ref().filter(|_| head.next_position == events) {
                let written = live.views.checkpoint_one(view, head.hash.0, shelf, &States);
                written.map_err(io_error)?;
                self.shared.commit(view, &live.views);
            }
            let mut damaged = self.shared.damaged.write().unwrap_or_else(PoisonError::into_inner);
            let damage = damaged.iter().find(|(broken, _)| *broken == view).map(|(_, why)| why.clone());
            damaged.retain(|(broken, _)| *broken != view);
            let difference = difference.map(|difference| difference.to_string());
            Ok(Ok(Rebuilt { view, events, difference, damage: damage.or(unreadable) }))
        })
    }

    /// Feeds the log from a frame on; says which frame comes next.
    async fn feed(
        &self,
        rebuild: &mut Rebuild,
        mut next_frame: u64,
        log: &dyn EventLog,
    ) -> Result<u64, OpenError> {
        while next_frame < log.head().next_frame {
            let frames = log.read(next_frame, READ_BYTES).await?;
            if frames.is_empty() {
                return Err(missing(next_frame, rebuild.next_position()));
            }
            for frame in frames {
                for decoded in decode_frame(&frame) {
                    let recorded = decoded?.recorded;
                    let position = recorded.position;
                    rebuild
                        .apply(&recorded)
                        .map_err(|gap| OpenError::Breach { position, why: gap.to_string() })?;
                }
                next_frame = frame.number() + 1;
            }
            self.write_rows(rebuild, BYTES)?;
        }
        Ok(next_frame)
    }

    /// Moves the rebuilt view's rows to disk, beside those of the live one, where there are
    /// more bytes of them than so many.
    fn write_rows(&self, rebuild: &mut Rebuild, more_than: usize) -> Result<(), OpenError> {
        match &self.shared.shelf {
            Some(shelf) if rebuild.unwritten() > more_than => rebuild.flush(shelf.folder()).map_err(io_error),
            Some(_) | None => Ok(()),
        }
    }
}

fn io_error(error: impl std::error::Error) -> OpenError {
    OpenError::Io { path: "views".into(), source: std::io::Error::other(error.to_string()) }
}
