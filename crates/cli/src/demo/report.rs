//! The report: chapters of words and small tables, for people or for machines.

use serde_json::{Map, Value, json};

use crate::args::Format;
use crate::output::{self, Table};

/// The longest line, in characters.
const WIDTH: usize = 100;

/// What the demo tells.
pub(super) struct Report {
    /// What it is about.
    pub(super) title: &'static str,
    /// What to know first.
    pub(super) intro: &'static str,
    /// What came to pass, in order.
    pub(super) chapters: Vec<Chapter>,
    /// Commands to try next.
    pub(super) next: Vec<String>,
}

/// A part of the story.
pub(super) struct Chapter {
    title: String,
    parts: Vec<Part>,
}

enum Part {
    Words(String),
    Table(&'static str, Table),
}

impl Report {
    /// The report in a format. A story has no rows, so there is no other form of it for CSV.
    pub(super) fn write(&self, format: Format) -> String {
        match format {
            Format::Table | Format::Csv => self.text(),
            Format::Json => output::json(&self.value()),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n{}", self.title, wrapped(self.intro));
        for chapter in &self.chapters {
            text.push_str(&format!("\n{}\n", chapter.title));
            for part in &chapter.parts {
                match part {
                    Part::Words(words) => text.push_str(&wrapped(words)),
                    Part::Table(_, table) => text.push_str(&indented(&table.write(Format::Table))),
                }
            }
        }
        text.push_str("\nTo go on (in a checkout, write `cargo run --release --` for `counterfoil`)\n");
        text.push_str(&indented(&self.next.join("\n")));
        text
    }

    fn value(&self) -> Value {
        let chapters: Vec<Value> = self.chapters.iter().map(Chapter::value).collect();
        json!({ "title": self.title, "intro": self.intro, "chapters": chapters, "next": self.next })
    }
}

impl Chapter {
    /// A chapter without parts.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), parts: Vec::new() }
    }

    /// With a paragraph.
    pub(super) fn words(mut self, words: impl Into<String>) -> Self {
        self.parts.push(Part::Words(words.into()));
        self
    }

    /// With a table, and its name for machines.
    pub(super) fn table(mut self, name: &'static str, table: Table) -> Self {
        self.parts.push(Part::Table(name, table));
        self
    }

    fn value(&self) -> Value {
        let mut words = Vec::new();
        let mut tables = Map::new();
        for part in &self.parts {
            match part {
                Part::Words(paragraph) => words.push(paragraph.as_str()),
                Part::Table(name, table) => {
                    tables.insert((*name).to_owned(), table.value());
                }
            }
        }
        json!({ "title": self.title, "words": words, "tables": tables })
    }
}

/// A paragraph in lines that fit.
fn wrapped(words: &str) -> String {
    let mut text = String::new();
    let mut column = 0;
    for word in words.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            text.push('\n');
            column = 0;
        }
        if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
    text
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("  {line}\n")).collect()
}
