//! Prose: decisions bear their date and are listed, and every page that is pointed to exists.

use std::path::{Component, Path, PathBuf};

use crate::tree::{File, Tree};

/// Where the decisions are, and the list of them.
const DECISIONS: &str = "docs/decisions/";
const INDEX: &str = "docs/decisions/README.md";

/// A decision is a title, an empty line and the day.
fn dated(file: &File) -> Vec<String> {
    if !file.path.starts_with(DECISIONS) || !file.is_markdown() || file.path == INDEX {
        return Vec::new();
    }
    let mut lines = file.text.lines();
    let title = lines.next().and_then(|line| line.strip_prefix("# "));
    let day = lines.nth(1).filter(|line| is_day(line));
    let mut broken = Vec::new();
    if title.is_none() {
        broken.push("1: no title".to_owned());
    }
    if day.is_none() {
        broken.push("3: no day (2026-11-22)".to_owned());
    }
    broken
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .char_indices()
            .all(|(at, letter)| if at == 4 || at == 7 { letter == '-' } else { letter.is_ascii_digit() })
}

/// The index has a line for each decision: its day, its name as a link, its title.
fn listed(tree: &Tree) -> Vec<String> {
    let Some(index) = tree.get(INDEX) else {
        return vec![format!("{INDEX} is missing")];
    };
    let pages = tree.files.iter().filter(|file| file.path.starts_with(DECISIONS) && file.path != INDEX);
    pages
        .filter_map(|page| {
            let name = page.path.strip_prefix(DECISIONS)?;
            let mut lines = page.text.lines();
            let title = lines.next()?.strip_prefix("# ")?;
            let day = lines.nth(1)?;
            let link = format!("[{title}]({name})");
            let found = index.text.lines().any(|line| line.contains(&link) && line.contains(day));
            (!found).then(|| format!("{INDEX}: no line with {day} and {link}"))
        })
        .collect()
}

/// The relative links of a page, and the `docs/…` paths that any file names.
fn pointed_to(file: &File) -> Vec<(usize, PathBuf)> {
    let folder = Path::new(&file.path).parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    for (number, line) in file.lines() {
        if file.is_markdown() {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
                if !target.is_empty() && !target.contains("://") {
                    found.push((number, plain(&folder.join(target))));
                }
            }
        }
        for (at, _) in line.match_indices("docs/") {
            let rest = &line[at..];
            let end = rest.find(|letter: char| !(letter.is_alphanumeric() || "/-_.".contains(letter)));
            let path = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
            let begins = line[..at]
                .chars()
                .next_back()
                .is_none_or(|before| !(before.is_alphanumeric() || "./".contains(before)));
            if begins && path.ends_with(".md") {
                found.push((number, PathBuf::from(path)));
            }
        }
    }
    found
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            Component::Normal(name) => out.push(name),
        }
    }
    out
}

fn leads_somewhere(tree: &Tree, file: &File) -> Vec<String> {
    let exists = |path: &Path| {
        let path = path.to_string_lossy();
        tree.files.iter().any(|file| file.path == path || file.path.starts_with(&format!("{path}/")))
    };
    let lost = pointed_to(file).into_iter().filter(|(_, path)| !exists(path));
    lost.map(|(number, path)| format!("{number}: {} does not exist", path.display())).collect()
}

#[test]
fn every_decision_has_its_day() {
    crate::hold(dated);
}

#[test]
fn every_decision_is_listed() {
    let broken = listed(&Tree::of_the_house());
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn every_page_that_is_pointed_to_exists() {
    let tree = Tree::of_the_house();
    // The samples here point to pages that are not there.
    let files = tree.files.iter().filter(|file| !file.path.starts_with("tests/tidy/"));
    let broken: Vec<String> = files.flat_map(|file| file.named(leads_somewhere(&tree, file))).collect();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn bad_prose_is_found() {
    let page = |text: &str| File::sample("docs/decisions/fee.md", text);
    assert!(dated(&page("# Fees are ours\n\n2026-11-22\n")).is_empty());
    assert_eq!(dated(&page("# Fees are ours\n\nYesterday\n")), ["3: no day (2026-11-22)"]);
    assert_eq!(dated(&page("Fees\n\n2026-11-22\n")), ["1: no title"]);

    let index =
        |text: &str| Tree { files: vec![File::sample(INDEX, text), page("# Fees are ours\n\n2026-11-22\n")] };
    assert!(listed(&index("| 2026-11-22 | [Fees are ours](fee.md) | … |\n")).is_empty());
    assert_eq!(listed(&index("\n")).len(), 1);

    let tree = index("");
    let code = File::sample("crates/x.rs", "// See docs/decisions/fee.md.\n// See docs/decisions/tax.md.\n");
    assert_eq!(leads_somewhere(&tree, &code), ["2: docs/decisions/tax.md does not exist"]);
    let prose =
        File::sample("docs/tour.md", "[a](decisions/fee.md) [b](../docs/gone.md) [c](https://x.org/a.md)\n");
    assert_eq!(leads_somewhere(&tree, &prose), ["1: docs/gone.md does not exist"]);
}
