//! The documentation, run: its commands, its outputs, its Rust and its lists.
//!
//! What a page shows is what happens. In an output, a line of `…` stands for lines left
//! out and `…` within a line for text left out. `COUNTERFOIL_BLESS=1` writes the
//! generated page.

mod connect;
mod events;
mod page;
mod readme;
mod refusals;
mod scenarios;
mod shell;
mod snippets;
mod tutorial;

use std::path::{Path, PathBuf};

/// A path from the top of the repository.
fn house(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A file of the repository as text.
fn text(path: &str) -> String {
    std::fs::read_to_string(house(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
