//! Packing: numbers in as few bytes as they need.
//!
//! A number is a varint, seven bits a byte, the lowest first; a signed one is zigzagged. A
//! time is a signed number of microseconds since 2024, or of seconds since 1970 where it is
//! whole seconds.

use counterfoil_domain::calendar::Timestamp;

/// 2024 in microseconds: times near it take a byte less.
const EPOCH: i64 = 1_704_067_200_000_000;

const SECOND: i64 = 1_000_000;

/// Appends a number.
#[inline]
pub(crate) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a signed number.
#[inline]
pub(crate) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put(out, ((number << 1) ^ (number >> 63)) as u64);
}

/// Whether a time is whole seconds, which its reader must be told.
#[inline]
pub(crate) fn is_whole(time: Timestamp) -> bool {
    time.micros() % SECOND == 0
}

/// Appends a time.
#[inline]
pub(crate) fn put_time(out: &mut Vec<u8>, time: Timestamp) {
    let micros = time.micros();
    put_signed(out, if is_whole(time) { micros / SECOND } else { micros - EPOCH });
}

/// Packed bytes that were not taken yet. What is not there, or is no number, is `None`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed<'a>(pub(crate) &'a [u8]);

impl Packed<'_> {
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

    /// The next time, which is whole seconds or not.
    #[inline]
    pub(crate) fn time(&mut self, whole: bool) -> Option<Timestamp> {
        let number = self.signed()?;
        let micros = if whole { number.checked_mul(SECOND) } else { number.checked_add(EPOCH) };
        micros.map(Timestamp::from_micros)
    }

    /// Nothing, where nothing is left.
    #[inline]
    pub(crate) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_as_they_went() {
        let mut out = Vec::new();
        let numbers = [0, 1, 63, 64, 127, 128, 16_383, 16_384, u64::MAX >> 1, u64::MAX];
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
