//! The feed: every durable event from a position on, in order, for as long as one likes.

use std::collections::VecDeque;
use std::sync::Arc;

use counterfoil_domain::{Actor, Recorded};
use counterfoil_log::{EventLog, Head};
use tokio::sync::watch;

use crate::codec::decode_frame;
use crate::error::OpenError;
use crate::ids::Ids;

/// A subscription: ordered, gapless, replayable from any position.
pub struct Feed {
    log: Arc<dyn EventLog>,
    head: watch::Receiver<Head>,
    ids: Ids,
    next: u64,
    ready: VecDeque<Recorded>,
}

impl Feed {
    pub(crate) fn new(log: Arc<dyn EventLog>, head: watch::Receiver<Head>, ids: Ids, from: u64) -> Self {
        Self { log, head, ids, next: from, ready: VecDeque::new() }
    }

    /// The next event, waiting for it where it is not there yet. `None` once the ledger
    /// is closed and everything was delivered.
    ///
    /// # Errors
    /// A log that cannot be read, or an event that cannot be understood.
    pub async fn next(&mut self) -> Result<Option<Recorded>, OpenError> {
        loop {
            if let Some(recorded) = self.try_next().await? {
                return Ok(Some(recorded));
            }
            if self.head.borrow().next_position <= self.next && self.head.changed().await.is_err() {
                return self.try_next().await;
            }
        }
    }

    /// The next event, where it is there already.
    ///
    /// # Errors
    /// A log that cannot be read, or an event that cannot be understood.
    pub async fn try_next(&mut self) -> Result<Option<Recorded>, OpenError> {
        if self.ready.is_empty() && self.log.head().next_position > self.next {
            self.fill().await?;
        }
        let recorded = self.ready.pop_front();
        if let Some(recorded) = &recorded {
            self.next = recorded.position + 1;
        }
        Ok(recorded)
    }

    async fn fill(&mut self) -> Result<(), OpenError> {
        let Some(frame) = self.log.frame_of(self.next).await? else {
            return Ok(());
        };
        for decoded in decode_frame(&frame) {
            let mut recorded = decoded?.recorded;
            if recorded.command.is_nil() && recorded.actor != Actor::Time {
                recorded.command = self.ids.command(recorded.position);
            }
            if recorded.position >= self.next {
                self.ready.push_back(recorded);
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Feed at position {}", self.next)
    }
}
