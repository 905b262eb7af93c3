//! A bookmark: how far a caller has read some source, recorded beside what it did.
//!
//! A caller that feeds a ledger from a file or a queue records its place in the same
//! frame as the commands of that place. After a crash the two cannot disagree, so
//! nothing is done twice and nothing is left out.

use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::refusal::{Refusal, refusals};

/// Records how far a caller has read a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SetBookmark {
    /// The bookmark's name, 1 to 64 bytes.
    pub name: Box<str>,
    /// What the source is: a digest of its content and of how it is read.
    pub source: [u8; 32],
    /// How far it is read; it never goes back.
    pub cursor: u64,
}

/// A bookmark as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bookmark {
    /// What the source is.
    pub source: [u8; 32],
    /// How far it is read.
    pub cursor: u64,
}

refusals! {
    /// Why a bookmark is not set.
    BookmarkRefusal {
        /// The name is empty or longer than 64 bytes.
        Name {
            /// How many bytes it has.
            bytes: usize,
        } => "bookmark_name_must_be_short", NoCode, "A bookmark's name has 1 to 64 bytes; this one has {bytes}.";
        /// The name belongs to another source.
        OtherSource => "bookmark_must_keep_its_source", NoCode, "This bookmark belongs to another source; a source has its own name or its own ledger.";
        /// The cursor would go back.
        Backwards {
            /// Where it would go.
            asked: u64,
            /// Where it is.
            at: u64,
        } => "bookmark_must_not_go_back", NoCode, "This bookmark stands at {at} and does not go back to {asked}.";
    }
}

impl Verb for SetBookmark {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        if self.name.is_empty() || self.name.len() > 64 {
            return Err(BookmarkRefusal::Name { bytes: self.name.len() }.into());
        }
        if let Some(bookmark) = ledger.bookmark(&self.name) {
            if bookmark.source != self.source {
                return Err(BookmarkRefusal::OtherSource.into());
            }
            if self.cursor < bookmark.cursor {
                let (asked, at) = (self.cursor, bookmark.cursor);
                return Err(BookmarkRefusal::Backwards { asked, at }.into());
            }
        }

        Ok(Events::from_iter([Event::BookmarkSet {
            name: self.name.clone(),
            source: self.source,
            cursor: self.cursor,
        }]))
    }
}
