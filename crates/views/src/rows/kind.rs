//! Kinds of objects in three bits: the few that rows are mostly about. Of another the bits
//! say so, and it follows in a byte.

use super::pack::{Out, Packed, put_byte};

/// A kind takes so many bits.
pub(crate) const KIND_BITS: u32 = 3;

/// The bits of a kind that follows.
pub(crate) const FURTHER_KIND: u64 = (1 << KIND_BITS) - 1;

/// The bits of a kind's number, and what of it follows.
#[inline]
pub(crate) fn short(kind: u8) -> (u64, Option<u8>) {
    let number = u64::from(kind);
    if number < FURTHER_KIND { (number, None) } else { (FURTHER_KIND, Some(kind - FURTHER_KIND as u8)) }
}

/// Appends what of a kind follows.
#[inline]
pub(crate) fn put_rest(out: &mut impl Out, rest: Option<u8>) {
    if let Some(rest) = rest {
        put_byte(out, rest);
    }
}

/// The number of a kind by its bits, of which the rest is taken where there is one.
#[inline]
pub(crate) fn take_rest(packed: &mut Packed<'_>, bits: u64) -> Option<u8> {
    if bits == FURTHER_KIND {
        return packed.byte()?.checked_add(FURTHER_KIND as u8);
    }
    u8::try_from(bits).ok().filter(|_| bits < FURTHER_KIND)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ninth kind would have spilled into the place beside it.
    #[test]
    fn every_kind_that_there_may_be_comes_back() {
        for kind in 0..=u8::MAX {
            let (bits, rest) = short(kind);
            let mut bytes = Vec::new();
            put_rest(&mut bytes, rest);
            assert!(bits <= FURTHER_KIND && bytes.is_empty() == (kind < 7));
            let mut packed = Packed(&bytes);
            assert_eq!((take_rest(&mut packed, bits), packed.end()), (Some(kind), Some(())));
        }
        assert_eq!(take_rest(&mut Packed(&[]), 7), None);
        assert_eq!(take_rest(&mut Packed(&[249]), 7), None, "no number of a byte");
        assert_eq!(take_rest(&mut Packed(&[]), 8), None);
    }
}
