//! Events as bytes and back: one event at a time, under an idempotency key.

mod brief;

use std::hint::black_box;

use counterfoil::codec::{Stamp, decode, encode};
use counterfoil::domain::{Loaded, Recorded};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{Market, charge, split, transfer};

/// What the first event of a command with a key carries.
const STAMP: Stamp = Stamp { key: [7; 16], request: [9; 8] };

/// An event of each kind, with its name.
fn samples() -> Vec<(&'static str, Recorded)> {
    let mut market = Market::new();
    let (id, loaded) = market.charged(9_995);
    let commands = [
        ("transfer", market.decide(&transfer(1), &Loaded::default())),
        ("charge", market.decide(&charge(9_995).into(), &Loaded::default())),
        ("split over five", market.decide(&split(id, 1), &loaded)),
    ];
    commands
        .into_iter()
        .flat_map(|(name, events)| events.into_iter().map(move |event| (name, event)))
        .collect()
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn write(recorded: &Recorded, out: &mut Vec<u8>) {
    out.clear();
    encode(recorded, 1, Some(&STAMP), out).expect("an event has a stored shape");
}

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn codec(criterion: &mut Criterion) {
    let samples = samples();
    let mut bytes = Vec::with_capacity(1_024);
    let mut group = criterion.benchmark_group("encode");
    for (name, recorded) in &samples {
        write(recorded, &mut bytes);
        group.throughput(Throughput::ElementsAndBytes { elements: 1, bytes: bytes.len() as u64 });
        group.bench_function(*name, |bench| {
            bench.iter(|| {
                write(black_box(recorded), &mut bytes);
                bytes.len()
            });
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("decode");
    for (name, recorded) in &samples {
        write(recorded, &mut bytes);
        group.throughput(Throughput::ElementsAndBytes { elements: 1, bytes: bytes.len() as u64 });
        group.bench_function(*name, |bench| {
            bench.iter(|| decode(recorded.position, black_box(&bytes)).expect("it was encoded"));
        });
    }
    group.finish();
}

criterion_group!(name = benches; config = brief::brief(); targets = codec);
criterion_main!(benches);
