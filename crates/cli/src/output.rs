//! Output: the one place that prints.

use std::io::{self, Write};
use std::process::ExitCode;

use counterfoil::domain::money::Currency;
use counterfoil::domain::settings::LossBearer;
use serde_json::Value;

use crate::args::Format;
use crate::exit::Failure;

/// What a command says, and the exit code with which it says it.
pub(crate) struct Output {
    text: String,
    notes: Vec<String>,
    code: u8,
}

/// A table whose columns are aligned when it is written.
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// A column: what people read above it, and the key that machines read.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    title: &'static str,
    key: &'static str,
    right: bool,
}

/// One value, as people and as machines read it.
pub(crate) struct Cell {
    shown: String,
    value: Value,
}

/// A column of text.
pub(crate) const fn text(title: &'static str, key: &'static str) -> Column {
    Column { title, key, right: false }
}

/// A column of amounts or counts, aligned to the right.
pub(crate) const fn number(title: &'static str, key: &'static str) -> Column {
    Column { title, key, right: true }
}

impl Cell {
    /// A value that people and machines read alike.
    pub(crate) fn plain(value: impl Into<Value>) -> Self {
        let value = value.into();
        let shown = match &value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        Self { shown, value }
    }

    /// A value that people read in other words.
    pub(crate) fn shown(shown: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { shown: shown.into(), value: value.into() }
    }
}

/// Who bears losses, by name.
pub(crate) fn loss_bearer(bearer: LossBearer) -> &'static str {
    match bearer {
        LossBearer::Platform => "platform",
        LossBearer::Operator => "operator",
    }
}

/// A sum of amounts, which may be beyond 64 bits.
pub(crate) fn sum(currency: Currency, minor: i128) -> Cell {
    let shown =
        i64::try_from(minor).map_or_else(|_| format!("{minor} minor units"), |minor| currency.format(minor));
    Cell::shown(shown, minor_units(minor))
}

/// A sum as JSON: an integer; beyond 64 bits, which JSON has but its readers have not, its digits
/// as text.
pub(crate) fn minor_units(minor: i128) -> Value {
    i64::try_from(minor).map_or_else(|_| minor.to_string().into(), Value::from)
}

impl Table {
    /// An empty table.
    pub(crate) fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, one cell a column.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table in a format. Columns without a title are for machines alone.
    pub(crate) fn write(&self, format: Format) -> String {
        match format {
            Format::Table => self.aligned(),
            Format::Json => json(&self.value()),
            Format::Csv => self.csv(),
        }
    }

    /// The table as JSON: a list of objects.
    pub(crate) fn value(&self) -> Value {
        Value::Array(self.rows.iter().map(|row| self.object(row)).collect())
    }

    fn object(&self, row: &[Cell]) -> Value {
        let keyed = self.columns.iter().zip(row).filter(|(column, _)| !column.key.is_empty());
        Value::Object(keyed.map(|(column, cell)| (column.key.to_owned(), cell.value.clone())).collect())
    }

    fn aligned(&self) -> String {
        let shown: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| !c.title.is_empty())
            .map(|(index, _)| index)
            .collect();
        let cell =
            |row: &Vec<Cell>, index: usize| row.get(index).map_or(String::new(), |cell| cell.shown.clone());
        let mut lines: Vec<Vec<String>> = Vec::with_capacity(self.rows.len() + 1);
        lines.push(self.columns.iter().filter(|c| !c.title.is_empty()).map(|c| c.title.to_owned()).collect());
        lines.extend(self.rows.iter().map(|row| shown.iter().map(|index| cell(row, *index)).collect()));
        let right: Vec<bool> = self.columns.iter().filter(|c| !c.title.is_empty()).map(|c| c.right).collect();
        align(&lines, &right)
    }

    fn csv(&self) -> String {
        let keyed: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| !c.key.is_empty())
            .map(|(index, _)| index)
            .collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        let header: Vec<&str> = self.columns.iter().filter(|c| !c.key.is_empty()).map(|c| c.key).collect();
        let text = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        // Writing to memory does not fail, and every record has as many fields.
        let mut written = writer.write_record(&header).is_ok();
        for row in &self.rows {
            let fields =
                keyed.iter().map(|index| row.get(*index).map_or(String::new(), |cell| text(&cell.value)));
            written &= writer.write_record(fields).is_ok();
        }
        debug_assert!(written, "a record has as many fields as the header");
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// Lines of cells as columns, two spaces apart.
fn align(lines: &[Vec<String>], right: &[bool]) -> String {
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..right.len()).map(|column| width(column).unwrap_or_default()).collect();
    let mut text = String::new();
    for line in lines {
        let mut written = String::new();
        for ((cell, width), right) in line.iter().zip(&widths).zip(right) {
            let pad = " ".repeat(width - cell.chars().count());
            let (before, after) = if *right { (pad.as_str(), "") } else { ("", pad.as_str()) };
            written.push_str(&format!("{before}{cell}{after}  "));
        }
        text.push_str(written.trim_end());
        text.push('\n');
    }
    text
}

/// JSON for people and machines: indented, one key a line.
pub(crate) fn json(value: &Value) -> String {
    format!("{value:#}\n")
}

impl Output {
    /// Something that was done.
    pub(crate) fn done(text: impl Into<String>) -> Self {
        Self { text: text.into(), notes: Vec::new(), code: 0 }
    }

    /// With another exit code.
    pub(crate) fn code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }

    /// With notes beside the result, for people: they go to standard error.
    pub(crate) fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }
}

/// Prints a result. A reader that closed the pipe has read enough.
pub(crate) fn print(output: &Output) -> ExitCode {
    let mut stderr = io::stderr().lock();
    for note in &output.notes {
        let _ = writeln!(stderr, "counterfoil: {note}");
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(output.text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if !closed(&error) => fail(&unwritten(&error)),
        Ok(()) | Err(_) => ExitCode::from(output.code),
    }
}

/// Standard output while a result is still being made, for results of any length.
pub(crate) struct Sink {
    stdout: io::BufWriter<io::Stdout>,
    open: bool,
}

impl Sink {
    /// Standard output.
    pub(crate) fn new() -> Self {
        Self { stdout: io::BufWriter::with_capacity(1 << 16, io::stdout()), open: true }
    }

    /// Writes what is there and empties it; `false` once the reader has closed the pipe.
    ///
    /// # Errors
    /// Any other failure: what was written is not the whole.
    pub(crate) fn write(&mut self, text: &mut String) -> Result<bool, Failure> {
        if self.open {
            let written = self.stdout.write_all(text.as_bytes());
            self.keep(written)?;
        }
        text.clear();
        Ok(self.open)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Any failure but a closed pipe.
    pub(crate) fn finish(mut self, text: &mut String) -> Result<(), Failure> {
        if self.write(text)? {
            let flushed = self.stdout.flush();
            self.keep(flushed)?;
        }
        Ok(())
    }

    fn keep(&mut self, result: io::Result<()>) -> Result<(), Failure> {
        match result {
            Err(error) if closed(&error) => self.open = false,
            Err(error) => return Err(unwritten(&error)),
            Ok(()) => {}
        }
        Ok(())
    }
}

/// Whether a reader closed the pipe: it has read enough.
fn closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

fn unwritten(error: &io::Error) -> Failure {
    Failure::input(format!("the output could not be written whole: {error}"))
}

/// Prints a failure.
pub(crate) fn fail(failure: &Failure) -> ExitCode {
    let _ = writeln!(io::stderr().lock(), "counterfoil: {failure}");
    ExitCode::from(failure.code)
}

/// Prints what clap has to say: help goes to standard output with 0, the rest is usage.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// A line on standard error that replaces itself, on a terminal only.
pub(crate) struct ProgressLine {
    what: &'static str,
    terminal: bool,
    last: Option<std::time::Instant>,
    started: std::time::Instant,
}

impl ProgressLine {
    /// A progress line about `what`.
    pub(crate) fn new(what: &'static str) -> Self {
        let started = std::time::Instant::now();
        Self { what, terminal: io::IsTerminal::is_terminal(&io::stderr()), last: None, started }
    }

    /// Says how much is done; seen only where the whole takes longer than a second.
    pub(crate) fn at(&mut self, done: u64, total: u64) {
        let now = std::time::Instant::now();
        let often = self.last.is_some_and(|last| now.duration_since(last).as_millis() < 100);
        if !self.terminal || often || now.duration_since(self.started).as_secs() < 1 {
            return;
        }
        self.last = Some(now);
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100);
        let _ = write!(io::stderr().lock(), "\r{} {percent} % ({done} of {total})\x1b[K", self.what);
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        if self.last.is_some() {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
