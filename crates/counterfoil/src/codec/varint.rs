//! Varints and fixed bytes: the hand-laid part of an event.

use super::Fault;

/// Appends `value`, seven bits a byte, the lowest first.
pub(super) fn put(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed `value`, zigzagged: small ones of either sign stay short.
pub(super) fn put_signed(value: i64, out: &mut Vec<u8>) {
    put((value << 1 ^ value >> 63) as u64, out);
}

/// Bytes that are read from the front.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// What has not been read.
    pub(super) fn rest(self) -> &'a [u8] {
        self.bytes
    }

    /// How much has not been read.
    pub(super) fn left(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Fault> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (array, rest) = self.bytes.split_first_chunk().ok_or(Fault::Truncated)?;
        self.bytes = rest;
        Ok(*array)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Fault> {
        self.array().map(u16::from_le_bytes)
    }

    /// A varint in the one form that [`put`] gives it.
    pub(super) fn number(&mut self) -> Result<u64, Fault> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit.
            if bits << shift >> shift != bits {
                return Err(Fault::Varint);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return if byte == 0 && shift > 0 { Err(Fault::Varint) } else { Ok(value) };
            }
        }
        Err(Fault::Varint)
    }

    /// A varint that fits the narrower type `T`.
    pub(super) fn narrow<T: TryFrom<u64>>(&mut self) -> Result<T, Fault> {
        T::try_from(self.number()?).map_err(|_| Fault::Varint)
    }

    /// A text after its length.
    pub(super) fn text(&mut self, what: &'static str) -> Result<&'a str, Fault> {
        let length = self.narrow::<usize>()?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_| Fault::Text { what })
    }

    /// So many bytes.
    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (bytes, rest) = self.bytes.split_at_checked(length).ok_or(Fault::Truncated)?;
        self.bytes = rest;
        Ok(bytes)
    }

    pub(super) fn signed(&mut self) -> Result<i64, Fault> {
        self.number().map(|zigzag| (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_was_written() {
        for value in [0, 1, 127, 128, 16_383, 16_384, u64::from(u32::MAX), u64::MAX >> 1, u64::MAX] {
            for signed in [value as i64, (value as i64).wrapping_neg()] {
                let mut bytes = Vec::new();
                put(value, &mut bytes);
                put_signed(signed, &mut bytes);
                let mut reader = Reader::new(&bytes);
                assert_eq!((reader.number(), reader.signed(), reader.left()), (Ok(value), Ok(signed), 0));
            }
        }
    }

    #[test]
    fn a_number_has_one_form() {
        let eleven = [0x80; 11];
        let beyond_64_bits = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        for (bytes, fault) in [
            (&[0x80, 0x00][..], Fault::Varint),
            (&eleven, Fault::Varint),
            (&beyond_64_bits, Fault::Varint),
            (&[0x80], Fault::Truncated),
            (&[], Fault::Truncated),
        ] {
            assert_eq!(Reader::new(bytes).number(), Err(fault));
        }
        assert_eq!(Reader::new(&[0x80, 0x02]).narrow::<u8>(), Err(Fault::Varint));
    }
}
