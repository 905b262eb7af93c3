//! Deciding one command of each kind, without codec or log: nothing is changed by it.

mod brief;

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::{Charge, ChargeKind, DestinationShare};
use counterfoil::domain::due::{do_due, next_due};
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::{DayKind, Delay, RequestPayout};
use counterfoil::domain::refund::Refund;
use counterfoil::domain::{Actor, Command, Context, Events, Ledger, Loaded, Recorded, Settings, evolve};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};

use counterfoil_benches::{Market, SELLERS, charge, seller, settings, split, transfer};

/// Longer than any delay of the market.
const MONTH: i64 = 30 * 86_400;

fn decide(criterion: &mut Criterion) {
    let mut market = Market::new();
    let nothing = Loaded::default();
    let (id, loaded) = market.charged(9_995);
    market.take(&transfer(0), &nothing);
    let payout = RequestPayout { account: seller(0, SELLERS), currency: Currency::BRL, amount: None };
    let mut group = criterion.benchmark_group("decide");
    group.throughput(Throughput::Elements(1));
    each(&mut group, &market, "transfer", &nothing, transfer);
    each(&mut group, &market, "charge", &nothing, |_| charge(9_995).into());
    each(&mut group, &market, "split over five", &loaded, |number| split(id, number));
    each(&mut group, &market, "refund", &loaded, |_| Refund::full(id).into());
    each(&mut group, &market, "payout request", &nothing, |_| payout.into());
    group.finish();
}

/// Decides commands that are made outside of what is timed.
fn each(
    group: &mut BenchmarkGroup<'_, WallTime>,
    market: &Market,
    name: &str,
    loaded: &Loaded,
    command: impl Fn(u64) -> Command,
) {
    group.bench_function(name, |bench| {
        let mut number = 0;
        let mut next = || {
            number += 1;
            command(number)
        };
        bench.iter_batched(&mut next, |command| market.decide(&command, loaded), BatchSize::SmallInput);
    });
}

/// Time passes over the day on which every seller's pending money matures.
fn advance(criterion: &mut Criterion) {
    let two_days = Delay { days: 2, kind: DayKind::Business };
    let mut market = Market::of(Settings { delay: two_days, ..settings() }, SELLERS);
    for number in 0..u64::from(SELLERS) {
        let account = seller(number, SELLERS);
        let kind = ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(1_000) };
        market.take(&Charge { kind, ..charge(9_995) }.into(), &Loaded::default());
    }
    let until = market.now.plus_seconds(MONTH);
    let mut group = criterion.benchmark_group("advance");
    group.throughput(Throughput::Elements(1));
    group.bench_function("decide one maturity", |bench| {
        bench.iter(|| due(&market.ledger, until, market.position));
    });
    group.throughput(Throughput::Elements(u64::from(SELLERS) + 1));
    group.bench_function("decide and evolve every maturity", |bench| {
        bench.iter_batched_ref(
            || market.ledger.clone(),
            |ledger| {
                let mut position = market.position;
                while let Some((time, events)) = due(ledger, until, position) {
                    for event in events {
                        evolve(ledger, &by_time(position, time, event));
                        position += 1;
                    }
                }
                position
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// The next work that is due: of a market without waiting objects it needs no record.
fn due(ledger: &Ledger, until: Timestamp, position: u64) -> Option<(Timestamp, Events)> {
    let (now, due) = next_due(ledger, until)?;
    Some((now, do_due(ledger, &Loaded::default(), due, &Context { now, position })))
}

fn by_time(position: u64, time: Timestamp, event: counterfoil::domain::Event) -> Recorded {
    let command = uuid::Uuid::nil();
    Recorded { position, time, actor: Actor::Time, acting: None, command, cause: None, event }
}

criterion_group!(name = benches; config = brief::brief(); targets = decide, advance);
criterion_main!(benches);
