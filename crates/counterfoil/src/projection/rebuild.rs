//! Rebuilding a view from the first event, beside the live one, and exchanging them.

use std::sync::PoisonError;

use counterfoil_log::EventLog;
use counterfoil_views::{Rebuild, View};

use super::{Projection, READ_BYTES, States, missing};
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
        let mut rebuild = Rebuild::of(view);
        let mut next_frame = 0;
        loop {
            next_frame = feed(&mut rebuild, next_frame, log).await?;
            // The live view may have moved on meanwhile; it is exchanged at one position.
            if let Some(rebuilt) = self.exchange(rebuild.clone(), log)? {
                return Ok(rebuilt);
            }
            let position = rebuild.next_position();
            if self.seen(position).await.is_err() {
                return Err(OpenError::Breach {
                    position,
                    why: format!("the live {view} view stands still"),
                });
            }
        }
    }

    /// Compares and exchanges, where both stand at one position.
    fn exchange(&self, rebuild: Rebuild, log: &dyn EventLog) -> Result<Option<Rebuilt>, OpenError> {
        let (view, events) = (rebuild.view(), rebuild.next_position());
        self.shared.write(|views| {
            let Ok(difference) = views.compare(&rebuild) else {
                return Ok(None);
            };
            if views.swap(rebuild).is_err() {
                return Ok(None);
            }
            let head = log.head();
            if let Some(shelf) = self.shared.shelf.as_ref().filter(|_| head.next_position == events) {
                let written = views.checkpoint_one(view, head.hash.0, shelf, &States);
                written.map_err(|error| OpenError::Io {
                    path: "views".into(),
                    source: std::io::Error::other(error.to_string()),
                })?;
            }
            let mut damaged = self.shared.damaged.write().unwrap_or_else(PoisonError::into_inner);
            let damage = damaged.iter().find(|(broken, _)| *broken == view).map(|(_, why)| why.clone());
            damaged.retain(|(broken, _)| *broken != view);
            let difference = difference.map(|difference| difference.to_string());
            Ok(Some(Rebuilt { view, events, difference, damage }))
        })
    }
}

/// Feeds the log from a frame on; says which frame comes next.
async fn feed(rebuild: &mut Rebuild, mut next_frame: u64, log: &dyn EventLog) -> Result<u64, OpenError> {
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
    }
    Ok(next_frame)
}
