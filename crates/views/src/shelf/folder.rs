//! A folder as a shelf: one file for each name.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::Shelf;
use crate::rows::SUFFIX;

/// How the name of a file of rows ends, behind that, while it is written.
const DRAFT: &str = ".tmp";

/// The longest file that is read: far above any snapshot, far below what would take a
/// machine down with it.
const LONGEST: u64 = 1 << 36;

/// A folder of snapshots.
///
/// A write goes to a temporary file beside the old one, is synced, takes its name, and
/// the folder is synced; so a crash leaves the old bytes or the new ones.
#[derive(Clone, Debug)]
pub struct FolderShelf {
    folder: PathBuf,
}

impl FolderShelf {
    /// The shelf in `folder`, which is made where it is not there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn new(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, name: &str) -> io::Result<PathBuf> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(plain) {
            let message = format!("\"{name}\" is no name for a snapshot");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(self.folder.join(name))
    }

    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }
}

impl Shelf for FolderShelf {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path(name)?) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        if file.metadata()?.len() > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too long for a snapshot"));
        }
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        let path = self.path(name)?;
        let temporary = self.folder.join(format!(".{name}.new"));
        let mut file = File::create(&temporary)?;
        parts.iter().try_for_each(|part| file.write_all(part))?;
        file.sync_all()?;
        fs::rename(&temporary, &path)?;
        self.sync_folder()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)?) {
            Ok(()) => self.sync_folder(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn runs(&self) -> Option<&Path> {
        Some(&self.folder)
    }

    fn keep_runs(&self, names: &BTreeSet<String>) -> io::Result<()> {
        // One that stays keeps no other.
        let mut removed = Ok(());
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let unfinished = name.strip_suffix(DRAFT).is_some_and(|name| name.ends_with(SUFFIX));
            if unfinished || name.ends_with(SUFFIX) && !names.contains(&name) {
                removed = removed.and(fs::remove_file(entry.path()));
            }
        }
        removed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What could not be removed kept everything that came after it in the folder.
    #[test]
    fn what_cannot_be_removed_keeps_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = FolderShelf::new(folder.path()).unwrap();
        let named =
            |view: &str| [0, 1, 2, 3].map(|number| folder.path().join(format!("{view}-{number}-9.run")));
        let (stuck, old) = (named("tax"), named("statement"));
        // A folder is removed by nobody who removes a file.
        stuck.iter().for_each(|path| fs::create_dir(path).unwrap());
        old.iter().for_each(|path| fs::write(path, "rows").unwrap());
        assert!(shelf.keep_runs(&BTreeSet::new()).is_err());
        assert!(stuck.iter().all(|path| path.exists()) && old.iter().all(|path| !path.exists()));
    }

    #[test]
    fn what_is_put_there_is_there_and_a_left_over_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = FolderShelf::new(folder.path().join("views")).unwrap();
        assert_eq!(shelf.read("tax.snapshot").unwrap(), None);
        fs::write(shelf.folder().join(".tax.snapshot.new"), b"half").unwrap();
        for bytes in [&b"one"[..], b"two"] {
            shelf.write("tax.snapshot", &[bytes]).unwrap();
            assert_eq!(shelf.read("tax.snapshot").unwrap().as_deref(), Some(bytes));
        }
        shelf.remove("tax.snapshot").unwrap();
        shelf.remove("tax.snapshot").unwrap();
        assert_eq!(shelf.read("tax.snapshot").unwrap(), None);
    }

    #[test]
    fn files_of_rows_that_nobody_names_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = FolderShelf::new(folder.path()).unwrap();
        for name in ["tax-0-9.run", "tax-0-9.1.run", "tax-9-12.run.tmp", "tax.snapshot"] {
            fs::write(shelf.folder().join(name), b"rows").unwrap();
        }
        shelf.keep_runs(&["tax-0-9.1.run".to_owned()].into()).unwrap();
        let left = fs::read_dir(shelf.folder()).unwrap().map(|entry| entry.unwrap().file_name());
        let left: BTreeSet<_> = left.map(|name| name.into_string().unwrap()).collect();
        assert_eq!(left, ["tax-0-9.1.run", "tax.snapshot"].map(str::to_owned).into());
    }

    #[test]
    fn a_name_is_no_path() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = FolderShelf::new(folder.path()).unwrap();
        for name in ["", "..", "a/b", "../a", ".hidden"] {
            assert_eq!(shelf.read(name).unwrap_err().kind(), io::ErrorKind::InvalidInput, "{name}");
        }
    }
}
