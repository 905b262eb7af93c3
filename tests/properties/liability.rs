//! What parts give back: never more than they got, and exactly that in the end.

use counterfoil_domain::money::{Minor, Rate};
use counterfoil_domain::split::rule::{Liability, Liable, dispute_fees, recover};
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::model::nearest_even;

/// A rate in basis points, often none or all.
fn points() -> impl Strategy<Value = u32> {
    prop_oneof![2 => Just(10_000), 1 => Just(0), 2 => 0..=10_000_u32]
}

/// Parts that together received no more than a total, and the total.
fn shared() -> impl Strategy<Value = (Vec<(Liable, u32)>, Minor)> {
    let part = (prop_oneof![0..30_i64, 0..20_000_i64], points(), points(), points());
    (proptest::collection::vec(part, 1..6), 1..500_i64).prop_map(|(parts, kept)| {
        let of = parts.iter().map(|part| part.0).sum::<Minor>() + kept;
        let parts = parts.into_iter().map(|(received, refund, dispute, fee)| {
            let rate = |points| Rate::from_basis_points(points).unwrap();
            let liability = Liability {
                refund: rate(refund),
                dispute: rate(dispute),
                dispute_fee: rate(fee),
                ..Liability::default()
            };
            (Liable { received, liability }, refund)
        });
        (parts.collect(), of)
    })
}

/// Running totals from 0 to `of`, cut at the given points.
fn running(of: Minor, cuts: &[Minor]) -> Vec<Minor> {
    let mut totals: Vec<Minor> = cuts.iter().map(|cut| cut % of).chain([0, of]).collect();
    totals.sort_unstable();
    totals
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn any_partial_refunds_of_all_return_exactly_what_each_part_bears(
        (parts, of) in shared(),
        cuts in proptest::collection::vec(0..100_000_i64, 0..8),
    ) {
        for (part, points) in parts {
            let mut left = part.received;
            for step in running(of, &cuts).windows(2) {
                let due = |refunded| part.due_for_refunds(refunded, of);
                let takes = recover(due(step[0]), due(step[1]), left);
                assert_eq!(takes, due(step[1]) - due(step[0]), "a refund finds what it asks for");
                assert!(takes >= 0);
                left -= takes;
                let bears = nearest_even(part.received, Minor::from(points), 10_000);
                assert_eq!(part.received - left, nearest_even(bears, step[1], of));
            }
            assert!(left >= 0);
            assert_eq!(part.received - left, nearest_even(part.received, Minor::from(points), 10_000));
            if points == 10_000 {
                assert_eq!(left, 0, "everything that it got");
            }
        }
    }

    #[test]
    fn refunds_and_disputes_in_any_order_never_take_more_than_a_part_got(
        (parts, of) in shared(),
        steps in proptest::collection::vec((proptest::bool::ANY, 0..40_000_i64), 0..8),
    ) {
        for (part, _) in parts {
            let (mut refunded, mut disputed, mut left) = (0, 0, part.received);
            for (by_dispute, amount) in &steps {
                let takes = if *by_dispute {
                    // A dispute may take more than the charge: what is beyond is not theirs.
                    let before = part.due_for_disputes(disputed, of);
                    disputed += amount;
                    recover(before, part.due_for_disputes(disputed, of), left)
                } else {
                    let before = part.due_for_refunds(refunded, of);
                    refunded = of.min(refunded + amount);
                    recover(before, part.due_for_refunds(refunded, of), left)
                };
                assert!((0..=left).contains(&takes));
                left -= takes;
            }
        }
    }

    #[test]
    fn parts_never_bear_more_than_the_fee((parts, of) in shared(), fee in 0..5_000_i64) {
        let parts: Vec<Liable> = parts.into_iter().map(|(part, _)| part).collect();
        let fees = dispute_fees(&parts, fee, of);
        assert_eq!(fees.len(), parts.len());
        assert!(fees.iter().sum::<Minor>() <= fee);
        for (part, bears) in parts.iter().zip(&fees) {
            let rate = i128::from(part.liability.dispute_fee.hundred_millionths());
            let exact = i128::from(fee) * i128::from(part.received) * rate;
            let unit = i128::from(of) * 100_000_000;
            assert!((i128::from(*bears) * unit - exact).abs() < unit, "within a cent of its proportion");
        }
        // Whoever received everything and bears it all bears the fee.
        let all = Liability { dispute_fee: Rate::ONE, ..Liability::default() };
        assert_eq!(dispute_fees(&[Liable { received: of, liability: all }], fee, of), [fee]);
    }
}
