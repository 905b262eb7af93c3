//! The folder `state`: a cache that must never answer wrongly, whatever stands in it.

use std::fs;
use std::path::{Path, PathBuf};

use counterfoil::audit::{Verdict, audit};
use counterfoil::domain::ChargeId;
use counterfoil::domain::refund::Refund;
use counterfoil::views::ObjectRef;
use counterfoil::{Counterfoil, OpenError, Request};
use uuid::Uuid;

use crate::shop::{charge, copy_folder, open, parted, refunded, sell};

fn run(folder: &Path, prefix: &str) -> PathBuf {
    let mut files = fs::read_dir(folder.join("state")).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix)).unwrap()
}

/// A retried sale is known, and what was given back is not given back again.
async fn knows_its_past(folder: &Path, sale: ChargeId, ledger: u128) {
    let ledger = open(folder, ledger).await;
    assert!(ledger.execute(charge(1_000)).idempotent("sale").await.unwrap().replayed);
    assert!(ledger.execute(Refund::full(sale)).idempotent("again").await.is_err());
    ledger.close().await.unwrap();
    assert_eq!(audit(folder).await.unwrap().verdict(), Verdict::Sound);
}

/// Two runs of one folder were exchanged, every checksum of theirs being right: the audit
/// called it sound, a retried sale was charged again and a refund was made twice.
#[tokio::test]
async fn exchanged_runs_are_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let sale = refunded(folder.path(), 7).await;
    let (keys, latest) = (run(folder.path(), "keys-"), run(folder.path(), "latest-"));
    let (old_keys, old_latest) = (fs::read(&keys).unwrap(), fs::read(&latest).unwrap());
    fs::write(&keys, old_latest).unwrap();
    fs::write(&latest, old_keys).unwrap();
    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Damaged);
    knows_its_past(folder.path(), sale, 7).await;
}

/// The same with the runs of another ledger of the same length.
#[tokio::test]
async fn runs_of_another_ledger_are_not_believed() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sale = refunded(folder.path(), 7).await;
    let ledger = open(other.path(), 8).await;
    let first = ledger.execute(charge(900)).idempotent("other").await.unwrap().reply.charge;
    let _back = ledger.execute(Refund::full(first)).idempotent("thing").await.unwrap();
    ledger.close().await.unwrap();
    for prefix in ["keys-", "latest-"] {
        fs::copy(run(other.path(), prefix), run(folder.path(), prefix)).unwrap();
    }
    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Damaged);
    knows_its_past(folder.path(), sale, 7).await;
}

/// The same with the runs of another history: the records that changed are the same, and
/// stand elsewhere.
#[tokio::test]
async fn runs_of_another_history_are_not_believed() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut sales = Vec::new();
    for (folder, back_at_once) in [(folder.path(), true), (other.path(), false)] {
        let ledger = open(folder, 7).await;
        let sale = ledger.execute(charge(1_000)).idempotent("sale").await.unwrap().reply.charge;
        if back_at_once {
            let _back = ledger.execute(Refund::full(sale)).idempotent("back").await.unwrap();
        }
        let _sold = ledger.execute(charge(5)).await.unwrap();
        if !back_at_once {
            let _back = ledger.execute(Refund::full(sale)).idempotent("back").await.unwrap();
        }
        ledger.close().await.unwrap();
        sales.push(sale);
    }
    assert_eq!(sales[0], sales[1]);
    let (own, others) = (run(folder.path(), "latest-"), run(other.path(), "latest-"));
    assert_eq!(own.file_name(), others.file_name());
    assert_eq!(fs::metadata(&own).unwrap().len(), fs::metadata(&others).unwrap().len());
    fs::copy(others, own).unwrap();
    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Damaged);
    knows_its_past(folder.path(), sales[0], 7).await;
}

/// Breaks a block of a run, which nothing reads before somebody asks for its rows.
fn break_block(run: &Path) {
    let mut bytes = fs::read(run).unwrap();
    bytes[20] ^= 1;
    fs::write(run, bytes).unwrap();
}

/// A block that could not be read refused its keys and records for good, and the error
/// told of nothing but an audit.
#[tokio::test]
async fn what_cannot_be_read_is_named_and_mended_by_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let sale = refunded(folder.path(), 7).await;
    let (keys, latest) = (run(folder.path(), "keys-"), run(folder.path(), "latest-"));
    break_block(&keys);
    break_block(&latest);
    let ledger = open(folder.path(), 7).await;
    let retried = ledger.execute(charge(1_000)).idempotent("sale").await.unwrap_err().to_string();
    let again = ledger.execute(Refund::full(sale)).idempotent("again").await.unwrap_err().to_string();
    for (error, run) in [(retried, &keys), (again, &latest)] {
        assert!(error.contains(&*run.to_string_lossy()), "{error}");
        assert!(error.contains("close the ledger and open it again"), "{error}");
    }
    let _other = ledger.execute(charge(5)).idempotent("other").await.unwrap();
    ledger.close().await.unwrap();
    knows_its_past(folder.path(), sale, 7).await;
    let doubts = fs::read_dir(folder.path().join("state")).unwrap();
    let doubts = doubts.filter(|entry| entry.as_ref().unwrap().path().to_string_lossy().contains("doubt"));
    assert_eq!(doubts.count(), 0);
}

/// The same by hand: the file that the error names is removed, or the folder.
#[tokio::test]
async fn what_cannot_be_read_is_mended_by_its_removal() {
    for whole in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let sale = refunded(folder.path(), 7).await;
        let keys = run(folder.path(), "keys-");
        break_block(&keys);
        assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Damaged);
        if whole {
            fs::remove_dir_all(folder.path().join("state")).unwrap();
        } else {
            fs::remove_file(keys).unwrap();
        }
        knows_its_past(folder.path(), sale, 7).await;
    }
}

/// A checkpoint of another ledger, or of another history of this one, that was longer than
/// the log made the opening fail as if the log had lost events.
#[tokio::test]
async fn a_longer_checkpoint_of_another_log_is_set_aside() {
    for other_id in [8, 7] {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let sale = refunded(folder.path(), 7).await;
        sell(other.path(), other_id, 300).await;
        copy_folder(other.path(), folder.path(), "state");
        let report = audit(folder.path()).await.unwrap();
        let found: Vec<_> = report.passes.iter().flat_map(|pass| &pass.findings).collect();
        assert!(found.len() == 1 && found[0].advice.contains("remove the state folder"), "{found:?}");
        knows_its_past(folder.path(), sale, 7).await;
    }
}

/// Two histories that parted late: the trail still tells.
#[tokio::test]
async fn a_longer_checkpoint_of_a_history_that_parted_is_set_aside() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let sale = parted(folder.path(), other.path()).await;
    copy_folder(other.path(), folder.path(), "state");
    knows_its_past(folder.path(), sale, 7).await;
}

/// A log that is the beginning of what a checkpoint saw lost its end.
#[tokio::test]
async fn a_log_that_lost_its_end_is_not_opened() {
    for lost in [1, 40, 300] {
        let (folder, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _sale = refunded(folder.path(), 7).await;
        copy_folder(folder.path(), kept.path(), "log");
        sell(folder.path(), 7, lost).await;
        fs::remove_dir_all(folder.path().join("views")).unwrap();
        copy_folder(kept.path(), folder.path(), "log");
        let error = Counterfoil::builder().path(folder.path()).open().await.unwrap_err();
        assert!(matches!(error, OpenError::ShorterLog { view: "checkpoint", .. }), "{error}");
        let report = audit(folder.path()).await.unwrap();
        let found: Vec<_> = report.passes.iter().flat_map(|pass| &pass.findings).collect();
        assert!(found.len() == 1 && found[0].what.contains("shorter than it was"), "{found:?}");
    }
}

/// A checkpoint that could not be opened for want of a descriptor was taken for missing by
/// one of two readers: the writer began elsewhere than who follows it.
#[tokio::test]
async fn what_cannot_be_opened_is_not_taken_for_missing() {
    for prefix in ["ledger-", "keys-", "latest-"] {
        let folder = tempfile::tempdir().unwrap();
        let sale = refunded(folder.path(), 7).await;
        let (file, aside) = (run(folder.path(), prefix), folder.path().join("aside"));
        fs::rename(&file, &aside).unwrap();
        // It is there and cannot be read.
        fs::create_dir(&file).unwrap();
        let error = Counterfoil::builder().path(folder.path()).open().await.unwrap_err();
        assert!(matches!(error, OpenError::Io { .. }) && !error.is_corruption(), "{prefix}: {error}");
        fs::remove_dir(&file).unwrap();
        fs::rename(&aside, &file).unwrap();
        knows_its_past(folder.path(), sale, 7).await;
    }
}

/// Without a checkpoint the log is followed from its first event, while the views stand at
/// its head by their snapshots: for a while a refunded charge was shown as it was made.
#[tokio::test]
async fn what_changed_is_known_when_the_ledger_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path(), 7).await;
    let many = (0..3_000).map(|_| Request::new(charge(7))).collect();
    assert!(ledger.execute_batch(many).await.iter().all(Result::is_ok));
    ledger.close().await.unwrap();
    let sale = refunded(folder.path(), 7).await;
    fs::remove_dir_all(folder.path().join("state")).unwrap();
    let ledger = open(folder.path(), 7).await;
    let found = ledger.views(|views| views.objects().get(ObjectRef::Charge(sale))).unwrap();
    assert_eq!(found.unwrap().returned, 1_000);
    ledger.close().await.unwrap();
}

/// A ledger that is opened and closed for every command made two more files each time, and
/// never merged them.
#[tokio::test]
async fn short_sessions_leave_few_files() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..40 {
        let ledger = open(folder.path(), 7).await;
        let sale = ledger.execute(charge(100)).idempotent(Uuid::new_v4().to_string()).await.unwrap();
        let _back = ledger.execute(Refund::full(sale.reply.charge)).await.unwrap();
        ledger.close().await.unwrap();
    }
    let files = fs::read_dir(folder.path().join("state")).unwrap().count();
    assert!(files <= 17, "{files} files");
}

/// The bytes of a volume's file with one bit of a frame's payload flipped: all before that
/// frame can be read.
fn with_broken_frame(whole: &[u8], number: u64) -> Vec<u8> {
    let mut broken = whole.to_vec();
    let magic = [0xC0, b'F', b'F', b'R', b'A', b'M', b'E', 0x0A];
    let starts = whole.windows(8).enumerate().filter(|(_, window)| *window == magic);
    for at in starts.map(|(at, _)| at) {
        if whole[at + 40..at + 48] == number.to_le_bytes() {
            broken[at + 150] ^= 1;
        }
    }
    assert!(broken != whole, "there is such a frame");
    broken
}

/// An opening that failed after the writer's threads had begun kept them, and the lock.
#[tokio::test]
async fn an_opening_that_fails_lets_the_folder_go() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path(), 7).await;
    for _ in 0..100 {
        let _charged = ledger.execute(charge(100)).await.unwrap();
    }
    ledger.close().await.unwrap();
    // The second volume begins here, and the first is not read at an opening.
    fs::write(folder.path().join("log/sync-failed"), b"so it is said").unwrap();
    for _ in 0..2 {
        let ledger = open(folder.path(), 7).await;
        // So that the first volume has its index, and is read frame by frame from then on.
        assert!(ledger.subscribe(0).try_next().await.unwrap().is_some());
        let _charged = ledger.execute(charge(100)).await.unwrap();
        ledger.close().await.unwrap();
    }
    let db = folder.path().join("log/volume-000001/db");
    let whole = fs::read(&db).unwrap();
    fs::write(&db, with_broken_frame(&whole, 25)).unwrap();
    fs::remove_file(folder.path().join("views/tax.snapshot")).unwrap();
    assert!(Counterfoil::builder().path(folder.path()).open().await.is_err(), "a view cannot be built");
    fs::write(&db, whole).unwrap();
    // Its threads let go in their own time.
    for _ in 0..100 {
        if let Ok(ledger) = Counterfoil::builder().path(folder.path()).open().await {
            return ledger.close().await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the folder is still held");
}
