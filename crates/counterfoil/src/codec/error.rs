//! What can be wrong with stored bytes, and where.

use std::fmt;

use counterfoil_domain::books::Unbalanced;
use counterfoil_domain::split::rule::SplitRuleRefusal;

use super::CODEC;

/// Bytes that could not be written or read: where, of which event, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodecError {
    position: Option<u64>,
    shape: Option<(u16, u8)>,
    fault: Fault,
}

/// What was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes end too early.
    Truncated,
    /// Bytes are left after the end.
    Trailing {
        /// How many.
        bytes: usize,
    },
    /// There are more bytes than there may be.
    TooLarge {
        /// How many there are.
        bytes: usize,
        /// How many there may be.
        most: usize,
    },
    /// Another codec wrote the frame.
    Codec {
        /// Which.
        found: u16,
    },
    /// No event has this type: a later release wrote it, or the bytes are damaged.
    UnknownType,
    /// The type is known and the version is not: a later release wrote it, or the
    /// bytes are damaged.
    UnknownVersion {
        /// The newest version that this release knows.
        newest: u8,
    },
    /// A number stands for nothing.
    Number {
        /// What it should be.
        what: &'static str,
        /// The number.
        found: i128,
    },
    /// A text is not what it should be.
    Text {
        /// What it should be.
        what: &'static str,
    },
    /// A varint is longer than its type or than its value needs.
    Varint,
    /// The postings are no entry.
    Unbalanced(Unbalanced),
    /// An event that moves money has no entry.
    EntryMissing,
    /// Not every posting of a step is of one of its objects.
    Owners,
    /// A step is one of another kind of object.
    Subject,
    /// A split rule is none that could have been kept.
    Rule(SplitRuleRefusal),
    /// An event that moves no money has an entry.
    EntryUnexpected,
    /// The body is not of its shape, in bincode's words.
    Body(Box<str>),
}

impl CodecError {
    pub(super) fn event(position: u64, shape: Option<(u16, u8)>, fault: Fault) -> Self {
        Self { position: Some(position), shape, fault }
    }

    pub(super) fn state(fault: Fault) -> Self {
        Self { position: None, shape: None, fault }
    }

    /// The position of the event; none for a view's state.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        self.position
    }

    /// The event's type and version, where the bytes reach that far.
    #[must_use]
    pub fn shape(&self) -> Option<(u16, u8)> {
        self.shape
    }

    /// What was wrong.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "the event at position {position}")?,
            None => f.write_str("the state of a view")?,
        }
        if let Some((kind, version)) = self.shape {
            write!(f, " (type {kind}, version {version})")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the bytes end too early"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes are left after its end"),
            Self::TooLarge { bytes, most } => write!(f, "it has {bytes} bytes, and {most} are allowed"),
            Self::Codec { found } => write!(
                f,
                "its frame was written by codec {found} and this release reads codec {CODEC}; \
                 read it with the release that wrote it"
            ),
            Self::UnknownType => f.write_str("this release knows no such type"),
            Self::UnknownVersion { newest } => {
                write!(f, "this release knows the type up to version {newest}")
            }
            Self::Number { what, found } => write!(f, "{found} is no {what}"),
            Self::Text { what } => write!(f, "a text is no {what}"),
            Self::Owners => f.write_str("not every posting is of one of its objects"),
            Self::Subject => f.write_str("its object is of a kind that does not take this step"),
            Self::Rule(refusal) => write!(f, "its split rule could not have been kept: {refusal}"),
            Self::Varint => f.write_str("a number is longer than it may be"),
            Self::Unbalanced(unbalanced) => unbalanced.fmt(f),
            Self::EntryMissing => f.write_str("its journal entry is missing"),
            Self::EntryUnexpected => f.write_str("it has a journal entry and moves no money"),
            Self::Body(words) => write!(f, "its body is not of its shape: {words}"),
        }
    }
}

impl std::error::Error for CodecError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Unbalanced(unbalanced) => Some(unbalanced),
            Fault::Truncated
            | Fault::Trailing { .. }
            | Fault::TooLarge { .. }
            | Fault::Codec { .. }
            | Fault::UnknownType
            | Fault::UnknownVersion { .. }
            | Fault::Number { .. }
            | Fault::Text { .. }
            | Fault::Varint
            | Fault::Owners
            | Fault::Subject
            | Fault::Rule(_)
            | Fault::EntryMissing
            | Fault::EntryUnexpected
            | Fault::Body(_) => None,
        }
    }
}
