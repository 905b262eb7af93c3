//! The file of a snapshot: sections of a kind, a length, a check and bytes.
//!
//! ```text
//! offset  bytes  field                     all integers little endian
//!      0      8  magic                     C0 46 53 54 41 54 45 0A
//!      8      4  version                   of everything in the file
//!     12      4  zero
//!     16         sections, one after another; the last is of kind 0 and empty:
//!      0      1    kind
//!      1      3    zero
//!      4      4    length
//!      8      8    check: XXH3 of the bytes, seeded with the section's offset
//!     16           bytes
//! ```

use std::fmt;
use std::io::{self, BufWriter, Read, Write};

use xxhash_rust::xxh3::xxh3_64_with_seed;

const MAGIC: [u8; 8] = [0xC0, b'F', b'S', b'T', b'A', b'T', b'E', 0x0A];

/// Raised with every change of what is in the file.
const VERSION: u32 = 12;

/// The kind of the last section.
const END: u8 = 0;

/// The head of the file, and of a section.
const HEAD: usize = 16;

/// Writes sections.
pub(super) struct SectionWriter<W: Write> {
    out: BufWriter<W>,
    offset: u64,
}

/// Reads sections.
pub(super) struct SectionReader<R: Read> {
    from: R,
    offset: u64,
    bytes: Vec<u8>,
}

/// What is wrong with a file.
#[derive(Debug)]
pub(super) enum SectionError {
    /// The system refused.
    Io(io::Error),
    /// The file is of another kind or version.
    Version,
    /// The section at this offset does not fit its check.
    Check {
        /// Where.
        offset: u64,
    },
}

impl<W: Write> SectionWriter<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 20, out);
        out.write_all(&MAGIC)?;
        out.write_all(&VERSION.to_le_bytes())?;
        out.write_all(&[0; 4])?;
        Ok(Self { out, offset: HEAD as u64 })
    }

    /// Adds a section.
    pub(super) fn add(&mut self, kind: u8, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a section beyond 4 GiB"))?;
        self.out.write_all(&[kind, 0, 0, 0])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&check(bytes, kind, self.offset).to_le_bytes())?;
        self.out.write_all(bytes)?;
        self.offset += HEAD as u64 + bytes.len() as u64;
        Ok(())
    }

    /// Adds the last section and gives back what was written to.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.add(END, &[])?;
        self.out.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

impl<R: Read> SectionReader<R> {
    pub(super) fn new(mut from: R) -> Result<Self, SectionError> {
        let mut head = [0; HEAD];
        from.read_exact(&mut head).map_err(SectionError::Io)?;
        let known = [&MAGIC[..], &VERSION.to_le_bytes(), &[0; 4]].concat();
        if head[..] != known {
            Err(SectionError::Version)
        } else {
            Ok(Self { from, offset: HEAD as u64, bytes: Vec::new() })
        }
    }

    /// The next section; `None` after the last.
    pub(super) fn next(&mut self) -> Result<Option<(u8, &[u8])>, SectionError> {
        let mut head = [0; HEAD];
        self.from.read_exact(&mut head).map_err(SectionError::Io)?;
        let (kind, length) = (head[0], u32::from_le_bytes([head[4], head[5], head[6], head[7]]));
        self.bytes.clear();
        // What is not there is not made room for.
        let read =
            (&mut self.from).take(length.into()).read_to_end(&mut self.bytes).map_err(SectionError::Io)?;
        let expected = check(&self.bytes, kind, self.offset).to_le_bytes();
        if read as u64 != u64::from(length) || head[8..] != expected || head[1..4] != [0; 3] {
            return Err(SectionError::Check { offset: self.offset });
        }
        self.offset += HEAD as u64 + u64::from(length);
        Ok((kind != END).then_some((kind, &*self.bytes)))
    }
}

fn check(bytes: &[u8], kind: u8, offset: u64) -> u64 {
    xxh3_64_with_seed(bytes, offset << 8 | u64::from(kind))
}

impl fmt::Display for SectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Version => f.write_str("it is of another version"),
            Self::Check { offset } => write!(f, "the section at offset {offset} does not fit its check"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut writer = SectionWriter::new(Vec::new()).unwrap();
        writer.add(1, b"first").unwrap();
        writer.add(2, b"").unwrap();
        writer.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> Result<Vec<(u8, Vec<u8>)>, SectionError> {
        let mut reader = SectionReader::new(bytes)?;
        let mut sections = Vec::new();
        while let Some((kind, bytes)) = reader.next()? {
            sections.push((kind, bytes.to_vec()));
        }
        Ok(sections)
    }

    #[test]
    fn sections_are_read_as_they_were_written() {
        assert_eq!(read(&written()).unwrap(), [(1, b"first".to_vec()), (2, Vec::new())]);
    }

    #[test]
    fn a_flipped_bit_or_a_lost_end_is_noticed() {
        let bytes = written();
        for place in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[place] ^= 4;
            assert!(read(&broken).is_err(), "byte {place}");
            assert!(read(&bytes[..place]).is_err(), "{place} bytes");
        }
    }
}
