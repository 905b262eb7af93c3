//! Version 0: shapes that no release writes, each lifted to version 1.

mod bookmark;

pub(in super::super) use bookmark::BookmarkSetV0;
