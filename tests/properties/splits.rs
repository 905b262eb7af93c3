//! Splits against a naive model: shares sum, and nobody loses a cent.

use counterfoil_domain::charge::{Charge, ProcessingFee};
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::split::{Ask, Commission, Part, Split};
use counterfoil_domain::{AccountId, ChargeId, Event};
use counterfoil_testkit::World;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::proptest;
use proptest::sample::select;

use crate::cases::cases;
use crate::market::{open, rail_name};
use crate::model;

/// What a seller of the model asks: basis points of the whole, or so much.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Points(u32),
    Cents(Minor),
    Rest,
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        3 => (1..4_000_u32).prop_map(Asked::Points),
        // Equal shares, so that fractions tie.
        2 => select(vec![1_000_u32, 2_500, 3_333]).prop_map(Asked::Points),
        2 => (1..400_i64).prop_map(Asked::Cents),
        1 => Just(Asked::Rest),
    ]
}

/// The grosses by the book: ten-thousandths of a cent, floors, and the cents left over
/// one by one to the largest fractions, ties to the earlier, what nobody asked for last.
fn grosses(total: Minor, asked: &[Asked]) -> Option<Vec<Minor>> {
    if asked.iter().filter(|asked| matches!(asked, Asked::Rest)).count() > 1 {
        return None;
    }
    if asked.iter().all(|asked| matches!(asked, Asked::Cents(_))) {
        return Some(
            asked.iter().map(|asked| if let Asked::Cents(cents) = asked { *cents } else { 0 }).collect(),
        );
    }
    let mut exact: Vec<Minor> = asked
        .iter()
        .map(|asked| match asked {
            Asked::Points(points) => total * Minor::from(*points),
            Asked::Cents(cents) => cents * 10_000,
            Asked::Rest => 0,
        })
        .collect();
    let unclaimed = total * 10_000 - exact.iter().sum::<Minor>();
    if unclaimed < 0 {
        return None;
    }
    exact.push(unclaimed);
    let mut whole: Vec<Minor> = exact.iter().map(|share| share / 10_000).collect();
    while whole.iter().sum::<Minor>() < total {
        // The largest fraction that has not been rounded up; the first of equals.
        let mut best = None;
        for (index, share) in exact.iter().enumerate() {
            let fraction = share - whole[index] * 10_000;
            if fraction > 0 && best.is_none_or(|(_, largest)| fraction > largest) {
                best = Some((index, fraction));
            }
        }
        whole[best.unwrap().0] += 1;
    }
    let unclaimed = whole.pop().unwrap();
    if let Some(rest) = asked.iter().position(|asked| matches!(asked, Asked::Rest)) {
        whole[rest] += unclaimed;
    }
    Some(whole)
}

pub(crate) fn charged(world: &mut World, amount: Minor, rail: u8) -> ChargeId {
    let events = world.execute(Charge::separate(Money::new(Currency::USD, amount), rail_name(rail))).unwrap();
    ChargeId::new(events.last().unwrap().position, 0)
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn shares_are_those_of_the_model(
        amounts in proptest::collection::vec(prop_oneof![1..40_i64, 1..5_000_i64], 1..3),
        asked in proptest::collection::vec((asked(), 0..=10_000_u32), 1..=3),
        late in any::<bool>(),
    ) {
        let mut world = open(ProcessingFee::NONE, 0);
        let charges: Vec<ChargeId> = amounts.iter().map(|amount| charged(&mut world, *amount, 0)).collect();
        if late {
            world.set_now("2026-03-05T10:00:00Z".parse().unwrap());
        }
        let parts = (1..).map(AccountId).zip(&asked).map(|(account, (asked, commission))| Part {
            account,
            gross: match asked {
                Asked::Points(points) => Ask::Percent(Rate::from_basis_points(*points).unwrap()),
                Asked::Cents(cents) => Ask::Fixed(*cents),
                Asked::Rest => Ask::Remainder,
            },
            commission: Commission::Rate(Rate::from_basis_points(*commission).unwrap()),
        });
        let total: Minor = amounts.iter().sum();
        let split = Split { charges: charges.clone(), transfer_group: None, parts: parts.collect(), details: None };
        let outcome = world.execute(split);

        let only: Vec<Asked> = asked.iter().map(|(asked, _)| *asked).collect();
        let nets: Option<Vec<Minor>> = grosses(total, &only).map(|grosses| {
            let kept = grosses.iter().zip(&asked).map(|(gross, (_, points))| {
                gross - model::nearest_even(*gross, Minor::from(*points), 10_000)
            });
            kept.collect()
        });
        let possible = grosses(total, &only).filter(|grosses| grosses.iter().all(|gross| *gross > 0));
        let fits = possible.is_some() && nets.as_ref().is_some_and(|nets| nets.iter().sum::<Minor>() <= total);
        assert_eq!(outcome.is_ok(), fits, "{outcome:?}");
        if let (Ok(events), Some(nets), Some(grosses)) = (outcome, nets, possible) {
            let Event::ChargesSplit(split) = &events.last().unwrap().event else { unreachable!() };
            let shared: Vec<(Minor, Minor)> =
                split.shares.iter().map(|share| (share.gross, share.net())).collect();
            assert_eq!(shared, grosses.into_iter().zip(nets.iter().copied()).collect::<Vec<_>>());
            let (accounts, ..) = model::sums(world.log(), Currency::USD);
            for (account, net) in (1_u32..).zip(&nets) {
                assert_eq!(accounts.get(&account).copied().unwrap_or_default(), i128::from(*net));
            }
            assert_eq!(accounts[&0], i128::from(total - nets.iter().sum::<Minor>()), "the rest stays");
            let left: Minor = charges.iter().map(|id| world.records().get(*id).unwrap().transferable()).sum();
            assert_eq!(left, total - nets.iter().sum::<Minor>());
        }
    }
}
