//! The laws notice a split by a rule that is not what it says.

use counterfoil_domain::charge::ProcessingFee;
use counterfoil_domain::laws::Law;
use counterfoil_domain::refund::{Recover, Refund};
use counterfoil_domain::split::rule::{CheckedRule, Condition, Fact, Rounding, RulePart, ShareOf, SplitRule};
use counterfoil_domain::split::{MeetCondition, Source, SplitState};
use counterfoil_domain::{AccountId, ChargeId, Moved, Record, Recorded, Step};

use crate::market::open;
use crate::rule_splits::{set, share};
use crate::splits::charged;
use crate::tampering::{first, tampered};

/// 100.00, of which 60.00 go at once and 40.00 on delivery; then half is refunded.
fn history() -> Vec<Recorded> {
    let mut world = open(ProcessingFee::NONE, 0);
    let fact = Fact::new(Fact::DELIVERY_CONFIRMED).unwrap();
    let waits = RulePart {
        condition: Condition::Fact(fact.clone()),
        ..RulePart::new(AccountId(2), ShareOf::Remainder)
    };
    let parts = vec![RulePart::new(AccountId(1), ShareOf::Fixed(6_000)), waits];
    let rule = SplitRule { parts, rounding: Rounding::Ordered };
    let rule = set(&mut world, rule);
    let charges = vec![charged(&mut world, 10_000, 0)];
    let split = share(&mut world, charges, rule);
    world.execute(MeetCondition { split, fact }).unwrap();
    let charge = world.records().get(split).unwrap().charges[0].charge;
    let recover = Recover::by_liability([split]);
    world.execute(Refund { amount: Some(5_000), recover, ..Refund::full(charge) }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

/// The law that breaks where this step is tampered with.
fn law(step: Step, tamper: impl FnOnce(&mut Moved)) -> Law {
    let log = history();
    let place = first(&log, step);
    let breach = tampered(log, place, tamper);
    assert_eq!(breach.position, place as u64, "{breach}");
    breach.law
}

fn split(moved: &mut Moved) -> &mut SplitState {
    let Record::Split(_, split) = &mut moved.subject.record else { panic!("it is of a split") };
    split
}

fn told(law: &Law) -> &'static str {
    if let Law::Told { what, .. } = law { what } else { panic!("{law}") }
}

#[test]
fn a_floor_that_is_not_the_rules_is_noticed() {
    let law = law(Step::SplitRuleSet, |moved| {
        let Record::SplitRuleVersion(_, version) = &mut moved.beside[0].record else { panic!("a version") };
        version.rule = CheckedRule::kept(version.rule.rule().clone(), 5_999).unwrap();
    });
    assert!(matches!(law, Law::Told { what: "floor of a split rule", said: 5_999, booked: 6_000 }), "{law}");
}

#[test]
fn what_waits_and_is_not_reserved_is_noticed() {
    let law = law(Step::ChargesShared, |moved| {
        for part in &mut moved.beside {
            if let Record::Charge(_, charge) = &mut part.record {
                charge.transferred = 6_000;
            }
        }
    });
    assert!(
        matches!(law, Law::ChargeForgets { what: "transferred", said: 6_000, added: 10_000, .. }),
        "{law}"
    );
}

#[test]
fn parts_that_are_not_what_moved_are_noticed() {
    let net = law(Step::ChargesShared, |moved| split(moved).parts[0].share.commission = 1);
    assert_eq!(told(&net), "part of a split");
    let kept = law(Step::SplitConditionMet, |moved| split(moved).parts[1].pieces[0].kept = 1);
    assert_eq!(told(&kept), "transfer of a part");
    let negative = law(Step::SplitConditionMet, |moved| split(moved).parts[1].pieces[0].kept = -1);
    assert_eq!(told(&negative), "kept of a part");
    let nobodys = law(Step::SplitConditionMet, |moved| split(moved).parts[1].pieces[0].transfer = None);
    assert_eq!(told(&nobodys), "transfers without a part");
    let total = law(Step::ChargesShared, |moved| split(moved).total = 9_999);
    assert_eq!(told(&total), "grosses of a total");
}

/// A split told what had been refunded of a charge and not what was shared of it, so that nobody
/// could tell whether transfers and parts fitted into what remained.
#[test]
fn what_was_shared_of_a_charge_is_what_remained_of_it() {
    let total = law(Step::ChargesShared, |moved| split(moved).charges[0].shared = 9_999);
    assert!(matches!(total, Law::Told { what: "total of a split", said: 10_000, booked: 9_999 }), "{total}");
    let more = law(Step::ChargesShared, |moved| {
        let split = split(moved);
        (split.total, split.charges[0].shared) = (10_001, 10_001);
    });
    assert!(matches!(more, Law::Told { what: "shared of a charge", said: 10_001, booked: 10_000 }), "{more}");
    let less = law(Step::ChargesShared, |moved| {
        let split = split(moved);
        let other = Source { charge: ChargeId::new(0, 0), shared: 1, refunded: 0 };
        split.charges[0].shared = 9_999;
        split.charges.push(other);
    });
    assert!(matches!(less, Law::Told { what: "parts of a charge", said: 9_999, booked: 10_000 }), "{less}");
    let before = law(Step::ChargesShared, |moved| {
        let split = split(moved);
        split.charges[0].refunded = 1;
    });
    assert_eq!(told(&before), "shared of a charge");
}

#[test]
fn what_a_refund_takes_is_what_was_borne() {
    let law = law(Step::RefundCreated, |moved| {
        let Record::Refund(_, refund) = &mut moved.subject.record else { panic!("it is of a refund") };
        let Recover::ByLiability(by) = &mut refund.recover else { panic!("by liability") };
        assert_eq!(by.borne.iter().map(|borne| borne.amount).collect::<Vec<_>>(), [3_000, 2_000]);
        by.borne[0].amount = 2_999;
    });
    assert!(matches!(law, Law::Told { what: "taken by liability", said: 3_000, booked: 2_999 }), "{law}");
}

#[test]
fn a_transfer_that_is_not_booked_is_noticed() {
    let law = law(Step::SplitConditionMet, |moved| {
        split(moved).parts[1].pieces[0].kept = 1;
        for part in &mut moved.beside {
            match &mut part.record {
                Record::Transfer(_, transfer) => transfer.amount -= 1,
                Record::Charge(_, charge) => charge.transferred -= 1,
                _ => {}
            }
        }
    });
    assert!(matches!(law, Law::Told { what: "transfer", .. } | Law::TransferBound { .. }), "{law}");
}
