//! Looking ahead: what the next requests of a batch need is fetched from memory for many
//! of them at once, so that the waits overlap instead of adding up.

use std::ops::Range;

use counterfoil_domain::{Command, Ledger};

use super::keys::Keys;
use super::stamp::Keyed;
use crate::codec::Decoded;
use crate::request::Request;
use crate::state::{Recalled, short};

/// How many requests are looked at together.
const TOGETHER: usize = 64;

/// What is known of the next requests of a batch.
#[derive(Default)]
pub(super) struct Ahead {
    of: Range<usize>,
    /// Whether each one's key may be in a run that was there when the ledger was opened.
    old: Vec<bool>,
    /// Keys from this position on were all added since the ledger was opened.
    opened: u64,
    /// Nobody reads it; it keeps the reads that warm memory.
    warmed: u64,
}

impl Ahead {
    /// For a writer whose keys begin at a position.
    pub(super) fn new(opened: u64) -> Self {
        Self { opened, ..Self::default() }
    }

    /// Forgets everything: what follows is of another batch.
    pub(super) fn reset(&mut self) {
        self.of = 0..0;
        self.old.clear();
    }

    /// Looks at the requests from `index` on, where they were not looked at yet.
    pub(super) fn look(
        &mut self,
        index: usize,
        requests: &[Request],
        stamps: &[Keyed],
        (ledger, keys, recalled): (&Ledger, &Keys, &Recalled),
    ) {
        if self.of.contains(&index) {
            return;
        }
        self.reset();
        self.of = index..requests.len().min(index + TOGETHER);
        let requests = requests.get(self.of.clone()).unwrap_or_default();
        let stamps = stamps.get(self.of.clone()).unwrap_or_default();
        let warmed = stamps.iter().fold(0, |read, keyed| match keyed {
            Keyed::Yes(stamp) => {
                let short = short(&stamp.key);
                read ^ keys.warm(short) ^ recalled.warm_key(short, self.opened)
            }
            Keyed::No | Keyed::Malformed => read,
        });
        self.old.extend(stamps.iter().map(|keyed| match keyed {
            Keyed::Yes(stamp) => recalled.may_hold_key(short(&stamp.key), self.opened),
            Keyed::No | Keyed::Malformed => false,
        }));
        self.warmed = requests.iter().fold(warmed, |read, request| read ^ warm(ledger, &request.command));
    }

    /// Reads what taking some events in will read of keys and accounts.
    pub(super) fn look_at(&mut self, events: &[Decoded], ledger: &Ledger, keys: &Keys) {
        let stamps = events.iter().filter_map(|decoded| decoded.stamp.as_ref());
        let warmed = stamps.fold(0, |read, stamp| read ^ keys.warm(short(&stamp.key)));
        let entries = events.iter().filter_map(|decoded| decoded.recorded.event.entry());
        self.warmed = entries.fold(warmed, |read, entry| read ^ ledger.warm_all(entry));
    }

    /// Whether it is certain that the key of request `index` is in no run that was there
    /// when the ledger was opened.
    pub(super) fn is_in_no_run(&self, index: usize) -> bool {
        index.checked_sub(self.of.start).and_then(|place| self.old.get(place)) == Some(&false)
    }
}

/// Reads what a decision will read of the accounts that one of the most frequent commands
/// names.
fn warm(ledger: &Ledger, command: &Command) -> u64 {
    if let Command::Transfer(transfer) = command {
        ledger.warm(transfer.destination)
    } else if let Command::Split(split) = command {
        split.parts.iter().fold(0, |read, part| read ^ ledger.warm(part.account))
    } else {
        0
    }
}
