//! The largest split rules and splits by them: what an event may have, and what it must hold.

use counterfoil_domain::books::{Book, Kind, State};
use counterfoil_domain::charge::{ChargeMore, ChargeState, MOST_PENDING_DAYS, PendingPart};
use counterfoil_domain::dispute::MOST_DISPUTES;
use counterfoil_domain::money::{Currency, Rate};
use counterfoil_domain::split::rule::{
    Awaited, CheckedRule, Condition, Fact, Liability, MOST_VERSIONS, Rounding, RulePart, ShareOf, Shortfall,
    SplitRule, SplitRuleState, SplitRuleVersionState, Tier, Tiering,
};
use counterfoil_domain::split::{Commission, Piece, Share, SharedPart, Source};
use counterfoil_domain::step::Books;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{
    AccountId, ChargeId, DisputeId, Event, Moved, Record, Recorded, SplitId, SplitRuleId, SplitRuleVersionId,
    Step, TransferId,
};

use super::entries::entry;
use super::sample_rules::split_by_rule;
use super::samples::{FLORIST, charge, day, samples, transfer};
use super::standings::charge_after;
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
        part.liability = odd_liability();
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

/// What waited can always be let go: of the largest split by a rule the last turn of a part that
/// spans all charges, while every other part waits for two facts; each charge has the longest
/// group and was captured in parts. A size that grows is seen here before a release does not fit.
#[test]
fn the_largest_release_fits() {
    let (group, largest): (Box<str>, i64) = ("g".repeat(255).into(), 1_000_000_000_000);
    let id = |number: usize| ChargeId::new((1 << 40) + number as u64, 0);
    let moved = |number: usize| TransferId::new(1 << 40, 200 + number as u16);
    let fact = |number: usize| Fact::new(&format!("{number:0>32}")).unwrap();
    let part = |awaits, pieces| SharedPart {
        share: Share { account: AccountId(u32::MAX), gross: largest, commission: largest },
        liability: odd_liability(),
        awaits,
        pieces,
    };
    let released = |number| Piece {
        charge: id(number),
        amount: largest,
        kept: largest - 1,
        transfer: Some(moved(number)),
    };
    let waits = |number: usize| {
        let awaits = Awaited { until: None, facts: [fact(2 * number), fact(2 * number + 1)].into() };
        part(Some(awaits), vec![Piece { charge: id(99), amount: largest, kept: 0, transfer: None }])
    };
    let mut state = split_by_rule();
    state.total = 100 * largest;
    state.parts = (1..200).map(waits).collect();
    state.parts.insert(0, part(None, (0..100).map(released).collect()));
    let source = |number| Source { charge: id(number), shared: largest, refunded: largest };
    state.charges = (0..100).map(source).collect();
    state.transfer_group = Some(group.clone());
    let mut step = Moved::new(Step::SplitReleased, Record::Split(SplitId::new(1 << 40, 0), state));
    let mut lines = Vec::new();
    for number in 92..100 {
        let transfer = TransferState {
            destination: AccountId(u32::MAX),
            amount: largest,
            pending_left: largest,
            transfer_group: Some(group.clone()),
            ..transfer(FLORIST)
        };
        step = step.beside(Record::Transfer(moved(number), transfer), largest);
        lines.extend([1_i64, 1, -2].map(|sign| {
            (Book::Account(FLORIST, State::Pending(day())), Kind::Transfer, sign * largest, 1 << 40)
        }));
    }
    let earlier = most_days(largest);
    let disputes =
        (1..=MOST_DISPUTES).map(|number| DisputeId::new((1 << 40) - number as u64, 0)).rev().collect();
    let authorised = charge_after(Step::ChargeAuthorised).and_then(|charge| charge.more);
    let more = authorised.map(|more| {
        Box::new(ChargeMore { authorised: largest, transfers: Vec::new(), earlier, disputes, ..*more })
    });
    for number in 92..100 {
        let sums = ChargeState { amount: largest, transferred: largest, refunded: largest, ..charge() };
        let charge = ChargeState {
            processing_fee: largest,
            pending_left: largest,
            transfer_group: Some(group.clone()),
            more: more.clone(),
            ..sums
        };
        step = step.beside(Record::Charge(id(number), charge), largest);
    }
    let owners = (1..=8).map(|object| (3, object)).collect();
    step.books = Some(Books { entry: entry(lines), owners });
    let recorded = Recorded { event: Event::Moved(Box::new(step)), ..samples().swap_remove(0).recorded };
    let mut bytes = Vec::new();
    encode(&recorded, 1, None, &mut bytes).unwrap();
    assert!(bytes.len() < LARGEST_RELEASE, "{} bytes", bytes.len());
    assert!(bytes.len() > LARGEST_RELEASE - 1_024, "the bound is not near: {} bytes", bytes.len());
    assert_eq!(decode(recorded.position, &bytes).map(|decoded| decoded.recorded), Ok(recorded));
}

/// As many days as a charge may have besides the newest, with so much left of each.
fn most_days(left: i64) -> Vec<PendingPart> {
    let part = |number: usize| {
        let day = day().plus(number as i32);
        PendingPart { day, left, fee_left: 0, transfer_left: 0 }
    };
    (1..MOST_PENDING_DAYS).map(part).collect()
}

/// What the largest release comes to, and some room.
const LARGEST_RELEASE: usize = 44 * 1024;

const _: () = assert!(LARGEST_RELEASE < LARGEST_EVENT, "what waited can always be let go");

fn odd_liability() -> Liability {
    let shortfall = Shortfall::PlatformBears;
    Liability { refund: odd_rate(), dispute: odd_rate(), dispute_fee: odd_rate(), shortfall }
}

fn odd_rate() -> Rate {
    Rate::new(rust_decimal::Decimal::new(99_999_999, 8)).unwrap()
}
