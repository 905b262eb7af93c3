//! How large an order may be: all of it is recorded in one frame, or none.
//!
//! The sizes are those of the stored events with every number at its longest. The
//! order's id stands in each charge, and again in the split beside each charge and
//! each transfer.

use counterfoil::domain::charge::LARGEST_AMOUNT;
use counterfoil::domain::split::{MOST_CHARGES, MOST_PARTS};

use super::orders::Order;

/// What the events of one step may take.
const MOST_BYTES: usize = 48 << 10;

/// The envelope of the split, what it has besides its lists, and the bookmark.
const STEP_BYTES: usize = 256;

/// A charge's event, its state in the split, and the rail that it may open.
const CHARGE_BYTES: usize = 260;

/// A seller's share in the split.
const SHARE_BYTES: usize = 24;

/// A transfer in the split, with its two postings.
const TRANSFER_BYTES: usize = 90;

/// Whether one split can hold the order, and one frame everything recorded of it.
pub(super) fn fits(order: &Order) -> bool {
    let (charges, sellers, id) = (order.charges.len(), order.shares.len(), order.id.len());
    // Each seller has a transfer, and one more for each charge that it empties.
    let transfers = charges + sellers;
    let bytes = STEP_BYTES
        + charges * (CHARGE_BYTES + 2 * id)
        + sellers * SHARE_BYTES
        + transfers * (TRANSFER_BYTES + id);
    let amounts = order.shares.iter().all(|share| share.gross <= LARGEST_AMOUNT);
    charges <= MOST_CHARGES && sellers <= MOST_PARTS && bytes <= MOST_BYTES && amounts
}
