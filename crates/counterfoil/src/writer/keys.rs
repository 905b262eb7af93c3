//! Idempotency keys: which request was answered how.
//!
//! A key is kept while it is among the newest million positions, or was appended within
//! the last day by the machine's clock, whichever is longer; never by business time.
//! The rule reads the log alone, so replay keeps the same keys.

use std::collections::{HashMap, VecDeque};
use std::hash::{Hash, Hasher};

use counterfoil_domain::{AccountId, Command};

use super::Sure;
use crate::codec::Stamp;

/// How many positions back a key is kept at least.
pub(crate) const KEPT_POSITIONS: u64 = 1_000_000;
/// How many microseconds back a key is kept at least.
pub(crate) const KEPT_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// The keys in the window, with the receipts of their requests.
#[derive(Default)]
pub(super) struct Keys {
    secret: [u8; 32],
    known: HashMap<[u8; 16], ([u8; 8], Sure)>,
    /// In order of position, for those that leave the window.
    order: VecDeque<(u64, i64, [u8; 16])>,
}

impl Keys {
    /// No keys yet. The ledger's key keys the hashes, so that a frame by itself tells
    /// nobody a caller's keys.
    pub(super) fn new(id_key: &[u8; 16]) -> Self {
        let secret = blake3::derive_key("counterfoil 2026 idempotency keys", id_key);
        Self { secret, known: HashMap::new(), order: VecDeque::new() }
    }

    /// What stands for a key and its request in the log.
    pub(super) fn stamp(&self, key: &str, acting: Option<AccountId>, command: &Command) -> Stamp {
        let scope = acting.map_or(0, |account| u64::from(account.0) + 1);
        let mut keyed = blake3::Hasher::new_keyed(&self.secret);
        keyed.update(b"key");
        keyed.update(&scope.to_le_bytes());
        keyed.update(key.as_bytes());
        let mut request = Fingerprint(blake3::Hasher::new_keyed(&self.secret));
        request.0.update(b"request");
        command.hash(&mut request);
        Stamp { key: first_bytes(&keyed), request: first_bytes(&request.0) }
    }

    /// The fingerprint and the receipt of the request that used this key.
    pub(super) fn find(&self, stamp: &Stamp) -> Option<([u8; 8], Sure)> {
        self.known.get(&stamp.key).copied()
    }

    /// Remembers a request, and forgets those that leave the window.
    pub(super) fn add(&mut self, stamp: &Stamp, sure: Sure, recorded_at: i64) {
        self.known.insert(stamp.key, (stamp.request, sure));
        self.order.push_back((sure.first, recorded_at, stamp.key));
        let (oldest_position, oldest_micros) =
            (sure.first.saturating_sub(KEPT_POSITIONS), recorded_at.saturating_sub(KEPT_MICROS));
        while let Some((position, appended, key)) = self.order.front().copied() {
            if position >= oldest_position || appended >= oldest_micros {
                break;
            }
            self.order.pop_front();
            // A key that was used again after it left the window stays.
            if self.known.get(&key).is_some_and(|(_, sure)| sure.first == position) {
                self.known.remove(&key);
            }
        }
    }
}

fn first_bytes<const N: usize>(hasher: &blake3::Hasher) -> [u8; N] {
    let mut bytes = [0; N];
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

/// Feeds a value's `Hash` into BLAKE3. Every integer goes in at one width and byte
/// order, so that the fingerprint in the log means the same on every machine.
struct Fingerprint(blake3::Hasher);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        u64::from_le_bytes(first_bytes(&self.0))
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn write_u16(&mut self, value: u16) {
        self.write(&value.to_le_bytes());
    }

    fn write_u32(&mut self, value: u32) {
        self.write(&value.to_le_bytes());
    }

    fn write_u64(&mut self, value: u64) {
        self.write(&value.to_le_bytes());
    }

    fn write_u128(&mut self, value: u128) {
        self.write(&value.to_le_bytes());
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_i16(&mut self, value: i16) {
        self.write(&value.to_le_bytes());
    }

    fn write_i32(&mut self, value: i32) {
        self.write(&value.to_le_bytes());
    }

    fn write_i64(&mut self, value: i64) {
        self.write(&value.to_le_bytes());
    }

    fn write_i128(&mut self, value: i128) {
        self.write(&value.to_le_bytes());
    }

    fn write_isize(&mut self, value: isize) {
        self.write_i64(value as i64);
    }
}
