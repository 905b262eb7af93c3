//! Tidy: the rules of the house, as tests over its own files.
//!
//! Each rule is a function from one file (or the whole tree) to what breaks it. Each is
//! shown a bad sample too, so that a rule that no longer finds anything is noticed.

mod arrows;
mod folders;
mod imports;
mod length;
mod markdown;
mod opening;
mod purity;
mod targets;
mod tree;
mod words;

use tree::{File, Tree};

/// Holds every file to a rule, and says everything that breaks it.
#[track_caller]
fn hold(rule: impl Fn(&File) -> Vec<String>) {
    let tree = Tree::of_the_house();
    let broken: Vec<String> = tree.files.iter().flat_map(|file| file.named(rule(file))).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}
