//! Comparing runs with the log: every row that the log says a run holds, and no other.
//!
//! The rows of a span are gathered while the log is read. What fills the memory is sorted
//! and moved to files of the comparison's own, and where the span ends they are read in
//! order beside the run. So the memory does not grow with the log: for each table it is
//! the rows gathered last and a block of each file.

use std::io;
use std::path::Path;

use counterfoil_domain::Recorded;

use super::difference::{Difference, Unread, differ};
use super::recalled::Recalled;
use super::scratch::Scratch;
use super::table::{Span, Table, newest};
use crate::writer::Mark;

/// Compares both tables with the log, which is shown to it from the first event on.
pub(crate) struct Comparison {
    keys: Gathered,
    latest: Gathered,
    covered: u64,
    /// When the frame was recorded whose events are taken in.
    recorded_at: i64,
    /// When the earliest was since the newest key that no run covers.
    earliest: i64,
    /// When the latest was.
    newest: i64,
}

/// The rows of one table, gathered for the span that the log has come to.
struct Gathered {
    table: Table,
    /// How many spans are done with.
    done: usize,
    rows: Vec<(u64, u64)>,
    scratch: Scratch,
    /// The newest row that no span covers.
    uncovered: Option<(u64, u64)>,
    differences: Vec<Difference>,
}

impl Comparison {
    /// Compares what a checkpoint recalls; files are put into a folder.
    pub(crate) fn new(recalled: Recalled, folder: &Path) -> Self {
        let Recalled { covered, keys, latest } = recalled;
        let gathered = |table: Table| Gathered::new(table, folder);
        let (keys, latest) = (gathered(keys), gathered(latest));
        Self { keys, latest, covered, recorded_at: 0, earliest: i64::MAX, newest: i64::MIN }
    }

    /// The events of a frame follow, or none.
    pub(crate) fn begin_frame(&mut self, recorded_at: i64) {
        self.recorded_at = recorded_at;
        self.earliest = self.earliest.min(recorded_at);
        self.newest = self.newest.max(recorded_at);
    }

    /// Takes in an event with the short key that it used.
    pub(crate) fn take_in(&mut self, recorded: &Recorded, key: Option<u64>) {
        let position = recorded.position;
        if position >= self.covered {
            return;
        }
        if key.is_some_and(|key| !self.keys.add(key, position)) {
            self.earliest = self.recorded_at;
        }
        recorded.changed(|id| {
            self.latest.add(id.to_bits(), position);
        });
    }

    /// Whether rows fill the memory.
    pub(crate) fn is_full(&self) -> bool {
        self.keys.is_full() || self.latest.is_full()
    }

    /// Moves rows that fill the memory to files. After an error they stay in memory.
    pub(crate) fn write(&mut self) -> io::Result<()> {
        let mut full = [&mut self.keys, &mut self.latest].into_iter().filter(|gathered| gathered.is_full());
        full.try_for_each(Gathered::write)
    }

    /// Everything that is not as the log says, once the log has come to the checkpoint.
    pub(crate) fn finish(mut self) -> Vec<Difference> {
        // A run leaves the window by the clock of its last frame. Clocks are set back: a key
        // should be in a run where the earliest time since then is within the latest's day.
        let now = Mark { position: self.covered, recorded_at: self.newest };
        let kept = |position| Mark { position, recorded_at: self.earliest }.is_kept(now);
        self.keys.uncovered = self.keys.uncovered.filter(|(_, position)| kept(*position));
        self.keys.finish().into_iter().chain(self.latest.finish()).collect()
    }
}

impl Gathered {
    fn new(table: Table, folder: &Path) -> Self {
        let scratch = Scratch::new(folder, table.name);
        Self { table, done: 0, rows: Vec::new(), scratch, uncovered: None, differences: Vec::new() }
    }

    /// Adds a row; whether a run should hold it.
    fn add(&mut self, key: u64, position: u64) -> bool {
        while self.span().is_some_and(|span| span.end <= position) {
            self.end_span();
        }
        let covered = self.span().is_some_and(|span| span.first <= position);
        if covered {
            self.rows.push((key, position));
        } else {
            self.uncovered = Some((key, position));
        }
        covered
    }

    fn span(&self) -> Option<&Span> {
        self.table.spans.get(self.done)
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= Scratch::ROWS
    }

    fn write(&mut self) -> io::Result<()> {
        self.scratch.write(&mut self.rows)
    }

    /// Compares the run that the log has come to the end of.
    fn end_span(&mut self) {
        match self.compare() {
            Ok(difference) => self.differences.extend(difference),
            Err(error) => self.differences.push(Difference::Unread(error)),
        }
        self.done += 1;
        self.rows.clear();
        self.scratch.clear();
    }

    fn compare(&mut self) -> Result<Option<Difference>, Unread> {
        if !self.scratch.is_empty() {
            self.write()?;
        }
        self.rows.sort_unstable();
        let Some(span) = self.span() else { return Ok(None) };
        if self.scratch.is_empty() {
            differ(self.table.name, &span.run, newest(&self.rows).map(Ok))
        } else {
            differ(self.table.name, &span.run, self.scratch.rows()?)
        }
    }

    fn finish(mut self) -> Vec<Difference> {
        while self.done < self.table.spans.len() {
            self.end_span();
        }
        let table = self.table.name;
        let uncovered = self.uncovered.map(|(key, position)| Difference::Uncovered { table, key, position });
        self.differences.extend(uncovered);
        self.differences
    }
}
