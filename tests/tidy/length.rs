//! Functions fit a screen and files fit a head; what is longer today may only shrink.
//!
//! `ratchet.txt` lists what is longer than it should be, with its length. What is not
//! listed keeps the limit; what is listed may not grow; what has become short enough,
//! or shorter than it is listed, is taken off the list or written smaller there.

use std::collections::BTreeMap;

use crate::tree::{File, Tree};

/// The most lines of a function, from its `fn` to its closing brace.
const FUNCTION: usize = 70;
/// The most lines of a file without a reason.
const FILE: usize = 400;
/// The most lines of any file.
const LONGEST_FILE: usize = 800;
/// How the opening comment of a file between the two gives its reason.
const REASON: &str = "Long because";

/// What is longer than its limit: `path` or `path function`, with its length.
fn too_long(file: &File) -> Vec<(String, usize)> {
    if !file.is_rust() {
        return Vec::new();
    }
    let mut long: Vec<(String, usize)> = functions(&file.text)
        .into_iter()
        .filter(|(_, length)| *length > FUNCTION)
        .map(|(name, length)| (format!("{} {name}", file.path), length))
        .collect();
    let lines = file.text.lines().count();
    let opening = file.text.lines().take_while(|line| line.starts_with("//"));
    let excused = lines <= LONGEST_FILE && opening.into_iter().any(|line| line.contains(REASON));
    if lines > FILE && !excused {
        long.push((file.path.clone(), lines));
    }
    long
}

/// The functions of a formatted file, with their lengths: one ends at the first brace
/// that closes at the indentation of its `fn`.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let close = format!("{indent}}}");
        let rest = &lines[at..];
        let end = rest.iter().position(|line| {
            let one_line = rest[0].ends_with([';', '}']);
            one_line || line.starts_with(&close) || line.ends_with(';') && is_at(line, indent)
        });
        found.push((name.to_owned(), end.map_or(rest.len(), |end| end + 1)));
    }
    found
}

/// Whether a line stands at an indentation: the end of a signature without a body.
fn is_at(line: &str, indent: &str) -> bool {
    line.strip_prefix(indent).is_some_and(|rest| !rest.starts_with(' '))
}

/// The name of the function that begins on a line.
fn function(line: &str) -> Option<&str> {
    let words = line.trim_start();
    let (before, after) = words.split_once("fn ")?;
    let only_modifiers = before.split_whitespace().all(|word| {
        matches!(word, "const" | "async" | "unsafe" | "extern" | "pub") || word.starts_with("pub(")
    });
    let name = after.split(['(', '<']).next()?;
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    (only_modifiers && is_name).then_some(name)
}

/// The ratchet: `LENGTH path` or `LENGTH path function`, one a line.
fn ratchet(text: &str) -> BTreeMap<String, usize> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (length, what) = line.split_once(' ').unwrap_or_else(|| panic!("ratchet.txt: {line}"));
            (what.to_owned(), length.parse().unwrap_or_else(|_| panic!("ratchet.txt: {line}")))
        })
        .collect()
}

/// What is wrong between what is too long and what the ratchet allows.
fn compare(long: Vec<(String, usize)>, mut allowed: BTreeMap<String, usize>) -> Vec<String> {
    let mut broken = Vec::new();
    for (what, length) in long {
        match allowed.remove(&what) {
            None => broken
                .push(format!("{what}: {length} lines; at most {FUNCTION} in a function, {FILE} in a file")),
            Some(allowed) if length > allowed => {
                broken.push(format!("{what}: grew from {allowed} to {length} lines"))
            }
            Some(allowed) if length < allowed => {
                broken.push(format!("{what}: shrank; write {length} into ratchet.txt"))
            }
            Some(_) => {}
        }
    }
    broken
        .extend(allowed.into_keys().map(|what| format!("{what}: short enough; take it out of ratchet.txt")));
    broken
}

#[test]
fn functions_and_files_keep_their_length() {
    let tree = Tree::of_the_house();
    let list = tree.get("tests/tidy/ratchet.txt").expect("ratchet.txt");
    let broken = compare(tree.files.iter().flat_map(too_long).collect(), ratchet(&list.text));
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn what_is_too_long_is_found() {
    let body = "        let _ = 1;\n".repeat(FUNCTION);
    let text = format!(
        "//! A fee.\n\nimpl Fee {{\n    pub(crate) fn of(&self) {{\n{body}    }}\n\n    fn short() {{}}\n}}\n"
    );
    let long = too_long(&File::sample("fee.rs", &text));
    assert_eq!(long, [("fee.rs of".to_owned(), FUNCTION + 2)]);

    let lines = |count: usize| "// A line.\n".repeat(count);
    let file = |text: String| too_long(&File::sample("fee.rs", &text));
    assert_eq!(file(lines(FILE + 1)), [("fee.rs".to_owned(), FILE + 1)]);
    assert!(file(format!("//! A fee. {REASON} it is a table.\n{}", lines(FILE))).is_empty());
    let beyond = file(format!("//! A fee. {REASON} it is a table.\n{}", lines(LONGEST_FILE)));
    assert_eq!(beyond, [("fee.rs".to_owned(), LONGEST_FILE + 1)]);
}

#[test]
fn the_ratchet_only_shrinks() {
    let allowed = || ratchet("# Why.\n80 fee.rs of\n");
    let long = |length| vec![("fee.rs of".to_owned(), length)];
    assert!(compare(long(80), allowed()).is_empty());
    assert_eq!(compare(long(81), allowed()), ["fee.rs of: grew from 80 to 81 lines"]);
    assert_eq!(compare(long(79), allowed()), ["fee.rs of: shrank; write 79 into ratchet.txt"]);
    assert_eq!(compare(Vec::new(), allowed()), ["fee.rs of: short enough; take it out of ratchet.txt"]);
}
