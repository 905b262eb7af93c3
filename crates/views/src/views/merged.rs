//! Files of rows become one before there are many.

use std::fs;
use std::sync::atomic::AtomicBool;

use super::Views;
use super::flushed::kept;
use super::tests::{assert_same, busy, views};
use crate::projector::View;

#[test]
fn runs_are_merged_before_there_are_many() {
    let driver = busy();
    let folder = tempfile::tempdir().unwrap();
    let mut flushed = Views::new();
    for events in driver.log.chunks(3) {
        flushed.apply_all(events).unwrap();
        flushed.flush(folder.path()).unwrap();
    }
    let statements = flushed.files().iter().filter(|name| name.starts_with("statement-")).count();
    assert!((2..=63).contains(&statements), "{statements} runs of {} events", driver.log.len());
    assert_same(&flushed, &views(&driver, driver.log.len()));
    let mut flushed = kept(flushed, folder.path());
    // Nothing new is no new file.
    let before = flushed.files();
    flushed.flush(folder.path()).unwrap();
    assert_eq!(flushed.files(), before);
}

/// Closing a ledger merged files of any length, as long as they had few rows: and a row had
/// become a stretch of many lines.
#[test]
fn only_so_many_bytes_are_merged_where_somebody_waits() {
    let driver = busy();
    let folder = tempfile::tempdir().unwrap();
    let mut live = views(&driver, 50);
    let settle = |live: &mut Views| {
        let flush = live.write(folder.path()).unwrap();
        live.settle(flush);
    };
    settle(&mut live);
    for recorded in &driver.log[50..] {
        live.apply(recorded).unwrap();
        settle(&mut live);
    }
    let length = |file: &String| fs::metadata(folder.path().join(file)).unwrap().len();
    // Merges so many bytes at most; of which view, how many files and bytes that was.
    let merge = |live: &mut Views, most: u64| {
        let (view, merge) = live.merge(most)?;
        let before = live.files_of(view);
        live.replace(view, merge.write(folder.path(), &AtomicBool::new(false)).unwrap().unwrap());
        let after = live.files_of(view);
        let gone: Vec<&String> = before.iter().filter(|file| !after.contains(file)).collect();
        Some((view, gone.len(), gone.into_iter().map(length).sum::<u64>()))
    };
    let (view, all, bytes) = merge(&mut live.only(View::Tax), u64::MAX).unwrap();
    let mut tax = live.only(view);
    let (_, some, fewer) = merge(&mut tax, bytes - 1).unwrap();
    assert!(some >= 32 && some < all && fewer < bytes, "{some} of {all} files, {fewer} of {bytes} bytes");
    assert!(live.merge(fewer / 10).is_none());
    // Those that were left are not left for ever.
    while merge(&mut live, bytes / 2).is_some() {}
    while merge(&mut live, u64::MAX).is_some() {}
    assert!(View::ALL.into_iter().all(|view| live.files_of(view).len() < 32));
    assert_same(&live, &views(&driver, driver.log.len()));
}
