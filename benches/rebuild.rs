//! Folding events into each view, and into all of them.

use counterfoil::View;
use counterfoil::domain::Loaded;
use counterfoil::views::{Rebuild, Views};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{Market, transfer};

/// Transfers in the log.
const TRANSFERS: u64 = 100_000;

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
                for recorded in &market.log {
                    rebuild.apply(recorded).expect("events come in order");
                }
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
    group.finish();
}

criterion_group!(benches, rebuild);
criterion_main!(benches);
