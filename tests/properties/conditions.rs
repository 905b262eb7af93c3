//! Conditions against a reading of them word by word.

use std::collections::BTreeSet;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::split::rule::{Condition, Fact};
use proptest::prelude::{Strategy, prop_oneof};
use proptest::proptest;
use proptest::sample::select;

use crate::cases::cases;

const NAMES: [&str; 4] = ["delivery_confirmed", "accepted", "inspected", "signed"];

fn fact() -> impl Strategy<Value = Fact> {
    select(&NAMES[..]).prop_map(|name| Fact::new(name).unwrap())
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        (0..20_i64).prop_map(|micros| Condition::At(Timestamp::from_micros(micros))),
        fact().prop_map(Condition::Fact),
    ];
    leaf.prop_recursive(3, 30, 4, |inner| proptest::collection::vec(inner, 0..4).prop_map(Condition::AllOf))
}

/// Word by word.
fn holds(condition: &Condition, facts: &BTreeSet<Fact>, now: Timestamp) -> bool {
    match condition {
        Condition::At(instant) => *instant <= now,
        Condition::Fact(fact) => facts.contains(fact),
        Condition::AllOf(all) => all.iter().all(|each| holds(each, facts, now)),
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn a_condition_is_met_when_all_of_it_is(
        condition in condition(),
        facts in proptest::collection::btree_set(fact(), 0..4),
        now in 0..20_i64,
    ) {
        let now = Timestamp::from_micros(now);
        let awaited = condition.awaited().unwrap();
        let mut left = awaited.clone();
        facts.iter().for_each(|fact| left.meet(fact));
        assert_eq!(left.is_met(now), holds(&condition, &facts, now));

        let simple = awaited.condition();
        assert_eq!(simple.awaited(), Some(awaited.clone()));
        assert_eq!(holds(&simple, &facts, now), holds(&condition, &facts, now));

        let still = left.still(now);
        assert_eq!(still.is_none(), left.is_met(now));
        // Once what is still waited for comes, nothing is.
        let Some(still) = still else { return Ok(()) };
        assert_eq!(still.still(now).as_ref(), Some(&still));
        still.facts.iter().for_each(|fact| left.meet(fact));
        assert!(left.is_met(still.until.unwrap_or(now)));
    }
}
