//! The law of the platform's reserve: a sum of its own over what sellers owe, kept posting by
//! posting.

use counterfoil_domain::charge::ProcessingFee;
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::laws::Law;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::{AccountId, Event, Recorded, TopupId};

use crate::laws::rewrite;
use crate::market::open;
use crate::tampering::breach;

/// Two sellers owe one after the other, 10.00 and 5.00, then the first pays 4.00 of it back.
fn history() -> Vec<Recorded> {
    let mut world = open(ProcessingFee::NONE, 0);
    let money = |minor| Money::new(Currency::USD, minor);
    let top_up = |account, amount| CreateTopup::new(account, amount);
    for (seller, minor) in [(AccountId(1), 1_000), (AccountId(2), 500)] {
        let topup = TopupId::new(world.log().len() as u64, 0);
        world.execute(top_up(seller, money(minor))).unwrap();
        world.execute(MarkTopupSucceeded { topup }).unwrap();
        world.execute(DebitAccount::new(seller, money(minor))).unwrap();
        world.execute(MarkTopupReversed { topup }).unwrap();
    }
    let topup = TopupId::new(world.log().len() as u64, 0);
    world.execute(top_up(AccountId(1), money(400))).unwrap();
    world.execute(MarkTopupSucceeded { topup }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

/// Where the reserve moved in the history.
fn moves(log: &[Recorded]) -> Vec<usize> {
    let moved = |place: &usize| matches!(log[*place].event, Event::ConnectReserveMoved { .. });
    (0..log.len()).filter(moved).collect()
}

#[test]
fn a_reserve_that_is_not_what_sellers_owe_is_noticed() {
    let log = history();
    let moves = moves(&log);
    assert_eq!(moves.len(), 3, "once for each debt and once for the payment");
    // What was to be held after each, and what is where it moves twice as far.
    for (place, (owed, held)) in moves.into_iter().zip([(1_000, 2_000), (1_500, 2_000), (1_100, 700)]) {
        let mut log = log.clone();
        let Event::ConnectReserveMoved { entry } = &mut log[place].event else { panic!("no reserve") };
        rewrite(entry, |posting| posting.amount *= 2);
        let breach = breach(&log).expect("the laws notice");
        let law = Law::Reserve { currency: Currency::USD, owed, held };
        assert_eq!((breach.position, breach.law), (place as u64, law));
    }
}
