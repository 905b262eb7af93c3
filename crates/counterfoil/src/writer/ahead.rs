//! Looking ahead: what the next requests of a batch need is fetched from memory for many
//! of them at once, so that the waits overlap instead of adding up.

use std::ops::Range;

use counterfoil_domain::{Command, Ledger};
use counterfoil_runs::Hash;

use super::keys::Keys;
use super::stamp::Keyed;
use crate::codec::Stamp;
use crate::request::Request;
use crate::state::{Recalled, short};

/// How many requests are looked at together.
const TOGETHER: usize = 64;

/// What is known of the next requests of a batch.
#[derive(Default)]
pub(super) struct Ahead {
    of: Range<usize>,
    found: Vec<Found>,
    /// Keys that were used since, with their positions.
    used: Vec<(u64, u64)>,
    /// Keys from this position on were all added since the ledger was opened.
    opened: u64,
    /// Nobody reads it; it keeps the reads that warm memory.
    warmed: u64,
}

/// Where a key was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nowhere in the window.
    Nowhere,
    /// By the command at a position.
    At(u64),
    /// Perhaps by one that only a run tells of.
    Perhaps,
}

impl Ahead {
    /// For a writer whose keys begin at a position.
    pub(super) fn new(opened: u64) -> Self {
        Self { opened, ..Self::default() }
    }

    /// Forgets everything: what follows is of another batch.
    pub(super) fn reset(&mut self) {
        self.of = 0..0;
        self.found.clear();
        self.used.clear();
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
        let warmed = stamps.iter().map(|keyed| match keyed {
            Keyed::Yes(stamp) => {
                let (short, hash) = hashed(stamp);
                keys.warm(short, hash) ^ recalled.warm_keys(hash, self.opened)
            }
            Keyed::No | Keyed::Malformed => 0,
        });
        self.warmed = warmed.fold(0, |all, read| all ^ read);
        self.found.extend(stamps.iter().map(|keyed| match keyed {
            Keyed::Yes(stamp) => find(hashed(stamp), keys, recalled, self.opened),
            Keyed::No | Keyed::Malformed => Found::Nowhere,
        }));
        self.warmed ^=
            requests.iter().map(|request| warm(ledger, &request.command)).fold(0, |all, read| all ^ read);
    }

    /// Where the key of request `index` was used; `None` where that was not looked at.
    pub(super) fn found(&self, index: usize, short: u64) -> Option<Found> {
        let found = *self.found.get(index.checked_sub(self.of.start)?)?;
        let since = self.used.iter().rev().find(|(used, _)| *used == short);
        Some(since.map_or(found, |(_, position)| Found::At(*position)))
    }

    /// Notes that a key is used now.
    pub(super) fn note(&mut self, short: u64, position: u64) {
        if !self.of.is_empty() {
            self.used.push((short, position));
        }
    }
}

/// A key's short form, and what filters are asked for it.
fn hashed(stamp: &Stamp) -> (u64, Hash) {
    let short = short(&stamp.key);
    (short, Hash::of(&short.to_be_bytes()))
}

fn find((short, hash): (u64, Hash), keys: &Keys, recalled: &Recalled, opened: u64) -> Found {
    if !keys.may_hold(hash) && !recalled.may_hold_key(hash, opened) {
        return Found::Nowhere;
    }
    keys.find(short).map_or(Found::Perhaps, Found::At)
}

/// Reads what a decision will read of the accounts that a command names.
fn warm(ledger: &Ledger, command: &Command) -> u64 {
    match command {
        Command::Transfer(transfer) => ledger.warm(transfer.destination),
        Command::Split(split) => split.parts.iter().fold(0, |read, part| read ^ ledger.warm(part.account)),
        Command::Charge(_)
        | Command::OpenLedger(_)
        | Command::AdvanceTo(_)
        | Command::OnboardAccount(_)
        | Command::ProvideRequirement(_)
        | Command::ResolveRequirement(_)
        | Command::AttachBankAccount(_)
        | Command::SetPayoutSchedule(_)
        | Command::ReverseTransfer(_)
        | Command::Refund(_)
        | Command::RequestPayout(_)
        | Command::MarkPayoutPaid(_)
        | Command::MarkPayoutFailed(_)
        | Command::SettleRail(_)
        | Command::SetBookmark(_) => 0,
    }
}
