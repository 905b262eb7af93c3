//! Decoding and evolving a log, warm: what opening a ledger costs an event.

use counterfoil::codec::{decode, encode};
use counterfoil::domain::{Ledger, Loaded, evolve};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{Market, transfer};

/// Transfers in the log.
const TRANSFERS: u64 = 100_000;

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn replay(criterion: &mut Criterion) {
    let mut market = Market::new();
    for number in 0..TRANSFERS {
        market.take(&transfer(number), &Loaded::default());
    }
    let encoded: Vec<Vec<u8>> = market
        .log
        .iter()
        .map(|recorded| {
            let mut bytes = Vec::new();
            encode(recorded, 1, None, &mut bytes).expect("an event has a stored shape");
            bytes
        })
        .collect();
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10).throughput(Throughput::Elements(encoded.len() as u64));
    group.bench_function("decode", |bench| {
        bench.iter(|| {
            let mut decoded = 0;
            for (position, bytes) in (0..).zip(&encoded) {
                decoded += u64::from(decode(position, bytes).is_ok());
            }
            decoded
        });
    });
    group.bench_function("decode and evolve", |bench| {
        bench.iter(|| {
            let mut ledger = Ledger::new();
            for (position, bytes) in (0..).zip(&encoded) {
                evolve(&mut ledger, &decode(position, bytes).expect("it was encoded").recorded);
            }
            ledger
        });
    });
    group.bench_function("encode", |bench| {
        let mut bytes = Vec::with_capacity(256);
        bench.iter(|| {
            let mut total = 0;
            for recorded in &market.log {
                bytes.clear();
                encode(recorded, 1, None, &mut bytes).expect("an event has a stored shape");
                total += bytes.len();
            }
            total
        });
    });
    group.finish();
}

criterion_group!(benches, replay);
criterion_main!(benches);
