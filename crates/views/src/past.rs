//! The past: any event of the log, for answers that the views keep no rows of.

use counterfoil_domain::Recorded;
use counterfoil_domain::id::ObjectId;

use crate::unreadable::Unreadable;

/// The events of the log, as whoever holds it gives them.
pub trait Past {
    /// The event at a position before the views' next one.
    ///
    /// # Errors
    /// A log that cannot be read.
    fn event(&self, position: u64) -> Result<Recorded, Unreadable>;

    /// The position of the newest event that carries the whole state of a record: of one
    /// that never changed the position in its id.
    ///
    /// # Errors
    /// An index that cannot be read.
    fn latest(&self, record: ObjectId) -> Result<u64, Unreadable>;
}
