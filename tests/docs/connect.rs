//! `docs/connect.md`: every command is there beside what Connect calls it.

use crate::text;

const PAGE: &str = "docs/connect.md";

/// The commands of the table in `command.rs`.
fn commands() -> Vec<String> {
    let source = text("crates/domain/src/command.rs");
    let table = source.split("\ncommands! {").nth(1).expect("the table of commands");
    let table = table.split("\n}\n").next().unwrap_or(table);
    let rows = table.lines().map(str::trim).filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    rows.filter_map(|row| row.split_once(' ')?.1.split('(').next().map(str::to_owned)).collect()
}

#[test]
fn every_command_stands_beside_its_name_at_connect() {
    let page = text(PAGE);
    let commands = commands();
    assert!(commands.len() >= 33, "{commands:?}");
    let missing: Vec<_> = commands.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{PAGE} does not name {missing:?}");
}
