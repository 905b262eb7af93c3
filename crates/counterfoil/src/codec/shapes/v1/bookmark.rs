//! Bookmarks, version 1.

use counterfoil_domain::Event;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;

/// A bookmark that was set.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct BookmarkSetV1<'a> {
    pub(in crate::codec) name: &'a str,
    pub(in crate::codec) source: [u8; 32],
    pub(in crate::codec) cursor: u64,
}

impl TryFrom<BookmarkSetV1<'_>> for Event {
    type Error = Fault;

    fn try_from(shape: BookmarkSetV1<'_>) -> Result<Self, Fault> {
        Ok(Self::BookmarkSet { name: shape.name.into(), source: shape.source, cursor: shape.cursor })
    }
}
