//! `README.md`: its commands run, its Rust compiles and runs, and its lists are whole.

use std::fs;
use std::path::Path;

use crate::page::{blocks, with_outputs};
use crate::{house, shell, snippets, text};

const PAGE: &str = "README.md";

/// The command that runs this test; it cannot run itself.
const THE_TESTS: &str = "cargo test --workspace";

/// Needs files that are not part of the repository; `tests/import` runs the import.
const THE_IMPORT: &str = "cargo run --release -- import olist --from DIR";

#[test]
fn the_readme_runs_as_written() {
    let folder = tempfile::tempdir().unwrap();
    shell::play(PAGE, &blocks(&text(PAGE)), folder.path(), &[THE_TESTS, THE_IMPORT]);
}

#[test]
fn its_rust_is_what_is_run() {
    snippets::hold(PAGE, &blocks(&text(PAGE)), &text("tests/docs/snippets/first_sale.rs"));
}

/// The output of the tests is shown in part; each test in it is one that exists.
#[test]
fn the_tests_that_it_shows_exist() {
    let page = blocks(&text(PAGE));
    let (_, output) =
        with_outputs(&page, "sh").into_iter().find(|(block, _)| block.text.trim() == THE_TESTS).unwrap();
    let output = output.unwrap().text;
    let shown: Vec<&str> =
        output.lines().filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... ok")).collect();
    assert!(shown.len() >= 3, "{output}");
    let mut sources = String::new();
    gather(&house("tests"), &mut sources);
    for path in shown {
        let name = path.rsplit("::").next().unwrap();
        assert!(sources.contains(&format!("fn {name}(")), "there is no test {name}");
    }
}

fn gather(folder: &Path, sources: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            gather(&entry.path(), sources);
        } else if entry.path().extension().is_some_and(|ending| ending == "rs") {
            sources.push_str(&fs::read_to_string(entry.path()).unwrap());
        }
    }
}

#[test]
fn the_map_names_every_room() {
    let page = text(PAGE);
    let rooms = fs::read_dir(house("crates")).unwrap().map(|entry| entry.unwrap().file_name());
    for room in rooms {
        let room = format!("`crates/{}`", room.to_string_lossy());
        assert!(page.contains(&room), "{PAGE} does not name {room}");
    }
    for room in page.split("`crates/").skip(1).filter_map(|rest| rest.split('`').next()) {
        assert!(house("crates").join(room).exists(), "{PAGE} names crates/{room}, which is not there");
    }
}

#[test]
fn it_names_the_compiler_that_the_workspace_names() {
    let manifest = text("Cargo.toml");
    let version = manifest.split("rust-version = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(text(PAGE).contains(&format!("Rust {version} or newer")));
}
