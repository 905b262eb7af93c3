//! Nobody answered a dispute by the instant until which evidence was due: it is lost. Posts
//! nothing.
//!
//! That the payer's bank then decides for the payer is what Connect tells sellers to expect
//! (<https://docs.stripe.com/disputes/responding>); should it decide otherwise after all, it is
//! won from there.

use super::{DisputeState, accept};
use crate::event::Events;
use crate::id::DisputeId;

/// What comes of a dispute that was not answered in time.
pub(super) fn lapse(id: DisputeId, dispute: &DisputeState) -> Events {
    accept::lost(id, dispute)
}
