//! A shelf in memory, and the encoding of the tests.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::encoding::{Encoding, EncodingError};
use crate::shelf::Shelf;

/// Snapshots by name; every one can be looked at and broken.
#[derive(Default)]
pub(crate) struct MemoryShelf(pub(crate) RefCell<BTreeMap<String, Vec<u8>>>);

impl Shelf for MemoryShelf {
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.borrow().get(name).cloned())
    }

    fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()> {
        self.0.borrow_mut().insert(name.to_owned(), parts.concat());
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.0.borrow_mut().remove(name);
        Ok(())
    }
}

/// bincode with fixed integers; bytes left over are refused.
pub(crate) struct Fixed;

#[expect(clippy::disallowed_methods, reason = "the codec is not known here, and nothing of this is stored")]
impl Encoding for Fixed {
    fn encode<T: Serialize>(&self, state: &T) -> Result<Vec<u8>, EncodingError> {
        bincode::serde::encode_to_vec(state, bincode::config::legacy()).map_err(EncodingError::new)
    }

    fn decode<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, EncodingError> {
        let (state, read) = bincode::serde::decode_from_slice(bytes, bincode::config::legacy())
            .map_err(EncodingError::new)?;
        if read == bytes.len() { Ok(state) } else { Err(EncodingError::new("bytes left over")) }
    }
}
