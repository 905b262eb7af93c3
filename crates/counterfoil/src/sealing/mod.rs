//! Sealing: personal data goes into the log only as ciphertext.
//!
//! Each subject (a person or a business) has a key of its own in a file outside the
//! log. Without the key the ciphertext is noise, so destroying the file erases the
//! subject while the log, its chain and every total stay as they are.

mod keys;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use counterfoil_domain::account::{KeyId, Sealed};

pub use keys::{KeyError, Keys};

/// The longest text that is sealed: an event must stay small.
const LONGEST: usize = 1_000;

/// Bytes of nonce before the ciphertext.
const NONCE: usize = 24;

/// Why something is not sealed or opened.
#[derive(Debug)]
pub enum SealError {
    /// The text is longer than 1,000 bytes.
    TooLong,
    /// The key cannot be had.
    Key(KeyError),
    /// The key does not open it: it was altered, or sealed under another key.
    Altered,
    /// The ledger has no data folder to keep keys in.
    NoFolder,
}

/// Seals `text` under the subject's key, which is made where it is new.
///
/// # Errors
/// A text that is too long, or a key file that cannot be read or written.
pub fn seal(keys: &Keys, subject: KeyId, text: &str) -> Result<Sealed, SealError> {
    if text.len() > LONGEST {
        return Err(SealError::TooLong);
    }
    let key = keys.get_or_make(subject).map_err(SealError::Key)?;
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|_| SealError::Key(KeyError::NoRandomness))?;
    let payload = Payload { msg: text.as_bytes(), aad: &subject.0 };
    let sealed = cipher(&key).encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| SealError::TooLong)?;
    let ciphertext = nonce.into_iter().chain(sealed).collect();
    Ok(Sealed { key: subject, fingerprint: fingerprint(&key, text), ciphertext })
}

/// Opens what was sealed; `None` where the subject's key was destroyed.
///
/// # Errors
/// A ciphertext that the key does not open, or a key file that cannot be read.
pub fn open(keys: &Keys, sealed: &Sealed) -> Result<Option<String>, SealError> {
    let Some(key) = keys.get(sealed.key).map_err(SealError::Key)? else {
        return Ok(None);
    };
    let Some((nonce, ciphertext)) = sealed.ciphertext.split_at_checked(NONCE) else {
        return Err(SealError::Altered);
    };
    let payload = Payload { msg: ciphertext, aad: &sealed.key.0 };
    let text = cipher(&key).decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SealError::Altered)?;
    let text = String::from_utf8(text).map_err(|_| SealError::Altered)?;
    // Two requests are equal by their fingerprints, so those must be of their content.
    if fingerprint(&key, &text) == sealed.fingerprint { Ok(Some(text)) } else { Err(SealError::Altered) }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&blake3::derive_key("counterfoil 2026 seal", key).into())
}

fn fingerprint(key: &[u8; 32], text: &str) -> [u8; 8] {
    let keyed = blake3::derive_key("counterfoil 2026 seal fingerprint", key);
    let mut bytes = [0; 8];
    blake3::Hasher::new_keyed(&keyed).update(text.as_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

impl std::fmt::Display for SealError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooLong => f.write_str("a sealed text has at most 1,000 bytes"),
            Self::Key(error) => error.fmt(f),
            Self::NoFolder => {
                f.write_str("this ledger was opened without a data folder; there is no place for keys")
            }
            Self::Altered => f.write_str(
                "the subject's key does not open this; the key file is another subject's or altered",
            ),
        }
    }
}

impl std::error::Error for SealError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_until_its_key_is_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new(folder.path());
        let subject = KeyId([1; 16]);
        let sealed = seal(&keys, subject, "Rosa Alves").unwrap();
        assert!(!sealed.ciphertext.windows(4).any(|bytes| bytes == b"Rosa"));
        assert_eq!(open(&keys, &sealed).unwrap().as_deref(), Some("Rosa Alves"));

        keys.destroy(subject).unwrap();
        assert_eq!(open(&keys, &sealed).unwrap(), None);
    }

    #[test]
    fn equal_text_has_equal_fingerprints_and_unequal_ciphertext() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new(folder.path());
        let [first, second] = [0, 1].map(|_| seal(&keys, KeyId([1; 16]), "Rosa Alves").unwrap());
        let other = seal(&keys, KeyId([2; 16]), "Rosa Alves").unwrap();
        assert_eq!(first.fingerprint, second.fingerprint);
        assert_ne!(first.ciphertext, second.ciphertext);
        assert_ne!(first.fingerprint, other.fingerprint);
    }

    #[test]
    fn an_altered_ciphertext_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new(folder.path());
        let mut sealed = seal(&keys, KeyId([1; 16]), "Rosa Alves").unwrap();
        sealed.ciphertext[30] ^= 1;
        assert!(matches!(open(&keys, &sealed), Err(SealError::Altered)));
        sealed.ciphertext = Box::new([1, 2, 3]);
        assert!(matches!(open(&keys, &sealed), Err(SealError::Altered)));
    }
}
