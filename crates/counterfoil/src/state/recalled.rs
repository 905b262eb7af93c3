//! What can be recalled from runs, at one position. Cheap to clone.

use counterfoil_domain::ObjectId;
use counterfoil_runs::{RunError, Spread};

use super::table::{KEYS, LATEST, Span, Table};
use crate::writer::MOST_POSITIONS;

/// Every key in the window and every changed record before a position.
#[derive(Clone, Debug)]
pub(crate) struct Recalled {
    /// What stands from here on is not in the runs.
    pub(crate) covered: u64,
    pub(super) keys: Table,
    pub(super) latest: Table,
}

/// Bits of the filter for each key: of a key that is new one in some two hundred looks
/// into a run in vain.
const KEY_BITS: u8 = 12;

/// Keys leave the window with the whole run that holds them: one that covers an eighth of
/// it would only be written once more on its way out.
const LARGEST_KEYS: u64 = MOST_POSITIONS / 8;

/// A record that did not change is rarely asked for, and looks in vain more often.
const LATEST_BITS: u8 = 10;

/// The short form of an idempotency key's hash, in which runs hold it.
pub(crate) fn short(key: &[u8; 16]) -> u64 {
    u64::from_be_bytes(key.first_chunk().copied().unwrap_or_default())
}

impl Default for Recalled {
    fn default() -> Self {
        // A short key is a part of a hash; an id counts up.
        let keys = Table::new(KEYS, (KEY_BITS, Spread::Even), LARGEST_KEYS);
        let latest = Table::new(LATEST, (LATEST_BITS, Spread::Any), u64::MAX);
        Self { covered: 0, keys, latest }
    }
}

impl Recalled {
    /// Whether a command before a position may have used a short key, as far as the runs
    /// know: a "no" is certain.
    pub(crate) fn may_hold_key(&self, short: u64, before: u64) -> bool {
        self.keys.may_hold(short, before)
    }

    /// Reads what [`Recalled::may_hold_key`] will read.
    pub(crate) fn warm_key(&self, short: u64, before: u64) -> u64 {
        self.keys.warm(short, before)
    }

    /// Where the newest command with this short key stands, if one does.
    pub(crate) fn key(&self, short: u64) -> Result<Option<u64>, RunError> {
        self.keys.get(short)
    }

    /// The position of the latest event of a record that changed.
    pub(crate) fn latest(&self, id: ObjectId) -> Result<Option<u64>, RunError> {
        self.latest.get(id.to_bits())
    }

    pub(super) fn tables(&self) -> [&Table; 2] {
        [&self.keys, &self.latest]
    }

    /// Every run of both tables.
    pub(super) fn spans(&self) -> impl Iterator<Item = &Span> {
        self.tables().into_iter().flat_map(|table| &table.spans)
    }

    /// Checks every block of every run; says how many rows there are.
    pub(crate) fn verify(&self) -> Result<u64, RunError> {
        let mut rows = 0;
        for span in self.spans() {
            span.run.verify()?;
            rows += span.run.entries();
        }
        Ok(rows)
    }
}
