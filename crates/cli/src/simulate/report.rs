//! The report: a list of figures, for people and for machines.

use std::path::Path;

use counterfoil::log::Head;
use serde_json::{Map, Value};

use super::Args;
use super::count::Counts;
use super::world::CURRENCY;
use crate::args::Format;
use crate::output::{self, Cell, Table, number, text};

/// The key of the chain hash at the log's end.
const HEAD: &str = "head";

/// What there is to report.
pub(super) struct Report<'a> {
    /// What was asked for.
    pub(super) asked: Args,
    /// Where its log is, if not in memory.
    pub(super) folder: Option<&'a Path>,
    /// Where its log ends.
    pub(super) head: Head,
    /// What came to pass.
    pub(super) counts: Counts,
}

impl Report<'_> {
    /// The report in a format.
    pub(super) fn write(&self, format: Format) -> String {
        let rows = self.rows();
        match format {
            Format::Json => {
                let values = rows.into_iter().map(|(key, _, value)| (key, value));
                output::json(&Value::Object(values.collect::<Map<_, _>>()))
            }
            Format::Table | Format::Csv => {
                let mut table = Table::new(&[text("simulated", "figure"), number("value", "value")]);
                let shows_head = format == Format::Csv;
                for (key, shown, value) in rows.into_iter().filter(|(key, ..)| shows_head || key != HEAD) {
                    let name = key.replace('_', " ").replace('.', ", ");
                    table.row([Cell::shown(name, key), Cell::shown(shown, value)]);
                }
                self.framed(table.write(format), format)
            }
        }
    }

    fn framed(&self, table: String, format: Format) -> String {
        if format == Format::Csv {
            return table;
        }
        let Args { seed, days, sellers, steps } = self.asked;
        let again =
            format!("counterfoil simulate --seed {seed} --days {days} --sellers {sellers} --steps {steps}");
        let kept = match self.folder {
            Some(folder) => format!("The ledger is in {}.\n", folder.display()),
            None => String::new(),
        };
        format!(
            "{table}\nThe log ends at {}.\nEvery event was held to the laws, and what the rails captured, gave back, disputed and paid to the ledger. The same log again:\n  \
             {again}\n{kept}",
            self.head.hash
        )
    }

    /// Each figure: its key, and as people and machines read it.
    fn rows(&self) -> Vec<(String, String, Value)> {
        let Counts { steps, events, named, captured, paid_out, refused, unrecorded } = &self.counts;
        let count = |key: String, count: u64| (key, count.to_string(), Value::from(count));
        let money = |key: &str, minor: i64| (key.to_owned(), CURRENCY.format(minor), Value::from(minor));
        let mut rows = vec![
            count("seed".to_owned(), self.asked.seed),
            count("days".to_owned(), self.asked.days.into()),
            count("steps".to_owned(), *steps),
            count("events".to_owned(), *events),
            money("captured", *captured),
            money("paid_out", *paid_out),
        ];
        rows.extend(named.iter().map(|(name, many)| count((*name).to_owned(), *many)));
        rows.extend(refused.iter().map(|(rule, many)| count(format!("refused.{rule}"), *many)));
        rows.extend(unrecorded.iter().map(|(fact, many)| count(format!("not_recorded.{fact}"), *many)));
        let hash = self.head.hash.to_string();
        rows.push((HEAD.to_owned(), hash.clone(), Value::from(hash)));
        rows
    }
}
