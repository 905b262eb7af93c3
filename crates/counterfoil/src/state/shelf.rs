//! The shelf: the folder in which checkpoints lie.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use counterfoil_domain::Ledger;
use counterfoil_log::{EventLog, Head, LedgerId, ReadError};

use super::recall::Recall;
use super::recalled::Recalled;
use super::snapshot::{self, Unusable};
use super::table::DOUBT;
use super::trail::{Standing, Trail};

/// A folder of checkpoints.
#[derive(Clone, Debug)]
pub(crate) struct StateShelf {
    folder: PathBuf,
}

/// The ledger and what can be recalled, at one place of the log.
#[derive(Clone, Debug)]
pub(crate) struct Checkpoint {
    /// The head of the log that ends there.
    pub(crate) head: Head,
    /// Heads that the log passed before.
    pub(crate) trail: Trail,
    /// The ledger with every event before it.
    pub(crate) ledger: Ledger,
    /// Keys and records of every event before it.
    pub(crate) recalled: Recalled,
}

/// A snapshot that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) file: PathBuf,
    pub(crate) why: String,
}

const PREFIX: &str = "ledger-";
const SUFFIX: &str = ".snapshot";

/// The path of a run that covers the events from `first` to before `end`.
pub(super) fn run_path(folder: &Path, name: &str, first: u64, end: u64) -> PathBuf {
    folder.join(format!("{name}-{first}-{end}.run"))
}

impl StateShelf {
    /// The shelf in a folder, which is made where it is missing.
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where runs are put before they are named by a snapshot.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The newest snapshot that there is, with its file; `None` where there is none.
    pub(crate) fn newest(&self) -> io::Result<Option<Result<Checkpoint, Broken>>> {
        let Some((_, file)) = self.snapshots()?.pop_last() else {
            return Ok(None);
        };
        match snapshot::read(&file) {
            Ok(checkpoint) => Ok(Some(Ok(checkpoint))),
            Err(Unusable::Broken(why)) => Ok(Some(Err(Broken { file, why }))),
            // What could not be read may be whole: nobody must take it for missing.
            Err(Unusable::Io(error)) => Err(error),
        }
    }

    /// Writes a snapshot, which commits the runs that it names, and removes all that it
    /// does not need, but for what a merge is writing.
    pub(crate) fn write(
        &self,
        ledger: &Ledger,
        recall: &Recall,
        head: &Head,
        trail: &Trail,
    ) -> Result<(), Broken> {
        let file = self.folder.join(format!("{PREFIX}{:020}{SUFFIX}", head.next_position));
        let broken = |why: String| Broken { file: file.clone(), why };
        let io = |error: io::Error| broken(error.to_string());
        let draft = self.folder.join("ledger.tmp");
        snapshot::write(&draft, ledger, recall.recalled(), (head, trail))
            .map_err(|why| broken(why.to_string()))?;
        fs::rename(&draft, &file).map_err(io)?;
        fs::File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        if let Err(error) = self.tidy(&file, recall) {
            tracing::warn!(%error, "what no checkpoint needs was not removed");
        }
        Ok(())
    }

    /// Removes every snapshot but one, and every run that it does not name. What cannot be
    /// removed is tried again after the next snapshot, and keeps nothing else.
    fn tidy(&self, file: &Path, recall: &Recall) -> io::Result<()> {
        let spans = recall.recalled().spans();
        let named: BTreeSet<&Path> = spans.map(|span| span.run.path()).chain(recall.merging()).collect();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let is = |suffix: &str| path.to_string_lossy().ends_with(suffix);
            let old = is(SUFFIX) && path != file;
            let whole = path.with_extension("");
            let of_none = (is(".tmp") || is(DOUBT)) && !named.contains(&*whole);
            if (old || of_none || (is(".run") && !named.contains(&*path)))
                && let Err(error) = fs::remove_file(&path)
            {
                tracing::warn!(%error, file = %path.display(), "no checkpoint needs it, and it was not removed");
            }
        }
        Ok(())
    }

    /// Removes the runs that could not be read, so that others may take their names.
    pub(crate) fn remove_doubted(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(DOUBT) {
                let run = path.with_extension("");
                if run.try_exists()? {
                    fs::remove_file(run)?;
                }
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Removes every snapshot: the log is read from its first frame next time.
    #[cfg(test)]
    pub(crate) fn clear(&self) -> io::Result<()> {
        for file in self.snapshots()?.into_values() {
            fs::remove_file(file)?;
        }
        Ok(())
    }

    /// The snapshots by position.
    fn snapshots(&self) -> io::Result<std::collections::BTreeMap<u64, PathBuf>> {
        let mut snapshots = std::collections::BTreeMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let position = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX));
            if let Some(position) = position.and_then(|digits| digits.parse().ok()) {
                snapshots.insert(position, entry.path());
            }
        }
        Ok(snapshots)
    }
}

impl Checkpoint {
    /// How it stands to a log.
    pub(crate) async fn standing(&self, log: &dyn EventLog) -> Result<Standing, ReadError> {
        let own = self.ledger.settings().map(|settings| LedgerId(*settings.ledger.as_bytes()));
        self.trail.standing(own.unwrap_or(log.ledger()), &self.head, log).await
    }
}
