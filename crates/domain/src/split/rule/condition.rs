//! Conditions: what a part's money waits for.
//!
//! A condition is written as lists of instants and facts, one in the other; all of them
//! must be met. So it comes to one instant, the latest, and a set of facts: an
//! [`Awaited`], which is what is asked.

use std::collections::BTreeSet;
use std::fmt;

use super::{MOST_ABREAST, MOST_NESTED};
use crate::calendar::Timestamp;

/// What a part's money waits for, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// An instant: met from then on.
    At(Timestamp),
    /// A fact that somebody reports.
    Fact(Fact),
    /// All of these; an empty list is met at once.
    AllOf(Vec<Condition>),
}

/// The name of a fact that somebody reports: 1 to 32 of `a-z`, `0-9` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact(Box<str>);

/// A text that names no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFact;

/// What is waited for: an instant, and facts. Nothing of either is met at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Awaited {
    /// The instant from which on it is met.
    pub until: Option<Timestamp>,
    /// The facts that must have been reported.
    pub facts: BTreeSet<Fact>,
}

impl Condition {
    /// Waits for nothing.
    pub const NONE: Self = Self::AllOf(Vec::new());

    /// The condition as simply as it can be said; none where its lists lie deeper in each
    /// other than [`MOST_NESTED`] or one has more than [`MOST_ABREAST`] conditions.
    #[must_use]
    pub fn awaited(&self) -> Option<Awaited> {
        let mut awaited = Awaited::default();
        self.gather(0, &mut awaited)?;
        Some(awaited)
    }

    fn gather(&self, depth: usize, awaited: &mut Awaited) -> Option<()> {
        match self {
            Self::At(instant) => awaited.until = awaited.until.max(Some(*instant)),
            Self::Fact(fact) => {
                awaited.facts.insert(fact.clone());
            }
            Self::AllOf(conditions) => {
                if depth == MOST_NESTED || conditions.len() > MOST_ABREAST {
                    return None;
                }
                for condition in conditions {
                    condition.gather(depth + 1, awaited)?;
                }
            }
        }
        Some(())
    }

    /// How many instants and facts it names, as far down as lists may lie.
    pub(super) fn leaves(&self) -> usize {
        self.leaves_below(0)
    }

    fn leaves_below(&self, depth: usize) -> usize {
        match self {
            Self::At(_) | Self::Fact(_) => 1,
            Self::AllOf(_) if depth == MOST_NESTED => 0,
            Self::AllOf(conditions) => conditions.iter().map(|each| each.leaves_below(depth + 1)).sum(),
        }
    }
}

impl Fact {
    /// That what was sold has been delivered.
    pub const DELIVERY_CONFIRMED: &'static str = "delivery_confirmed";

    /// The fact named `text`.
    ///
    /// # Errors
    /// Anything but 1 to 32 of `a-z`, `0-9` and `_`.
    pub fn new(text: &str) -> Result<Self, NotAFact> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if (1..=32).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.into()))
        } else {
            Err(NotAFact)
        }
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Awaited {
    /// Whether nothing is waited for any more by `now`.
    #[must_use]
    pub fn is_met(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| until <= now) && self.facts.is_empty()
    }

    /// What of it is still waited for by `now`; nothing where it is met.
    #[must_use]
    pub fn still(&self, now: Timestamp) -> Option<Self> {
        let until = self.until.filter(|until| *until > now);
        (!self.is_met(now)).then(|| Self { until, facts: self.facts.clone() })
    }

    /// Takes a fact that was reported off what is waited for.
    pub fn meet(&mut self, fact: &Fact) {
        self.facts.remove(fact);
    }

    /// The same as a condition: at most one instant, then the facts by name, in one list
    /// unless there is exactly one.
    #[must_use]
    pub fn condition(&self) -> Condition {
        let until = self.until.map(Condition::At);
        let facts = self.facts.iter().cloned().map(Condition::Fact);
        let mut all: Vec<Condition> = until.into_iter().chain(facts).collect();
        match (all.pop(), all.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                all.extend(last);
                Condition::AllOf(all)
            }
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for NotAFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fact's name has 1 to 32 of a-z, 0-9 and _")
    }
}

impl std::error::Error for NotAFact {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(name: &str) -> Condition {
        Condition::Fact(Fact::new(name).unwrap())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn reported(names: &[&str]) -> BTreeSet<Fact> {
        names.iter().map(|name| Fact::new(name).unwrap()).collect()
    }

    #[test]
    fn a_condition_comes_to_its_latest_instant_and_its_facts() {
        let (early, late) = (Condition::At(at("2026-03-01")), Condition::At(at("2026-03-08")));
        let inner = Condition::AllOf(vec![late.clone(), fact("delivery_confirmed"), Condition::NONE]);
        let written = Condition::AllOf(vec![fact("delivery_confirmed"), inner, early, fact("accepted")]);
        let simple = written.awaited().unwrap().condition();
        assert_eq!(
            simple,
            Condition::AllOf(vec![late.clone(), fact("accepted"), fact("delivery_confirmed")])
        );
        assert_eq!(simple.awaited(), written.awaited());

        assert_eq!(Condition::AllOf(vec![late.clone()]).awaited().unwrap().condition(), late);
        assert_eq!(Condition::NONE.awaited().unwrap().condition(), Condition::NONE);
    }

    #[test]
    fn money_is_held_until_the_day_has_come_and_the_parcel_has_arrived() {
        let day = at("2026-03-08");
        let both = Condition::AllOf(vec![Condition::At(day), fact("delivery_confirmed")]);
        let awaited = both.awaited().unwrap();
        let eve = at("2026-03-07T23:59:59.999999Z");
        let mut delivered = awaited.clone();
        reported(&["delivery_confirmed", "rated"]).iter().for_each(|fact| delivered.meet(fact));

        assert!(!awaited.is_met(eve) && !delivered.is_met(eve));
        assert!(!awaited.is_met(day) && delivered.is_met(day));
        assert_eq!(delivered.still(eve).unwrap().condition(), Condition::At(day));
        assert_eq!(awaited.still(day).unwrap().condition(), fact("delivery_confirmed"));
        assert_eq!(delivered.still(day), None);
    }

    #[test]
    fn a_condition_is_shallow_and_narrow() {
        let list = |condition| Condition::AllOf(vec![condition]);
        let three = list(list(list(fact("accepted"))));
        assert!(three.awaited().is_some());
        assert!(list(three).awaited().is_none());
        let abreast = |count| Condition::AllOf(vec![fact("accepted"); count]);
        assert!(abreast(8).awaited().is_some() && abreast(9).awaited().is_none());
    }

    #[test]
    fn a_fact_has_a_short_plain_name() {
        for wrong in ["", "Delivered", "on delivery", "a_name_that_has_thirty_three_bytes"] {
            assert_eq!(Fact::new(wrong), Err(NotAFact), "{wrong}");
        }
        assert_eq!(Fact::new(Fact::DELIVERY_CONFIRMED).unwrap().as_str(), "delivery_confirmed");
    }
}
