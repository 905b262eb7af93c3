//! Verifying a run: everything in it is read and held against everything else.

use super::{Run, each_key, malformed};
use crate::RunError;
use crate::block::Malformed;
use crate::error::Flaw;

impl Run {
    /// Reads every block: its check, the order of its keys, its place in the index, the filter,
    /// and in the end the count.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`], [`RunError::Damaged`].
    pub fn verify(&self) -> Result<(), RunError> {
        let mut count = 0_u64;
        let mut last = Vec::new();
        each_key(&self.file, &self.index, |block, key| {
            if key <= last.as_slice() {
                return Err(malformed(&self.file, &self.index, block, Malformed));
            }
            if !self.may_hold(key) {
                let found = format!("one that denies the key {}", key.escape_ascii());
                return Err(self.flawed("filter", "one that holds every key", &found));
            }
            last.clear();
            last.extend_from_slice(key);
            count += 1;
            Ok(())
        })?;
        if count != self.entries {
            let entries = |count: u64| format!("{count} entries");
            return Err(self.flawed("footer", &entries(self.entries), &entries(count)));
        }
        if last != self.index.last_key() {
            let found = last.escape_ascii().to_string();
            return Err(self.flawed("index", &self.index.last_key().escape_ascii().to_string(), &found));
        }
        Ok(())
    }

    /// Damage of a part behind the blocks.
    #[cold]
    fn flawed(&self, what: &'static str, expected: &str, found: &str) -> RunError {
        Flaw::new(what, self.index.end(), expected, found).of(self.path())
    }
}
