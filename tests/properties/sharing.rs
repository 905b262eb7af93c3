//! Sharing charges in the random market: by named parts, by rules whose parts may wait and bear
//! what goes back, and what they wait for.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{ChargeState, ChargeType};
use counterfoil_domain::money::{Currency, Minor, Rate};
use counterfoil_domain::refund::{OnShortfall, Recover, Refund};
use counterfoil_domain::split::rule::{
    Absorber, Condition, Fact, Liability, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, Shortfall,
    SplitRule, Tier, Tiering,
};
use counterfoil_domain::split::{Ask, Commission, MeetCondition, Part, Split, SplitByRule};
use counterfoil_domain::{AccountId, ChargeId, Command, SplitId};
use counterfoil_testkit::{Records, World};
use proptest::prelude::{Strategy, any, prop_oneof};

use crate::market::{self, SELLERS, Step, any_of, nth};

/// The command of a step that shares a charge, or of what becomes of that.
pub(crate) fn sharing(world: &World, step: &Step) -> Option<Command> {
    let records = world.records();
    Some(match *step {
        Step::Split { charge, second, parts } => {
            let charges = charges(records, (charge, second), |_| true)?;
            let parts = (1..).zip(parts).map(|(number, part)| split_part(AccountId(number), part));
            Split { charges, transfer_group: None, parts: parts.collect(), details: None }.into()
        }
        Step::SetRule { next, parts, rounding } => {
            let next = next.and_then(|index| any_of(records, index));
            let of = next.map_or(RuleSet::New(Currency::USD), RuleSet::Next);
            SetSplitRule { of, rule: rule(parts, rounding, world.now()), details: None }.into()
        }
        Step::Share { charge, second, rule, first } => {
            // Mostly of what is there.
            let there = |charge: &ChargeState| charge.transferable() > 0 || second.is_none();
            let charges = charges(records, (charge, second), there)?;
            let (rule, version) = (any_of(records, rule)?, first.then_some(1));
            SplitByRule { charges, rule, version, transfer_group: None, details: None }.into()
        }
        Step::Meet { split, fact } => {
            let waiting = records.each::<SplitId>().filter(|(_, split)| split.held().next().is_some());
            let split = nth(waiting.map(|(id, _)| id), split)?;
            let awaits = records.get(split)?.parts.iter().filter_map(|part| part.awaits.as_ref());
            let facts = awaits.flat_map(|awaits| awaits.facts.iter().map(Fact::as_str));
            let fact = Fact::new(nth(facts, fact).unwrap_or(Fact::DELIVERY_CONFIRMED)).unwrap();
            MeetCondition { split, fact }.into()
        }
        Step::Bear { split, choice, amount, waits } => {
            let split: SplitId = any_of(records, split)?;
            let charge = nth(records.get(split)?.charges.iter().map(|source| source.charge), choice)?;
            let amount = amount.map(|amount| amount.min(records.get(charge).unwrap().refundable()));
            let on_shortfall = waits.then_some(OnShortfall::Wait);
            let recover = Recover::by_liability([split]);
            Refund { amount, recover, on_shortfall, ..Refund::full(charge) }.into()
        }
        _ => return None,
    })
}

/// Two rules with which the market opens: half at once and half on delivery, and three parts of
/// which one waits for sixty days.
pub(crate) fn rules(now: Timestamp) -> [SetSplitRule; 2] {
    let part = |account, weight, condition, shortfall| RulePart {
        condition,
        liability: Liability { shortfall, ..Liability::default() },
        ..RulePart::new(AccountId(account), ShareOf::Weight(weight))
    };
    let (owes, bears) = (Shortfall::SellerOwes, Shortfall::PlatformBears);
    let delivered = Condition::Fact(Fact::new(Fact::DELIVERY_CONFIRMED).unwrap());
    let later = Condition::At(now.plus_seconds(60 * 86_400));
    let halves = vec![part(1, 1, Condition::NONE, owes), part(1, 1, delivered.clone(), owes)];
    let thirds =
        vec![part(2, 1, later, bears), part(3, 1, Condition::NONE, bears), part(1, 1, delivered, owes)];
    [halves, thirds].map(|parts| {
        let rule = SplitRule { parts, rounding: Rounding::LargestRemainder };
        SetSplitRule { of: RuleSet::New(Currency::USD), rule, details: None }
    })
}

/// Streams in which mostly separate charges are shared by rules, and what was shared goes back.
pub(crate) fn steps(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    let amount = || 1..20_000_i64;
    let some = |range: std::ops::Range<Minor>| proptest::option::of(range);
    let seller = || 1..=SELLERS;
    let shared = prop_oneof![
        5 => (seller(), amount()).prop_map(|(seller, amount)| {
            Step::Charge { way: 3, seller, amount, fee: 0, rail: 0, euro: false }
        }),
        3 => (seller(), amount(), 2..4_u8)
            .prop_map(|(seller, amount, how)| Step::Await { way: 3, seller, amount, fee: 0, how }),
        2 => (any::<usize>(), some(1..10_000), any::<bool>())
            .prop_map(|(charge, amount, last)| Step::Capture { charge, amount, fee: None, last }),
        1 => (any::<usize>(), 1..8_u8).prop_map(|(charge, which)| Step::Result { charge, which }),
        1 => (any::<[[u8; 4]; 4]>(), any::<u8>())
            .prop_map(|(parts, rounding)| Step::SetRule { next: None, parts, rounding }),
        8 => (any::<[usize; 2]>(), proptest::option::of(any::<usize>()))
            .prop_map(|([charge, rule], second)| Step::Share { charge, second, rule, first: false }),
        4 => any::<[usize; 2]>().prop_map(|[split, fact]| Step::Meet { split, fact }),
        6 => (any::<[usize; 2]>(), some(1..6_000), any::<bool>())
            .prop_map(|([split, choice], amount, waits)| Step::Bear { split, choice, amount, waits }),
        3 => (any::<usize>(), some(1..15_000), any::<u8>(), 0..20_u8).prop_map(|(charge, amount, fee, days)| {
            Step::Dispute { charge, amount, fee, inquiry: false, recover: 3, days }
        }),
        4 => (any::<usize>(), 2..8_u8).prop_map(|(dispute, how)| Step::Disputed { dispute, how }),
        4 => (any::<usize>(), 0..8_u8).prop_map(|(refund, how)| Step::Refunded { refund, how }),
        2 => (any::<usize>(), some(1..5_000)).prop_map(|(transfer, amount)| Step::Reverse { transfer, amount }),
        3 => (0..400_u16).prop_map(|hours| Step::Pass { hours }),
    ];
    proptest::collection::vec(prop_oneof![3 => shared, 1 => market::step()], 1..longest)
}

/// One or two separate charges: others are never split.
fn charges(
    records: &Records,
    (first, second): (usize, Option<usize>),
    so: impl Fn(&ChargeState) -> bool,
) -> Option<Vec<ChargeId>> {
    let separate = || {
        let charges = records.each::<ChargeId>();
        let separate = charges.filter(|(_, charge)| charge.charge_type == ChargeType::Separate && so(charge));
        separate.map(|(id, _)| id)
    };
    let mut charges = vec![nth(separate(), first)?];
    charges.extend(second.and_then(|index| nth(separate(), index)));
    Some(charges)
}

fn points(points: u32) -> Rate {
    Rate::from_basis_points(points).unwrap()
}

fn commission(choice: u8) -> Commission {
    match choice % 3 {
        0 => Commission::None,
        1 => Commission::Amount(Minor::from(choice)),
        _ => Commission::Rate(points(u32::from(choice) * 13)),
    }
}

fn split_part(account: AccountId, (gross, kept): (u8, u8)) -> Part {
    let gross = match gross % 4 {
        0 => Ask::Fixed(Minor::from(gross) * 7),
        1 if account == AccountId(1) => Ask::Remainder,
        _ => Ask::Percent(points(u32::from(gross) * 13)),
    };
    Part { account, gross, commission: commission(kept) }
}

/// A rule of up to four parts, two of which may be one seller's.
fn rule(parts: [[u8; 4]; 4], rounding: u8, now: Timestamp) -> SplitRule {
    let count = 1 + usize::from(rounding / 4) % parts.len();
    let parts = (0..).zip(parts).take(count).map(|(index, [share, kept, waits, bears])| {
        let mut part = RulePart::new(AccountId(1 + index % 3), share_of(share));
        part.least = (share >= 240).then_some(Minor::from(share));
        part.most = (kept >= 240).then_some(Minor::from(kept) * 9);
        part.commission = commission(kept);
        part.condition = condition(waits, now);
        part.liability = liability(bears);
        part
    });
    let rounding = match rounding % 4 {
        0 => Rounding::LargestRemainder,
        1 => Rounding::Ordered,
        2 => Rounding::Down(Absorber::Part(0)),
        _ => Rounding::HalfEven(Absorber::Rest),
    };
    SplitRule { parts: parts.collect(), rounding }
}

fn share_of(choice: u8) -> ShareOf {
    match choice % 8 {
        0 => ShareOf::Fixed(Minor::from(choice)),
        1 | 2 => ShareOf::Percent(points(u32::from(choice) * 8)),
        3 => {
            let tier = |up_to, rate, fixed| Tier { up_to, rate: points(rate), fixed };
            let tiers = vec![tier(Some(3_000), 2_000, 0), tier(None, u32::from(choice), 5)];
            ShareOf::Tiered { tiering: Tiering::Marginal, tiers }
        }
        4 => ShareOf::Remainder,
        _ => ShareOf::Weight(u32::from(choice) % 5 + 1),
    }
}

/// Half of the parts wait for nothing; the others for facts, an instant within 36 days, or both.
fn condition(choice: u8, now: Timestamp) -> Condition {
    let fact = |fact| Condition::Fact(Fact::new(fact).unwrap());
    let at = || Condition::At(now.plus_seconds(i64::from(choice) * 12_000));
    match choice % 8 {
        0 => fact(Fact::DELIVERY_CONFIRMED),
        1 => at(),
        2 => Condition::AllOf(vec![fact(Fact::DELIVERY_CONFIRMED), at()]),
        3 => Condition::AllOf(vec![fact(Fact::DELIVERY_CONFIRMED), fact("inspected")]),
        _ => Condition::NONE,
    }
}

fn liability(choice: u8) -> Liability {
    let of = |choice: u8| points([10_000, 10_000, 3_700, 0][usize::from(choice % 4)]);
    let shortfall = if choice >= 128 { Shortfall::PlatformBears } else { Shortfall::SellerOwes };
    Liability { refund: of(choice), dispute: of(choice / 4), dispute_fee: of(choice / 16), shortfall }
}
