//! Rebuilding a view from the first event, beside the live one, and exchanging them.

use std::sync::PoisonError;

use counterfoil_log::EventLog;
use counterfoil_views::views::Incomparable;
use counterfoil_views::{Rebuild, View};

use super::{BYTES, Projection, READ_BYTES, missing};
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

/// What comparing the rebuilt view with the live one came to.
#[derive(Clone)]
struct Compared {
    difference: Option<String>,
    unreadable: Option<String>,
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
        let (mut next_frame, mut compared) = (0, None);
        self.has_seen(log.head().next_position, view).await?;
        loop {
            // The live view moves on meanwhile; it is exchanged where both stand at one position.
            let live = self.shared.read_views(|views| views.position(view));
            next_frame = self.feed(&mut rebuild, next_frame, live, log).await?;
            self.has_seen(rebuild.next_position(), view).await?;
            if compared.is_none() {
                compared = self.compare(&mut rebuild)?;
            }
            let Some(difference) = &compared else {
                continue;
            };
            match self.exchange(rebuild, difference, log)? {
                Ok(rebuilt) => return Ok(rebuilt),
                Err(behind) => rebuild = *behind,
            }
        }
    }

    /// Waits for the live views.
    async fn has_seen(&self, position: u64, view: View) -> Result<(), OpenError> {
        let why = || format!("the live {view} view stands still");
        self.seen(position).await.map_err(|_| OpenError::Breach { position, why: why() })
    }

    /// Compares the rebuilt view with the live one as it stands now, while that goes on and
    /// answers; `None` where they stand at different positions.
    fn compare(&self, rebuild: &mut Rebuild) -> Result<Option<Compared>, OpenError> {
        let (view, position) = (rebuild.view(), rebuild.next_position());
        let live =
            self.shared.read_views(|views| (views.position(view) == position).then(|| views.only(view)));
        let Some(live) = live else {
            return Ok(None);
        };
        self.write_rows(rebuild, 0)?;
        Ok(match live.compare(rebuild) {
            Ok(difference) => {
                Some(Compared { difference: difference.map(|it| it.to_string()), unreadable: None })
            }
            Err(Incomparable::Behind(_)) => None,
            // A file of the live one that cannot be read is a reason to exchange it.
            Err(Incomparable::Unreadable(why)) => {
                Some(Compared { difference: None, unreadable: Some(why.to_string()) })
            }
        })
    }

    /// Exchanges them, where both stand at one position; else hands back the rebuilt view.
    fn exchange(
        &self,
        rebuild: Rebuild,
        compared: &Compared,
        log: &dyn EventLog,
    ) -> Result<Result<Rebuilt, Box<Rebuild>>, OpenError> {
        let (view, events) = (rebuild.view(), rebuild.next_position());
        if let Err((_, rebuild)) = self.shared.write(|live| live.views.swap(rebuild)) {
            return Ok(Err(rebuild));
        }
        let head = log.head();
        self.shared.read(|live| {
            if live.views.position(view) == head.next_position {
                let lineage = self.shared.lineage(live, &head);
                self.shared.write_snapshot(&live.views, view, &lineage).map_err(io_error)?;
            }
            Ok::<(), OpenError>(())
        })?;
        let Compared { difference, unreadable } = compared.clone();
        let mut damaged = self.shared.damaged.write().unwrap_or_else(PoisonError::into_inner);
        let damage = damaged.iter().find(|(broken, _)| *broken == view).map(|(_, why)| why.clone());
        damaged.retain(|(broken, _)| *broken != view);
        Ok(Ok(Rebuilt { view, events, difference, damage: damage.or(unreadable) }))
    }

    /// Feeds the log from a frame on until a position; says which frame comes next.
    async fn feed(
        &self,
        rebuild: &mut Rebuild,
        mut next_frame: u64,
        until: u64,
        log: &dyn EventLog,
    ) -> Result<u64, OpenError> {
        while rebuild.next_position() < until {
            let frames = log.read(next_frame, READ_BYTES).await?;
            if frames.is_empty() {
                return Err(missing(next_frame, rebuild.next_position()));
            }
            for frame in frames {
                if rebuild.next_position() >= until {
                    break;
                }
                let events = decode_frame(&frame).map(|decoded| decoded.map(|decoded| decoded.recorded));
                rebuild
                    .apply_all(&events.collect::<Result<Vec<_>, _>>()?)
                    .map_err(|gap| OpenError::Breach { position: gap.found, why: gap.to_string() })?;
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
