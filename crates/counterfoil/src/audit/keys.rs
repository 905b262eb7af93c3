//! The pass over the keys of personal data: each file holds a key and its checksum.

use std::path::Path;

use counterfoil_domain::account::KeyId;

use super::Pass;
use crate::sealing::Keys;

/// Checks every key file in a folder; none is fine.
pub(super) fn check(folder: &Path) -> Pass {
    let mut pass = Pass::new("keys", "key files", 0);
    let advice = "restore the keys folder from a backup; without its key the data is erased";
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return pass,
        Err(error) => return pass.with(format!("{}: {error}", folder.display()), advice.to_owned()),
    };
    let keys = Keys::new(folder);
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into()).collect();
    names.sort();
    for name in names {
        // A temporary file is what a crash left of a key that nothing was sealed under.
        let Some(subject) = name.strip_suffix(".key") else {
            continue;
        };
        pass.checked += 1;
        match subject_of(subject).map(|subject| keys.get(subject)) {
            Some(Ok(_)) => {}
            Some(Err(error)) => pass.find(error.to_string(), advice),
            None => pass.find(format!("{}: no subject has this name", folder.join(&name).display()), advice),
        }
    }
    pass
}

fn subject_of(hex: &str) -> Option<KeyId> {
    let number = u128::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 32)?;
    Some(KeyId(number.to_be_bytes()))
}
