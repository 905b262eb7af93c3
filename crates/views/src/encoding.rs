//! The encoding of snapshots, which whoever embeds the views brings along.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Turns a view's state into bytes and back. Equal states must give equal bytes.
pub trait Encoding {
    /// The bytes of `state`.
    ///
    /// # Errors
    /// A state that the format cannot hold.
    fn encode<T: Serialize>(&self, state: &T) -> Result<Vec<u8>, EncodingError>;

    /// The state of `bytes`. Whatever the bytes are, this ends and allocates no more
    /// than they justify.
    ///
    /// # Errors
    /// Bytes that are no such state, or bytes left over.
    fn decode<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, EncodingError>;
}

/// Why a state was not encoded or decoded, in the encoding's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodingError {
    /// What was wrong.
    pub message: String,
}

impl EncodingError {
    /// The error that says `message`.
    #[must_use]
    pub fn new(message: impl fmt::Display) -> Self {
        Self { message: message.to_string() }
    }
}

impl fmt::Display for EncodingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EncodingError {}
