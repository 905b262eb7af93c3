//! Little-endian fields read one after another from bytes that may be anything.

use crate::{Hash, Head, LedgerId};

/// Takes fields from the front of a slice. Every read is bounded: a field that is not there is `None`.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (field, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*field)
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (field, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(field)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    pub(crate) fn hash(&mut self) -> Option<Hash> {
        self.array().map(Hash)
    }

    pub(crate) fn ledger(&mut self) -> Option<LedgerId> {
        self.array().map(LedgerId)
    }

    pub(crate) fn head(&mut self) -> Option<Head> {
        Some(Head {
            next_frame: self.u64()?,
            next_position: self.u64()?,
            epoch: self.u64()?,
            hash: self.hash()?,
        })
    }
}

/// A head as anchor and origin store it: 56 bytes.
pub(crate) fn put_head(out: &mut Vec<u8>, head: &Head) {
    out.extend_from_slice(&head.next_frame.to_le_bytes());
    out.extend_from_slice(&head.next_position.to_le_bytes());
    out.extend_from_slice(&head.epoch.to_le_bytes());
    out.extend_from_slice(&head.hash.0);
}
