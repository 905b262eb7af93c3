//! Ids as text: a prefix and a keyed permutation, so that ids tell nobody the volume.
//!
//! Inside, an id is a number that counts up. Outside it is `ch_` and thirteen
//! characters, the number sent through a permutation of 64 bits that only the ledger's
//! key can turn back. The prefix takes part, so that equal numbers of different kinds
//! look unrelated.

use std::fmt;

use counterfoil_views::{ObjectKind, ObjectRef};
use uuid::Uuid;

/// A text that is no id of this ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

/// Turns ids into text and back.
#[derive(Clone)]
pub struct Ids {
    key: [u8; 32],
}

/// Rounds of the permutation. Four make a Feistel network with good round functions a
/// strong permutation (Luby and Rackoff, 1988).
const ROUNDS: u8 = 4;

/// Crockford's base 32 in lower case: no i, l, o or u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of 64 bits at five bits each.
const LENGTH: usize = 13;

impl Ids {
    /// The ids of the ledger that was opened with this key.
    #[must_use]
    pub fn new(id_key: [u8; 16]) -> Self {
        Self { key: blake3::derive_key("counterfoil 2026 ids as text", &id_key) }
    }

    /// The id as text.
    #[must_use]
    pub fn text(&self, id: impl Into<ObjectRef>) -> String {
        let object = id.into();
        let (prefix, bits) = (object.kind().prefix(), object.number());
        let mut text = String::with_capacity(prefix.len() + 1 + LENGTH);
        text.push_str(prefix);
        text.push('_');
        write_base32(self.permute(prefix, bits), &mut text);
        text
    }

    /// The id that a text stands for.
    ///
    /// # Errors
    /// A text that is no id. A well-formed id of another ledger comes back as an id of
    /// this one that names nothing.
    pub fn parse(&self, text: &str) -> Result<ObjectRef, NotAnId> {
        let (prefix, rest) = text.split_once('_').ok_or(NotAnId)?;
        let permuted = read_base32(rest).ok_or(NotAnId)?;
        let kind = ObjectKind::ALL.into_iter().find(|kind| kind.prefix() == prefix).ok_or(NotAnId)?;
        kind.object(self.unpermute(prefix, permuted)).ok_or(NotAnId)
    }

    /// The id of a command that named none: a UUID of version 8, from the position of its
    /// first event.
    #[must_use]
    pub fn command(&self, first: u64) -> Uuid {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(b"command");
        hasher.update(&first.to_le_bytes());
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }

    fn permute(&self, prefix: &str, bits: u64) -> u64 {
        let (mut left, mut right) = halves(bits);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ self.round(prefix, round, right));
        }
        joined(left, right)
    }

    fn unpermute(&self, prefix: &str, bits: u64) -> u64 {
        let (mut left, mut right) = halves(bits);
        for round in (0..ROUNDS).rev() {
            (left, right) = (right ^ self.round(prefix, round, left), left);
        }
        joined(left, right)
    }

    fn round(&self, prefix: &str, round: u8, half: u32) -> u32 {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(prefix.as_bytes());
        hasher.update(&[round]);
        hasher.update(&half.to_le_bytes());
        let mut bytes = [0; 4];
        hasher.finalize_xof().fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

/// The key is not for logs.
impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

fn halves(bits: u64) -> (u32, u32) {
    ((bits >> 32) as u32, (bits & 0xffff_ffff) as u32)
}

fn joined(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}

fn write_base32(bits: u64, text: &mut String) {
    for place in (0..LENGTH).rev() {
        let digit = (bits >> (place * 5) & 31) as usize;
        text.push(char::from(ALPHABET.get(digit).copied().unwrap_or(b'0')));
    }
}

fn read_base32(text: &str) -> Option<u64> {
    if text.len() != LENGTH {
        return None;
    }
    let mut bits: u64 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        // The first digit holds four bits only.
        if bits >> 59 != 0 {
            return None;
        }
        bits = bits << 5 | digit as u64;
    }
    Some(bits)
}

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no id of this ledger; an id is a prefix such as acct_ or po_ and thirteen characters")
    }
}

impl std::error::Error for NotAnId {}

#[cfg(test)]
mod tests {
    use counterfoil_domain::{AccountId, ChargeId, ObjectId, TransferId};

    use super::*;

    #[test]
    fn an_id_comes_back_from_its_text() {
        let ids = Ids::new([7; 16]);
        for number in [0, 1, 2, 4_096, u64::MAX >> 1, u64::MAX] {
            let id = ObjectRef::Charge(ChargeId(ObjectId::from_bits(number)));
            let text = ids.text(id);
            assert_eq!(text.len(), 16, "{text}");
            assert_eq!(ids.parse(&text), Ok(id));
        }
        let account = ObjectRef::Account(AccountId(17));
        assert_eq!(ids.parse(&ids.text(account)), Ok(account));
    }

    #[test]
    fn neighbours_and_kinds_look_unrelated() {
        let ids = Ids::new([7; 16]);
        let charge = |bits| ids.text(ChargeId(ObjectId::from_bits(bits)));
        let transfer = ids.text(TransferId(ObjectId::from_bits(1)));
        assert_ne!(charge(1).get(3..8), charge(2).get(3..8));
        assert_ne!(charge(1).get(3..8), transfer.get(3..8));
        assert_ne!(charge(1), Ids::new([8; 16]).text(ChargeId(ObjectId::from_bits(1))));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let ids = Ids::new([7; 16]);
        for text in
            ["", "ch_", "ch_0000000000000000", "xx_0000000000000", "ch_zzzzzzzzzzzzz", "ch_000000000000u"]
        {
            assert_eq!(ids.parse(text), Err(NotAnId), "{text}");
        }
    }
}
