//! Keys of sealed data: one file per subject, outside the log, so that deleting one
//! deletes it.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use counterfoil_domain::account::KeyId;

/// The folder of key files.
#[derive(Clone, Debug)]
pub struct Keys {
    folder: PathBuf,
}

/// Why a key cannot be had.
#[derive(Debug)]
pub enum KeyError {
    /// A file cannot be read or written.
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key file does not hold a key and its checksum.
    Damaged {
        /// Which.
        path: PathBuf,
    },
    /// The operating system gave no random bytes.
    NoRandomness,
}

/// A key file: the key and the first eight bytes of its hash, so that a damaged key is
/// not taken for an altered secret.
const FILE: usize = 40;

impl Keys {
    /// The keys in a folder, which is made with the first key.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The subject's key; `None` where there is none (any more).
    ///
    /// # Errors
    /// A file that cannot be read, or does not hold a key.
    pub fn get(&self, subject: KeyId) -> Result<Option<[u8; 32]>, KeyError> {
        let path = self.path(subject);
        let mut bytes = Vec::new();
        match File::open(&path).and_then(|file| file.take(FILE as u64 + 1).read_to_end(&mut bytes)) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(KeyError::Io { path, source }),
        }
        match bytes.split_first_chunk::<32>() {
            Some((key, check)) if check == checksum(key, subject) => Ok(Some(*key)),
            Some(_) | None => Err(KeyError::Damaged { path }),
        }
    }

    /// Destroys the subject's key: what was sealed under it is erased everywhere.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn destroy(&self, subject: KeyId) -> Result<(), KeyError> {
        let path = self.path(subject);
        match fs::remove_file(&path).and_then(|()| sync_folder(&self.folder)) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(KeyError::Io { path, source }),
        }
    }

    /// The subject's key, made and synced where it is new.
    pub(super) fn get_or_make(&self, subject: KeyId) -> Result<[u8; 32], KeyError> {
        if let Some(key) = self.get(subject)? {
            return Ok(key);
        }
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|_| KeyError::NoRandomness)?;
        let path = self.path(subject);
        match self.write(&path, &key, subject) {
            Ok(()) => Ok(key),
            // Another caller made it first: one key per subject, so theirs counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.get(subject)?.ok_or(KeyError::Damaged { path })
            }
            Err(source) => Err(KeyError::Io { path, source }),
        }
    }

    /// The key must be on disk before anything sealed under it is: a temporary file,
    /// synced, then linked under its name, which fails where the name is taken.
    fn write(&self, path: &Path, key: &[u8; 32], subject: KeyId) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut suffix = [0; 8];
        getrandom::fill(&mut suffix).map_err(|_| io::Error::other("no random bytes"))?;
        let temporary = self.folder.join(format!("{}.new", hex(&suffix)));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        let written = file
            .write_all(key)
            .and_then(|()| file.write_all(&checksum(key, subject)))
            .and_then(|()| file.sync_all());
        let linked = written.and_then(|()| fs::hard_link(&temporary, path));
        fs::remove_file(&temporary)?;
        linked.and_then(|()| sync_folder(&self.folder))
    }

    fn path(&self, subject: KeyId) -> PathBuf {
        self.folder.join(format!("{}.key", hex(&subject.0)))
    }
}

/// Bound to the subject, so that one subject's key does not pass for another's.
fn checksum(key: &[u8; 32], subject: KeyId) -> [u8; 8] {
    let mut bytes = [0; 8];
    blake3::Hasher::new().update(key).update(&subject.0).finalize_xof().fill(&mut bytes);
    bytes
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Damaged { path } => write!(
                f,
                "{} does not hold a key and its checksum; restore it from a backup of the keys folder",
                path.display()
            ),
            Self::NoRandomness => f.write_str("the operating system gave no random bytes"),
        }
    }
}

impl std::error::Error for KeyError {}
