//! Every refusal rule has a minimal scenario of its own.

use std::collections::BTreeMap;

use counterfoil_domain::Refusal;
use counterfoil_testkit::scenario::{Bless, play};

use crate::files::files;

/// Rules that no scenario can break, and why.
const UNREACHABLE: &[(&str, &str)] = &[("accounts_must_fit", "it takes 4,294,967,295 accounts")];

#[test]
fn every_rule_has_a_scenario_that_breaks_it() {
    let mut scenarios: BTreeMap<String, String> = BTreeMap::new();
    for file in files() {
        if let [noun, "refused", rule] = file.parts()[..] {
            scenarios.insert(format!("{noun}/{rule}"), file.text.clone());
        }
    }
    let mut wrong = Vec::new();
    for noun in Refusal::NOUNS {
        let (noun, rules) = (noun.name, noun.rules.iter().map(|rule| rule.name));
        for rule in rules {
            let found = scenarios.remove(&format!("{noun}/{rule}"));
            let unreachable = UNREACHABLE.iter().any(|(listed, _)| *listed == rule);
            match found.map(|text| play(&text, Bless::Alignment)) {
                None if unreachable => {}
                None => wrong.push(format!("{noun}/refused/{rule}.scenario is missing")),
                Some(_) if unreachable => wrong.push(format!("{rule} is reachable after all")),
                Some(Ok(played)) if played.refused == Some(rule) && played.groups == 1 => {}
                Some(_) => wrong.push(format!("{noun}/refused/{rule}.scenario ends in something else")),
            }
        }
    }
    wrong.extend(scenarios.into_keys().map(|path| format!("{path} names no rule of that noun")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
