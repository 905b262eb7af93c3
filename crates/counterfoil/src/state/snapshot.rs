//! A snapshot of the ledger as a file: where it was taken, its runs, and its state.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;

use counterfoil_domain::account::Account;
use counterfoil_domain::parts::Parts;
use counterfoil_domain::{AccountId, Ledger};
use counterfoil_log::{Hash, Head};
use counterfoil_runs::{Run, RunError};

use super::recalled::Recalled;
use super::sections::{SectionError, SectionReader, SectionWriter};
use super::shelf::{Checkpoint, run_path};
use super::table::{Span, doubt_of};
use super::trail::Trail;
use crate::codec::ledger::{
    decode_accounts, decode_external_ids, decode_rest, encode_accounts, encode_external_ids, encode_rest,
    misplaced,
};
use crate::codec::{CodecError, decode_state, encode_state};

const PLACE: u8 = 1;
const REST: u8 = 2;
const ACCOUNTS: u8 = 3;
const EXTERNAL_IDS: u8 = 4;

/// Accounts or external ids of one section.
const CHUNK: usize = 4_096;

/// Where a snapshot was taken: frame, position, hash, epoch; the runs of each table;
/// heads that the log passed, as frame and hash; and how many accounts follow.
type Place = ((u64, u64, [u8; 32], u64), Vec<Vec<Named>>, Vec<(u64, [u8; 32])>, u64);

/// A run as a snapshot names it: first, end, recorded at, rows, bytes, and its fingerprint,
/// so that no other run can stand in its place.
type Named = (u64, u64, i64, u64, u64, u64);

/// An account takes at least so many bytes: no count is believed beyond the file.
const LEAST_ACCOUNT: u64 = 8;

/// Why a snapshot cannot be used.
#[derive(Debug)]
pub(super) enum Unusable {
    /// It could not be read, and may be whole.
    Io(io::Error),
    /// It is broken, or a run that it names is not what it was.
    Broken(String),
}

impl Unusable {
    /// An end that came too early, or a file that is gone, is damage.
    fn of(error: io::Error) -> Self {
        let damage = matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::NotFound);
        if damage { Self::Broken(error.to_string()) } else { Self::Io(error) }
    }
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(error) => write!(f, "{error}"),
            Self::Broken(why) => f.write_str(why),
        }
    }
}

/// Writes a snapshot to a file that is not there yet, and syncs it.
pub(super) fn write(
    path: &Path,
    ledger: &Ledger,
    recalled: &Recalled,
    (head, trail): (&Head, &Trail),
) -> Result<(), Unusable> {
    let io = Unusable::of;
    let coded = |error: CodecError| Unusable::Broken(error.to_string());
    let mut writer = SectionWriter::new(File::create(path).map_err(io)?).map_err(io)?;
    let mut bytes = Vec::new();
    encode_state(&place(ledger, recalled, head, trail), &mut bytes).map_err(coded)?;
    writer.add(PLACE, &bytes).map_err(io)?;
    bytes.clear();
    encode_rest(&ledger.rest(), &mut bytes).map_err(coded)?;
    writer.add(REST, &bytes).map_err(io)?;
    for accounts in ledger.accounts().chunks(CHUNK) {
        bytes.clear();
        encode_accounts(accounts, &mut bytes).map_err(coded)?;
        writer.add(ACCOUNTS, &bytes).map_err(io)?;
    }
    let ids: Vec<(&str, AccountId)> = ledger.external_ids().collect();
    for ids in ids.chunks(CHUNK) {
        bytes.clear();
        encode_external_ids(ids, &mut bytes).map_err(coded)?;
        writer.add(EXTERNAL_IDS, &bytes).map_err(io)?;
    }
    writer.finish().and_then(|file| file.sync_all()).map_err(io)
}

/// Reads a snapshot and opens its runs, which lie beside it.
pub(super) fn read(path: &Path) -> Result<Checkpoint, Unusable> {
    let section = |error: SectionError| match error {
        SectionError::Io(error) => Unusable::of(error),
        SectionError::Version | SectionError::Check { .. } => Unusable::Broken(error.to_string()),
    };
    let coded = |error: CodecError| Unusable::Broken(error.to_string());
    let file = File::open(path).map_err(Unusable::of)?;
    let most = file.metadata().map_err(Unusable::of)?.len() / LEAST_ACCOUNT;
    let file = BufReader::with_capacity(1 << 20, file);
    let mut reader = SectionReader::new(file).map_err(section)?;
    let (mut place, mut rest) = (None, None);
    let mut accounts: Vec<Account> = Vec::new();
    let mut external_ids = Vec::new();
    while let Some((kind, bytes)) = reader.next().map_err(section)? {
        match kind {
            PLACE => {
                let (head, tables, passed, count) = decode_state::<Place>(bytes).map_err(coded)?;
                // They are many, and to make room step by step moves them several times.
                accounts.reserve(usize::try_from(count.min(most)).unwrap_or_default());
                place = Some((head, tables, passed));
            }
            REST => rest = Some(decode_rest(bytes).map_err(coded)?),
            ACCOUNTS => decode_accounts(bytes, &mut accounts).map_err(coded)?,
            EXTERNAL_IDS => decode_external_ids(bytes, &mut external_ids).map_err(coded)?,
            other => return Err(coded(misplaced(other))),
        }
    }
    let (Some((head, tables, passed)), Some(rest)) = (place, rest) else {
        return Err(Unusable::Broken("a section is missing".to_owned()));
    };
    let (next_frame, next_position, hash, epoch) = head;
    let head = Head { next_frame, next_position, hash: Hash(hash), epoch };
    let recalled = open_runs(path.parent().unwrap_or(Path::new("")), head.next_position, tables)?;
    let ledger = Parts { rest, accounts, external_ids }.into();
    Ok(Checkpoint { head, trail: Trail::stored(passed), ledger, recalled })
}

fn place(ledger: &Ledger, recalled: &Recalled, head: &Head, trail: &Trail) -> Place {
    let row = |span: &Span| -> Named {
        let Span { run, first, end, recorded_at } = span;
        (*first, *end, *recorded_at, run.entries(), run.bytes(), run.fingerprint())
    };
    let tables = recalled.tables().map(|table| table.spans.iter().map(row).collect());
    let head = (head.next_frame, head.next_position, head.hash.0, head.epoch);
    (head, tables.into(), trail.to_store(), ledger.accounts().len() as u64)
}

fn open_runs(folder: &Path, covered: u64, tables: Vec<Vec<Named>>) -> Result<Recalled, Unusable> {
    let mut recalled = Recalled { covered, ..Recalled::default() };
    for (table, rows) in [&mut recalled.keys, &mut recalled.latest].into_iter().zip(tables) {
        let mut reached = 0;
        for (first, end, recorded_at, entries, bytes, fingerprint) in rows {
            let path = run_path(folder, table.name, first, end);
            if doubt_of(&path).try_exists().map_err(Unusable::of)? {
                return Err(Unusable::Broken(format!("{} could not be read before", path.display())));
            }
            let run = Run::open(&path).map_err(|error| {
                let why = error.to_string();
                if let RunError::Io { source, .. } = error {
                    Unusable::of(source)
                } else {
                    Unusable::Broken(why)
                }
            })?;
            let found = (run.entries(), run.bytes(), run.fingerprint(), run.spread());
            let named = (entries, bytes, fingerprint, table.options.spread);
            if found != named || first < reached || first >= end || end > covered {
                return Err(Unusable::Broken(format!("{} is not the run that was named", path.display())));
            }
            reached = end;
            table.spans.push(Span { run: Arc::new(run), first, end, recorded_at });
        }
    }
    Ok(recalled)
}
