//! The stage: an empty folder in which a transcript's commands and steps are carried out.
//!
//! | step | what it does |
//! |---|---|
//! | `write FILE` | makes a file, and the folder it is in |
//! | `flip FILE` | flips a bit in the middle of a file |
//! | `flip FILE at TEXT` | flips a bit where a text first stands in a file |
//! | `owe DIR` | makes a ledger in which sellers owe (see [`owing`]) |
//! | `hold DIR` | opens the ledger in a folder and keeps it open |
//! | `let go` | closes it |
//! | `remember DIR` | remembers every file of a folder, byte for byte |
//! | `same DIR` | they are all as they were remembered |

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use counterfoil::Counterfoil;
use tokio::runtime::Runtime;

use crate::owing;
use crate::program;
use crate::transcript::{Command, Item};

struct Stage {
    folder: tempfile::TempDir,
    runtime: Runtime,
    held: Option<Counterfoil>,
    remembered: BTreeMap<String, Files>,
}

/// Every file of a folder, by its path.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Carries a transcript out, and returns it with what happened.
pub(crate) fn play(items: &[Item]) -> Vec<Item> {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let mut stage = Stage { folder, runtime, held: None, remembered: BTreeMap::new() };
    let played = items.iter().map(|item| match item {
        Item::Words(words) => Item::Words(words.clone()),
        Item::Step(step) => {
            stage.step(step);
            Item::Step(step.clone())
        }
        Item::Command(command) => Item::Command(stage.command(&command.typed)),
    });
    played.collect()
}

impl Stage {
    fn command(&self, typed: &str) -> Command {
        let (line, most) = match typed.split_once(" | head ") {
            Some((line, count)) => (line, count.parse().unwrap()),
            None => (typed, usize::MAX),
        };
        let words: Vec<&str> = line.split(' ').collect();
        let ("counterfoil", arguments) = words.split_first().map(|(first, rest)| (*first, rest)).unwrap()
        else {
            panic!("not a command of counterfoil: {typed}");
        };
        let output = program::run(self.folder.path(), arguments);
        let text = |bytes: Vec<u8>| masked(&String::from_utf8(bytes).unwrap());
        Command {
            typed: typed.to_owned(),
            output: text(output.stdout).lines().take(most).map(|line| format!("{line}\n")).collect(),
            errors: text(output.stderr),
            code: output.status.code().unwrap().to_string(),
        }
    }

    fn step(&mut self, step: &str) {
        let path = |name: &str| self.folder.path().join(name);
        match step.split(' ').collect::<Vec<_>>().as_slice() {
            ["write", file] => {
                fs::create_dir_all(path(file).parent().unwrap()).unwrap();
                fs::write(path(file), "somebody's own words\n").unwrap();
            }
            ["owe", folder] => self.runtime.block_on(owing::make(&path(folder))),
            ["flip", file] => flip(&path(file), |bytes| bytes.len() / 2),
            ["flip", file, "at", text] => flip(&path(file), |bytes| {
                bytes.windows(text.len()).position(|window| window == text.as_bytes()).unwrap()
            }),
            ["hold", folder] => {
                let opening = Counterfoil::builder().path(path(folder)).open();
                self.held = Some(self.runtime.block_on(opening).unwrap());
            }
            ["let", "go"] => self.runtime.block_on(self.held.take().unwrap().close()).unwrap(),
            ["remember", folder] => {
                let found = files(&path(folder));
                self.remembered.insert((*folder).to_owned(), found);
            }
            ["same", folder] => {
                let (now, before) = (files(&path(folder)), &self.remembered[*folder]);
                assert!(now.keys().eq(before.keys()), "{folder} has other files than before");
                for (path, bytes) in &now {
                    assert!(before[path] == *bytes, "{} was written", path.display());
                }
            }
            _ => panic!("no such step: {step}"),
        }
    }
}

fn flip(path: &Path, place: impl FnOnce(&[u8]) -> usize) {
    let mut bytes = fs::read(path).unwrap();
    let place = place(&bytes);
    bytes[place] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn files(folder: &Path) -> Files {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            found.insert(path, bytes);
        }
    }
    found
}

/// What differs from folder to folder: a chain hash, since sealed data has a nonce of its
/// own; and where in its file sled put something.
fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let numbers = line.contains("db is damaged");
        let mut rest = line;
        while !rest.is_empty() {
            let run = |of: fn(&u8) -> bool| rest.bytes().take_while(of).count();
            let (hex, digits) = (run(u8::is_ascii_hexdigit), run(u8::is_ascii_digit));
            let (word, taken) = match (hex, digits) {
                (64, _) => ("<hash>", 64),
                (_, 1..) if numbers && !masked.ends_with('-') => ("<number>", digits),
                (1.., _) => ("", hex),
                (0, _) => ("", rest.chars().next().map_or(1, char::len_utf8)),
            };
            masked.push_str(if word.is_empty() { &rest[..taken] } else { word });
            rest = &rest[taken..];
        }
    }
    masked
}
