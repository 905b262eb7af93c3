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
        // Nobody in particular is the platform.
        let scope = acting.map_or(0, |account| u64::from(account.0));
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

#[cfg(test)]
mod tests {
    use counterfoil_domain::calendar::Timestamp;
    use counterfoil_domain::charge::Charge;
    use counterfoil_domain::money::{Currency, Money};
    use counterfoil_domain::rail::RailName;
    use counterfoil_domain::refund::Refund;
    use counterfoil_domain::{ChargeId, ObjectId};
    use uuid::Uuid;

    use super::*;
    use crate::outcome::Outcome;

    fn sure(first: u64) -> Sure {
        let time = Timestamp::from_micros(0);
        Sure { outcome: Outcome::Settled, command: Uuid::nil(), first, events: 1, time, replayed: false }
    }

    fn charge(minor: i64) -> Command {
        Charge::separate(Money::new(Currency::BRL, minor), RailName::new("card").unwrap()).into()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A key leaves the window only once it is both old by the clock and far back.
    #[test]
    fn a_key_is_kept_for_a_day_and_for_a_million_positions() {
        let mut keys = Keys::new(&[1; 16]);
        let [old, new] = ["old", "new"].map(|key| keys.stamp(key, None, &charge(1)));
        keys.add(&old, sure(0), 0);
        keys.add(&new, sure(KEPT_POSITIONS + 1), KEPT_MICROS);
        assert!(keys.find(&old).is_some(), "far back, but of today");
        keys.add(&new, sure(KEPT_POSITIONS), KEPT_MICROS + 1);
        assert!(keys.find(&old).is_some(), "of yesterday, but near");
        keys.add(&new, sure(KEPT_POSITIONS + 1), KEPT_MICROS + 1);
        assert!(keys.find(&old).is_none(), "of yesterday and far back");
        assert!(keys.find(&new).is_some());
    }

    /// The fingerprint of a request is in the log, so it must mean the same after every
    /// change of compiler and library. A change here refuses honest retries of requests
    /// made before it.
    #[test]
    fn fingerprints_do_not_drift() {
        let keys = Keys::new(&[1; 16]);
        let refund = Refund::full(ChargeId(ObjectId::from_bits(4_096)));
        let [charge, refund] = [charge(1_000), refund.into()].map(|command| keys.stamp("k", None, &command));
        assert_eq!(hex(&charge.key), hex(&refund.key));
        assert_eq!(
            (hex(&charge.request).as_str(), hex(&refund.request).as_str()),
            ("d2f59696ab6f8edc", "a9864cbe153c0b19")
        );
    }
}
