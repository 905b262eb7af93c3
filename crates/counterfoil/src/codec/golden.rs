//! Golden bytes: every (type, version) that was ever written is still read, to the same
//! event, and the newest version of each is still written to the same bytes.
//!
//! The bytes are in `tests/golden/events/<event>.v<version>.hex`. A golden file is
//! added and never changed once its version was released; `COUNTERFOIL_BLESS=1` writes
//! those that are missing or differ.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use counterfoil_domain::Event;
use counterfoil_domain::account::AccountType;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::ProcessingFee;
use counterfoil_domain::money::Rate;
use counterfoil_domain::refund::OnShortfall;

use super::head::Head;
use super::hot::{hot_charge, hot_split, hot_transfer, hot_transfer_of_a_charge};
use super::samples::{bookmark, samples};
use super::shapes::v0::BookmarkSetV0;
use super::{Decoded, Fault, body, decode, encode, kinds, serial};

/// What each golden file must hold: the event that it is read to, and its bytes.
struct Golden {
    kind: u16,
    version: u8,
    expected: Decoded,
    bytes: Vec<u8>,
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/events"))
}

fn encoded(decoded: &Decoded) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(&decoded.recorded, decoded.command_events, decoded.stamp.as_ref(), &mut bytes).unwrap();
    bytes
}

fn blessing() -> bool {
    std::env::var_os("COUNTERFOIL_BLESS").is_some_and(|value| value == "1")
}

/// Every golden file by name: each sample in the newest version, and each old version.
fn goldens() -> BTreeMap<String, Golden> {
    let newest = samples().into_iter().map(|expected| {
        let (kind, version) = kinds::of(&expected.recorded.event);
        let bytes = encoded(&expected);
        Golden { kind, version, expected, bytes }
    });
    let name = |golden: &Golden| format!("{}.v{}.hex", golden.expected.recorded.event.name(), golden.version);
    newest
        .chain([bookmark_without_source(), opened_with_waiting_refunds(), onboarded_under_terms()])
        .map(|golden| (name(&golden), golden))
        .collect()
}

/// Version 0 of a bookmark names no source and is lifted to one of 32 zero bytes.
fn bookmark_without_source() -> Golden {
    let (kind, version) = (kinds::BOOKMARK_SET, 0);
    let is_bookmark = |sample: &Decoded| matches!(sample.recorded.event, Event::BookmarkSet { .. });
    let mut expected = samples().into_iter().find(is_bookmark).unwrap();
    expected.recorded.event = bookmark([0; 32]);
    let Decoded { recorded, command_events, stamp } = &expected;
    let mut bytes = Vec::new();
    let (command_events, stamp) = (*command_events, stamp.as_ref());
    Head { kind, version, recorded, command_events, stamp, has_entry: false }.write(&mut bytes);
    serial::append(&BookmarkSetV0 { name: "orders.csv", cursor: 99_441 }, &mut bytes).unwrap();
    Golden { kind, version, expected, bytes }
}

/// An account is written in version 1 where that says all of it.
fn onboarded_under_terms() -> Golden {
    let is_onboarded = |sample: &Decoded| matches!(sample.recorded.event, Event::AccountOnboarded(_));
    let mut expected = samples().into_iter().find(is_onboarded).unwrap();
    if let Event::AccountOnboarded(onboarded) = &mut expected.recorded.event {
        onboarded.controller = Some(AccountType::Express.controller());
        onboarded.processing_fee =
            Some(ProcessingFee { rate: Rate::from_basis_points(150).unwrap(), fixed: 25 });
    }
    let (kind, version) = kinds::of(&expected.recorded.event);
    let bytes = encoded(&expected);
    Golden { kind, version, expected, bytes }
}

/// What a ledger is opened with is written in version 1 where that says all of it.
fn opened_with_waiting_refunds() -> Golden {
    let mut expected = samples().into_iter().next().unwrap();
    if let Event::LedgerOpened(settings) = &mut expected.recorded.event {
        settings.on_shortfall = OnShortfall::Wait;
    }
    let (kind, version) = kinds::of(&expected.recorded.event);
    let bytes = encoded(&expected);
    Golden { kind, version, expected, bytes }
}

fn to_hex(bytes: &[u8]) -> String {
    let line = |line: &[u8]| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    bytes.chunks(32).map(line).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

#[test]
fn golden_bytes_are_read_and_written() {
    for (name, golden) in goldens() {
        let path = folder().join(&name);
        if blessing() {
            std::fs::write(&path, to_hex(&golden.bytes)).unwrap();
        }
        let stored = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{name}: {error}; COUNTERFOIL_BLESS=1 writes it"));
        assert_eq!(stored, to_hex(&golden.bytes), "{name} is no longer written as it was");
        let decoded = decode(golden.expected.recorded.position, &from_hex(&stored));
        assert_eq!(decoded.as_ref(), Ok(&golden.expected), "{name} is no longer read as it was");
    }
}

#[test]
fn every_version_of_every_event_has_golden_bytes() {
    let covered: BTreeSet<(u16, u8)> =
        goldens().values().map(|golden| (golden.kind, golden.version)).collect();
    let readable = |kind, version| {
        !matches!(
            body::read((kind, version), &[], None, Timestamp::from_micros(0)),
            Err(Fault::UnknownVersion { .. } | Fault::UnknownType)
        )
    };
    let every =
        kinds::all().into_iter().flat_map(|(kind, newest)| (0..=newest).map(move |version| (kind, version)));
    let known: BTreeSet<(u16, u8)> = every.filter(|(kind, version)| readable(*kind, *version)).collect();
    assert_eq!(covered, known, "a version without a sample, or a sample that nothing reads");
    for shape in &kinds::all() {
        assert!(known.contains(shape), "the newest version of type {} is read", shape.0);
    }
}

#[test]
fn golden_files_are_those_of_samples() {
    if blessing() {
        return;
    }
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name());
    let files: BTreeSet<String> = files.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(files, goldens().into_keys().collect());
}

#[test]
fn type_numbers_are_used_once() {
    let numbers: BTreeSet<u16> = kinds::all().iter().map(|(kind, _)| *kind).collect();
    assert_eq!(numbers.len(), kinds::all().len());
}

/// The sizes are a promise: the log's cost is counted in them.
#[test]
fn hot_events_are_small() {
    let splits = [hot_split(1, None), hot_split(2, None), hot_split(1, Some("order-17"))];
    let hot = [hot_transfer(), hot_transfer_of_a_charge(), hot_charge()].into_iter().chain(splits);
    let sizes = hot.map(|hot| {
        let bytes = encoded(&hot);
        let length = bytes.len();
        assert_eq!(decode(hot.recorded.position, &bytes), Ok(hot));
        length
    });
    assert_eq!(sizes.collect::<Vec<usize>>(), [78, 128, 107, 118, 158, 127]);
}
