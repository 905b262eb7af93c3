//! Hashing: sealing frames onto a chain, and verifying them when they are read.

mod brief;

use counterfoil::codec::CODEC;
use counterfoil::log::{Bytes, Frame, FrameBuilder, Head, LedgerId};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// About what a transfer under an idempotency key takes.
const EVENT: [u8; 72] = [7; 72];

/// A frame to be of at most so many bytes.
fn gather(bytes: usize) -> FrameBuilder {
    let mut frame = FrameBuilder::new();
    while frame.len_bytes() + 4 + EVENT.len() <= bytes {
        frame.push(&EVENT);
    }
    frame
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn hash(criterion: &mut Criterion) {
    let ledger = LedgerId([1; 16]);
    let head = Head::genesis(ledger);
    for (name, bytes) in [("1 KiB", 1_024), ("64 KiB", 65_536)] {
        let frame = gather(bytes);
        let (sealed, _) = frame.seal(&head, ledger, 0, CODEC);
        let stored = Bytes::from(sealed.bytes());
        let mut group = criterion.benchmark_group(format!("frame of {name}"));
        let (elements, bytes) = (frame.count() as u64, stored.len() as u64);
        group.throughput(Throughput::ElementsAndBytes { elements, bytes });
        group.bench_function("seal", |bench| bench.iter(|| frame.seal(&head, ledger, 0, CODEC)));
        group.bench_function("verify", |bench| {
            bench.iter(|| Frame::decode(stored.clone()).expect("it was sealed"));
        });
        group.finish();
    }
}

criterion_group!(name = benches; config = brief::brief(); targets = hash);
criterion_main!(benches);
