//! Names of files and folders: nouns with a meaning, and one way to open a folder.

use std::collections::BTreeSet;

use crate::tree::{File, Tree};

/// Names of what has found no home.
const HOMELESS: [&str; 9] =
    ["util", "utils", "common", "helper", "helpers", "types", "prelude", "manager", "misc"];

/// Whether a path has a name that says nothing.
fn homeless(file: &File) -> Vec<String> {
    let bare = file.path.strip_suffix(".rs").unwrap_or(&file.path);
    let names = bare.split('/').filter(|name| HOMELESS.contains(name));
    names.map(|name| format!("1: \"{name}\" says nothing; name the noun")).collect()
}

/// A folder opens with `mod.rs`, and no file beside it has its name.
fn doubled(tree: &Tree) -> Vec<String> {
    let rust = || tree.files.iter().filter(|file| file.is_rust());
    let folders: BTreeSet<&str> =
        rust().filter_map(|file| file.path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    rust()
        .filter(|file| file.path.strip_suffix(".rs").is_some_and(|bare| folders.contains(bare)))
        .map(|file| format!("{}: stands beside a folder of its name; move it to its mod.rs", file.path))
        .collect()
}

#[test]
fn every_name_says_something() {
    crate::hold(homeless);
}

#[test]
fn every_folder_opens_with_its_mod() {
    let broken = doubled(&Tree::of_the_house());
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn bad_names_are_found() {
    let broken = homeless(&File::sample("crates/domain/src/util.rs", ""));
    assert_eq!(broken, ["1: \"util\" says nothing; name the noun"]);
    assert_eq!(homeless(&File::sample("crates/domain/common/fee.rs", "")).len(), 1);
    let files = vec![File::sample("src/fee.rs", ""), File::sample("src/fee/tiered.rs", "")];
    let broken = doubled(&Tree { files });
    assert_eq!(broken, ["src/fee.rs: stands beside a folder of its name; move it to its mod.rs"]);
}
