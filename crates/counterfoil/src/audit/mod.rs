//! Audit: an answer that trusts nothing but the bytes.
//!
//! Passes in order: the log's files as raw bytes, before anything opens them; the chain
//! from the first frame to the head; replay from zero under the laws; the books; every
//! view's snapshot against one rebuilt, and the checkpoint with every row of its runs; the
//! keys of personal data. Where the raw bytes are damaged nothing else is tried: opening a
//! damaged log could write to it.
//!
//! The log is read once, by two threads: one for the views, one for the rest. Rows of views
//! and runs are sorted on disk, in `views/audit`, which goes in the end. What grows with the
//! log is what the laws keep: about four bytes for each entry of an available balance until
//! a payout takes it, each pending record until it matures, and the totals of what was
//! shared out or given back.

mod fold;
mod keys;
mod report;
mod scratch;
mod state;
mod views;

use std::path::Path;
use std::sync::Arc;

use counterfoil_log::OpenError as LogError;
use counterfoil_views::FolderShelf;

pub use report::{Finding, Pass, Report, Verdict};

use crate::error::OpenError;
use crate::layout::Layout;

use fold::Fold;
use scratch::ScratchFolder;
use state::StatePass;
use views::Snapshots;

/// Audits the data folder of a ledger that nobody has open.
///
/// # Errors
/// A folder without a ledger, or one that is open elsewhere. Damage is no error: it is
/// what the report is for.
pub async fn audit(folder: &Path) -> Result<Report, OpenError> {
    let layout = Layout::new(folder);
    layout.refuse_gone_log()?;
    let mut report = Report::default();

    let raw = match counterfoil_log_sled::check(&layout.log()) {
        Ok(raw) => raw,
        Err(LogError::Damaged(damage)) => {
            let advice = "restore the log folder from a backup; nothing was written to it".to_owned();
            report.passes.push(Pass::new("raw", "frames", 0).with(damage.to_string(), advice));
            return Ok(report);
        }
        Err(error) => return Err(error.into()),
    };
    report.passes.push(Pass::new("raw", "frames", raw.frames));

    let log = match counterfoil_log_sled::open(&layout.log()) {
        Ok(log) => log,
        Err(LogError::Damaged(damage)) => {
            let advice = "restore the log folder from a backup".to_owned();
            report.passes.push(Pass::new("chain", "frames", 0).with(damage.to_string(), advice));
            return Ok(report);
        }
        Err(error) => return Err(error.into()),
    };
    let head = counterfoil_log::EventLog::head(&*log);
    report.head = Some(head);
    let shelf_error = |source| OpenError::Io { path: layout.views(), source };
    let shelf = FolderShelf::new(layout.views()).map_err(shelf_error)?;
    let scratch = Arc::new(ScratchFolder::new(layout.views().join("audit")));
    let views = Snapshots::from(&shelf, &*log).await;
    let state = StatePass::new(&layout.state(), &*log, scratch.clone()).await;
    let passes = Fold::run(&*log, views, state, scratch).await.map_err(shelf_error)?;
    report.passes.extend(passes);
    report.passes.push(keys::check(&layout.keys()));
    // The log was only read; letting go of it can fail in no way that matters here.
    let _ = counterfoil_log::EventLog::close(&*log).await;
    Ok(report)
}
