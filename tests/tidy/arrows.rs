//! The arrows between the rooms: which crate may know which, and what none of them may.

use crate::tree::{File, Tree};

/// A room: the rooms that it may depend on, and outside packages.
struct Room {
    folder: &'static str,
    rooms: &'static [&'static str],
    outside: Outside,
}

/// The outside packages that a room may depend on.
enum Outside {
    /// These and no other.
    Only(&'static [&'static str]),
    /// All but these.
    AllBut(&'static [&'static str]),
}

use Outside::{AllBut, Only};

/// The house. A room that is not listed may not be built.
const HOUSE: &[Room] = &[
    Room { folder: "domain", rooms: &[], outside: Only(&["jiff", "rust_decimal", "smallvec", "uuid"]) },
    Room {
        folder: "log",
        rooms: &[],
        outside: AllBut(&["bincode", "clap", "rust_decimal", "serde", "sled"]),
    },
    Room {
        folder: "log-sled",
        rooms: &["log"],
        outside: AllBut(&["bincode", "clap", "rust_decimal", "serde"]),
    },
    Room { folder: "runs", rooms: &[], outside: Only(&["xxhash-rust"]) },
    Room {
        folder: "views",
        rooms: &["domain", "log", "runs"],
        outside: AllBut(&["bincode", "clap", "sled", "tokio"]),
    },
    Room { folder: "rails", rooms: &["domain", "formats"], outside: AllBut(&["bincode", "clap", "sled"]) },
    Room { folder: "formats", rooms: &[], outside: AllBut(&["bincode", "clap", "sled", "tokio"]) },
    Room {
        folder: "counterfoil",
        rooms: &["domain", "log", "log-sled", "runs", "views", "rails", "formats"],
        outside: AllBut(&["clap", "sled"]),
    },
    Room { folder: "server", rooms: &["counterfoil"], outside: AllBut(&["bincode", "clap", "sled"]) },
    Room { folder: "cli", rooms: &["counterfoil", "server"], outside: AllBut(&["bincode", "sled"]) },
    Room { folder: "testkit", rooms: &["domain"], outside: AllBut(&["bincode", "clap", "sled", "tokio"]) },
    Room { folder: "verifier", rooms: &[], outside: AllBut(&["bincode", "sled"]) },
];

/// What is wrong with a room's manifest. Only what others get counts: a crate's own
/// tests may use what they like.
fn check(file: &File) -> Vec<String> {
    let Some(folder) = file.path.strip_prefix("crates/").and_then(|path| path.strip_suffix("/Cargo.toml"))
    else {
        return Vec::new();
    };
    let Some(room) = HOUSE.iter().find(|room| room.folder == folder) else {
        return vec![format!("1: the room {folder} is not in the plan of the house")];
    };
    let mut broken = Vec::new();
    for (number, name) in dependencies(file) {
        let allowed = match (room_of(&name), &room.outside) {
            (Some(other), _) => room.rooms.contains(&other.as_str()),
            (None, Only(names)) => names.contains(&name.as_str()),
            (None, AllBut(names)) => !names.contains(&name.as_str()),
        };
        if !allowed {
            broken.push(format!("{number}: {folder} must not know {name}"));
        }
    }
    broken
}

/// The folder of a package of the house.
fn room_of(package: &str) -> Option<String> {
    if package == "counterfoil" {
        return Some(package.to_owned());
    }
    package.strip_prefix("counterfoil-").map(str::to_owned)
}

/// The names in `[dependencies]` and `[build-dependencies]`, for any target.
fn dependencies(file: &File) -> Vec<(usize, String)> {
    let mut counts = false;
    let mut found = Vec::new();
    for (number, line) in file.lines() {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            counts = section.ends_with("dependencies") && !section.ends_with("dev-dependencies");
            continue;
        }
        let name = line.split(['.', '=', ' ']).next().unwrap_or("");
        if counts && !name.is_empty() && !name.starts_with('#') {
            found.push((number, name.to_owned()));
        }
    }
    found
}

#[test]
fn every_arrow_is_allowed() {
    crate::hold(check);
}

#[test]
fn every_room_that_is_built_keeps_the_house_lints() {
    let tree = Tree::of_the_house();
    // The tests have lints of their own, and say why: in a test a panic is the report.
    let rooms = tree
        .files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml") && file.path != "tests/Cargo.toml");
    let lax: Vec<&str> = rooms
        .filter(|file| !file.text.contains("[lints]\nworkspace = true"))
        .map(|file| file.path.as_str())
        .collect();
    assert!(lax.is_empty(), "without the workspace's lints: {lax:?}");
}

#[test]
fn a_forbidden_arrow_is_found() {
    let manifest = |folder: &str, name: &str| {
        let text = format!("[package]\nname = \"x\"\n\n[dependencies]\n{name}.workspace = true\n");
        check(&File::sample(&format!("crates/{folder}/Cargo.toml"), &text))
    };
    assert_eq!(manifest("domain", "serde"), ["5: domain must not know serde"]);
    assert_eq!(manifest("views", "counterfoil"), ["5: views must not know counterfoil"]);
    assert_eq!(manifest("log", "sled"), ["5: log must not know sled"]);
    assert_eq!(manifest("log", "counterfoil-domain"), ["5: log must not know counterfoil-domain"]);
    assert_eq!(manifest("cli", "counterfoil-domain"), ["5: cli must not know counterfoil-domain"]);
    assert_eq!(manifest("shed", "serde"), ["1: the room shed is not in the plan of the house"]);
    assert!(manifest("cli", "counterfoil").is_empty());
    let own_tests = "[dev-dependencies]\nserde = \"1\"\n";
    assert!(check(&File::sample("crates/domain/Cargo.toml", own_tests)).is_empty());
}
