//! The domain is pure: its sources do not even name what decides by chance, clock or disk.
//! And bincode is called in the codec alone.

use crate::tree::File;

/// What no file of the domain names, and why.
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

fn pure(file: &File) -> Vec<String> {
    if !file.path.starts_with("crates/domain/src/") || !file.is_rust() || file.path == READS_FACTS {
        return Vec::new();
    }
    let mut broken = Vec::new();
    for (number, line) in file.lines().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let found = IMPURE.iter().filter(|(name, _)| line.contains(name));
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
fn the_domain_names_nothing_impure() {
    crate::hold(pure);
}

#[test]
fn the_file_that_reads_facts_is_a_test() {
    let tree = crate::Tree::of_the_house();
    let folder = tree.get("crates/domain/src/calendar/bank/mod.rs").expect("the calendars");
    assert!(folder.text.contains("#[cfg(test)]\nmod published;"));
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
    let call = "let bytes = bincode::encode_to_vec(x);\n";
    assert_eq!(one_codec(&File::sample("crates/views/src/tax/mod.rs", call)).len(), 1);
    assert_eq!(one_codec(&File::sample(CODEC, call)).len(), 0);
}
