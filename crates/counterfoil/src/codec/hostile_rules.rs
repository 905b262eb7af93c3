//! The largest split rules and splits by them: what an event may have, and what it must hold.

use counterfoil_domain::books::{Book, Kind, State};
use counterfoil_domain::charge::{ChargeMore, ChargeStanding, ChargeState, MOST_PENDING_DAYS, PendingPart};
use counterfoil_domain::money::{Currency, Rate};
use counterfoil_domain::split::rule::{
    Awaited, CheckedRule, Condition, Fact, Liability, MOST_VERSIONS, Rounding, RulePart, ShareOf, SplitRule,
    SplitRuleState, SplitRuleVersionState, Tier, Tiering,
};
use counterfoil_domain::split::{Commission, Piece, Share, SharedPart, Source};
use counterfoil_domain::step::Books;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{
    AccountId, ChargeId, Event, Moved, Record, Recorded, SplitId, SplitRuleId, SplitRuleVersionId, Step,
    TransferId,
};

use super::entries::entry;
use super::sample_rules::split_by_rule;
use super::samples::{FLORIST, charge, day, instant, samples, transfer};
use super::{LARGEST_EVENT, decode, encode};

/// The largest rule, and the head of one with all its versions, are stored by one event.
#[test]
fn the_largest_rule_fits() {
    let largest = 1_000_000_000_000;
    let fact = |number: usize| Condition::Fact(Fact::new(&format!("{number:0>32}")).unwrap());
    let tier = |number: i64| Tier { up_to: Some(largest - 16 + number), rate: odd_rate(), fixed: largest };
    let parts = (0..200_usize).map(|number| {
        let tiers = (0..2).map(tier).chain([Tier { up_to: None, ..tier(0) }]);
        let tiers: Vec<Tier> =
            if number < 133 { tiers.collect() } else { vec![Tier { up_to: None, ..tier(0) }] };
        let mut part = RulePart::new(
            AccountId(u32::MAX - number as u32),
            ShareOf::Tiered { tiering: Tiering::Whole, tiers },
        );
        if number >= 133 {
            part.share = ShareOf::Percent(odd_rate());
        }
        (part.least, part.most) = (Some(largest), Some(largest));
        part.commission = Commission::Amount(largest);
        part.condition = Condition::AllOf(vec![fact(2 * number), fact(2 * number + 1)]);
        part.liability = Liability { refund: odd_rate(), dispute: odd_rate(), dispute_fee: odd_rate() };
        part
    });
    let rule = SplitRule { parts: parts.collect(), rounding: Rounding::Ordered };
    let of = SplitRuleId::new(1 << 40, 0);
    let versions = vec![SplitRuleVersionId::new(1 << 40, 1); MOST_VERSIONS];
    let head = SplitRuleState { currency: Currency::BRL, floor: largest, versions };
    let rule = CheckedRule::kept(rule, largest).unwrap();
    let version = SplitRuleVersionState { of, number: 1_000, currency: Currency::BRL, rule };
    let set = Moved::new(Step::SplitRuleSet, Record::SplitRule(of, head));
    let set = set.beside(Record::SplitRuleVersion(SplitRuleVersionId::new(1 << 40, 1), version), 0);
    let recorded = Recorded { event: Event::Moved(Box::new(set)), ..samples().swap_remove(0).recorded };
    let mut bytes = Vec::new();
    encode(&recorded, 1, None, &mut bytes).unwrap();
    assert!(bytes.len() > LARGEST_EVENT / 2, "{} bytes", bytes.len());
    assert_eq!(decode(recorded.position, &bytes).map(|decoded| decoded.recorded), Ok(recorded));
}

/// What waited can always be let go: of the largest split by a rule, 10 pieces of as many
/// charges, all with the longest group.
#[test]
fn the_largest_release_fits() {
    let group: Box<str> = "g".repeat(255).into();
    let id = |number: usize| ChargeId::new((1 << 40) + number as u64, 0);
    let (mut charge, mut state) = (charge(), split_by_rule());
    // It was captured on as many days as a charge may have.
    let pending = |number: usize| PendingPart {
        day: day().plus(number as i32),
        left: 1_000_000_000_000,
        fee_left: 0,
        transfer_left: 0,
    };
    charge.more = Some(Box::new(ChargeMore {
        standing: ChargeStanding::Succeeded,
        authorised: 1_000_000_000_000,
        asynchronous: false,
        transfer: None,
        transfers: Vec::new(),
        disputed: 0,
        on_behalf_of: None,
        fee_at: None,
        earlier: (1..MOST_PENDING_DAYS).map(pending).collect(),
    }));
    let facts =
        |number: usize| [2 * number, 2 * number + 1].map(|fact| Fact::new(&format!("{fact:0>32}")).unwrap());
    let part = |number: usize| SharedPart {
        share: Share { account: AccountId(u32::MAX), gross: 1_000_000_000_000, commission: 1_000_000 },
        liability: Liability { refund: odd_rate(), dispute: odd_rate(), dispute_fee: odd_rate() },
        awaits: Some(Awaited { until: Some(instant()), facts: facts(number).into() }),
        pieces: vec![
            Piece {
                charge: id(number),
                amount: 1_000_000_000_000,
                kept: 1_000_000_000,
                transfer: Some(TransferId::new(1 << 40, 299))
            };
            1 + number % 2
        ],
    };
    state.parts = (0..200).map(part).collect();
    state.charges = (0..100).map(|number| Source { charge: id(number), refunded: 1_000_000_000 }).collect();
    state.transfer_group = Some(group.clone());
    let mut released = Moved::new(Step::SplitReleased, Record::Split(SplitId::new(1 << 40, 0), state));
    let mut lines = Vec::new();
    for number in 0..10_u16 {
        let transfer = TransferState { transfer_group: Some(group.clone()), ..transfer(FLORIST) };
        released =
            released.beside(Record::Transfer(TransferId::new(1 << 40, number), transfer), 1_000_000_000_000);
        lines.extend([1_i64, 1, -2].map(|sign| {
            (Book::Account(FLORIST, State::Pending(day())), Kind::Transfer, sign * 100_000_000_000, 1 << 40)
        }));
    }
    for number in 0..10 {
        let charge = ChargeState { transfer_group: Some(group.clone()), ..charge.clone() };
        released = released.beside(Record::Charge(id(number), charge), 1_000_000_000_000);
    }
    let owners = (1..=10).map(|object| (3, object)).collect();
    released.books = Some(Books { entry: entry(lines), owners });
    let recorded = Recorded { event: Event::Moved(Box::new(released)), ..samples().swap_remove(0).recorded };
    let mut bytes = Vec::new();
    encode(&recorded, 1, None, &mut bytes).unwrap();
    assert!(bytes.len() > LARGEST_EVENT / 2, "{} bytes", bytes.len());
    assert_eq!(decode(recorded.position, &bytes).map(|decoded| decoded.recorded), Ok(recorded));
}

fn odd_rate() -> Rate {
    Rate::new(rust_decimal::Decimal::new(99_999_999, 8)).unwrap()
}
