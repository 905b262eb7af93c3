//! Split rules against a naive model: shares sum, and the floor is where they begin to fit.

use counterfoil_domain::AccountId;
use counterfoil_domain::charge::LARGEST_AMOUNT;
use counterfoil_domain::money::allocate::largest_remainder;
use counterfoil_domain::money::{Minor, Rate};
use counterfoil_domain::split::Ask;
use counterfoil_domain::split::rule::{Absorber, Rounding, RulePart, ShareOf, SplitRule, recover};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::proptest;
use proptest::sample::select;

use crate::cases::cases;
use crate::rule_model::{Asked, Model, Part};

/// Every total up to here is tried.
const TRIED: Minor = 1_500;

fn asked() -> impl Strategy<Value = Asked> {
    let ends = proptest::collection::btree_set(1..1_000_i64, 0..4);
    let each = proptest::collection::vec(
        (prop_oneof![2 => 0..5_000_u32, 1 => 0..10_001_u32], prop_oneof![3 => Just(0), 1 => 1..60_i64]),
        4,
    );
    prop_oneof![
        2 => (1..300_i64).prop_map(Asked::Cents),
        3 => (0..5_000_u32).prop_map(Asked::Points),
        1 => (5_000..10_001_u32).prop_map(Asked::Points),
        // Shares whose fractions tie, and shares that come to the whole.
        2 => select(vec![1_000_u32, 2_500, 3_333, 5_000]).prop_map(Asked::Points),
        3 => (any::<bool>(), ends, each).prop_map(|(whole, ends, mut each)| {
            each.truncate(ends.len() + 1);
            Asked::Tiers { whole, ends: ends.into_iter().collect(), each }
        }),
        3 => (1..5_u32).prop_map(Asked::Weight),
    ]
}

fn part(asked: impl Strategy<Value = Asked>) -> impl Strategy<Value = Part> {
    let bound = || 0..400_i64;
    let bounds = prop_oneof![
        4 => Just((None, None)),
        1 => bound().prop_map(|least| (Some(least), None)),
        2 => bound().prop_map(|most| (None, Some(most))),
        1 => (bound(), 0..40_i64).prop_map(|(least, above)| (Some(least), Some(least + above / 10 * above))),
    ];
    let kept = prop_oneof![4 => Just(0), 1 => 1..20_i64];
    (asked, bounds, kept).prop_map(|(asked, (least, most), kept)| match asked {
        Asked::Cents(_) => Part { asked, least: None, most: None, kept },
        _ => Part { asked, least, most, kept },
    })
}

fn rounding() -> impl Strategy<Value = Rounding> {
    let absorber = prop_oneof![Just(Absorber::Rest), (0..4_u16).prop_map(Absorber::Part)];
    prop_oneof![
        Just(Rounding::LargestRemainder),
        Just(Rounding::Ordered),
        absorber.clone().prop_map(Rounding::Down),
        absorber.prop_map(Rounding::HalfEven),
    ]
}

/// Rules of which most are accepted: a remainder, where there is one, replaces weights,
/// and an absorber is a part of the rule.
fn model() -> impl Strategy<Value = Model> {
    let rest = proptest::option::of((part(Just(Asked::Rest)), any::<proptest::sample::Index>()));
    (proptest::collection::vec(part(asked()), 1..5), rest, rounding()).prop_map(
        |(mut parts, rest, mut rounding)| {
            if let Some((rest, at)) = rest {
                parts.retain(|part| !matches!(part.asked, Asked::Weight(_)));
                parts.insert(at.index(parts.len() + 1), rest);
            }
            let count = u16::try_from(parts.len()).unwrap();
            if let Rounding::Down(Absorber::Part(place)) | Rounding::HalfEven(Absorber::Part(place)) =
                &mut rounding
            {
                *place %= count;
            }
            Model { parts, rounding }
        },
    )
}

/// Rules whose parts ask for too much until they are full: low tiers, then high ones.
fn full() -> impl Strategy<Value = Model> {
    let tiers = (1..800_i64, 0..3_000_u32, 5_000..10_001_u32).prop_map(|(end, low, high)| Asked::Tiers {
        whole: false,
        ends: vec![end],
        each: vec![(low, 0), (high, 0)],
    });
    let points = (5_000..10_001_u32).prop_map(Asked::Points);
    let part = (prop_oneof![2 => tiers, 1 => points], 1..1_000_i64);
    let parts = part.prop_map(|(asked, most)| Part { asked, least: None, most: Some(most), kept: 0 });
    let roundings = select(vec![Rounding::LargestRemainder, Rounding::HalfEven(Absorber::Rest)]);
    (proptest::collection::vec(parts, 2..4), roundings)
        .prop_map(|(parts, rounding)| Model { parts, rounding })
}

/// What no total can change about a rule, by the words of its refusals.
fn static_refusal(model: &Model) -> Option<&'static str> {
    if let Rounding::Down(Absorber::Part(place)) | Rounding::HalfEven(Absorber::Part(place)) = model.rounding
    {
        let part = &model.parts[usize::from(place)];
        if part.most.is_some() || matches!(part.asked, Asked::Cents(_)) {
            return Some("split_rule_absorber_must_be_free");
        }
    }
    let points = model.parts.iter().map(|part| match part.asked {
        Asked::Points(points) if part.most.is_none() => points,
        _ => 0,
    });
    (points.sum::<u32>() > 10_000).then_some("split_rule_percents_must_fit")
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_floor_is_the_least_total_from_which_on_shares_fit(
        model in prop_oneof![3 => model(), 1 => full()],
        far in 1..LARGEST_AMOUNT) {
        let checked = match (model.rule().check(), static_refusal(&model)) {
            (Err(refusal), Some(broken)) => {
                assert_eq!(refusal.rule(), broken);
                return Ok(());
            }
            (Err(refusal), None) => {
                assert_eq!(refusal.rule(), "split_rule_must_fit_large_totals");
                assert!(!model.fits(LARGEST_AMOUNT));
                return Ok(());
            }
            (Ok(checked), broken) => {
                assert_eq!(broken, None);
                checked
            }
        };
        let floor = checked.floor();
        assert!(floor == 1 || !model.fits(floor - 1), "{} fits, below the floor", floor - 1);
        // Every small total from the floor on, every total right above a floor that is
        // large, one anywhere, and the largest.
        let right_above = floor..=(floor + 100).min(LARGEST_AMOUNT);
        for total in (floor..=TRIED).chain(right_above).chain([far.max(floor), LARGEST_AMOUNT]) {
            assert!(model.fits(total), "{total} does not fit, from the floor {floor} on");
            assert!(model.divide(total).is_some(), "{total} cannot be divided");
        }
    }

    #[test]
    fn shares_are_those_of_the_model_and_sum(model in model(), totals in proptest::collection::vec(0..2_000_i64, 8)) {
        let Ok(checked) = model.rule().check() else {
            return Ok(());
        };
        let full = model.parts.iter().any(|part| matches!(part.asked, Asked::Rest) && part.most.is_none());
        let from_the_floor = totals.iter().map(|above| (checked.floor() + above).min(LARGEST_AMOUNT));
        for total in totals.iter().copied().chain(from_the_floor).chain([LARGEST_AMOUNT]) {
            let shares = checked.divide(total);
            if total < checked.floor() {
                assert_eq!(shares.unwrap_err().rule(), "split_total_must_reach_its_floor");
                continue;
            }
            let shares = shares.unwrap();
            let grosses: Vec<Minor> = shares.iter().map(|share| share.gross).collect();
            assert_eq!(Some(&grosses), model.divide(total).as_ref(), "of {total}");
            let sum: Minor = grosses.iter().sum();
            assert!(sum <= total && (!full || sum == total), "{sum} of {total}");
            for (part, share) in model.parts.iter().zip(&shares) {
                assert!(share.gross >= part.least.unwrap_or(0) && share.gross <= part.most.unwrap_or(total));
                assert_eq!(share.net(), share.gross - part.kept);
                assert!(share.net() >= 0);
            }
        }
    }

    #[test]
    fn a_refund_of_all_in_any_parts_returns_every_share(
        model in model(),
        above in 0..2_000_i64,
        cuts in proptest::collection::vec(0..100_000_i64, 0..6),
    ) {
        let Ok(checked) = model.rule().check() else {
            return Ok(());
        };
        let total = (checked.floor() + above).min(LARGEST_AMOUNT);
        let shares = checked.divide(total).unwrap();
        let parts = checked.liable(&shares);
        let mut left: Vec<Minor> = shares.iter().map(|share| share.net()).collect();
        let mut refunded: Vec<Minor> = cuts.iter().map(|cut| cut % total).chain([0, total]).collect();
        refunded.sort_unstable();
        for step in refunded.windows(2) {
            for (part, left) in parts.iter().zip(&mut left) {
                let [before, after] = [step[0], step[1]].map(|refunded| part.due_for_refunds(refunded, total));
                *left -= recover(before, after, *left);
                assert!(*left >= 0);
            }
        }
        assert_eq!(left, vec![0; left.len()], "each gave back what it got, to the cent");
    }

    #[test]
    fn a_rule_divides_as_a_split_with_the_same_parts_does(
        asked in proptest::collection::vec(prop_oneof![
            (1..400_i64).prop_map(Ask::Fixed),
            (0..4_000_u32).prop_map(|points| Ask::Percent(Rate::from_basis_points(points).unwrap())),
        ], 1..6),
        rest in proptest::option::of(any::<proptest::sample::Index>()),
        total in 1..3_000_i64,
    ) {
        let mut asked = asked;
        if let Some(at) = rest {
            asked.insert(at.index(asked.len() + 1), Ask::Remainder);
        }
        let parts = asked.iter().zip(1..).map(|(ask, account)| RulePart::new(AccountId(account), match ask {
            Ask::Fixed(amount) => ShareOf::Fixed(*amount),
            Ask::Percent(rate) => ShareOf::Percent(*rate),
            Ask::Remainder => ShareOf::Remainder,
        }));
        let rule = SplitRule { parts: parts.collect(), rounding: Rounding::LargestRemainder };
        let Ok(checked) = rule.check() else {
            return Ok(());
        };
        let by_split = largest_remainder(total, &asked);
        match checked.divide(total) {
            Ok(shares) => {
                let grosses: Vec<Minor> = shares.iter().map(|share| share.gross).collect();
                assert_eq!(grosses, by_split.unwrap().0);
            }
            Err(_) => assert!(by_split.is_err()),
        }
    }
}
