//! Bookmarks, version 0: before a bookmark named its source.
//!
//! No release ever wrote this version. It is here so that the way from an old version
//! to the present one is walked by tests from the first release on.

use serde::Deserialize;

use crate::codec::shapes::v1::BookmarkSetV1;

/// A bookmark that names no source.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(in crate::codec) struct BookmarkSetV0<'a> {
    pub(in crate::codec) name: &'a str,
    pub(in crate::codec) cursor: u64,
}

/// An old bookmark's source is 32 zero bytes: the digest of nothing, so that it never
/// passes for a source that was read.
impl<'a> From<BookmarkSetV0<'a>> for BookmarkSetV1<'a> {
    fn from(old: BookmarkSetV0<'a>) -> Self {
        Self { name: old.name, source: [0; 32], cursor: old.cursor }
    }
}
