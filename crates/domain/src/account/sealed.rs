//! Personal data, sealed: the log holds what only a key outside it can open.

/// The key that opens a piece of personal data: one per subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

/// A sealed piece of personal data.
///
/// Names, birth dates, addresses, tax and bank numbers are of this type from the
/// first event. Destroying the key erases the data; the log, its chain and every
/// total stay. Equality of content is told by the fingerprint, never by the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Which key opens it.
    pub key: KeyId,
    /// A keyed hash of the content: equal for equal content under one key.
    pub fingerprint: [u8; 8],
    /// Nonce and ciphertext, at most 1 KiB.
    pub ciphertext: Box<[u8]>,
}

/// Two requests with the same content are the same request, though each sealing draws
/// a nonce of its own.
impl std::hash::Hash for Sealed {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
        self.fingerprint.hash(state);
    }
}
