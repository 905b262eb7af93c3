//! Packing: numbers in as few bytes as they need.
//!
//! A number is a varint, seven bits a byte, the lowest first; a signed one is zigzagged. A
//! time is a signed number of microseconds since the one before it, or of seconds where it is
//! whole seconds.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::id::ObjectId;

/// 2024: what the first of several times is counted from, so that it takes a byte less.
pub(crate) const EPOCH: Timestamp = Timestamp::from_micros(1_704_067_200_000_000);

const SECOND: i64 = 1_000_000;

/// Takes packed bytes.
pub(crate) trait Out {
    /// Appends the first of some bytes.
    fn push(&mut self, bytes: [u8; 4], length: usize);
}

impl Out for Vec<u8> {
    #[inline]
    fn push(&mut self, bytes: [u8; 4], length: usize) {
        // Four bytes at a time are no call.
        let end = self.len() + length;
        self.extend_from_slice(&bytes);
        self.truncate(end);
    }
}

/// Appends a byte.
#[inline]
pub(crate) fn put_byte(out: &mut impl Out, byte: u8) {
    out.push([byte, 0, 0, 0], 1);
}

/// Appends a number.
#[inline]
pub(crate) fn put(out: &mut impl Out, number: u64) {
    if number >= 1 << 28 {
        return put_large(out, number);
    }
    // Lengths that change from number to number would be guessed wrongly by a processor that
    // has to branch on them: so the four groups of seven bits are spread, whichever are used.
    let spread =
        number & 0x7F | (number << 1) & 0x7F00 | (number << 2) & 0x7F_0000 | (number << 3) & 0x7F00_0000;
    let length = (63 - (number | 1).leading_zeros() as usize) / 7 + 1;
    let more = 0x80_8080 & ((1 << (8 * (length - 1))) - 1);
    out.push((spread as u32 | more).to_le_bytes(), length);
}

/// Appends a number of five bytes or more.
fn put_large(out: &mut impl Out, mut number: u64) {
    while number >= 0x80 {
        put_byte(out, number as u8 | 0x80);
        number >>= 7;
    }
    put_byte(out, number as u8);
}

/// Appends a signed number.
#[inline]
pub(crate) fn put_signed(out: &mut impl Out, number: i64) {
    put(out, ((number << 1) ^ (number >> 63)) as u64);
}

/// A time as what passed since another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passed {
    /// Seconds where it is whole ones, which its reader must be told; else microseconds.
    number: i64,
    pub(crate) whole: bool,
}

impl Passed {
    #[inline]
    pub(crate) fn between(earlier: Timestamp, later: Timestamp) -> Self {
        // Neither is further from 1970 than ten thousand years.
        let micros = later.micros() - earlier.micros();
        let whole = micros % SECOND == 0;
        Self { number: if whole { micros / SECOND } else { micros }, whole }
    }

    /// Appends it.
    #[inline]
    pub(crate) fn put(self, out: &mut impl Out) {
        put_signed(out, self.number);
    }
}

/// Packed bytes that were not taken yet. What is not there, or is no number, is `None`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed<'a>(pub(crate) &'a [u8]);

impl<'a> Packed<'a> {
    /// The next byte.
    #[inline]
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    /// The next bytes, as many as an array has.
    #[inline]
    pub(crate) fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    /// The next bytes, so many of them.
    #[inline]
    pub(crate) fn bytes(&mut self, length: u64) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The next number.
    #[inline]
    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// The next signed number.
    #[inline]
    pub(crate) fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// The next time, of which is told what passed since another: whole seconds or not.
    #[inline]
    pub(crate) fn time(&mut self, earlier: Timestamp, whole: bool) -> Option<Timestamp> {
        let number = self.signed()?;
        let micros = if whole { number.checked_mul(SECOND)? } else { number };
        micros.checked_add(earlier.micros()).map(Timestamp::from_micros)
    }

    /// Nothing, where nothing is left.
    #[inline]
    pub(crate) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

/// The place of an object in the log as one number; `None` for one that no log has.
#[inline]
pub(crate) fn place(position: u64, ordinal: u64) -> Option<u64> {
    let place = ObjectId::from_bits(position.checked_mul(1 << 12)?.checked_add(ordinal)?);
    (place.position() == position).then_some(place.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_went() {
        let mut out = Vec::new();
        let powers = (0..64).flat_map(|power| [(1 << power) - 1, 1 << power]);
        let numbers: Vec<u64> = powers.chain([u64::MAX >> 1, u64::MAX]).collect();
        let signed = [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN];
        numbers.iter().for_each(|number| put(&mut out, *number));
        signed.iter().for_each(|number| put_signed(&mut out, *number));
        let mut packed = Packed(&out);
        numbers.iter().for_each(|number| assert_eq!(packed.number(), Some(*number)));
        signed.iter().for_each(|number| assert_eq!(packed.signed(), Some(*number)));
        assert_eq!((packed.end(), packed.number()), (Some(()), None));
    }

    #[test]
    fn what_is_longer_than_a_number_is_none() {
        assert_eq!(Packed(&[0xFF; 12]).number(), None);
        assert_eq!(Packed(&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02]).number(), None);
    }
}
