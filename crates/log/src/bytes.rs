//! Bytes that share one allocation with what was read beside them.

use std::ops::{Deref, Range};
use std::sync::Arc;

/// Some bytes of a run. Cheap to clone; the run stays in memory as long as any of its parts.
#[derive(Clone, Default)]
pub struct Bytes {
    run: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Bytes {
    /// A part of a run; none where the run does not hold it.
    #[must_use]
    pub fn part(run: &Arc<Vec<u8>>, range: Range<usize>) -> Option<Self> {
        run.get(range.clone())?;
        Some(Self { run: Arc::clone(run), range })
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.run.get(self.range.clone()).unwrap_or_default()
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self { run: Arc::new(bytes), range }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self::from(bytes.to_vec())
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}
