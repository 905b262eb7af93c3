//! `docs/reference/events.md`: every event is there, and its tables are those of the code.

use std::fs;
use std::path::Path;

use counterfoil_domain::Step;

use crate::{house, text};

const PAGE: &str = "docs/reference/events.md";

/// The names in `Event::name`.
fn names(source: &str) -> Vec<String> {
    let body = source.split("pub fn name(&self)").nth(1).expect("Event::name");
    let body = body.split("\n    }\n").next().unwrap_or(body);
    let arms = body.split("=> \"").skip(1);
    arms.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The debit and credit tables that a file's opening comment has.
fn tables(source: &str) -> Vec<String> {
    let opening = source.lines().map_while(|line| line.strip_prefix("//!"));
    let mut tables: Vec<String> = Vec::new();
    let mut inside = false;
    for line in opening {
        let line = line.trim();
        if !line.starts_with('|') {
            inside = false;
            continue;
        }
        if !inside {
            tables.push(String::new());
        }
        inside = true;
        if let Some(table) = tables.last_mut() {
            table.push_str(line);
            table.push('\n');
        }
    }
    tables
}

/// Every file of the domain whose opening comment has tables, with its path.
fn files_with_tables(folder: &Path, path: &str, found: &mut Vec<(String, Vec<String>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{path}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            files_with_tables(&entry.path(), &path, found);
        } else {
            let tables = tables(&fs::read_to_string(entry.path()).unwrap());
            if !tables.is_empty() {
                found.push((path, tables));
            }
        }
    }
}

#[test]
fn every_event_is_described() {
    let page = text(PAGE);
    let mut names = names(&text("crates/domain/src/event.rs"));
    names.extend(Step::ALL.iter().map(|step| step.name().to_owned()));
    assert!(names.len() >= 18, "{names:?}");
    let missing: Vec<&String> =
        names.iter().filter(|name| !page.contains(&format!("## `{name}`\n"))).collect();
    assert!(missing.is_empty(), "{PAGE} does not describe {missing:?}");
    let described = page.lines().filter(|line| line.starts_with("## `")).count();
    assert_eq!(described, names.len(), "{PAGE} describes an event that is not there");
}

#[test]
fn every_table_is_the_codes() {
    let page = text(PAGE);
    let mut found = Vec::new();
    files_with_tables(&house("crates/domain/src"), "crates/domain/src", &mut found);
    assert!(found.len() > 10, "{found:?}");
    let mut shown = 0;
    for (path, tables) in found {
        for table in tables {
            let whole = format!("`{path}`:\n\n{table}");
            let later = format!("\n\n{table}");
            assert!(
                page.contains(&whole) || page.contains(&later) && page.contains(&path),
                "{PAGE} lacks {whole}"
            );
            shown += 1;
        }
    }
    assert_eq!(
        page.lines().filter(|line| line.starts_with("|---")).count(),
        shown,
        "{PAGE} has a table that no file has"
    );
}
