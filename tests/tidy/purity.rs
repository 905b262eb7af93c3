//! The domain is pure: its sources do not even name what decides by chance, clock or disk, and
//! no more do the simulated rails. And bincode is called in the codec alone.

use crate::tree::File;

/// What no file of the domain and of the rails names, and why.
const IMPURE: [(&str, &str); 15] = [
    ("std::time", "time arrives as an argument"),
    ("SystemTime", "time arrives as an argument"),
    ("Instant::now", "time arrives as an argument"),
    ("Zoned::now", "time arrives as an argument"),
    ("Timestamp::now", "time arrives as an argument"),
    ("new_v4", "ids follow from positions"),
    ("std::fs", "files are not known here"),
    ("std::net", "the network is not known here"),
    ("std::env", "the environment is not known here"),
    ("std::thread", "threads are not known here"),
    ("async fn", "nothing waits here"),
    ("f32", "money and rates are exact"),
    ("f64", "money and rates are exact"),
    ("HashMap", "its order is chance"),
    ("HashSet", "its order is chance"),
];

/// The one file of the house that calls bincode.
const CODEC: &str = "crates/counterfoil/src/codec/serial.rs";

/// A test may read published facts from disk to hold the rules against them.
const READS_FACTS: &str = "crates/domain/src/calendar/bank/published.rs";

/// A test may read its golden story from disk, and write it anew.
const READS_STORY: &str = "crates/rails/src/card/simulator/market.rs";

fn pure(file: &File) -> Vec<String> {
    let rooms = ["crates/domain/src/", "crates/rails/src/"];
    let inside = rooms.iter().any(|room| file.path.starts_with(room));
    if !inside || !file.is_rust() || [READS_FACTS, READS_STORY].contains(&file.path.as_str()) {
        return Vec::new();
    }
    // A port waits for whoever stands behind it.
    let is_port = file.path.starts_with("crates/rails/src/")
        && (file.path.ends_with("/port.rs") || file.path.ends_with("/rail.rs"));
    let mut broken = Vec::new();
    for (number, line) in file.lines().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let excused = |name: &str| is_port && name == "async fn";
        let found = IMPURE.iter().filter(|(name, _)| line.contains(name) && !excused(name));
        broken.extend(found.map(|(name, why)| format!("{number}: names {name}; {why}")));
    }
    broken
}

fn one_codec(file: &File) -> Vec<String> {
    // The views' own tests encode snapshots in memory; nothing of that is stored.
    let exempt = file.path == CODEC || file.path == "crates/views/src/driver/memory.rs";
    if !file.path.starts_with("crates/") || !file.is_rust() || exempt {
        return Vec::new();
    }
    let calls =
        file.lines().filter(|(_, line)| !line.trim_start().starts_with("//") && line.contains("bincode::"));
    calls.map(|(number, _)| format!("{number}: calls bincode; only {CODEC} does")).collect()
}

#[test]
fn the_domain_and_the_rails_name_nothing_impure() {
    crate::hold(pure);
}

#[test]
fn the_files_that_read_from_disk_are_tests() {
    let tree = crate::Tree::of_the_house();
    let folder = tree.get("crates/domain/src/calendar/bank/mod.rs").expect("the calendars");
    assert!(folder.text.contains("#[cfg(test)]\nmod published;"));
    let folder = tree.get("crates/rails/src/card/simulator/mod.rs").expect("the card simulator");
    assert!(folder.text.contains("#[cfg(test)]\nmod market;"));
}

#[test]
fn bincode_is_called_in_one_place() {
    crate::hold(one_codec);
}

#[test]
fn impurity_is_found() {
    for (name, why) in IMPURE {
        let file =
            File::sample("crates/domain/src/fee.rs", &format!("// f64 is not used.\nlet x = {name}::y;\n"));
        assert!(pure(&file).contains(&format!("2: names {name}; {why}")), "{name}");
    }
    let waits = "async fn ask();\nlet now = SystemTime::now();\n";
    let broken = |path: &str| pure(&File::sample(path, waits)).len();
    assert_eq!(broken("crates/rails/src/card/port.rs"), 1, "a port may wait and sees no clock");
    assert_eq!(broken("crates/rails/src/card/simulator/mod.rs"), 2);
    let call = "let bytes = bincode::encode_to_vec(x);\n";
    assert_eq!(one_codec(&File::sample("crates/views/src/tax/mod.rs", call)).len(), 1);
    assert_eq!(one_codec(&File::sample(CODEC, call)).len(), 0);
}
