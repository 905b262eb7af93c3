//! Why an import does not run, as opposed to a row that is refused.

use std::fmt;
use std::io;
use std::path::PathBuf;

use counterfoil::views::Unreadable;
use counterfoil::{ExecuteError, OpenError, ViewsStopped};

use super::table::HeaderError;

/// Why an import does not run, or stops.
#[derive(Debug)]
pub(crate) enum ImportError {
    /// A file is not there.
    NoFile {
        /// Where it was looked for.
        folder: PathBuf,
        /// Its name when it is not compressed.
        name: &'static str,
    },
    /// A file cannot be read, or not be decompressed to its end.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no table of the columns that are read.
    Header {
        /// The file's name when it is not compressed.
        file: &'static str,
        /// What is wrong with its header.
        error: HeaderError,
    },
    /// The commission is more than the whole.
    Commission {
        /// What was asked.
        basis_points: u16,
    },
    /// The payments name more types than a ledger has rails.
    TooManyRails {
        /// How many.
        rails: usize,
    },
    /// The ledger does not open.
    Open(Box<OpenError>),
    /// The ledger is another import's, or the same import's with other options.
    OtherImport,
    /// The ledger has events that are of no import.
    NotEmpty {
        /// How many.
        events: u64,
    },
    /// The ledger is empty, and was opened for something else.
    OtherSettings {
        /// The setting that is not the import's.
        setting: &'static str,
    },
    /// The ledger did not execute a step.
    Execute {
        /// Which step.
        step: u64,
        /// Why not.
        source: ExecuteError,
    },
    /// Every step was taken, and the ledger does not hold what the files come to.
    OtherTotals {
        /// What was paid out, in centavos.
        paid: i128,
        /// What the platform has, in centavos.
        kept: i128,
    },
    /// The ledger cannot be asked.
    Ask(ExecuteError),
    /// The ledger's views cannot be asked.
    Views(ViewsStopped),
    /// The ledger's views have no answer.
    Unanswered(Unreadable),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFile { folder, name } => {
                write!(f, "{}: there is neither {name} nor {name}.gz", folder.display())
            }
            Self::Unreadable { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Header { file, error } => write!(f, "{file}: {error}"),
            Self::Commission { basis_points } => {
                write!(
                    f,
                    "a commission of {basis_points} basis points is more than the whole; 10000 is the most"
                )
            }
            Self::TooManyRails { rails } => {
                write!(f, "the payments are of {rails} types; a ledger has no rails for so many")
            }
            Self::Open(error) => error.fmt(f),
            Self::Views(error) => error.fmt(f),
            Self::Unanswered(error) => error.fmt(f),
            Self::OtherImport => f.write_str(
                "this ledger holds an import of other files or with other options; nothing was changed; name \
                 another folder with --dir",
            ),
            Self::NotEmpty { events } => write!(
                f,
                "this ledger holds {events} events that are not of this import; nothing was changed; name another \
                 folder with --dir"
            ),
            Self::OtherSettings { setting } => write!(
                f,
                "this ledger is empty, but its {setting} is not what an import needs; nothing was changed; name \
                 another folder with --dir"
            ),
            Self::Execute { step, source } => write!(f, "step {step} was not executed: {source}"),
            Self::OtherTotals { paid, kept } => write!(
                f,
                "the ledger does not hold what the files come to: sellers were paid {paid} centavos and the \
                 platform has {kept}; import into a new folder"
            ),
            Self::Ask(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ImportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } => Some(source),
            Self::Open(error) => Some(error.as_ref()),
            Self::Views(error) => Some(error),
            Self::Unanswered(error) => Some(error),
            Self::Execute { source, .. } | Self::Ask(source) => Some(source),
            Self::NoFile { .. }
            | Self::Header { .. }
            | Self::Commission { .. }
            | Self::TooManyRails { .. }
            | Self::OtherImport
            | Self::NotEmpty { .. }
            | Self::OtherSettings { .. }
            | Self::OtherTotals { .. } => None,
        }
    }
}
