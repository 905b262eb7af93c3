//! Stamps: what stands for an idempotency key and its request in the log.

use std::hash::{Hash, Hasher};

use counterfoil_domain::{AccountId, Command};
use siphasher::sip::SipHasher24;
use siphasher::sip128::{Hasher128, SipHasher24 as SipHasher24Wide};

use crate::codec::Stamp;
use crate::request::Request;

/// What a request's idempotency key came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyed {
    /// It has none.
    No,
    /// It is too long, or empty.
    Malformed,
    /// It has one.
    Yes(Stamp),
}

/// Makes stamps, with keys of this ledger: a frame by itself tells nobody a caller's keys.
#[derive(Clone)]
pub(crate) struct Stamper {
    key: [u8; 16],
    request: [u8; 16],
}

impl Stamper {
    pub(crate) fn new(id_key: &[u8; 16]) -> Self {
        let secret = blake3::derive_key("counterfoil 2026 idempotency keys", id_key);
        let (key, request) = secret.split_at(16);
        let half = |half: &[u8]| half.first_chunk().copied().unwrap_or_default();
        Self { key: half(key), request: half(request) }
    }

    /// What stands for a request's key and the request.
    pub(crate) fn stamp(&self, request: &Request) -> Keyed {
        match request.key.as_deref() {
            None => Keyed::No,
            Some(key) if key.is_empty() || key.len() > 255 => Keyed::Malformed,
            Some(key) => Keyed::Yes(self.stamp_of(key, request.acting, &request.command)),
        }
    }

    fn stamp_of(&self, key: &str, acting: Option<AccountId>, command: &Command) -> Stamp {
        // Nobody in particular is the platform.
        let scope = acting.map_or(0, |account| account.0);
        let mut hasher = SipHasher24Wide::new_with_key(&self.key);
        hasher.write(&scope.to_le_bytes());
        hasher.write(key.as_bytes());
        let mut request = Fingerprint(SipHasher24::new_with_key(&self.request));
        command.hash(&mut request);
        Stamp { key: hasher.finish128().as_bytes(), request: request.finish().to_le_bytes() }
    }
}

/// The key is not for logs.
impl std::fmt::Debug for Stamper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stamper")
    }
}

/// Feeds a value's `Hash` into SipHash. Every integer goes in at one width and byte
/// order, so that the fingerprint in the log means the same on every machine.
struct Fingerprint(SipHasher24);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0.finish()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
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
    use counterfoil_domain::charge::Charge;
    use counterfoil_domain::money::{Currency, Money};
    use counterfoil_domain::rail::RailName;
    use counterfoil_domain::refund::{Recover, Refund};
    use counterfoil_domain::transfer::ReverseTransfer;
    use counterfoil_domain::{ChargeId, ObjectId, TransferId};

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn stamp(request: Request) -> Stamp {
        match Stamper::new(&[1; 16]).stamp(&request) {
            Keyed::Yes(stamp) => stamp,
            other @ (Keyed::No | Keyed::Malformed) => panic!("{other:?}"),
        }
    }

    /// The fingerprint of a request is in the log, so it must mean the same after every
    /// change of compiler and library. A change here refuses honest retries of requests
    /// made before it.
    #[test]
    fn stamps_do_not_drift() {
        let charge = Charge::separate(Money::new(Currency::BRL, 1_000), RailName::new("card").unwrap());
        let charge = stamp(Request::new(charge).idempotent("k"));
        let refund = stamp(Request::new(Refund::full(ChargeId(ObjectId::from_bits(4_096)))).idempotent("k"));
        assert_eq!(hex(&charge.key), hex(&refund.key));
        assert_eq!(
            [hex(&charge.key), hex(&charge.request), hex(&refund.request)],
            ["e54ccf672c24b8a4ca3cac90a1b4b531", "6e0fb84bdcefe94c", "e82cff84060fc6db"]
        );
        let object = ObjectId::from_bits(4_096);
        let refund = Refund {
            recover: Recover::OwnTransfer,
            refund_application_fee: true,
            ..Refund::full(ChargeId(object))
        };
        let reversal = ReverseTransfer::full(TransferId(object));
        let stamps = [Command::from(refund), reversal.into()]
            .map(|command| stamp(Request::new(command).idempotent("k")));
        assert_eq!(stamps.map(|stamp| hex(&stamp.request)), ["76e13b83da123016", "f518037850476091"]);
    }

    #[test]
    fn a_key_has_the_scope_of_its_account_and_a_length() {
        let refund = || Request::new(Refund::full(ChargeId(ObjectId::from_bits(4_096)))).idempotent("k");
        assert_ne!(stamp(refund()).key, stamp(refund().acting_as(AccountId(1))).key);
        assert_eq!(stamp(refund()).request, stamp(refund().acting_as(AccountId(1))).request);
        let stamper = Stamper::new(&[1; 16]);
        for key in [String::new(), "k".repeat(256)] {
            assert_eq!(stamper.stamp(&refund().idempotent(key)), Keyed::Malformed);
        }
        assert_ne!(stamp(refund().idempotent("k".repeat(255))).key, stamp(refund()).key);
    }
}
