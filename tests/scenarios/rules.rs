//! Every refusal rule has a minimal scenario of its own.

use std::collections::BTreeMap;

use counterfoil_domain::Refusal;
use counterfoil_domain::account::AccountRefusal;
use counterfoil_domain::bookmark::BookmarkRefusal;
use counterfoil_domain::calendar::advance::TimeRefusal;
use counterfoil_domain::charge::ChargeRefusal;
use counterfoil_domain::payout::PayoutRefusal;
use counterfoil_domain::rail::RailRefusal;
use counterfoil_domain::refund::RefundRefusal;
use counterfoil_domain::settings::LedgerRefusal;
use counterfoil_domain::split::SplitRefusal;
use counterfoil_domain::transfer::TransferRefusal;
use counterfoil_testkit::scenario::{Bless, play};

use crate::files::files;

/// Rules that no scenario can break, and why.
const UNREACHABLE: &[(&str, &str)] = &[("accounts_must_fit", "it takes 4,294,967,295 accounts")];

/// The folder of each noun's rules.
const NOUNS: &[(&str, &[&str])] = &[
    ("settings", LedgerRefusal::RULES),
    ("calendar", TimeRefusal::RULES),
    ("account", AccountRefusal::RULES),
    ("charge", ChargeRefusal::RULES),
    ("split", SplitRefusal::RULES),
    ("transfer", TransferRefusal::RULES),
    ("refund", RefundRefusal::RULES),
    ("payout", PayoutRefusal::RULES),
    ("rail", RailRefusal::RULES),
    ("bookmark", BookmarkRefusal::RULES),
];

#[test]
fn every_rule_has_a_scenario_that_breaks_it() {
    let mut scenarios: BTreeMap<String, String> = BTreeMap::new();
    for file in files() {
        if let [noun, "refused", rule] = file.parts()[..] {
            scenarios.insert(format!("{noun}/{rule}"), file.text.clone());
        }
    }
    let mut wrong = Vec::new();
    for (noun, rules) in NOUNS {
        for rule in *rules {
            let found = scenarios.remove(&format!("{noun}/{rule}"));
            let unreachable = UNREACHABLE.iter().any(|(listed, _)| listed == rule);
            match found.map(|text| play(&text, Bless::Alignment)) {
                None if unreachable => {}
                None => wrong.push(format!("{noun}/refused/{rule}.scenario is missing")),
                Some(_) if unreachable => wrong.push(format!("{rule} is reachable after all")),
                Some(Ok(played)) if played.refused == Some(*rule) && played.groups == 1 => {}
                Some(_) => wrong.push(format!("{noun}/refused/{rule}.scenario ends in something else")),
            }
        }
    }
    wrong.extend(scenarios.into_keys().map(|path| format!("{path} names no rule of that noun")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_noun_is_listed() {
    let listed: Vec<&str> = NOUNS.iter().flat_map(|(_, rules)| rules.iter().copied()).collect();
    assert_eq!(listed, Refusal::rules());
}
