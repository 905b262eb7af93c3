//! Older rows: those that a flush wrote to runs.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use counterfoil_runs::{Options, Run, RunError, RunWriter, Runs, Spread};
use serde::{Deserialize, Serialize};

use super::merge::{Merge, Merged};
use super::scan::{Row, Scan};
use super::written::Written;

/// How the name of a run's file ends.
pub(crate) const SUFFIX: &str = ".run";

/// So many runs of one size become one of the next.
const MERGED: usize = 32;

/// Rows are found by parts of their keys, of which a filter knows nothing.
const OPTIONS: Options = Options { filter: None, spread: Spread::Any };

/// The runs of one view.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Older {
    /// The oldest first.
    named: Vec<Named>,
    /// The position after the newest event whose rows are in them.
    end: u64,
    /// Those that are named, once they were opened.
    #[serde(skip)]
    runs: Runs,
}

/// A run by its name, as the view's state holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Named {
    file: String,
    bytes: u64,
    rows: u64,
    /// What tells it from one of other rows that has the same name, bytes and rows.
    fingerprint: u64,
    /// Its rows are of events from this position on.
    pub(super) first: u64,
    /// And before this one.
    pub(super) end: u64,
    /// How many times its rows were merged.
    pub(super) merges: u8,
}

impl Older {
    /// The names of the runs' files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> + '_ {
        self.named.iter().map(|named| named.file.as_str())
    }

    /// The runs, the oldest first.
    pub(crate) fn runs(&self) -> &Runs {
        &self.runs
    }

    /// Opens the runs that are named, after a state was read.
    ///
    /// # Errors
    /// A run that is missing, damaged or not the one that was named.
    pub(crate) fn attach(&mut self, folder: &Path, view: &str) -> Result<(), RunError> {
        let mut runs = Runs::new();
        for named in &self.named {
            let path = named.path(folder, view)?;
            let run = Run::open(&path)?;
            let found = Named::of(&run, named.first, named.end, named.merges);
            if found != *named {
                let (expected, found) = (named.words(), found.words());
                return Err(RunError::Damaged { path, what: "file", at: 0, expected, found });
            }
            runs.push(Arc::new(run));
        }
        self.runs = runs;
        Ok(())
    }

    /// The rows at some places, which are in stretches with keys from one to another, both
    /// included, and with them those of memory, in order. Where the second key is before the
    /// first, no file is read.
    pub(crate) fn scan<R: Row>(
        &self,
        view: &'static str,
        keys: (&[u8], &[u8]),
        within: RangeInclusive<R::Place>,
        newer: VecDeque<R>,
    ) -> Scan<'_, R> {
        Scan::of(view, &self.runs, keys, within, newer)
    }

    /// The runs that hold rows of events from a position on, the oldest first.
    pub(crate) fn since(&self, position: u64) -> Runs {
        let mut since = Runs::new();
        let with_names = self.named.iter().zip(self.runs.iter());
        with_names.filter(|(named, _)| named.end > position).for_each(|(_, run)| since.push(run.clone()));
        since
    }

    /// Every row, and with them those of memory, in order.
    pub(crate) fn scan_all<R: Row>(&self, view: &'static str, newer: VecDeque<R>) -> Scan<'_, R> {
        Scan::all(view, &self.runs, newer)
    }

    /// Writes rows of the events before `end` as a run of their own. `fill` adds them in
    /// order.
    ///
    /// # Errors
    /// What the disk says.
    pub(crate) fn write(
        &self,
        folder: &Path,
        view: &str,
        end: u64,
        fill: impl FnOnce(&mut RunWriter) -> Result<(), RunError>,
    ) -> Result<Written, RunError> {
        let mut writer = create(folder, view, self.end, end)?;
        fill(&mut writer)?;
        let run = writer.finish()?;
        Ok(Written(Some((Named::of(&run, self.end, end, 0), Arc::new(run)))))
    }

    /// Takes over what was written, if it holds the rows of every event from where the
    /// runs end to before `next`; whether it does. A view that was put in the place of the
    /// one that wrote it ends elsewhere.
    pub(crate) fn settle(&mut self, written: Written, next: u64) -> bool {
        let Some((named, run)) = written.0.filter(|(named, _)| named.first == self.end && named.end == next)
        else {
            return false;
        };
        self.named.push(named);
        self.runs.push(run);
        self.end = next;
        true
    }

    /// The last runs, where there are as many of one size as become one: so many of them that
    /// they have no more than so many bytes.
    pub(crate) fn merge(&self, view: &'static str, most: u64) -> Option<Merge> {
        let size = self.named.last()?.merges;
        let mut end = self.named.len();
        // A merge that took its time may have let more of a smaller size come behind.
        for size in size..=u8::MAX {
            let before = self.named.get(..end).unwrap_or_default();
            let alike = before.iter().rev().take_while(|named| named.merges == size);
            let sums = alike.clone().scan(0, |sum: &mut u64, named| {
                *sum = sum.saturating_add(named.bytes);
                Some(*sum)
            });
            let few = sums.take_while(|sum| *sum <= most).count();
            if few >= MERGED {
                let all = self.named.iter().cloned().zip(self.runs.iter().cloned());
                let runs = all.take(end).skip(end - few).collect();
                // What is left behind keeps its neighbour, and becomes one with it another time.
                let merges = if few == alike.count() { size.saturating_add(1) } else { size };
                return Some(Merge { view, runs, merges });
            }
            end -= alike.count();
            if end == 0 {
                break;
            }
        }
        None
    }

    /// Puts one run in the place of those that became it, if they are still here.
    pub(crate) fn replace(&mut self, merged: Merged) {
        let Merged { of, run: (named, run) } = merged;
        let start = self.named.iter().position(|named| Some(named) == of.first());
        let Some(start) =
            start.filter(|start| self.named.get(*start..).is_some_and(|all| all.starts_with(&of)))
        else {
            return;
        };
        let end = start + of.len();
        self.named.splice(start..end, [named]);
        self.runs.replace(start..end, run);
    }
}

impl Named {
    /// Its file, whose name must be one that is given here: a state that was read may say
    /// anything, and what it names may be removed.
    fn path(&self, folder: &Path, view: &str) -> Result<PathBuf, RunError> {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let numbers = self.file.strip_prefix(view).and_then(|rest| rest.strip_prefix('-'));
        let numbers = numbers.and_then(|rest| rest.strip_suffix(SUFFIX)?.split_once('-'));
        let ours = numbers.is_some_and(|(first, end)| {
            let (end, number) = end.split_once('.').unwrap_or((end, "1"));
            [first, end, number].into_iter().all(digits)
        });
        if ours {
            return Ok(folder.join(&self.file));
        }
        let (expected, found) = (format!("a run of the {view} view").into(), self.file.as_str().into());
        Err(RunError::Damaged { path: folder.to_owned(), what: "name", at: 0, expected, found })
    }

    pub(super) fn of(run: &Run, first: u64, end: u64, merges: u8) -> Self {
        let file = run.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (bytes, rows, fingerprint) = (run.bytes(), run.entries(), run.fingerprint());
        Self { file, bytes, rows, fingerprint, first, end, merges }
    }

    fn words(&self) -> Box<str> {
        let Self { bytes, rows, fingerprint, .. } = self;
        format!("{bytes} bytes with {rows} rows and the fingerprint {fingerprint:016x}").into()
    }
}

/// Begins a run under a name that no other has: `statement-0-524288.run`, or with a number
/// where that exists, so that a rebuilt view can be written beside the live one.
pub(super) fn create(folder: &Path, view: &str, first: u64, end: u64) -> Result<RunWriter, RunError> {
    // Two that look for a name at once would find the same one.
    static NAMING: Mutex<()> = Mutex::new(());
    let _naming = NAMING.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = |path: &PathBuf| {
        let mut draft = path.clone().into_os_string();
        draft.push(".tmp");
        path.exists() || Path::new(&draft).exists()
    };
    let plain = folder.join(format!("{view}-{first}-{end}{SUFFIX}"));
    let numbered = (1_u32..).map(|number| folder.join(format!("{view}-{first}-{end}.{number}{SUFFIX}")));
    let free = std::iter::once(plain.clone()).chain(numbered).find(|path| !taken(path));
    RunWriter::create(&free.unwrap_or(plain), OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Were they of different sizes, older runs would stand between newer ones of other sizes and
    /// stay for ever.
    #[test]
    fn what_some_runs_become_is_of_the_size_of_those_that_are_left() {
        let named = |bytes| Named {
            bytes,
            ..Named { file: String::new(), bytes: 0, rows: 0, fingerprint: 0, first: 0, end: 9, merges: 3 }
        };
        let named: Vec<Named> = [100].into_iter().chain([1; MERGED]).map(named).collect();
        let older = Older { named, ..Older::default() };
        let becomes = |most| older.merge("tax", most).map(|merge| merge.merges);
        assert_eq!([31, 32, 131, 132, u64::MAX].map(becomes), [None, Some(3), Some(3), Some(4), Some(4)]);
    }

    /// A snapshot's names were joined to the folder as they were, wherever they led.
    #[test]
    fn a_name_that_is_not_that_of_a_run_of_the_view_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("views");
        std::fs::create_dir(&inner).unwrap();
        let named = |file: &str| Named {
            file: file.to_owned(),
            ..Named { file: String::new(), bytes: 0, rows: 0, fingerprint: 0, first: 0, end: 9, merges: 0 }
        };
        let attach = |file: &str| {
            Older { named: vec![named(file)], ..Older::default() }.attach(&inner, "tax").unwrap_err()
        };
        for file in ["../tax-0-9.run", "tax-0-9/../../tax-0-9.run", "/tax-0-9.run", "statement-0-9.run"] {
            assert!(matches!(attach(file), RunError::Damaged { what: "name", .. }), "{file}");
        }
        for file in ["", "tax-0-9", "tax--9.run", "tax-0-9..run", "tax-0-9.1.2.run", "tax-0-9.run.tmp"] {
            assert!(matches!(attach(file), RunError::Damaged { what: "name", .. }), "{file}");
        }
        for file in ["tax-0-9.run", "tax-0-9.12.run"] {
            assert!(matches!(attach(file), RunError::Io { doing: "open", .. }), "{file}");
        }
    }
}
