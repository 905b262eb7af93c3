//! Refunds of charges that rules shared, borne by liability: in any number and order, of parts
//! that were paid and parts that wait, each part ends with what is its own, to the cent.

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::ProcessingFee;
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::refund::{Recover, Refund};
use counterfoil_domain::split::rule::{
    Absorber, Condition, Fact, Liability, Rounding, RulePart, ShareOf, Shortfall, SplitRule,
};
use counterfoil_domain::split::{Commission, MeetCondition};
use counterfoil_domain::transfer::Transfer;
use counterfoil_domain::{AccountId, ChargeId, SplitId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;
use proptest::sample::select;

use crate::cases::cases;
use crate::market::open;
use crate::model::{self, nearest_even};
use crate::rule_splits::{set, share};
use crate::splits::charged;

/// A part: its weight, the percent of it that it bears, and its commission in percent.
type Told = (u32, u32, u32);

#[derive(Clone, Copy, Debug)]
enum Done {
    /// So much of one of the charges.
    Refund(bool, Minor),
    Meet(bool),
    Pass(i64),
}

fn done() -> impl Strategy<Value = Done> {
    prop_oneof![
        5 => (any::<bool>(), 1..2_000_i64).prop_map(|(which, amount)| Done::Refund(which, amount)),
        1 => any::<bool>().prop_map(Done::Meet),
        1 => (1..60_i64).prop_map(Done::Pass),
    ]
}

fn fact(second: bool) -> Fact {
    Fact::new(if second { "inspected" } else { Fact::DELIVERY_CONFIRMED }).unwrap()
}

/// Up to nine parts of three sellers: the first of each is paid at once, the second and third
/// wait for a fact each. The first absorbs what rounding leaves over, or nobody does.
fn rule(told: &[Told], rounding: Rounding) -> SplitRule {
    let rate = |percent: u32| Rate::from_basis_points(percent * 100).unwrap();
    let parts = (0..).zip(told).map(|(index, (weight, bears, commission))| {
        let mut part = RulePart::new(AccountId(1 + index % 3), ShareOf::Weight(*weight));
        part.condition = match index / 3 {
            0 => Condition::NONE,
            waits => Condition::Fact(fact(waits == 2)),
        };
        part.liability = Liability { refund: rate(*bears), ..Liability::default() };
        part.commission = Commission::Rate(rate(*commission));
        part
    });
    SplitRule { parts: parts.collect(), rounding }
}

/// A charge, what of it was refunded before it was shared, and since.
struct Sale {
    charge: ChargeId,
    amount: Minor,
    before: Minor,
    refunded: Minor,
}

impl Sale {
    fn left(&self) -> Minor {
        self.amount - self.before - self.refunded
    }

    /// What of a part's net and percent has gone back, by the book.
    fn gone(&self, net: Minor, bears: u32) -> Minor {
        let of = self.amount - self.before;
        nearest_even(nearest_even(net, Minor::from(bears), 100), self.refunded, of.max(1))
    }
}

/// What sellers have, the platform has, and the rail: they sum to nothing else.
fn sums(world: &World) -> (i128, i128, i128) {
    let (accounts, rails, _) = model::sums(world.log(), Currency::USD);
    let platform = accounts.get(&0).copied().unwrap_or_default();
    (accounts.values().sum::<i128>() - platform, platform, rails[&1])
}

fn refund(world: &mut World, id: SplitId, sale: &mut Sale, amount: Minor) {
    let (sellers, platform, rail) = sums(world);
    let recover = Recover::by_liability([id]);
    let refund = Refund { amount: Some(amount), recover, ..Refund::full(sale.charge) };
    world.execute(refund).unwrap();
    sale.refunded += amount;
    let after = sums(world);
    assert_eq!(after.2, rail - i128::from(amount), "the payer gets all of it");
    let (theirs, platforms) = (sellers - after.0, platform - after.1);
    assert_eq!(theirs + platforms, amount.into(), "shares sum");
}

/// Every part has its net less its share of what was refunded, whether it was paid or let go,
/// and what waits of it is as it was.
fn check(world: &World, id: SplitId, told: &[Told], sales: &[Sale]) {
    let split = world.records().get(id).unwrap();
    for (part, (_, bears, _)) in split.parts.iter().zip(told) {
        for piece in &part.pieces {
            let sale = sales.iter().find(|sale| sale.charge == piece.charge).unwrap();
            let Some(transfer) = piece.transfer else {
                assert!(piece.kept == 0 || piece.kept == piece.amount);
                if piece.kept > 0 {
                    assert!(sale.gone(piece.amount, *bears) >= piece.kept, "it bore all that it was");
                }
                continue;
            };
            let made = world.records().get(transfer).unwrap();
            assert_eq!(made.amount, piece.net());
            let has = piece.amount - sale.gone(piece.amount, *bears);
            assert_eq!(made.amount - made.reversed, has, "{piece:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// Two parts that waited could block each other, and who was paid and who was let go
    /// ended with different amounts.
    #[test]
    fn partial_refunds_return_exactly_what_each_part_bears(
        amounts in (1..4_000_i64, 0..4_000_i64),
        earlier in (0..500_i64, 0..500_i64),
        told in proptest::collection::vec(
            (1..5_u32, select(vec![100_u32, 100, 100, 0, 37]), select(vec![0_u32, 10])), 1..=9,
        ),
        rounding in select(vec![
            Rounding::LargestRemainder, Rounding::Ordered, Rounding::Down(Absorber::Part(0)),
            Rounding::Down(Absorber::Rest),
        ]),
        steps in proptest::collection::vec(done(), 0..25),
    ) {
        let mut world = open(ProcessingFee::NONE, 1_000_000);
        let rule = set(&mut world, rule(&told, rounding));
        let (first, second) = amounts;
        // Of each some was refunded, of the first some was transferred, before they were shared.
        let mut sales: Vec<Sale> = [(first, earlier.0), (second, earlier.1)].into_iter().filter(|it| it.0 > 0)
            .map(|(amount, before)| Sale {
                charge: charged(&mut world, amount, 0), amount, before: before.min(amount - 1), refunded: 0,
            })
            .collect();
        for sale in sales.iter().filter(|sale| sale.before > 0) {
            world.execute(Refund { amount: Some(sale.before), ..Refund::full(sale.charge) }).unwrap();
        }
        if sales[0].left() > 2 {
            let mut elsewhere = Transfer::new(AccountId(1), Money::new(Currency::USD, sales[0].left() / 3));
            elsewhere.source_charge = Some(sales[0].charge);
            world.execute(elsewhere).unwrap();
        }
        let charges = sales.iter().map(|sale| sale.charge).collect();
        let id = share(&mut world, charges, rule);
        for step in steps.into_iter().chain([Done::Meet(false), Done::Meet(true)]) {
            match step {
                Done::Refund(which, asked) => {
                    let place = usize::from(which) % sales.len();
                    let amount = asked.min(sales[place].left());
                    if amount > 0 {
                        refund(&mut world, id, &mut sales[place], amount);
                    }
                }
                Done::Meet(second) => {
                    // Refused where it is not awaited.
                    let _met = world.execute(MeetCondition { split: id, fact: fact(second) });
                }
                Done::Pass(hours) => {
                    let to = world.now().plus_seconds(hours * 3_600);
                    world.execute(AdvanceTo { to }).unwrap();
                }
            }
            check(&world, id, &told, &sales);
        }
        assert!(world.records().get(id).unwrap().held().next().is_none());
        for sale in &mut sales {
            let left = sale.left();
            if left > 0 {
                refund(&mut world, id, sale, left);
            }
        }
        check(&world, id, &told, &sales);
        assert_eq!(sums(&world).2, 0, "the payer has everything");
        assert_eq!(world.finish(), []);
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// Where the platform bears what sellers do not have, a refund takes of each what its parts
    /// bear of it, as far as the seller has it, and never makes a seller owe.
    #[test]
    fn who_owes_nothing_gives_what_it_has(
        amount in 100..4_000_i64,
        told in proptest::collection::vec((1..5_u32, select(vec![100_u32, 0, 37]), select(vec![0_u32, 10])), 1..=9),
        steps in proptest::collection::vec(done(), 0..25),
    ) {
        let mut world = open(ProcessingFee::NONE, 1_000_000);
        let mut rule = rule(&told, Rounding::LargestRemainder);
        rule.parts.iter_mut().for_each(|part| part.liability.shortfall = Shortfall::PlatformBears);
        let rule = set(&mut world, rule);
        let charge = charged(&mut world, amount, 0);
        let id = share(&mut world, vec![charge], rule);
        let mut sale = Sale { charge, amount, before: 0, refunded: 0 };
        for step in steps {
            match step {
                Done::Refund(_, asked) if sale.left() > 0 => {
                    let (has, taken_before) = (has(&world), taken(&world, id));
                    let gone_before = gone(&world, id, &told, &sale);
                    let amount = asked.min(sale.left());
                    refund(&mut world, id, &mut sale, amount);
                    let (taken, gone) = (taken(&world, id), gone(&world, id, &told, &sale));
                    for (seller, has) in has.iter().enumerate() {
                        let its = |of: &[(usize, Minor)]| {
                            let its = of.iter().filter(|(account, _)| *account == seller);
                            its.map(|(_, amount)| amount).sum::<Minor>()
                        };
                        let (took, bears) = (its(&taken) - its(&taken_before), its(&gone) - its(&gone_before));
                        assert_eq!(took, bears.min(*has), "seller {seller} bears {bears} and has {has}");
                        let left = world.ledger().account(AccountId(seller as u32 + 1)).unwrap();
                        assert!(left.available(Currency::USD) >= 0, "seller {seller} owes");
                    }
                    for ((_, took), (_, gone)) in taken.iter().zip(gone) {
                        assert!(*took <= gone, "no more than it bears of all refunds");
                    }
                }
                Done::Refund(..) => {}
                Done::Meet(second) => {
                    let _met = world.execute(MeetCondition { split: id, fact: fact(second) });
                }
                Done::Pass(hours) => {
                    let to = world.now().plus_seconds(hours * 3_600);
                    world.execute(AdvanceTo { to }).unwrap();
                }
            }
        }
        assert_eq!(world.finish(), []);
    }
}

/// What each seller has: available, and pending, which is all of the one sale.
fn has(world: &World) -> Vec<Minor> {
    let wallet = |number| world.ledger().account(AccountId(number)).unwrap().wallet(Currency::USD).cloned();
    (1..=3).map(|number| wallet(number).map_or(0, |wallet| wallet.available + wallet.pending)).collect()
}

/// Whose each part is, of those that were paid, and what was moved back of it.
fn taken(world: &World, id: SplitId) -> Vec<(usize, Minor)> {
    let parts = (0..).zip(&world.records().get(id).unwrap().parts);
    let transfers = parts.flat_map(|(index, part)| {
        part.pieces.iter().filter_map(move |piece| Some((index % 3, piece.transfer?)))
    });
    transfers.map(|(seller, id)| (seller, world.records().get(id).unwrap().reversed)).collect()
}

/// Likewise what of it has gone back by the book.
fn gone(world: &World, id: SplitId, told: &[Told], sale: &Sale) -> Vec<(usize, Minor)> {
    let parts = (0..).zip(&world.records().get(id).unwrap().parts).zip(told);
    let paid = parts.flat_map(|((index, part), (_, bears, _))| {
        let paid = part.pieces.iter().filter(|piece| piece.transfer.is_some());
        paid.map(move |piece| (index % 3, sale.gone(piece.amount, *bears)))
    });
    paid.collect()
}

/// A refund of 51 transfers and more would not have fitted the event that undoes it; parts that
/// bear nothing are not among them.
#[test]
fn fifty_transfers_bear_a_refund_and_one_more_is_refused() {
    for (bears, refused) in [(100_u32, true), (0, false)] {
        let mut world = open(ProcessingFee::NONE, 1_000_000);
        let begin = world.now();
        let part = |number: i64| RulePart {
            condition: Condition::At(begin.plus_seconds(number)),
            ..RulePart::new(AccountId(1), ShareOf::Weight(1))
        };
        let mut parts: Vec<RulePart> = (1..=51).map(part).collect();
        parts[0].liability.refund = Rate::from_basis_points(bears * 100).unwrap();
        let rule = SplitRule { parts, rounding: Rounding::Ordered };
        let rule = set(&mut world, rule);
        let charge = charged(&mut world, 51_000, 0);
        let id = share(&mut world, vec![charge], rule);
        world.execute(AdvanceTo { to: begin.plus_seconds(60) }).unwrap();
        let refund = Refund { recover: Recover::by_liability([id]), ..Refund::full(charge) };
        match world.execute(refund) {
            Err(refusal) => {
                assert!(refused);
                assert_eq!(refusal.rule(), "recovery_must_name_few_transfers");
            }
            Ok(_) => {
                assert!(!refused);
                let (sellers, platform, rail) = sums(&world);
                assert_eq!((sellers, platform, rail), (1_000, -1_000, 0));
            }
        }
        assert_eq!(world.finish(), []);
    }
}
