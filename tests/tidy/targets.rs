//! Every folder of tests is a test target: a forgotten one would pass for ever.

use std::collections::BTreeSet;

use crate::tree::{File, Tree};

/// Folders with a `main.rs` that the manifest does not name, and the other way round.
fn check(tree: &Tree) -> Vec<String> {
    let Some(manifest) = tree.get("tests/Cargo.toml") else {
        return vec!["tests/Cargo.toml is missing".to_owned()];
    };
    let folders: BTreeSet<&str> = tree
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix("tests/")?.strip_suffix("/main.rs"))
        .filter(|folder| !folder.contains('/'))
        .collect();
    let listed: BTreeSet<&str> = manifest
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix("/main.rs\""))
        .collect();
    let forgotten = folders.difference(&listed).map(|folder| format!("tests/{folder} is no test target"));
    let missing = listed.difference(&folders).map(|folder| format!("tests/{folder}/main.rs is missing"));
    let bare = tree.files.iter().filter_map(|file| {
        let folder = file.path.strip_prefix("tests/")?.strip_suffix(".rs")?.split_once('/')?.0;
        (!folders.contains(folder)).then(|| format!("{}: its folder has no main.rs", file.path))
    });
    forgotten.chain(missing).chain(bare).collect()
}

#[test]
fn every_folder_of_tests_is_run() {
    let broken = check(&Tree::of_the_house());
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn a_forgotten_folder_is_found() {
    let manifest = "[[test]]\nname = \"fee\"\npath = \"fee/main.rs\"\n";
    let tree = |files: &[&str]| Tree {
        files: [File::sample("tests/Cargo.toml", manifest)]
            .into_iter()
            .chain(files.iter().map(|path| File::sample(path, "")))
            .collect(),
    };
    assert!(check(&tree(&["tests/fee/main.rs"])).is_empty());
    let broken = check(&tree(&["tests/fee/main.rs", "tests/tax/main.rs"]));
    assert_eq!(broken, ["tests/tax is no test target"]);
    assert_eq!(check(&tree(&[])), ["tests/fee/main.rs is missing"]);
    let broken = check(&tree(&["tests/fee/main.rs", "tests/tax/form.rs"]));
    assert_eq!(broken, ["tests/tax/form.rs: its folder has no main.rs"]);
}
