//! Damage: bytes on disk that are not what was written, and where.

use std::fmt;

/// What is damaged, where, and what to do. Nothing was changed when it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file or volume, relative to the log's folder.
    pub file: Box<str>,
    /// The position of the first event that is affected, where it is known.
    pub position: Option<u64>,
    /// The number of the first frame that is affected, where it is known.
    pub frame: Option<u64>,
    /// The byte in the file, where it is known.
    pub offset: Option<u64>,
    /// What should be there.
    pub expected: Box<str>,
    /// What is there.
    pub found: Box<str>,
    /// What to do about it.
    pub advice: Box<str>,
}

/// What helps against most damage.
const RESTORE: &str =
    "Nothing was changed. Copy the folder before anything else, then restore this log from a backup.";

impl Damage {
    /// Damage of a file, with the usual advice.
    #[must_use]
    pub fn new(file: impl Into<Box<str>>, expected: impl Into<Box<str>>, found: impl Into<Box<str>>) -> Self {
        Self {
            file: file.into(),
            position: None,
            frame: None,
            offset: None,
            expected: expected.into(),
            found: found.into(),
            advice: RESTORE.into(),
        }
    }

    /// At this frame.
    #[must_use]
    pub fn at_frame(mut self, number: u64) -> Self {
        self.frame = Some(number);
        self
    }

    /// At this event.
    #[must_use]
    pub fn at_position(mut self, position: u64) -> Self {
        self.position = Some(position);
        self
    }

    /// At this byte of the file, if it is known.
    #[must_use]
    pub fn at_offset(mut self, offset: Option<u64>) -> Self {
        self.offset = offset;
        self
    }

    /// With better advice than the usual.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<Box<str>>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is damaged", self.file)?;
        for (name, number) in [("position", self.position), ("frame", self.frame), ("byte", self.offset)] {
            if let Some(number) = number {
                write!(f, ", {name} {number}")?;
            }
        }
        write!(f, ": expected {}, found {}. {}", self.expected, self.found, self.advice)
    }
}

impl std::error::Error for Damage {}
