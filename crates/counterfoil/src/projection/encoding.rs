//! The encoding of views' snapshots: the codec's.

use counterfoil_views::{Encoding, EncodingError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::{LARGEST_STATE, decode_state, encode_state_within};

/// Views' states as the codec writes them.
pub(crate) struct States {
    /// The most bytes of one.
    most: usize,
}

impl Default for States {
    fn default() -> Self {
        Self { most: LARGEST_STATE }
    }
}

impl States {
    /// States of so many bytes at most.
    #[cfg(test)]
    pub(super) fn within(most: usize) -> Self {
        Self { most }
    }
}

impl Encoding for States {
    fn encode<T: Serialize>(&self, state: &T) -> Result<Vec<u8>, EncodingError> {
        let mut bytes = Vec::new();
        encode_state_within(self.most, state, &mut bytes).map_err(EncodingError::new)?;
        Ok(bytes)
    }

    fn decode<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, EncodingError> {
        decode_state(bytes).map_err(EncodingError::new)
    }
}
