//! Lineages: of which log a view's snapshot was taken, and how that stands to this one.

use counterfoil_log::{EventLog, Hash, Head, LedgerId, ReadError};
use counterfoil_views::{Checkpoint, Lineage};

use super::{Live, Shared};
use crate::state::{Standing, Trail};

impl Shared {
    /// The lineage of what the views hold at a head.
    pub(super) fn lineage(&self, live: &Live, head: &Head) -> Lineage {
        let (ledger, trail) = (self.ledger.0, live.trail.to_store());
        Lineage { ledger, next_frame: head.next_frame, chain: head.hash.0, trail }
    }
}

/// How a view's snapshot stands to a log.
pub(crate) async fn standing(at: &Checkpoint, log: &dyn EventLog) -> Result<Standing, ReadError> {
    let Lineage { ledger, next_frame, chain, trail } = &at.lineage;
    // The hash stands for the epoch too.
    let (next_frame, hash) = (*next_frame, Hash(*chain));
    let head = Head { next_frame, next_position: at.next_position, hash, epoch: 0 };
    Trail::stored(trail.clone()).standing(LedgerId(*ledger), &head, log).await
}
