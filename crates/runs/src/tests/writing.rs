//! Writing: what is refused, and what is left of a run that was never finished.

use std::ops::Bound;

use super::{pairs, place, statement, write};
use crate::{MAX_VALUE, Options, Run, RunError, RunWriter};

#[test]
fn a_row_that_is_refused_is_not_added() {
    let (_folder, path) = place();
    let mut writer = RunWriter::create(&path, Options::default()).unwrap();
    let mut refused = |key: &[u8], value: &[u8]| writer.add(key, value).unwrap_err();
    assert!(matches!(refused(b"", b""), RunError::KeyLength { length: 0, .. }));
    writer.add(b"florist", b"1").unwrap();
    let mut refused = |key: &[u8], value: &[u8]| writer.add(key, value).unwrap_err();
    for early in [b"florist".as_slice(), b"bakery", b"f", b"floris"] {
        let error = refused(early, b"2");
        assert!(matches!(&error, RunError::Order { key, .. } if **key == *early), "{error}");
        let said = "does not come after florist. Add keys in ascending order";
        assert!(error.to_string().contains(said), "{error}");
    }
    assert!(matches!(refused(b"", b""), RunError::KeyLength { length: 0, .. }));
    assert!(matches!(refused(&[b'z'; 256], b""), RunError::KeyLength { length: 256, .. }));
    let long = vec![0; MAX_VALUE + 1];
    assert!(matches!(refused(b"potter", &long), RunError::ValueLength { length: 16_385, .. }));
    writer.add(b"florists", &long[..MAX_VALUE]).unwrap();
    writer.add(&[b'z'; 255], b"3").unwrap();
    let run = writer.finish().unwrap();
    let rows = pairs(run.range(Bound::Unbounded, Bound::Unbounded)).unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1].1.len(), MAX_VALUE);
}

#[test]
fn a_writer_that_is_dropped_leaves_no_file() {
    let (folder, path) = place();
    let mut writer = RunWriter::create(&path, Options::default()).unwrap();
    for (key, value) in &statement(2, 2_000) {
        writer.add(key, value).unwrap();
    }
    assert!(folder.path().join("run.tmp").exists() && !path.exists());
    drop(writer);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_half_written_run_is_none() {
    let (folder, path) = place();
    let draft = folder.path().join("run.tmp");
    let mut writer = RunWriter::create(&path, Options::default()).unwrap();
    for (key, value) in &statement(2, 2_000) {
        writer.add(key, value).unwrap();
    }
    let error = Run::open(&draft).unwrap_err();
    assert!(error.wants_rebuild(), "{error}");
    // A crash leaves it; the next one overwrites it.
    std::mem::forget(writer);
    let model = statement(1, 10);
    assert_eq!(write(&path, &model, None).entries(), 10);
    assert!(!draft.exists());
}

#[test]
fn a_run_that_cannot_be_written_says_so() {
    let (folder, _) = place();
    let nowhere = folder.path().join("nowhere").join("run");
    let error = RunWriter::create(&nowhere, Options::default()).unwrap_err();
    assert!(matches!(error, RunError::Io { doing: "create", .. }), "{error}");
    assert!(matches!(Run::open(&nowhere), Err(RunError::Io { doing: "open", .. })));
    // Under its name lies a folder, which no file replaces.
    let taken = folder.path().join("taken");
    std::fs::create_dir_all(taken.join("something")).unwrap();
    let writer = RunWriter::create(&taken, Options::default()).unwrap();
    assert!(matches!(writer.finish(), Err(RunError::Io { doing: "rename", .. })));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "the draft is gone");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_finished_run_keeps_its_name() {
    // Every write to this device fails as on a full disk.
    let (folder, path) = place();
    std::os::unix::fs::symlink("/dev/full", folder.path().join("run.tmp")).unwrap();
    let error = RunWriter::create(&path, Options::default()).unwrap_err();
    assert!(matches!(error, RunError::Io { doing: "write", .. }), "{error}");
    assert!(!path.exists());
    let model = statement(1, 10);
    write(&path, &model, None);
    std::os::unix::fs::symlink("/dev/full", folder.path().join("run.tmp")).unwrap();
    assert!(RunWriter::create(&path, Options::default()).is_err());
    assert_eq!(Run::open(&path).unwrap().entries(), 10);
}
