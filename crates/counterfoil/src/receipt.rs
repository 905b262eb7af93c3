//! A receipt: what was recorded, and where.

use std::ops::Range;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_views::View;
use uuid::Uuid;

use crate::Counterfoil;
use crate::projection::ViewsStopped;

/// What a durable command came to.
#[derive(Clone, Debug)]
#[must_use = "a receipt says what became of the money"]
pub struct Receipt<T> {
    /// The ids that the command made, by command.
    pub reply: T,
    /// The positions of its events.
    pub positions: Range<u64>,
    /// Its business time.
    pub time: Timestamp,
    /// Whether this is the receipt of an earlier request with the same key.
    pub replayed: bool,
    /// Whether it is what a preview would have come to.
    pub preview: bool,
    pub(crate) named: Uuid,
    pub(crate) ledger: Counterfoil,
}

impl<T> Receipt<T> {
    /// The command's id: the one that the request named, or one that the ledger gives it.
    #[must_use]
    pub fn command(&self) -> Uuid {
        if self.named.is_nil() { self.ledger.ids().command(self.positions.start) } else { self.named }
    }

    /// Waits until a view has seen what was recorded: read your writes.
    ///
    /// # Errors
    /// The views stand still, the ledger is closed, or nothing was recorded: a preview.
    pub async fn seen_by(&self, view: View) -> Result<(), ViewsStopped> {
        if self.preview {
            return Err(ViewsStopped::sound("a preview records nothing that a view could see"));
        }
        // All views move together; the name says what the caller is about to read.
        let _ = view;
        self.ledger.seen(self.positions.end).await
    }

    pub(crate) fn map<U>(self, with: impl FnOnce(T) -> U) -> Receipt<U> {
        let Self { reply, positions, time, replayed, preview, named, ledger } = self;
        Receipt { reply: with(reply), positions, time, replayed, preview, named, ledger }
    }
}
