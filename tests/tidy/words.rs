//! Words that belong in no file: work left undone, and how the work was done.

use crate::tree::File;

/// Unfinished work and switched-off tests. Written in halves, so that this file keeps
/// its own rule.
const UNFINISHED: [&str; 6] = [
    concat!("to", "do!"),
    concat!("un", "implemented!"),
    concat!("d", "bg!("),
    concat!("#[ign", "ore"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
];

/// Words about the making, which say nothing about the thing made.
const MAKING: [&str; 4] =
    [concat!("sub", "agent"), concat!("clau", "de"), concat!("chat", "gpt"), concat!("/wo", "rk/")];

fn check(file: &File) -> Vec<String> {
    let mut broken = Vec::new();
    for (number, line) in file.lines() {
        let lower = line.to_lowercase();
        let unfinished = UNFINISHED.iter().filter(|word| file.is_rust() && line.contains(**word));
        let making = MAKING.iter().filter(|word| lower.contains(**word));
        broken.extend(unfinished.chain(making).map(|word| format!("{number}: says \"{word}\"")));
    }
    broken
}

#[test]
fn no_file_says_them() {
    crate::hold(check);
}

#[test]
fn a_file_that_does_is_found() {
    for word in UNFINISHED.iter().chain(&MAKING) {
        let broken = check(&File::sample("crates/domain/src/fee.rs", &format!("//! A fee.\n// {word}\n")));
        assert_eq!(broken, [format!("2: says \"{word}\"")]);
    }
    let prose = check(&File::sample("docs/fee.md", &format!("The {}s built it.", MAKING[0].to_uppercase())));
    assert_eq!(prose, [format!("1: says \"{}\"", MAKING[0])]);
}
