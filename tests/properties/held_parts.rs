//! One event frees so many holds and no more; who is to owe nothing owes nothing by it.

use counterfoil_domain::charge::{Charge, ProcessingFee};
use counterfoil_domain::dispute::{DisputeReason, OpenDispute, Recovery};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::refund::{Recover, Refund};
use counterfoil_domain::reserve::{CreateReserveHold, HoldSource, MOST_FREED};
use counterfoil_domain::split::rule::{Rounding, RulePart, ShareOf, Shortfall, SplitRule};
use counterfoil_domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil_domain::{AccountId, ChargeId, SplitId, TopupId, TransferId};
use counterfoil_testkit::World;

use crate::disputing::reference;
use crate::market::{open, rail_name};
use crate::rule_splits::{set, share};

const SELLERS: [AccountId; 3] = [AccountId(1), AccountId(2), AccountId(3)];

/// 60.00 in equal parts of three sellers, of whom the third owes nothing. All of each part is held,
/// in twenty holds of 1.00: sixty, and one event frees forty.
fn held() -> (World, ChargeId, SplitId) {
    let mut world = open(ProcessingFee::NONE, 0);
    let part = |seller| RulePart::new(seller, ShareOf::Fixed(2_000));
    let mut parts: Vec<RulePart> = SELLERS.into_iter().map(part).collect();
    parts[2].liability.shortfall = Shortfall::PlatformBears;
    let rule = SplitRule { parts, rounding: Rounding::LargestRemainder };
    let rule = set(&mut world, rule);
    let made = world.execute(Charge::separate(money(6_000), rail_name(0))).unwrap();
    let charge = ChargeId::new(made[made.len() - 1].position, 0);
    let split = share(&mut world, vec![charge], rule);
    let transfers: Vec<(TransferId, AccountId)> =
        world.records().each::<TransferId>().map(|(id, transfer)| (id, transfer.destination)).collect();
    let release_after = world.now().plus_seconds(90 * 86_400);
    for (transfer, account) in transfers {
        for _ in 0..20 {
            let source = Some(HoldSource::Transfer(transfer));
            let hold =
                CreateReserveHold { account, amount: money(100), source, release_after, details: None };
            world.execute(hold).unwrap();
        }
    }
    (world, charge, split)
}

fn money(amount: Minor) -> Money {
    Money::new(Currency::USD, amount)
}

/// What each seller has available and pending together, and held.
fn standing(world: &World) -> [(Minor, Minor); 3] {
    SELLERS.map(|seller| {
        let wallet = world.ledger().account(seller).unwrap().wallet(Currency::USD).unwrap();
        (wallet.available + wallet.pending, wallet.reserved)
    })
}

/// All holds of a part counted as its seller's means, also those that the event had no room to set
/// free: the third seller gave 20.00 that it could not reach, and stood at -20.00. The platform
/// bears them now, and the holds go their way.
#[test]
fn a_refund_takes_no_held_money_that_it_does_not_free() {
    let (mut world, charge, split) = held();
    assert_eq!(standing(&world), [(0, 2_000); 3]);
    let paid_in = CreateTopup::new(AccountId::PLATFORM, money(2_000));
    let topup = TopupId::new(world.execute(paid_in).unwrap()[0].position, 0);
    world.execute(MarkTopupSucceeded { topup }).unwrap();
    world.execute(Refund { recover: Recover::by_liability([split]), ..Refund::full(charge) }).unwrap();
    assert_eq!(MOST_FREED, 40);
    assert_eq!(standing(&world), [(0, 0), (0, 0), (0, 2_000)]);
    assert_eq!(world.finish(), []);
}

/// What one event had no room to free was dropped, and the platform bore it.
#[test]
fn a_dispute_takes_it_by_the_next_event() {
    let (mut world, charge, split) = held();
    let due_by = world.now().plus_seconds(86_400);
    let opened = OpenDispute::new(charge, reference(&world), DisputeReason::General, due_by);
    world.execute(OpenDispute { fee: Some(0), recovery: Recovery::by_liability(split), ..opened }).unwrap();
    assert_eq!(standing(&world), [(0, 0); 3]);
    let turns = world.log().iter().filter(|recorded| recorded.event.name() == "dispute_recovered");
    assert_eq!(turns.count(), 2);
    assert_eq!(world.finish(), []);
}
