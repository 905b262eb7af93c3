//! A snapshot of the ledger as a file: where it was taken, its runs, and its state.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;

use counterfoil_domain::account::Account;
use counterfoil_domain::parts::Parts;
use counterfoil_domain::{AccountId, Ledger};
use counterfoil_log::{Hash, Head};
use counterfoil_runs::Run;

use super::recalled::Recalled;
use super::sections::{SectionError, SectionReader, SectionWriter};
use super::shelf::Checkpoint;
use super::table::Span;
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

/// Where a snapshot was taken: frame, position, hash, epoch; and the runs of each table:
/// name, first, end, recorded at.
type Place = ((u64, u64, [u8; 32], u64), Vec<Vec<(String, u64, u64, i64)>>);

/// Why a snapshot cannot be used.
pub(super) type Unusable = String;

/// Writes a snapshot to a file that is not there yet, and syncs it.
pub(super) fn write(path: &Path, ledger: &Ledger, recalled: &Recalled, head: &Head) -> Result<(), Unusable> {
    let io = |error: io::Error| error.to_string();
    let coded = |error: CodecError| error.to_string();
    let mut writer = SectionWriter::new(File::create(path).map_err(io)?).map_err(io)?;
    let mut bytes = Vec::new();
    encode_state(&place(recalled, head), &mut bytes).map_err(coded)?;
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
    let section = |error: SectionError| error.to_string();
    let coded = |error: CodecError| error.to_string();
    let file = BufReader::with_capacity(1 << 20, File::open(path).map_err(|error| error.to_string())?);
    let mut reader = SectionReader::new(file).map_err(section)?;
    let (mut place, mut rest) = (None, None);
    let mut accounts: Vec<Account> = Vec::new();
    let mut external_ids = Vec::new();
    while let Some((kind, bytes)) = reader.next().map_err(section)? {
        match kind {
            PLACE => place = Some(decode_state::<Place>(bytes).map_err(coded)?),
            REST => rest = Some(decode_rest(bytes).map_err(coded)?),
            ACCOUNTS => decode_accounts(bytes, &mut accounts).map_err(coded)?,
            EXTERNAL_IDS => decode_external_ids(bytes, &mut external_ids).map_err(coded)?,
            other => return Err(misplaced(other).to_string()),
        }
    }
    let (Some((head, tables)), Some(rest)) = (place, rest) else {
        return Err("a section is missing".to_owned());
    };
    let (next_frame, next_position, hash, epoch) = head;
    let head = Head { next_frame, next_position, hash: Hash(hash), epoch };
    let recalled = open_runs(path.parent().unwrap_or(Path::new("")), head.next_position, tables)?;
    Ok(Checkpoint { head, ledger: Parts { rest, accounts, external_ids }.into(), recalled })
}

fn place(recalled: &Recalled, head: &Head) -> Place {
    let name = |span: &Span| span.run.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let row = |span: &Span| (name(span), span.first, span.end, span.recorded_at);
    let tables = recalled.tables().map(|table| table.spans.iter().map(row).collect());
    ((head.next_frame, head.next_position, head.hash.0, head.epoch), tables.into())
}

fn open_runs(
    folder: &Path,
    covered: u64,
    tables: Vec<Vec<(String, u64, u64, i64)>>,
) -> Result<Recalled, Unusable> {
    let mut recalled = Recalled { covered, ..Recalled::default() };
    for (table, rows) in [&mut recalled.keys, &mut recalled.latest].into_iter().zip(tables) {
        for (name, first, end, recorded_at) in rows {
            if name.contains('/') {
                return Err(format!("{name} is no name of a run"));
            }
            let run = Run::open(&folder.join(name)).map_err(|error| error.to_string())?;
            table.spans.push(Span { run: Arc::new(run), first, end, recorded_at });
        }
    }
    Ok(recalled)
}
