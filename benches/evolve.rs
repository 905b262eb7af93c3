//! Evolving: events that are decided already become part of a ledger with few or many accounts.

mod brief;

use std::time::{Duration, Instant};

use counterfoil::domain::{Command, Ledger, Loaded, evolve};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{Market, settings, split_among, transfer_among};

/// Events between two readings of the clock.
const AT_ONCE: u64 = 4_096;

fn over(criterion: &mut Criterion, sellers: u32, name: &str) {
    let mut market = Market::of(settings(), sellers);
    let (id, loaded) = market.charged(9_995);
    let mut twin = market.ledger.clone();
    let mut group = criterion.benchmark_group(format!("evolve over {name} accounts"));
    group.throughput(Throughput::Elements(1));
    let mut number = 0;
    group.bench_function("transfer", |bench| {
        let mut next = || {
            number += 1;
            transfer_among(number, sellers)
        };
        bench.iter_custom(|times| follow(&mut market, &mut twin, times, &Loaded::default(), &mut next));
    });
    group.bench_function("split over five", |bench| {
        let mut next = || {
            number += 1;
            split_among(id, number, sellers)
        };
        bench.iter_custom(|times| follow(&mut market, &mut twin, times, &loaded, &mut next));
    });
    group.finish();
}

/// The time in which a twin of the market's ledger takes in what the market decided.
fn follow(
    market: &mut Market,
    twin: &mut Ledger,
    times: u64,
    loaded: &Loaded,
    next: &mut impl FnMut() -> Command,
) -> Duration {
    let (mut took, mut left) = (Duration::ZERO, times);
    while left > 0 {
        let some = left.min(AT_ONCE);
        market.log.clear();
        for _ in 0..some {
            market.take(&next(), loaded);
        }
        let start = Instant::now();
        for recorded in &market.log {
            evolve(twin, recorded);
        }
        took += start.elapsed();
        left -= some;
    }
    took
}

fn few(criterion: &mut Criterion) {
    over(criterion, 1_000, "1,000");
}

fn many(criterion: &mut Criterion) {
    over(criterion, 1_000_000, "1,000,000");
}

criterion_group!(name = benches; config = brief::brief(); targets = few, many);
criterion_main!(benches);
