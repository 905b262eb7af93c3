//! The report: one list of figures, for people and for machines.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::decimal::Decimal;
use super::measure::Measured;
use super::sizes::Sizes;
use super::workload::Workload;
use super::{Args, process};
use crate::args::Format;
use crate::output::{self, Cell, Table, number, text};

/// What there is to report.
pub(super) struct Report<'a> {
    /// What was asked for.
    pub(super) asked: &'a Args,
    /// Where.
    pub(super) folder: &'a Path,
    /// How many events the log held when it was opened.
    pub(super) held: u64,
    /// How long opening it took.
    pub(super) opening: Duration,
    /// What was measured.
    pub(super) measured: Measured,
    /// The folder before.
    pub(super) before: Sizes,
    /// The folder after, closed.
    pub(super) after: Sizes,
}

/// A figure: its key, what people call it, and its unit.
type Figure = (&'static str, &'static str, Option<Decimal>, &'static str);

impl Report<'_> {
    /// The report in a format.
    pub(super) fn write(&self, format: Format) -> String {
        match format {
            Format::Table => self.shown(),
            Format::Json => output::json(&self.value()),
            Format::Csv => self.table().write(Format::Csv),
        }
    }

    fn figures(&self) -> Vec<Figure> {
        let Measured { commands, appended, took, acks, control, .. } = &self.measured;
        let growth = |before: u64, after: u64| self.each(i128::from(after) - i128::from(before));
        let mut figures = vec![
            ("commands", "commands", Some(Decimal::whole(*commands)), ""),
            ("seconds", "time", seconds(*took), "s"),
            ("commands_per_second", "rate", rate(*commands, *took), "commands/s"),
            (
                "control.commands_per_second_at_equal_bytes",
                "plain file",
                rate(*commands, control.took),
                "commands/s",
            ),
            ("ratio_to_control", "rate to plain file", ratio(control.took, *took), ""),
        ];
        figures.extend([
            ("ack_us.p50", "answer after, median", micros(acks.percentile(50)), "µs"),
            ("ack_us.p99", "answer after, 99 %", micros(acks.percentile(99)), "µs"),
            ("ack_us.max", "answer after, longest", micros(acks.percentile(100)), "µs"),
            ("control.sync_us.p50", "plain sync, median", micros(control.syncs.percentile(50)), "µs"),
            ("control.sync_us.p99", "plain sync, 99 %", micros(control.syncs.percentile(99)), "µs"),
            ("submissions", "submissions", Some(Decimal::whole(acks.len() as u64)), ""),
            ("appends", "appends, each synced", Some(Decimal::whole(appended.appends)), ""),
            ("frames", "frames", Some(Decimal::whole(appended.frames)), ""),
            ("events", "events", Some(Decimal::whole(self.measured.events)), ""),
            ("bytes_per_command.logical", "frames' bytes", self.each(appended.bytes.into()), "bytes/command"),
            (
                "bytes_per_command.log",
                "log on disk",
                growth(self.before.log, self.after.log),
                "bytes/command",
            ),
            (
                "bytes_per_command.indexes",
                "rest on disk",
                growth(self.before.rest, self.after.rest),
                "bytes/command",
            ),
        ]);
        figures.extend(self.process());
        figures
    }

    /// What it took of the machine.
    fn process(&self) -> [Figure; 9] {
        let measured = &self.measured;
        let whole = |number: Option<u64>| number.map(Decimal::whole);
        [
            ("view_lag_events", "views behind by", whole(Some(measured.lag)), "events"),
            ("catch_up_seconds", "views caught up in", seconds(measured.catch_up), "s"),
            ("cpu_seconds", "processor, all threads", measured.cpu.and_then(seconds), "s"),
            ("generator_cpu_seconds", "of it, making commands", measured.generating.and_then(seconds), "s"),
            ("rss_bytes", "memory, views caught up", whole(measured.memory), "bytes"),
            ("peak_rss_bytes", "memory, most ever", whole(process::peak_memory()), "bytes"),
            ("open_events", "log before", whole(Some(self.held)), "events"),
            ("open_seconds", "opened in", seconds(self.opening), "s"),
            ("folder_bytes", "folder", whole(Some(self.after.whole())), "bytes"),
        ]
    }

    /// What was asked for; a payday is one submission.
    fn asked(&self) -> [(&'static str, u64); 5] {
        let Args { workload, batch, callers, accounts, hot, .. } = *self.asked;
        let (batch, callers) = if workload == Workload::Payout { (1, 1) } else { (batch, callers) };
        let run = self.measured.run;
        [("batch", batch), ("callers", callers), ("accounts", accounts.into()), ("hot", hot), ("run", run)]
    }

    fn value(&self) -> Value {
        let mut all = Map::new();
        all.insert("workload".to_owned(), self.asked.workload.name().into());
        all.extend(self.asked().map(|(key, number)| (key.to_owned(), number.into())));
        for (key, _, figure, _) in self.figures() {
            insert(&mut all, key, figure.map_or(Value::Null, Decimal::value));
        }
        all.insert("folder".to_owned(), self.folder.display().to_string().into());
        Value::Object(all)
    }

    fn table(&self) -> Table {
        let mut table =
            Table::new(&[text("measured", "measured"), number("value", "value"), text("unit", "unit")]);
        for (key, name, figure, unit) in self.figures() {
            let cell =
                figure.map_or(Cell::plain("unknown"), |figure| Cell::shown(figure.shown(), figure.value()));
            table.row([Cell::shown(name, key), cell, Cell::plain(unit)]);
        }
        table
    }

    fn shown(&self) -> String {
        let asked = self.asked().map(|(name, number)| format!("{name} {}", Decimal::whole(number).shown()));
        let (workload, asked) = (self.asked.workload.name(), asked.join(", "));
        let stays = format!("The ledger stays in {}; remove it when you like.", self.folder.display());
        format!("{workload}: {asked}\n\n{}\n{stays}\n", self.table().write(Format::Table))
    }

    fn each(&self, bytes: i128) -> Option<Decimal> {
        Decimal::ratio(bytes, self.measured.commands.into())
    }
}

/// Puts a figure under its key; one with dots is nested.
fn insert(all: &mut Map<String, Value>, key: &str, figure: Value) {
    match key.split_once('.') {
        None => {
            all.insert(key.to_owned(), figure);
        }
        Some((first, rest)) => {
            if let Value::Object(inner) = all.entry(first).or_insert_with(|| json!({})) {
                insert(inner, rest, figure);
            }
        }
    }
}

fn seconds(took: Duration) -> Option<Decimal> {
    Decimal::ratio(i128::try_from(took.as_micros()).ok()?, 1_000_000)
}

fn micros(micros: u32) -> Option<Decimal> {
    Some(Decimal::whole(micros.into()))
}

fn rate(commands: u64, took: Duration) -> Option<Decimal> {
    Decimal::ratio(i128::from(commands) * 1_000_000_000, i128::try_from(took.as_nanos()).ok()?)
}

fn ratio(dividend: Duration, divisor: Duration) -> Option<Decimal> {
    Decimal::ratio(i128::try_from(dividend.as_nanos()).ok()?, i128::try_from(divisor.as_nanos()).ok()?)
}
