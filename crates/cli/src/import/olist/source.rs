//! The source: three files, plain or compressed, and the digest that names them.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::error::ImportError;
use super::{items, payments, sellers};

/// What the files hold.
pub(super) struct Source {
    /// The file of sellers.
    pub(super) sellers: Vec<u8>,
    /// The file of items.
    pub(super) items: Vec<u8>,
    /// The file of payments.
    pub(super) payments: Vec<u8>,
}

impl Source {
    /// Reads the files of `folder`.
    pub(super) fn read(folder: &Path) -> Result<Self, ImportError> {
        Ok(Self {
            sellers: read(folder, sellers::FILE)?,
            items: read(folder, items::FILE)?,
            payments: read(folder, payments::FILE)?,
        })
    }

    /// What an import is known by: its files, compressed or not, and its options. The
    /// first words change with the steps that an import takes, so that none is ever
    /// continued by a program that would go another way.
    pub(super) fn digest(&self, commission_bps: u16) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"counterfoil import olist, steps 1");
        hasher.update(&commission_bps.to_le_bytes());
        for text in [&self.sellers, &self.items, &self.payments] {
            hasher.update(blake3::hash(text).as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}

/// Reads `name`, or `name.gz` where that is what is there.
fn read(folder: &Path, name: &'static str) -> Result<Vec<u8>, ImportError> {
    let plain = folder.join(name);
    let unreadable = |path: PathBuf| move |source| ImportError::Unreadable { path, source };
    match fs::read(&plain) {
        Ok(text) => return Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(unreadable(plain)(error)),
    }

    let compressed = folder.join(format!("{name}.gz"));
    let file = match File::open(&compressed) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(ImportError::NoFile { folder: folder.to_owned(), name });
        }
        Err(error) => return Err(unreadable(compressed)(error)),
    };
    let mut text = Vec::new();
    // A file may be several compressed parts, one after the other.
    MultiGzDecoder::new(file).read_to_end(&mut text).map_err(unreadable(compressed))?;
    Ok(text)
}
