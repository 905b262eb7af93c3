//! The encoding of views' snapshots: the codec's.

use counterfoil_views::{Encoding, EncodingError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::{decode_state, encode_state};

/// Views' states as the codec writes them.
pub(crate) struct States;

impl Encoding for States {
    fn encode<T: Serialize>(&self, state: &T) -> Result<Vec<u8>, EncodingError> {
        let mut bytes = Vec::new();
        encode_state(state, &mut bytes).map_err(EncodingError::new)?;
        Ok(bytes)
    }

    fn decode<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, EncodingError> {
        decode_state(bytes).map_err(EncodingError::new)
    }
}
