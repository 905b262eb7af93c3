//! Splits by rules against a naive model: what waits is nobody else's, and goes once.

use std::collections::BTreeSet;

use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::ProcessingFee;
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::split::rule::{
    Condition, Fact, Liability, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule,
};
use counterfoil_domain::split::{MeetCondition, SplitByRule, SplitState};
use counterfoil_domain::transfer::{ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, Event, SplitId, SplitRuleId, Step, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::market::open;
use crate::model::{self, nearest_even};
use crate::splits::charged;

const OVERDRAFT: Minor = 1_000_000;

/// A part: its weight, what it waits for (bits of two facts), after how many hours, and the
/// percent that it bears.
type Told = (u32, u8, Option<i64>, u32);

#[derive(Clone, Copy, Debug)]
enum Done {
    Refund(Minor),
    Reverse(usize, Minor),
    Meet(bool),
    Pass(i64),
    Take(Minor),
}

fn done() -> impl Strategy<Value = Done> {
    prop_oneof![
        2 => (1..3_000_i64).prop_map(Done::Refund),
        2 => (any::<usize>(), 1..3_000_i64).prop_map(|(which, amount)| Done::Reverse(which, amount)),
        3 => any::<bool>().prop_map(Done::Meet),
        3 => (1..60_i64).prop_map(Done::Pass),
        1 => (1..3_000_i64).prop_map(Done::Take),
    ]
}

fn fact(second: bool) -> Fact {
    Fact::new(if second { "inspected" } else { Fact::DELIVERY_CONFIRMED }).unwrap()
}

fn hours(begin: Timestamp, hours: i64) -> Timestamp {
    begin.plus_seconds(hours * 3_600)
}

/// One part as the model sees it.
#[derive(Debug)]
struct Waits {
    net: Minor,
    bears: Minor,
    facts: BTreeSet<bool>,
    until: Option<Timestamp>,
    waits: bool,
    got: Minor,
}

/// One charge and its parts, in plain numbers.
#[derive(Debug)]
struct Model {
    amount: Minor,
    refunded: Minor,
    /// What sellers have of the charge, after reversals.
    moved: Minor,
    parts: Vec<Waits>,
    /// When it was last settled: an instant before that is no other than now.
    settled: Timestamp,
}

impl Model {
    fn waiting(&self) -> Minor {
        self.parts.iter().filter(|part| part.waits).map(|part| part.net).sum()
    }

    fn left(&self) -> Minor {
        (self.amount - self.refunded - self.moved - self.waiting()).max(0)
    }

    /// What is met by `now` goes, instant by instant and in the rule's order.
    fn settle(&mut self, now: Timestamp) {
        let settled = std::mem::replace(&mut self.settled, now);
        let mut free: Vec<(Timestamp, usize)> = (0..)
            .zip(&self.parts)
            .filter(|(_, part)| part.waits && part.facts.is_empty() && part.until.is_none_or(|at| at <= now))
            .map(|(place, part)| (part.until.unwrap_or(settled).max(settled), place))
            .collect();
        free.sort_unstable();
        for (_, place) in free {
            self.go(place);
        }
    }

    fn go(&mut self, place: usize) {
        let part = &mut self.parts[place];
        part.waits = false;
        part.got =
            part.net - nearest_even(nearest_even(part.net, part.bears, 100), self.refunded, self.amount);
        self.moved += part.got;
    }
}

fn rule(told: &[Told], begin: Timestamp) -> SplitRule {
    let parts = (1..).zip(told).map(|(number, (weight, facts, until, bears))| {
        let mut part = RulePart::new(AccountId(number), ShareOf::Weight(*weight));
        let facts = [false, true].into_iter().filter(|second| facts >> u8::from(*second) & 1 == 1);
        let mut all: Vec<Condition> = facts.map(|second| Condition::Fact(fact(second))).collect();
        all.extend(until.map(|after| Condition::At(hours(begin, after))));
        part.condition = Condition::AllOf(all);
        part.liability =
            Liability { refund: Rate::from_basis_points(bears * 100).unwrap(), ..Liability::default() };
        part
    });
    SplitRule { parts: parts.collect(), rounding: Rounding::LargestRemainder }
}

/// Sets a new rule.
pub(crate) fn set(world: &mut World, rule: SplitRule) -> SplitRuleId {
    let set = SetSplitRule { of: RuleSet::New(Currency::USD), rule, details: None };
    SplitRuleId::new(world.execute(set).unwrap().last().unwrap().position, 0)
}

/// Shares charges by a rule.
pub(crate) fn share(world: &mut World, charges: Vec<ChargeId>, rule: SplitRuleId) -> SplitId {
    let share = SplitByRule { charges, rule, version: None, transfer_group: None, details: None };
    SplitId::new(world.execute(share).unwrap().last().unwrap().position, 0)
}

fn modelled(split: &SplitState, told: &[Told], amount: Minor, begin: Timestamp) -> Model {
    let parts = split.parts.iter().zip(told).map(|(part, (_, facts, until, bears))| Waits {
        net: part.share.net(),
        bears: Minor::from(*bears),
        facts: [false, true].into_iter().filter(|second| facts >> u8::from(*second) & 1 == 1).collect(),
        until: until.map(|after| hours(begin, after)),
        waits: part.share.net() > 0,
        got: 0,
    });
    Model { amount, refunded: 0, moved: 0, parts: parts.collect(), settled: begin }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn what_waits_goes_once_and_to_nobody_else(
        amount in 1..6_000_i64,
        told in proptest::collection::vec((1..5_u32, 0..4_u8, proptest::option::of(0..150_i64), 0..=100_u32), 1..=3),
        steps in proptest::collection::vec(done(), 0..20),
    ) {
        let mut world = open(ProcessingFee::NONE, OVERDRAFT);
        let begin = world.now();
        let rule = set(&mut world, rule(&told, begin));
        let charge = charged(&mut world, amount, 0);
        let id = share(&mut world, vec![charge], rule);
        let mut model = modelled(world.records().get(id).unwrap(), &told, amount, begin);
        model.settle(world.now());
        let end = [Done::Meet(false), Done::Meet(true), Done::Pass(400)];
        for step in steps.into_iter().chain(end) {
            match step {
                Done::Refund(asked) => {
                    let refund = Refund { amount: Some(asked), ..Refund::full(charge) };
                    if world.execute(refund).is_ok() {
                        model.refunded += asked;
                    }
                }
                Done::Reverse(which, asked) => {
                    let made: Vec<TransferId> =
                        world.records().get(id).unwrap().pieces().filter_map(|piece| piece.transfer).collect();
                    if let Some(transfer) = made.get(which % made.len().max(1)).copied()
                        && world.execute(ReverseTransfer { transfer, amount: Some(asked), refund_application_fee: false }).is_ok()
                    {
                        model.moved -= asked;
                    }
                }
                Done::Meet(second) => {
                    let met = world.execute(MeetCondition { split: id, fact: fact(second) });
                    let awaited = model.parts.iter().any(|part| part.waits && part.facts.contains(&second));
                    assert_eq!(met.is_ok(), awaited);
                    model.settle(world.now());
                    for part in &mut model.parts {
                        part.facts.remove(&second);
                    }
                    model.settle(world.now());
                }
                Done::Pass(after) => {
                    world.execute(AdvanceTo { to: hours(world.now(), after) }).unwrap();
                    model.settle(world.now());
                }
                Done::Take(asked) => {
                    let mut taken = Transfer::new(AccountId(1), Money::new(Currency::USD, asked));
                    taken.source_charge = Some(charge);
                    assert_eq!(world.execute(taken).is_ok(), asked <= model.left(), "{asked} of {model:?}");
                    model.moved += if asked <= model.left() { asked } else { 0 };
                }
            }
            assert_eq!(world.records().get(charge).unwrap().transferable(), model.left(), "{model:?}");
            let split = world.records().get(id).unwrap();
            assert_eq!(split.held().map(|piece| piece.amount).sum::<Minor>(), model.waiting(), "{model:?}");
            let (accounts, rails, _) = model::sums(world.log(), Currency::USD);
            let sellers: i128 = (1..=3).map(|number| accounts.get(&number).copied().unwrap_or_default()).sum();
            assert_eq!((sellers, rails[&1]), (model.moved.into(), (amount - model.refunded).into()), "{model:?}");
        }
        let split = world.records().get(id).unwrap();
        let got: Vec<Minor> = split.parts.iter().map(|part| {
            part.pieces.iter().filter(|piece| piece.transfer.is_some()).map(|piece| piece.net()).sum()
        }).collect();
        assert_eq!(got, model.parts.iter().map(|part| part.got).collect::<Vec<_>>());
        assert!(split.held().next().is_none() && split.parts.iter().all(|part| part.awaits.is_none()));
    }
}

/// One event lets go of 8 pieces; the others follow at the same instant.
#[test]
fn many_pieces_go_in_turns() {
    let mut world = open(ProcessingFee::NONE, OVERDRAFT);
    let until = Condition::At(hours(world.now(), 1));
    let mut part = RulePart::new(AccountId(1), ShareOf::Remainder);
    part.condition = Condition::AllOf(vec![until, Condition::Fact(fact(false))]);
    let rule = set(&mut world, SplitRule { parts: vec![part], rounding: Rounding::Ordered });
    let charges: Vec<ChargeId> = (0..25).map(|_| charged(&mut world, 100, 0)).collect();
    let id = share(&mut world, charges, rule);
    world.execute(AdvanceTo { to: hours(world.now(), 2) }).unwrap();
    let met = world.execute(MeetCondition { split: id, fact: fact(false) }).unwrap();
    let steps = met.iter().filter_map(|recorded| match &recorded.event {
        Event::Moved(moved) => Some((moved.step, moved.subject.amount)),
        _ => None,
    });
    let released = |amount| (Step::SplitReleased, amount);
    let turns = [(Step::SplitConditionMet, 800), released(800), released(800), released(100)];
    assert_eq!(steps.collect::<Vec<_>>(), turns);
    assert_eq!(model::sums(world.log(), Currency::USD).0[&1], 2_500);
}
