//! The house rules of scenario files: where they are, and how long they are.

use std::path::Path;

use counterfoil_testkit::scenario::Document;

use crate::files::files;

/// Folders whose files may have several `when` lines: tales, and ladders of refusals.
const LONG: [&str; 2] = ["stories", "ladder"];

#[test]
fn every_path_names_a_noun() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/domain/src");
    for file in files() {
        let parts = file.parts();
        let noun = parts[0];
        // The ledger's own settings are a file of the domain's root.
        // `split_rule` is the folder `split/rule`, `bank_debit` one of its own.
        let folders = [source.join(noun), source.join(noun.replace('_', "/"))];
        let known = noun == "stories" || folders.iter().any(|folder| folder.is_dir()) || noun == "settings";
        assert!(known, "{}: {noun} is no noun of the domain", file.path.display());
        assert!(parts.len() <= 3, "{} is too deep", file.path.display());
    }
}

#[test]
fn only_stories_and_ladders_do_several_things() {
    for file in files() {
        let long = file.parts().iter().any(|part| LONG.contains(part));
        let groups = Document::read(&file.text).unwrap().groups.len();
        assert!(long || groups == 1, "{} has {groups} \"when\" lines", file.path.display());
    }
}

#[test]
fn every_ladder_ends_each_step_in_a_refusal() {
    for file in files().iter().filter(|file| file.parts().contains(&"ladder")) {
        for group in Document::read(&file.text).unwrap().groups {
            let refused = group.then.iter().all(|line| line.text.starts_with("refused "));
            assert!(refused, "{}: a ladder only refuses", file.path.display());
        }
    }
}
