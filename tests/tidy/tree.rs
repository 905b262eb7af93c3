//! The tree: every text file that belongs to the repository, read once.

use std::fs;
use std::path::Path;

/// Folders and files of the top level that are the house; what else lies there is data or output.
const ROOMS: [&str; 5] = [".ci", "benches", "crates", "docs", "tests"];

/// A text file.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Its path from the top of the repository, with `/`.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

/// The files of the house.
pub(crate) struct Tree {
    /// In order of their paths.
    pub(crate) files: Vec<File>,
}

impl File {
    /// A file that exists only in a test.
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is prose.
    pub(crate) fn is_markdown(&self) -> bool {
        self.path.ends_with(".md")
    }

    /// Its lines with their numbers, from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    /// What breaks a rule, each with the path in front.
    pub(crate) fn named(&self, broken: Vec<String>) -> Vec<String> {
        broken.into_iter().map(|what| format!("{}:{what}", self.path)).collect()
    }
}

impl Tree {
    /// The repository that this test was built from.
    pub(crate) fn of_the_house() -> Self {
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = Vec::new();
        for entry in fs::read_dir(&top).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let is_folder = entry.file_type().unwrap().is_dir();
            if is_folder && ROOMS.contains(&name.as_str()) {
                walk(&entry.path(), &name, &mut files);
            } else if !is_folder {
                read(&entry.path(), &name, &mut files);
            }
        }
        files.sort_by(|one, other| one.path.cmp(&other.path));
        assert!(files.len() > 200, "the walk lost its way: it found {} files", files.len());
        Self { files }
    }

    /// The file at a path, if there is one.
    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

fn walk(folder: &Path, path: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{path}/{name}");
        if entry.file_type().unwrap().is_dir() {
            // Cargo's output, where somebody builds a crate by itself.
            if name != "target" {
                walk(&entry.path(), &path, files);
            }
        } else {
            read(&entry.path(), &path, files);
        }
    }
}

/// Adds a file, unless it is binary or was removed meanwhile.
fn read(file: &Path, path: &str, files: &mut Vec<File>) {
    if let Ok(text) = fs::read_to_string(file) {
        files.push(File { path: path.to_owned(), text });
    }
}
