//! Lineages: of which log a view's snapshot was taken, and how that stands to this one.

use counterfoil_log::{EventLog, Hash, Head, LedgerId, ReadError};
use counterfoil_views::{Checkpoint, Lineage};

use crate::state::{Standing, Trail};

/// The lineage of what is taken of a ledger's log at a head.
pub(super) fn lineage(ledger: LedgerId, head: &Head, trail: &Trail) -> Lineage {
    Lineage { ledger: ledger.0, next_frame: head.next_frame, chain: head.hash.0, trail: trail.to_store() }
}

/// How a view's snapshot stands to a log.
pub(crate) async fn standing(at: &Checkpoint, log: &dyn EventLog) -> Result<Standing, ReadError> {
    let Lineage { ledger, next_frame, chain, trail } = &at.lineage;
    // The hash stands for the epoch too.
    let (next_frame, hash) = (*next_frame, Hash(*chain));
    let head = Head { next_frame, next_position: at.next_position, hash, epoch: 0 };
    Trail::stored(trail.clone()).standing(LedgerId(*ledger), &head, log).await
}
