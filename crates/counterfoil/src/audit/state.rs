//! The pass over the newest checkpoint: its file and every block of its runs.

use std::path::Path;

use super::Pass;
use super::fold::STATE;
use crate::state::{Checkpoint, StateShelf};

/// Reads the newest checkpoint whole; none is fine.
pub(super) fn check(folder: &Path) -> (Pass, Option<Checkpoint>) {
    let pass = Pass::new("state", "rows", 0);
    if !folder.is_dir() {
        return (pass, None);
    }
    let unreadable = |why: String| format!("{}: {why}", folder.display());
    let newest = StateShelf::new(folder).and_then(|shelf| shelf.newest());
    match newest {
        Ok(None) => (pass, None),
        Ok(Some(Ok(checkpoint))) => match checkpoint.recalled.verify() {
            Ok(rows) => (Pass::new("state", "rows", rows), Some(checkpoint)),
            Err(error) => (pass.with(error.to_string(), STATE.to_owned()), None),
        },
        Ok(Some(Err(broken))) => {
            let what = format!("{}: {}", broken.file.display(), broken.why);
            (pass.with(what, STATE.to_owned()), None)
        }
        Err(error) => (pass.with(unreadable(error.to_string()), STATE.to_owned()), None),
    }
}
