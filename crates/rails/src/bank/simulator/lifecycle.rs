//! Random orders at random instants: what holds of every story.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_domain::account::Country;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::{AccountId, ObjectId};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{ACCOUNTS, BankRates, BankSimulator};
use crate::bank::{BankAsk, BankDetails, BankFact, BankOrder, OrderResult, Payee};
use crate::{Answer, AskKey, Settings, Told};

/// Rates at which everything happens often.
fn settings(seed: u64) -> Settings {
    let banks = BankRates {
        payouts_failed: 2_000,
        payouts_returned: 2_000,
        debits_failed: 2_000,
        debits_returned: 2_000,
        topups_failed: 2_000,
        topups_returned: 2_000,
    };
    Settings { banks, ..Settings::seeded(seed) }
}

fn key(position: u64) -> AskKey {
    AskKey::of(ObjectId::new(position, 0))
}

/// Orders with the seconds since the one before, on any day that a calendar has.
fn asks() -> impl Strategy<Value = Vec<(i64, BankOrder)>> {
    let details = || select(ACCOUNTS).prop_map(|row| BankDetails::new(Country::US, None, row.names[0]));
    let amount = || {
        let currency = select(vec![Currency::USD, Currency::EUR, Currency::BRL, Currency::JPY]);
        let minor = prop_oneof![1 => -1_i64..=0, 20 => 1_i64..=100, 1 => Just(Minor::MAX)];
        (currency, minor).prop_map(|(currency, minor)| Money::new(currency, minor))
    };
    let day = proptest::option::of((20_400_i32..=20_600).prop_map(Day::from_days));
    let payee = proptest::option::of(details()).prop_map(|details| Payee { account: AccountId(1), details });
    let order = prop_oneof![
        (payee, amount(), day).prop_map(|(to, amount, arrive_on)| BankOrder::PayOut {
            to,
            amount,
            arrive_on
        }),
        (details(), amount()).prop_map(|(from, amount)| BankOrder::Debit { from, amount }),
        (details(), amount()).prop_map(|(from, amount)| BankOrder::TopUp { from, amount }),
        (1_u64..=30).prop_map(|order| BankOrder::Cancel { order: key(order) }),
    ];
    proptest::collection::vec((prop_oneof![0_i64..=0, 0_i64..=86_400 * 6], order), 1..=30)
}

fn timed(asks: Vec<(i64, BankOrder)>) -> Vec<(Timestamp, BankAsk)> {
    let mut now: Timestamp = "2026-01-01".parse().unwrap();
    let mut timed = Vec::new();
    for (position, (gap, order)) in (1..).zip(asks) {
        now = now.plus_seconds(gap);
        timed.push((now, BankAsk { key: key(position), order }));
    }
    timed
}

fn all(simulator: &mut BankSimulator) -> Vec<Told<BankFact>> {
    simulator.advance(Timestamp::MAX);
    simulator.told().to_vec()
}

proptest! {
    #[test]
    fn an_order_has_one_result_and_at_most_one_return(seed in any::<u64>(), asks in asks()) {
        let facts = all(&mut BankSimulator::rebuilt(settings(seed), timed(asks)).unwrap());
        assert!(facts.is_sorted_by_key(|told| told.at), "in the order of their instants");
        let ids: BTreeSet<_> = facts.iter().map(|told| &told.id).collect();
        assert_eq!(ids.len(), facts.len(), "each has its own id");
        let mut results: BTreeMap<AskKey, Vec<BankFact>> = BTreeMap::new();
        for told in &facts {
            results.entry(told.fact.order).or_default().push(told.fact);
        }
        for of in results.values() {
            match of.iter().map(|fact| fact.result).collect::<Vec<_>>()[..] {
                [OrderResult::Done | OrderResult::Failed(_) | OrderResult::Cancelled] => {}
                [OrderResult::Done, OrderResult::Returned(_)] => assert_eq!(of[0].amount, of[1].amount),
                ref others => panic!("{others:?}"),
            }
        }
    }

    #[test]
    fn a_rebuilt_simulator_is_the_live_one(
        seed in any::<u64>(),
        asks in asks(),
        reads in proptest::collection::vec(0_i64..=86_400 * 5, 30),
    ) {
        let asks = timed(asks);
        let mut live = BankSimulator::new(settings(seed));
        let (mut cursor, mut read) = (None, Vec::new());
        for (index, (now, ask)) in asks.iter().enumerate() {
            let answer = live.ask(*now, ask).unwrap();
            let before = live.clone();
            assert_eq!(live.ask(*now, ask).unwrap(), answer, "a repeated ask has the same answer");
            assert_eq!(live, before, "and does nothing");
            if let Answer::Taken(told) = answer {
                assert!(told.iter().all(|told| live.told().contains(told)), "an answer's facts come again");
            }
            let next = asks.get(index + 1).map_or(*now, |(next, _)| *next);
            let page = live.facts(cursor.as_ref(), now.plus_seconds(reads[index]).min(next), 2).unwrap();
            cursor = page.next.or(cursor);
            read.extend(page.told);
        }
        let mut rebuilt = BankSimulator::rebuilt(settings(seed), asks).unwrap();
        loop {
            let page = live.facts(cursor.as_ref(), Timestamp::MAX, 3).unwrap();
            cursor = page.next.or(cursor);
            read.extend(page.told);
            if !page.more {
                break;
            }
        }
        assert_eq!(read, all(&mut rebuilt), "nothing is missed and nothing comes twice");
        live.advance(Timestamp::MAX);
        assert_eq!(rebuilt, live);
    }

    #[test]
    fn other_orders_change_nothing(seed in any::<u64>(), asks in asks()) {
        let asks = timed(asks);
        let facts = all(&mut BankSimulator::rebuilt(settings(seed), asks.clone()).unwrap());
        let order_of = |ask: &BankAsk| match &ask.order {
            BankOrder::Cancel { order } => *order,
            BankOrder::PayOut { .. } | BankOrder::Debit { .. } | BankOrder::TopUp { .. } => ask.key,
        };
        for order in asks.iter().map(|(_, ask)| order_of(ask)).collect::<BTreeSet<_>>() {
            let own = asks.iter().filter(|(_, ask)| order_of(ask) == order).cloned();
            let alone = all(&mut BankSimulator::rebuilt(settings(seed), own).unwrap());
            let among: Vec<_> = facts.iter().filter(|told| told.fact.order == order).cloned().collect();
            assert_eq!(among, alone, "of {order}");
        }
    }
}

/// The properties above say nothing of what random orders never come to.
#[test]
fn random_orders_come_to_every_kind_of_fact() {
    let mut runner = TestRunner::deterministic();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..300 {
        let asks = asks().new_tree(&mut runner).unwrap().current();
        for told in all(&mut BankSimulator::rebuilt(settings(seed), timed(asks)).unwrap()) {
            *kinds.entry(told.fact.name()).or_default() += 1;
        }
    }
    assert_eq!(kinds.len(), 12, "{kinds:#?}");
    assert!(kinds.values().all(|count| *count >= 5), "{kinds:#?}");
}
