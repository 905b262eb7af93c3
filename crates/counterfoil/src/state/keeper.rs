//! The keeper: a second ledger behind the durable log, from which checkpoints are taken
//! without the writer pausing.

use counterfoil_domain::{Ledger, Recorded, evolve};
use counterfoil_log::{Head, LedgerId};

use super::recall::Recall;
use super::recalled::Recalled;
use super::shelf::{Broken, Checkpoint, StateShelf};
use super::trail::Trail;
use crate::writer::Mark;

/// Events between checkpoints, at least.
const LEAST_EVENTS: u64 = 1 << 19;

/// How many events' accounts are fetched from memory together.
pub(crate) const TOGETHER: usize = 32;

/// Events between checkpoints for each account: to write the accounts then costs each event
/// some quarter of a microsecond.
const EVENTS_PER_ACCOUNT: u64 = 1;

/// While so few events are missing to what was there at the opening, nothing is written:
/// whoever opened the ledger waits for them.
const NEAR: u64 = 1 << 22;

/// To write so many accounts costs as much as an opening's taking in of one event.
const ACCOUNTS_PER_EVENT: u64 = 4;

/// Whether so much has happened since a checkpoint or a snapshot that the next one is due.
pub(crate) fn is_due(events: u64, accounts: u64) -> bool {
    events >= LEAST_EVENTS.max(accounts.saturating_mul(EVENTS_PER_ACCOUNT))
}

/// Whether an opening that found `opened` events waits at a position.
pub(crate) fn is_awaited(position: u64, opened: u64) -> bool {
    position < opened && opened - position < NEAR
}

/// Whether to write what many events changed spares the next opening more than it costs now.
pub(crate) fn is_worth(events: u64, accounts: u64) -> bool {
    events > 0 && events.saturating_mul(ACCOUNTS_PER_EVENT) >= accounts
}

/// Follows the log and keeps what the next opening needs.
pub(crate) struct Keeper {
    shelf: StateShelf,
    ledger: Ledger,
    recall: Recall,
    head: Head,
    trail: Trail,
    /// The position of the newest checkpoint.
    kept: u64,
    /// The position at which one was tried last.
    tried: u64,
    /// How many events there were at the opening.
    opened: u64,
    /// Nobody reads it; it keeps the reads that warm memory.
    warmed: u64,
}

impl Keeper {
    /// Keeps from the first event on.
    pub(crate) fn new(shelf: StateShelf, ledger: LedgerId) -> Self {
        let (recall, trail, head) = (Recall::default(), Trail::default(), Head::genesis(ledger));
        Self { shelf, ledger: Ledger::new(), recall, head, trail, kept: 0, tried: 0, opened: 0, warmed: 0 }
    }

    /// Keeps on from a checkpoint.
    pub(crate) fn resumed(shelf: StateShelf, checkpoint: Checkpoint) -> Self {
        let Checkpoint { head, trail, ledger, recalled } = checkpoint;
        let kept = head.next_position;
        let recall = Recall::resumed(recalled);
        Self { shelf, ledger, recall, head, trail, kept, tried: kept, opened: 0, warmed: 0 }
    }

    /// With so many events that somebody waits for.
    pub(crate) fn awaited(self, opened: u64) -> Self {
        Self { opened, ..self }
    }

    /// The head of the log that it has taken in.
    pub(crate) fn head(&self) -> Head {
        self.head
    }

    /// The ledger as far as it has taken it in.
    #[cfg(test)]
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Takes in the events of a frame, their short keys with the positions at which they
    /// were used, and the head of the log that ends with it.
    pub(crate) fn take_in(&mut self, events: &[Recorded], keys: &[(u64, u64)], recorded_at: i64, head: Head) {
        for some in events.chunks(TOGETHER) {
            self.warmed = some
                .iter()
                .filter_map(|recorded| recorded.event.entry())
                .fold(0, |read, entry| read ^ self.ledger.warm_all(entry));
            for recorded in some {
                evolve(&mut self.ledger, recorded);
                self.recall.add(recorded);
            }
        }
        self.recall.end(keys, Mark { position: head.next_position, recorded_at });
        self.head = head;
        self.trail.pass(&head);
    }

    /// Whether enough has happened since a checkpoint was tried.
    pub(crate) fn is_due(&self) -> bool {
        let position = self.head.next_position;
        let accounts = self.ledger.accounts().len() as u64;
        is_due(position - self.tried, accounts) && !is_awaited(position, self.opened)
    }

    /// Whether there is something that no checkpoint has, and enough of it to write one at
    /// the end.
    pub(crate) fn has_news(&self) -> bool {
        is_worth(self.head.next_position - self.kept, self.ledger.accounts().len() as u64)
    }

    /// Writes a checkpoint; gives what can be recalled from runs from now on. After an
    /// error the next one is due as if this one had been made.
    pub(crate) fn checkpoint(&mut self) -> Result<Recalled, Broken> {
        self.tried = self.head.next_position;
        self.flush()?;
        self.write()
    }

    /// Writes the last checkpoint, after which nothing is written.
    pub(crate) fn finish(&mut self) -> Result<Recalled, Broken> {
        self.flush()?;
        self.recall.merge_all(self.shelf.folder());
        self.write()
    }

    fn write(&mut self) -> Result<Recalled, Broken> {
        self.shelf.write(&self.ledger, &self.recall, &self.head, &self.trail)?;
        self.kept = self.head.next_position;
        Ok(self.recall.recalled().clone())
    }

    fn flush(&mut self) -> Result<(), Broken> {
        let folder = self.shelf.folder();
        let broken =
            |error: counterfoil_runs::RunError| Broken { file: folder.to_owned(), why: error.to_string() };
        self.recall.flush(folder).map_err(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_while_little_is_missing() {
        let waits = |position| is_awaited(position, 10 * NEAR);
        assert!(!waits(9 * NEAR) && waits(9 * NEAR + 1) && waits(10 * NEAR - 1));
        assert!(!waits(10 * NEAR) && !waits(11 * NEAR), "what was there has been seen");
    }

    #[test]
    fn little_is_written_where_it_spares_something() {
        assert!(!is_worth(0, 0) && is_worth(1, 0) && is_worth(1, ACCOUNTS_PER_EVENT));
        assert!(!is_worth(1, ACCOUNTS_PER_EVENT + 1) && is_worth(25, 100));
        assert!(is_due(LEAST_EVENTS, 9) && !is_due(LEAST_EVENTS - 1, 9));
        assert!(is_due(2_000_000, 2_000_000) && !is_due(1_999_999, 2_000_000));
    }
}
