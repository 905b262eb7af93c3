//! The scenarios that pages show: each is there as it is played.
//!
//! A block opens with "scenario" and the place of its file below `tests/scenarios`.
//! `COUNTERFOIL_BLESS=1` writes the files' texts into the pages.

use std::path::{Path, PathBuf};

use crate::{house, page, text};

/// Where pages that show scenarios are.
const PAGES: &str = "docs/concepts";

/// The files of the folder, by their paths from the top.
fn pages() -> Vec<String> {
    let entries = std::fs::read_dir(house(PAGES)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<String> = names.map(|name| format!("{PAGES}/{name}")).collect();
    pages.sort();
    pages
}

/// The file of a block, where it shows a scenario.
fn shown(block: &page::Block) -> Option<String> {
    let name = block.language.strip_prefix("scenario ")?;
    Some(format!("tests/scenarios/{name}.scenario"))
}

/// The page with every scenario as its file has it.
fn written(page: &str) -> String {
    let markdown = text(page);
    let mut lines = markdown.lines();
    let mut out = String::new();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(name) = line.strip_prefix("```scenario ") else { continue };
        out.push_str(&text(&format!("tests/scenarios/{name}.scenario")));
        out.push_str("```\n");
        let closed = lines.any(|line| line == "```");
        assert!(closed, "{page}: {name} is not closed");
    }
    out
}

#[test]
fn what_a_page_shows_is_what_is_played() {
    let mut count = 0;
    for page in pages() {
        if std::env::var_os("COUNTERFOIL_BLESS").is_some() {
            std::fs::write(house(&page), written(&page)).unwrap();
        }
        for block in page::blocks(&text(&page)) {
            let Some(file) = shown(&block) else { continue };
            assert!(house(&file).is_file(), "{page}, line {}: there is no {file}", block.line);
            assert_eq!(text(&file), block.text, "{page}, line {}: {file}", block.line);
            count += 1;
        }
    }
    assert!(count >= 30, "{count} scenarios are shown");
}

/// The folders of scenarios that pages leave out, with why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("account", "the tutorial onboards"),
    ("account_controller", "books nothing"),
    ("bookmark", "books nothing"),
    ("calendar", "the payout pages of decisions"),
    ("settings", "books nothing"),
];

/// A noun of which no page shows a scenario is a concept without a page.
#[test]
fn every_noun_is_shown() {
    let blocks: Vec<PathBuf> = pages()
        .iter()
        .flat_map(|page| page::blocks(&text(page)))
        .filter_map(|block| shown(&block).map(PathBuf::from))
        .collect();
    for entry in std::fs::read_dir(house("tests/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && LEFT_OUT.iter().all(|(left_out, _)| *left_out != name) {
            let folder = Path::new("tests/scenarios").join(name);
            assert!(blocks.iter().any(|file| file.starts_with(&folder)), "no page shows {name}");
        }
    }
}
