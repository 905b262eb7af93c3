//! One suite for every log: memory, the faulty disk without faults, and sled.
//!
//! A backend that passes it can stand under the ledger.

use counterfoil_log::faulty::FaultyDisk;
use counterfoil_log::memory::MemoryLog;
use counterfoil_log::{
    AppendError, EventLog, Frame, FrameBuilder, FrameKind, Head, LedgerId, MAX_FRAME, ReadError, Settings,
};

use crate::story::{LEDGER, append, frame_after, frames_after, read_all, small_volumes, wait};

/// Hands every kind of log to a test: in one volume, in volumes of a few frames, and those with the
/// newest frames kept or all but the very newest read from volumes.
fn every_log(test: impl Fn(&dyn EventLog)) {
    let some_kept = Settings { recent_bytes: 2_500, ..small_volumes(3_000) };
    for settings in [Settings::default(), small_volumes(1 << 20), small_volumes(3_000), some_kept] {
        test(&*MemoryLog::with(LEDGER, settings).expect("a memory log"));
        test(&FaultyDisk::new().create(LEDGER, settings).expect("a log on the faulty disk"));
        let folder = tempfile::tempdir().expect("a folder");
        let log =
            counterfoil_log_sled::create(&folder.path().join("log"), LEDGER, settings).expect("a sled log");
        test(&*log);
    }
}

#[test]
fn a_new_log_is_at_genesis() {
    every_log(|log| {
        assert_eq!(log.ledger(), LEDGER);
        assert_eq!(log.head(), Head::genesis(LEDGER));
        assert!(wait(log.read(0, 1 << 20)).expect("a read at the head").is_empty());
        assert!(wait(log.frame_of(0)).expect("a search").is_none());
    });
}

#[test]
fn genesis_differs_between_ledgers() {
    assert_ne!(Head::genesis(LEDGER).hash, Head::genesis(LedgerId([0; 16])).hash);
}

#[test]
fn what_was_appended_is_read_back_byte_for_byte() {
    every_log(|log| {
        let mut given: Vec<Frame> = Vec::new();
        for round in 0..12 {
            let head = log.head();
            let frames = frames_after(head, 1 + round % 3, 1 + round as u64, 100);
            let after = wait(log.append(head, &frames)).expect("an append");
            assert_eq!(after, log.head());
            assert!(after.next_frame >= frames.last().expect("one").head_after().next_frame);
            given.extend(frames);
        }
        let read = read_all(log).expect("every frame");
        let events: Vec<&Frame> = read.iter().filter(|frame| frame.kind() == FrameKind::Events).collect();
        assert_eq!(events.len(), given.len());
        assert!(events.iter().zip(&given).all(|(read, given)| read.bytes() == given.bytes()));
        assert_eq!(read.last().expect("one").head_after(), log.head());
        // The chain holds over every frame, seals included.
        let mut hash = Head::genesis(LEDGER).hash;
        for frame in &read {
            assert_eq!(frame.previous(), hash);
            hash = frame.hash();
        }
    });
}

#[test]
fn a_read_keeps_to_its_bytes_and_gives_at_least_one_frame() {
    every_log(|log| {
        append(log, 12, 2, 500);
        let one = wait(log.read(3, 0)).expect("a read");
        assert_eq!((one.len(), one[0].number()), (1, 3));
        let some = wait(log.read(0, 2_500)).expect("a read");
        assert!(some.iter().map(|frame| frame.bytes().len()).sum::<usize>() <= 2_500);
        assert!(matches!(wait(log.read(1_000, 1)), Err(ReadError::BeyondHead { asked: 1_000, .. })));
    });
}

#[test]
fn every_position_is_found_in_its_frame() {
    every_log(|log| {
        append(log, 5, 3, 200);
        wait(log.take_epoch(5)).expect("an epoch");
        append(log, 6, 2, 300);
        let frames = read_all(log).expect("every frame");
        for frame in &frames {
            for (position, event) in frame.events() {
                let found = wait(log.frame_of(position)).expect("a search").expect("a frame");
                assert_eq!(found.number(), frame.number(), "position {position}");
                assert_eq!(found.event(position), Some(event));
            }
        }
        assert_eq!(wait(log.frame_of(log.head().next_position)).expect("a search"), None);
    });
}

#[test]
fn a_stale_head_is_a_conflict_and_writes_nothing() {
    every_log(|log| {
        let first = append(log, 1, 1, 10);
        let head = append(log, 1, 1, 10);
        let (frame, _) = frame_after(&first, 1, 10);
        match wait(log.append(first, &[frame])) {
            Err(AppendError::Conflict { expected, actual }) => assert_eq!((expected, actual), (first, head)),
            other => panic!("{other:?}"),
        }
        assert_eq!(log.head(), head);
        append(log, 1, 1, 10);
    });
}

#[test]
fn an_epoch_fences_the_writer_before_it() {
    every_log(|log| {
        let old = append(log, 1, 1, 10);
        let new = wait(log.take_epoch(99)).expect("an epoch");
        assert_eq!((new.epoch, new.next_position), (old.epoch + 1, old.next_position));
        let (frame, _) = frame_after(&old, 1, 10);
        assert!(matches!(wait(log.append(old, &[frame])), Err(AppendError::Fenced { ours: 0, current: 1 })));
        append(log, 1, 1, 10);
        assert_eq!(read_all(log).expect("every frame").last().map(Frame::epoch), Some(1));
    });
}

#[test]
fn frames_that_do_not_follow_are_refused() {
    every_log(|log| {
        let head = append(log, 1, 1, 10);
        let frames = frames_after(head, 2, 1, 10);
        let foreign = FrameBuilder::new().seal(&head, LedgerId([9; 16]), 0, 0).0;
        let ahead = Head { epoch: 3, ..head };
        let epoch = FrameBuilder::new().seal(&ahead, LEDGER, 0, 0).0;
        let position = Head { next_position: 77, ..head };
        let position = FrameBuilder::new().seal(&position, LEDGER, 0, 0).0;
        let (seal, after) = Frame::seal_after(&head, LEDGER, 0);
        let beyond = frame_after(&after, 1, 10).0;
        for wrong in [
            vec![frames[1].clone()],
            vec![frames[0].clone(), frames[0].clone()],
            vec![foreign],
            vec![epoch],
            vec![position],
            vec![seal, beyond],
        ] {
            assert!(matches!(wait(log.append(head, &wrong)), Err(AppendError::Misfit { .. })), "{wrong:?}");
        }
        assert_eq!(log.head(), head);
    });
}

#[test]
fn a_frame_that_is_too_large_is_refused_by_name() {
    every_log(|log| {
        let head = log.head();
        let mut builder = FrameBuilder::new();
        assert!(!builder.fits(MAX_FRAME, 1));
        builder.push(&vec![1; MAX_FRAME]);
        let frame = builder.seal(&head, LEDGER, 0, 0).0;
        assert!(matches!(
            wait(log.append(head, &[frame])),
            Err(AppendError::TooLarge { what: "a frame", .. })
        ));
        let frames = frames_after(head, 17, 1, 63 * 1024);
        assert!(matches!(
            wait(log.append(head, &frames)),
            Err(AppendError::TooLarge { what: "the append", .. })
        ));
        assert_eq!(log.head(), head);
        wait(log.append(head, &frames[..16])).expect("sixteen fit");
    });
}

#[test]
fn nothing_is_appended_to_a_closed_log() {
    every_log(|log| {
        let head = append(log, 2, 1, 10);
        wait(log.close()).expect("a close");
        wait(log.close()).expect("a second close changes nothing");
        let (frame, _) = frame_after(&head, 1, 10);
        assert!(matches!(wait(log.append(head, &[frame])), Err(AppendError::Closed)));
        assert_eq!(log.head(), head);
    });
}

#[test]
fn readers_read_while_the_writer_writes() {
    every_log(|log| {
        append(log, 1, 1, 100);
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        let mut seen = 0;
                        while seen < 60 {
                            let head = log.head();
                            let frames =
                                wait(log.read(seen.min(head.next_frame - 1), 10_000)).expect("a read");
                            assert!(!frames.is_empty());
                            seen = frames.last().expect("one").number() + 1;
                        }
                    })
                })
                .collect();
            append(log, 60, 1, 200);
            readers.into_iter().for_each(|reader| reader.join().expect("a reader"));
        });
    });
}
