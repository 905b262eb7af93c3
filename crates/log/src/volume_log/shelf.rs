//! The names of volumes on the shelf, and reading which there are.

use std::io;

use crate::anchor::UNFINISHED;
use crate::{Damage, Files, LedgerId, OpenError, Origin};

/// What a volume's folder is called while it is built.
const TEMPORARY: &str = ".tmp";
const PREFIX: &str = "volume-";

/// The folder of a volume. Six digits are 256 TB of volumes; more digits still sort by number here.
pub(super) fn folder(number: u64) -> String {
    format!("{PREFIX}{number:06}")
}

/// The folder in which a volume is built.
pub(super) fn temporary_folder(number: u64) -> String {
    format!("{PREFIX}{number:06}{TEMPORARY}")
}

/// The file in a volume's folder that tells where it begins.
pub(super) fn origin_file(folder: &str) -> String {
    format!("{folder}/origin")
}

/// The names in the log's folder; none where there is no folder.
pub(super) fn names(files: &dyn Files) -> Result<Vec<String>, OpenError> {
    match files.list("") {
        Ok(names) => Ok(names),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(OpenError::io(".", source)),
    }
}

/// Whether a name is one that only unfinished work has. Anything else in the folder is not ours to delete.
pub(super) fn is_temporary(name: &str) -> bool {
    name == UNFINISHED || (name.starts_with(PREFIX) && name.ends_with(TEMPORARY))
}

/// The numbers of the volumes among some names, ascending.
pub(super) fn numbers(names: &[String]) -> Vec<u64> {
    let mut numbers: Vec<u64> =
        names.iter().filter_map(|name| name.strip_prefix(PREFIX)?.parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

/// The origins of all volumes, oldest first: none may be missing and each begins where or before
/// the one before it ends.
pub(super) fn origins(
    files: &dyn Files,
    numbers: &[u64],
    ledger: LedgerId,
) -> Result<Vec<Origin>, OpenError> {
    let mut origins: Vec<Origin> = Vec::with_capacity(numbers.len());
    for (number, expected) in numbers.iter().zip(1_u64..) {
        if *number != expected {
            let next = origins.last().map_or(0, |origin| origin.head.next_frame);
            let found = format!("{} and no volume between", folder(*number));
            return Err(Damage::new(folder(expected), "a volume", found).at_frame(next).into());
        }
        let file = origin_file(&folder(expected));
        let bytes = match files.read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Damage::new(file, "the origin of a volume", "no such file").into());
            }
            Err(source) => return Err(OpenError::io(file, source)),
        };
        let origin = Origin::decode(&file, &bytes)?;
        check_origin(&file, &origin, expected, ledger, origins.last())?;
        origins.push(origin);
    }
    Ok(origins)
}

fn check_origin(
    file: &str,
    origin: &Origin,
    number: u64,
    ledger: LedgerId,
    before: Option<&Origin>,
) -> Result<(), OpenError> {
    if origin.ledger != ledger {
        let found = format!("one of ledger {}", origin.ledger);
        return Err(Damage::new(file, format!("a volume of ledger {ledger}"), found).into());
    }
    if origin.volume != number {
        let found = format!("the origin of volume {}", origin.volume);
        return Err(Damage::new(file, format!("the origin of volume {number}"), found).into());
    }
    let earliest = before.map_or(0, |origin| origin.head.next_frame);
    if origin.head.next_frame < earliest {
        let found = format!("a volume that begins at frame {}", origin.head.next_frame);
        return Err(
            Damage::new(file, format!("a volume that begins at frame {earliest} or later"), found).into()
        );
    }
    Ok(())
}
