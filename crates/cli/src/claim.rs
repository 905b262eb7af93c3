//! The folder of a command that makes its own: made by that command, or not touched.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::exit::Failure;

/// Lies in every folder that a command made, from before its ledger is there.
const MARK: &str = "about-this-folder.txt";

/// A command that makes its folder.
#[derive(Clone, Copy)]
pub(crate) struct Maker {
    /// What people call it.
    pub(crate) name: &'static str,
    /// What its mark says; a folder whose mark says anything else is not its own.
    pub(crate) says: &'static str,
}

/// Makes the folder, or makes sure that an earlier run of this command did.
pub(crate) fn claim(folder: &Path, maker: Maker) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: io::Error| Failure::input(format!("{path}: {error}"))
    };
    let mark = folder.join(MARK);
    match fs::read(&mark) {
        Ok(says) if says == maker.says.as_bytes() => return Ok(()),
        Ok(_) => return Err(foreign(folder, maker)),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Failure::input(format!("{} is a file; name a folder with --dir", folder.display())));
        }
        Err(error) => return Err(failed(&mark)(error)),
    }
    // Whole or not there: a mark cut short would make the folder nobody's.
    let unfinished = format!("{MARK}.new");
    match fs::read_dir(folder) {
        Ok(entries) => {
            let names: io::Result<Vec<OsString>> = entries.map(|entry| Ok(entry?.file_name())).collect();
            if names.map_err(failed(folder))?.iter().any(|name| name != unfinished.as_str()) {
                return Err(foreign(folder, maker));
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(failed(folder))?;
        }
        Err(error) => return Err(failed(folder)(error)),
    }
    let unfinished = folder.join(unfinished);
    let written = fs::File::create(&unfinished).and_then(|mut file| {
        file.write_all(maker.says.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&unfinished, &mark)).map_err(failed(&mark))
}

/// A folder that the command did not make.
pub(crate) fn foreign(folder: &Path, maker: Maker) -> Failure {
    Failure::input(format!(
        "{} is not empty and was not made by this {}; nothing was written; name another folder with --dir",
        folder.display(),
        maker.name
    ))
}
