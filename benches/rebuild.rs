//! Folding events into each view, and into all of them, in memory and to disk.

use counterfoil::View;
use counterfoil::domain::Loaded;
use counterfoil::views::{Rebuild, Views};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{Market, transfer};

/// Transfers in the log.
const TRANSFERS: u64 = 100_000;

/// Events that are handed over at once.
const BATCH: usize = 4_096;

#[expect(clippy::expect_used, reason = "a bench that cannot run says why")]
fn rebuild(criterion: &mut Criterion) {
    let mut market = Market::new();
    for number in 0..TRANSFERS {
        market.take(&transfer(number), &Loaded::default());
    }
    let mut group = criterion.benchmark_group("rebuild");
    group.sample_size(10).throughput(Throughput::Elements(market.log.len() as u64));
    for view in View::ALL {
        group.bench_function(view.name(), |bench| {
            bench.iter(|| {
                let mut rebuild = Rebuild::of(view);
                rebuild.apply_all(&market.log).expect("events come in order");
                rebuild
            });
        });
    }
    group.bench_function("all views", |bench| {
        bench.iter(|| {
            let mut views = Views::new();
            for recorded in &market.log {
                views.apply(recorded).expect("events come in order");
            }
            views
        });
    });
    group.bench_function("all views, rows written", |bench| {
        bench.iter_batched(
            || tempfile::tempdir().expect("a folder"),
            |folder| {
                let mut views = Views::new();
                for events in market.log.chunks(BATCH) {
                    views.apply_all(events).expect("events come in order");
                }
                views.flush(folder.path()).expect("the rows are written");
                (views, folder)
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, rebuild);
criterion_main!(benches);
