//! Replaying a log that is in memory: its frames verified and linked, its events decoded and
//! evolved. What reading the disk adds is in `open.rs`.

mod brief;

use counterfoil::codec::{CODEC, decode_frame, encode};
use counterfoil::domain::{Ledger, Loaded, Recorded, evolve};
use counterfoil::log::{Bytes, Frame, FrameBuilder, Head, LedgerId, MAX_FRAME};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{Market, transfer};

/// Transfers in the log.
const TRANSFERS: u64 = 100_000;

/// No event here is longer.
const ROOM: usize = 512;

const LEDGER: LedgerId = LedgerId([1; 16]);

/// The events in frames that are as full as they can be.
#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn frames(events: &[Recorded]) -> Vec<Bytes> {
    let mut head = Head::genesis(LEDGER);
    let mut frames = Vec::new();
    let mut frame = FrameBuilder::with_room();
    for recorded in events {
        let _length =
            frame.push_with(|out| encode(recorded, 1, None, out)).expect("an event has a stored shape");
        let last = recorded.position + 1 == events.len() as u64;
        if last || !frame.fits(ROOM, 1) {
            let (sealed, after) = frame.seal(&head, LEDGER, 0, CODEC);
            assert!(sealed.bytes().len() <= MAX_FRAME, "an event was longer than thought");
            frames.push(Bytes::from(sealed.bytes()));
            frame.truncate(0);
            head = after;
        }
    }
    frames
}

/// The frames one after another, each verified and sealed on the one before it.
#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn linked(frames: &[Bytes]) -> impl Iterator<Item = Frame> {
    let mut head = Head::genesis(LEDGER);
    frames.iter().map(move |bytes| {
        let frame = Frame::decode(bytes.clone()).expect("it was sealed");
        assert_eq!(frame.previous(), head.hash, "the chain is whole");
        head = frame.head_after();
        frame
    })
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn replay(criterion: &mut Criterion) {
    let mut market = Market::new();
    for number in 0..TRANSFERS {
        market.take(&transfer(number), &Loaded::default());
    }
    let frames = frames(&market.log);
    let bytes = frames.iter().map(|frame| frame.len() as u64).sum();
    let mut group = criterion.benchmark_group("replay");
    group.throughput(Throughput::ElementsAndBytes { elements: market.log.len() as u64, bytes });
    group.bench_function("verify", |bench| bench.iter(|| linked(&frames).count()));
    group.bench_function("verify and decode", |bench| {
        bench.iter(|| {
            let whole = |frame: &Frame| decode_frame(frame).filter(Result::is_ok).count();
            linked(&frames).map(|frame| whole(&frame)).sum::<usize>()
        });
    });
    group.bench_function("verify, decode and evolve", |bench| {
        bench.iter(|| {
            let mut ledger = Ledger::new();
            for frame in linked(&frames) {
                for decoded in decode_frame(&frame) {
                    evolve(&mut ledger, &decoded.expect("it was encoded").recorded);
                }
            }
            ledger
        });
    });
    group.finish();
}

criterion_group!(name = benches; config = brief::brief(); targets = replay);
criterion_main!(benches);
