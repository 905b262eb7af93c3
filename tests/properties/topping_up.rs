//! Top-ups in the random market: of balances and of prefunding, and what banks say of them.

use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::prefunding::ReleasePrefunding;
use counterfoil_domain::topup::{
    CancelTopup, CreateTopup, MarkTopupFailed, MarkTopupReversed, MarkTopupSucceeded, TopupStatus,
};
use counterfoil_domain::{AccountId, Command, TopupId};
use counterfoil_testkit::World;

use crate::market::{Step, nth};

/// Tops an account up, or says what became of a top-up; `false` of another step.
pub(crate) fn topping_up(world: &mut World, step: &Step) -> bool {
    match *step {
        Step::Topup { account, amount } => {
            top_up(world, AccountId(account), Money::new(Currency::USD, amount))
        }
        Step::ToppedUp { topup, how } => {
            if let Some(told) = told(world, topup, how) {
                let _ = world.execute(told);
            }
        }
        _ => return false,
    }
    true
}

/// About every second goes into prefunding, and every fourth of those comes out by half. Every
/// fifth is left pending.
fn top_up(world: &mut World, account: AccountId, amount: Money) {
    let prefund = amount.minor % 2 == 0;
    let topup = if prefund { CreateTopup::prefunding } else { CreateTopup::new };
    let made = world.execute(topup(account, amount)).unwrap()[0].position;
    if amount.minor % 5 != 0 {
        world.execute(MarkTopupSucceeded { topup: TopupId::new(made, 0) }).unwrap();
    }
    if amount.minor % 8 == 0 {
        let half = Money::new(amount.currency, amount.minor / 2);
        let _ = world.execute(ReleasePrefunding::new(account, half));
    }
}

fn told(world: &World, topup: usize, how: u8) -> Option<Command> {
    let is = if how < 3 { TopupStatus::Pending } else { TopupStatus::Succeeded };
    let so = world.records().each::<TopupId>().filter(|(_, topup)| topup.status == is);
    let topup = nth(so.map(|(id, _)| id), topup)?;
    Some(match how {
        0 => MarkTopupFailed { topup, code: FailureCode::CouldNotProcess }.into(),
        1 => CancelTopup { topup }.into(),
        2 => MarkTopupSucceeded { topup }.into(),
        _ => MarkTopupReversed { topup }.into(),
    })
}
