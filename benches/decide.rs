//! Deciding and evolving one command, without codec or log.

use counterfoil::domain::{ChargeId, Event, Loaded, evolve};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

use counterfoil_benches::{Market, charge, split, transfer};

fn decide(criterion: &mut Criterion) {
    let mut market = Market::new();
    let nothing = Loaded::default();
    criterion.bench_function("decide transfer", |bench| {
        let mut number = 0;
        bench.iter(|| {
            number += 1;
            market.decide(&transfer(number), &nothing)
        });
    });
    criterion.bench_function("decide charge", |bench| {
        let command = charge(9_995).into();
        bench.iter(|| market.decide(&command, &nothing));
    });
    criterion.bench_function("decide and evolve transfer", |bench| {
        let mut number = 0;
        bench.iter(|| {
            number += 1;
            let recorded = market.decide(&transfer(number), &nothing);
            for recorded in &recorded {
                evolve(&mut market.ledger, recorded);
            }
            number
        });
    });
}

fn decide_split(criterion: &mut Criterion) {
    let mut market = Market::new();
    market.take(&charge(9_995).into(), &Loaded::default());
    let id = ChargeId::new(market.log.len() as u64 - 1, 0);
    let mut state = None;
    if let Some(Event::ChargeSucceeded(charged)) = market.log.last().map(|recorded| &recorded.event) {
        state = Some(charged.charge.clone());
    }
    let mut loaded = Loaded::default();
    loaded.put_charge(id, state);
    criterion.bench_function("decide split over five", |bench| {
        let mut number = 0;
        bench.iter_batched(
            || {
                number += 1;
                split(id, number)
            },
            |command| market.decide(&command, &loaded),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, decide, decide_split);
criterion_main!(benches);
