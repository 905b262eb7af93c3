//! Scratch: rows that do not fit into memory, in sorted files that are merged where they
//! become many.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use super::table::newest;

/// So many files of a tier become one of the next.
const FAN_IN: usize = 16;

/// The bytes of a row: key and position.
const ROW: usize = 16;

/// How much of a file is in memory while it is read.
const READ_BYTES: usize = 64 << 10;

/// Rows of one span of one table, outside memory. Nobody needs them after a crash, so that
/// they are neither synced nor checked.
pub(super) struct Scratch {
    folder: PathBuf,
    name: &'static str,
    /// How many files were made.
    made: u64,
    /// The files with the tier of each.
    files: Vec<(u32, PathBuf)>,
}

/// Rows of several files in order, of equal keys the last position.
pub(super) struct Rows {
    sources: Vec<Source>,
}

/// What is left of a file, behind its next row.
struct Source {
    next: (u64, u64),
    rest: BufReader<File>,
}

impl Scratch {
    /// So many rows are written at once; in memory they take 16 MiB.
    pub(super) const ROWS: usize = if cfg!(test) { 8 } else { 1 << 20 };

    pub(super) fn new(folder: &Path, name: &'static str) -> Self {
        Self { folder: folder.to_owned(), name, made: 0, files: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Takes rows out of memory.
    pub(super) fn write(&mut self, rows: &mut Vec<(u64, u64)>) -> io::Result<()> {
        rows.sort_unstable();
        let path = self.path()?;
        write(&path, newest(rows).map(Ok))?;
        self.files.push((0, path));
        rows.clear();
        while self.is_due() {
            self.merge()?;
        }
        Ok(())
    }

    /// Every row.
    pub(super) fn rows(&self) -> io::Result<Rows> {
        Rows::of(&self.files)
    }

    /// Removes every file.
    pub(super) fn clear(&mut self) {
        remove(self.files.drain(..));
    }

    /// Whether the newest files are enough of one tier.
    fn is_due(&self) -> bool {
        let newest = self.files.last().map(|(tier, _)| *tier);
        let alike = self.files.iter().rev().take_while(|(tier, _)| Some(*tier) == newest);
        alike.take(FAN_IN).count() == FAN_IN
    }

    fn merge(&mut self) -> io::Result<()> {
        let path = self.path()?;
        let merged = self.files.split_off(self.files.len().saturating_sub(FAN_IN));
        write(&path, Rows::of(&merged)?)?;
        let tier = merged.first().map_or(0, |(tier, _)| tier + 1);
        self.files.push((tier, path));
        remove(merged.into_iter());
        Ok(())
    }

    fn path(&mut self) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        self.made += 1;
        Ok(self.folder.join(format!("{}-{}.rows", self.name, self.made)))
    }
}

impl Rows {
    fn of(files: &[(u32, PathBuf)]) -> io::Result<Self> {
        let mut sources = Vec::with_capacity(files.len());
        for (_, path) in files {
            let mut rest = BufReader::with_capacity(READ_BYTES, File::open(path)?);
            if let Some(next) = read(&mut rest)? {
                sources.push(Source { next, rest });
            }
        }
        Ok(Self { sources })
    }

    fn advance(&mut self) -> io::Result<Option<(u64, u64)>> {
        let lowest = self.sources.iter().enumerate().min_by_key(|(_, source)| source.next);
        let Some((place, row)) = lowest.map(|(place, source)| (place, source.next)) else {
            return Ok(None);
        };
        if let Some(source) = self.sources.get_mut(place) {
            match read(&mut source.rest)? {
                Some(next) => source.next = next,
                None => drop(self.sources.swap_remove(place)),
            }
        }
        Ok(Some(row))
    }
}

impl Iterator for Rows {
    type Item = io::Result<(u64, u64)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = match self.advance().transpose()? {
                Ok(row) => row,
                Err(error) => return Some(Err(error)),
            };
            // Of one key the last position comes last.
            if self.sources.iter().all(|source| source.next.0 != row.0) {
                return Some(Ok(row));
            }
        }
    }
}

fn write(path: &Path, rows: impl Iterator<Item = io::Result<(u64, u64)>>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(READ_BYTES, File::create(path)?);
    for row in rows {
        let (key, position) = row?;
        out.write_all(&key.to_le_bytes())?;
        out.write_all(&position.to_le_bytes())?;
    }
    out.flush()
}

/// The next row of a file; `None` at its end.
fn read(file: &mut BufReader<File>) -> io::Result<Option<(u64, u64)>> {
    let mut bytes = [0; ROW];
    match file.read_exact(&mut bytes) {
        Ok(()) => {
            let row = u128::from_le_bytes(bytes);
            Ok(Some((row as u64, (row >> 64) as u64)))
        }
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn remove(files: impl Iterator<Item = (u32, PathBuf)>) {
    for (_, path) in files {
        // What is left goes with the folder.
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_order_and_the_newest_counts() {
        let folder = tempfile::tempdir().unwrap();
        let mut scratch = Scratch::new(folder.path(), "keys");
        let mut expected = std::collections::BTreeMap::new();
        for position in 0..600_u64 {
            let key = position.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 97;
            expected.insert(key, position);
            scratch.write(&mut vec![(key, position)]).unwrap();
        }
        let rows: Vec<(u64, u64)> = scratch.rows().unwrap().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows, expected.into_iter().collect::<Vec<_>>());
        let files = || fs::read_dir(folder.path()).unwrap().count();
        assert!((2..60).contains(&files()), "{} files", files());
        scratch.clear();
        assert_eq!((files(), scratch.is_empty()), (0, true));
    }
}
