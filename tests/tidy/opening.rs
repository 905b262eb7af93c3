//! Every Rust file opens with a sentence.

use crate::tree::File;

/// The first paragraph of the opening comment begins with a capital letter or a
/// backtick, and a sentence ends in it.
fn check(file: &File) -> Vec<String> {
    if !file.is_rust() {
        return Vec::new();
    }
    let paragraph: Vec<&str> =
        file.text.lines().map_while(comment).take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let mut broken = Vec::new();
    match paragraph.chars().next() {
        None => broken.push("1: opens without a sentence".to_owned()),
        Some(first) if first.is_uppercase() || first == '`' => {
            if !ends_a_sentence(&paragraph) {
                broken.push("1: no full stop in the first paragraph".to_owned());
            }
        }
        Some(first) => broken.push(format!("1: the opening sentence begins with \"{first}\"")),
    }
    broken
}

/// The text of a line that is a comment.
fn comment(line: &str) -> Option<&str> {
    let text = line.strip_prefix("//!").or_else(|| line.strip_prefix("//"))?;
    Some(text.trim())
}

fn ends_a_sentence(paragraph: &str) -> bool {
    paragraph.ends_with(['.', ':']) || paragraph.contains(". ")
}

#[test]
fn every_file_opens_with_a_sentence() {
    crate::hold(check);
}

#[test]
fn a_file_without_one_is_found() {
    let broken = |text: &str| check(&File::sample("crates/domain/src/fee.rs", text));
    assert!(broken("//! Fees: what it costs.\n").is_empty());
    assert!(broken("//! `audit`: what was checked,\n//! and how.\n").is_empty());
    assert_eq!(broken("use std::fmt;\n"), ["1: opens without a sentence"]);
    assert_eq!(broken("//! fees.\n"), ["1: the opening sentence begins with \"f\""]);
    assert_eq!(broken("//! Fees\n//!\n//! A fee.\n"), ["1: no full stop in the first paragraph"]);
}
