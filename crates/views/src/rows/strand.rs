//! Strands: packed rows of many owners in memory, each owner's in the order of their coming.
//!
//! Memory is given out in pieces, each a line of cache. An owner leads to the newest piece of
//! its strand, and each piece to the one before it; so to add a row is to look at one piece.
//!
//! A strand is cut into stretches. The first row of one is packed by itself, each other one
//! against the row before it. So a stretch is read by itself, and it is a row of a run as it
//! stands.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::pack::Out;

/// A stretch has at most so many rows: that many are unpacked to see one of them.
pub(crate) const STRETCH: usize = 128;

/// The packed bytes in a piece.
const BYTES: usize = 57;

/// The longest row has seven of the longest numbers and a byte; behind it is room for what is
/// written and does not count.
const LONGEST: usize = 80;

/// Nearly every row is shorter.
const SHORT: usize = 16;

/// So many strands are gone through at once: their pieces lie far apart, and memory gives
/// several at once if nothing stands between the questions.
const AT_ONCE: usize = 32;

/// Strands of many owners, who each keep a [`Strand`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Strands {
    pieces: Vec<Piece>,
}

/// Where an owner's strand ends: one more than the place of its newest piece, or 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Strand(u32);

/// A part of a strand.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Piece {
    /// The piece before it.
    previous: Strand,
    bytes: [u8; BYTES],
    length: u8,
    /// How many rows its stretch has up to here.
    rows: u8,
    /// Whether a stretch begins with it.
    first: bool,
}

const _: () = assert!(size_of::<Piece>() == 64 && STRETCH <= u8::MAX as usize);

/// A stretch on its way to disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch<'a> {
    /// How many rows its strand has from its first one on.
    pub(crate) left: u64,
    /// Its rows.
    pub(crate) bytes: &'a [u8],
}

/// A row that is being packed.
#[derive(Debug)]
pub(crate) struct Packing {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Out for Packing {
    #[inline]
    fn push(&mut self, bytes: [u8; 4], length: usize) {
        let rest = self.bytes.get_mut(self.length..).unwrap_or_default();
        if let Some(place) = rest.first_chunk_mut() {
            *place = bytes;
            self.length += length;
        }
    }
}

impl Strands {
    /// Adds a row to a strand. `pack` is told whether it packs it by itself.
    #[inline]
    pub(crate) fn push(&mut self, strand: &mut Strand, pack: impl FnOnce(bool, &mut Packing)) {
        let begins = self.piece(*strand).is_none_or(|piece| usize::from(piece.rows) >= STRETCH);
        let mut packing = Packing { bytes: [0; LONGEST], length: 0 };
        pack(begins, &mut packing);
        if begins {
            self.add(strand, true, 0);
        }
        let piece = strand.place().and_then(|place| self.pieces.get_mut(place));
        if piece.is_some_and(|piece| piece.fill_short(&packing)) {
            return;
        }
        let mut rest = packing.bytes.get(..packing.length).unwrap_or_default();
        while let Some(piece) = strand.place().and_then(|place| self.pieces.get_mut(place)) {
            rest = piece.fill(rest);
            if rest.is_empty() {
                piece.rows += 1;
                return;
            }
            let rows = piece.rows;
            self.add(strand, false, rows);
        }
    }

    /// Looks at where the next row of a strand will be.
    #[inline]
    pub(crate) fn touch(&self, strand: Strand) -> u64 {
        self.piece(strand).map_or(0, |piece| piece.length.into())
    }

    /// The stretches of a strand, the newest first, with how many rows each has.
    pub(crate) fn newest_first(&self, strand: Strand) -> impl Iterator<Item = (Vec<u8>, usize)> + '_ {
        let mut next = strand;
        std::iter::from_fn(move || {
            let rows = usize::from(self.piece(next)?.rows);
            let mut pieces = Vec::new();
            while let Some(piece) = self.piece(next) {
                next = piece.previous;
                pieces.push(piece.written());
                if piece.first {
                    break;
                }
            }
            pieces.reverse();
            Some((pieces.concat(), rows))
        })
    }

    /// Calls `with` for the stretches of strands, one strand after the other, the earliest
    /// stretch first.
    ///
    /// # Errors
    /// The first that `with` gives.
    pub(crate) fn each<K: Copy, E>(
        &self,
        strands: impl Iterator<Item = (K, Strand)>,
        mut with: impl FnMut(K, Stretch<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut strands = strands.filter(|(_, strand)| *strand != Strand::default());
        let mut walks: Vec<Walk<K>> = Vec::new();
        let mut bytes = Vec::new();
        loop {
            walks.clear();
            walks.extend(strands.by_ref().take(AT_ONCE).map(|(of, strand)| Walk::new(of, strand)));
            if walks.is_empty() {
                return Ok(());
            }
            while walks.iter_mut().fold(false, |more, walk| walk.step(self) | more) {}
            for walk in &walks {
                self.go_along(walk, &mut bytes, &mut with)?;
            }
        }
    }

    fn go_along<K: Copy, E>(
        &self,
        walk: &Walk<K>,
        bytes: &mut Vec<u8>,
        with: &mut impl FnMut(K, Stretch<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = walk.rows;
        let mut pieces = walk.places.iter().rev().filter_map(|place| self.piece(*place)).peekable();
        bytes.clear();
        while let Some(piece) = pieces.next() {
            bytes.extend_from_slice(piece.written());
            if pieces.peek().is_none_or(|next| next.first) {
                with(walk.of, Stretch { left, bytes })?;
                left -= u64::from(piece.rows);
                bytes.clear();
            }
        }
        Ok(())
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The memory that the rows take.
    pub(crate) fn bytes(&self) -> usize {
        self.pieces.len() * size_of::<Piece>()
    }

    /// Forgets every row, as their owners must; keeps the memory for the next ones.
    pub(crate) fn clear(&mut self) {
        self.pieces.clear();
    }

    #[inline]
    fn piece(&self, strand: Strand) -> Option<&Piece> {
        self.pieces.get(strand.place()?)
    }

    /// Puts a piece at the end of a strand.
    #[inline]
    fn add(&mut self, strand: &mut Strand, first: bool, rows: u8) {
        self.pieces.push(Piece { previous: *strand, bytes: [0; BYTES], length: 0, rows, first });
        // Four thousand million pieces in memory would be a quarter of a terabyte.
        *strand = Strand(u32::try_from(self.pieces.len()).unwrap_or(u32::MAX));
    }
}

impl Strand {
    #[inline]
    fn place(self) -> Option<usize> {
        usize::try_from(self.0).ok()?.checked_sub(1)
    }
}

impl Piece {
    /// Takes in a short row where it has room for one that is not so short; whether it did.
    #[inline]
    fn fill_short(&mut self, row: &Packing) -> bool {
        let room = self.bytes.get_mut(usize::from(self.length)..).unwrap_or_default();
        let (Some(room), Some(bytes)) = (room.first_chunk_mut::<SHORT>(), row.bytes.first_chunk::<SHORT>())
        else {
            return false;
        };
        if row.length > SHORT {
            return false;
        }
        // What is behind the row is written over by the next one.
        *room = *bytes;
        self.length += row.length as u8;
        self.rows += 1;
        true
    }

    /// Takes in as many bytes as it has room for; gives back the others.
    fn fill<'a>(&mut self, row: &'a [u8]) -> &'a [u8] {
        let length = usize::from(self.length);
        let room = self.bytes.get_mut(length..).unwrap_or_default();
        let (now, later) = row.split_at(row.len().min(room.len()));
        room.iter_mut().zip(now).for_each(|(byte, new)| *byte = *new);
        self.length += now.len() as u8;
        later
    }

    #[inline]
    fn written(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

/// A way along a strand, from its newest piece to its first.
struct Walk<K> {
    of: K,
    next: Strand,
    places: Vec<Strand>,
    rows: u64,
    /// Whether the next piece ends a stretch, and so knows how many rows that has.
    ends: bool,
}

impl<K> Walk<K> {
    fn new(of: K, strand: Strand) -> Self {
        Self { of, next: strand, places: Vec::new(), rows: 0, ends: true }
    }

    /// Takes a step; whether there was one to take.
    #[inline]
    fn step(&mut self, strands: &Strands) -> bool {
        let Some(piece) = strands.piece(self.next) else {
            return false;
        };
        self.places.push(self.next);
        self.rows += if self.ends { u64::from(piece.rows) } else { 0 };
        (self.next, self.ends) = (piece.previous, piece.first);
        true
    }
}

impl Serialize for Strands {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pieces = self.pieces.iter();
        serializer.collect_seq(pieces.map(|piece| (piece.previous, piece.written(), piece.rows, piece.first)))
    }
}

impl<'de> Deserialize<'de> for Strands {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let forms: Vec<(Strand, Vec<u8>, u8, bool)> = Vec::deserialize(deserializer)?;
        let mut strands = Self::default();
        for (previous, bytes, rows, first) in forms {
            let back = previous.place().is_none_or(|place| place < strands.pieces.len());
            if !back || bytes.len() > BYTES || usize::from(rows) > STRETCH {
                return Err(D::Error::custom("a piece of rows that is none"));
            }
            let mut piece = Piece { previous, bytes: [0; BYTES], length: 0, rows, first };
            piece.fill(&bytes);
            strands.pieces.push(piece);
        }
        Ok(strands)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::driver::Fixed;
    use crate::encoding::Encoding;
    use crate::rows::put_byte;

    proptest! {
        #[test]
        fn rows_come_back_as_they_went(rows in proptest::collection::vec((0..5_usize, 1..72_usize), 0..900)) {
            let mut strands = Strands::default();
            let mut owners = [Strand::default(); 5];
            let mut expected: [Vec<(bool, Vec<u8>)>; 5] = Default::default();
            for (number, (owner, length)) in (0..).zip(rows) {
                strands.push(&mut owners[owner], |begins, out| {
                    let row: Vec<u8> = (0..length).map(|place| (number + place) as u8).collect();
                    row.iter().for_each(|byte| put_byte(out, *byte));
                    expected[owner].push((begins, row));
                });
            }
            let strands: Strands = Fixed.decode(&Fixed.encode(&strands).unwrap()).unwrap();
            let mut found: [Vec<(usize, Vec<u8>)>; 5] = Default::default();
            let each = strands.each(owners.into_iter().enumerate(), |owner, Stretch { left, bytes }| {
                found[owner].push((left as usize, bytes.to_vec()));
                Ok::<(), ()>(())
            });
            prop_assert_eq!(each, Ok(()));
            for owner in 0..5 {
                let all = &expected[owner];
                prop_assert!(all.iter().enumerate().all(|(place, (begins, _))| *begins == (place % STRETCH == 0)));
                let stretches = all.chunks(STRETCH).enumerate().map(|(place, rows)| {
                    let bytes = rows.iter().flat_map(|(_, row)| row.clone()).collect::<Vec<u8>>();
                    (all.len() - place * STRETCH, rows.len(), bytes)
                });
                let stretches: Vec<_> = stretches.collect();
                let written = stretches.iter().map(|(left, _, bytes)| (*left, bytes.clone()));
                prop_assert!(found[owner].iter().cloned().eq(written));
                let newest = stretches.iter().rev().map(|(_, rows, bytes)| (bytes.clone(), *rows));
                prop_assert!(strands.newest_first(owners[owner]).eq(newest));
            }
        }
    }

    #[test]
    fn a_piece_that_leads_forward_is_none() {
        let (mut strands, mut strand) = (Strands::default(), Strand::default());
        strands.push(&mut strand, |_, out| put_byte(out, 7));
        for broken in [(Strand(1), vec![7_u8], 1_u8), (Strand(0), vec![7; 58], 1), (Strand(0), vec![7], 129)]
        {
            let bytes = Fixed.encode(&vec![(broken.0, &broken.1, broken.2, true)]).unwrap();
            assert!(Fixed.decode::<Strands>(&bytes).is_err(), "{broken:?}");
        }
    }
}
