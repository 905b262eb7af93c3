//! `docs/tutorial.md`, from top to bottom in an empty folder.

use crate::page::blocks;
use crate::snippets::market::market;
use crate::{shell, snippets, text};

const PAGE: &str = "docs/tutorial.md";

#[tokio::test(flavor = "multi_thread")]
async fn the_tutorial_runs_as_written() {
    let page = blocks(&text(PAGE));
    let folder = tempfile::tempdir().unwrap();
    market(&folder.path().join("market")).await.unwrap();
    shell::play(PAGE, &page, folder.path(), &[]);
}

#[test]
fn its_rust_is_what_is_run() {
    snippets::hold(PAGE, &blocks(&text(PAGE)), &text("tests/docs/snippets/market.rs"));
}
