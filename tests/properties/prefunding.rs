//! Prefunding against a model: what two accounts have available and prefunded after every
//! top-up, refund, debit, transfer and release in any order, and after those that fail.

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{Charge, ProcessingFee};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::prefunding::ReleasePrefunding;
use counterfoil_domain::refund::Refund;
use counterfoil_domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil_domain::transfer::Transfer;
use counterfoil_domain::{AccountId, ChargeId, TopupId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};

use crate::cases::cases;
use crate::market::{open, rail_name};

const FLORIST: AccountId = AccountId(2);

/// One thing that is done; `florist` says to whom, else to the platform.
#[derive(Clone, Copy, Debug)]
enum Done {
    TopUp { florist: bool, amount: Minor, prefund: bool },
    TakeBack { topup: usize },
    Release { florist: bool, amount: Minor },
    Transfer { amount: Minor },
    Debit { amount: Minor },
    Refund { amount: Minor },
}

fn done() -> impl Strategy<Value = Done> {
    let amount = || 1..1_000_i64;
    prop_oneof![
        3 => (any::<bool>(), amount(), any::<bool>())
            .prop_map(|(florist, amount, prefund)| Done::TopUp { florist, amount, prefund }),
        2 => any::<usize>().prop_map(|topup| Done::TakeBack { topup }),
        1 => (any::<bool>(), amount()).prop_map(|(florist, amount)| Done::Release { florist, amount }),
        2 => amount().prop_map(|amount| Done::Transfer { amount }),
        2 => amount().prop_map(|amount| Done::Debit { amount }),
        3 => amount().prop_map(|amount| Done::Refund { amount }),
    ]
}

/// What an account has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Has {
    available: Minor,
    prefunded: Minor,
}

impl Has {
    fn cover(&mut self) {
        let used = self.prefunded.min((-self.available).max(0));
        self.available += used;
        self.prefunded -= used;
    }
}

/// The platform, the florist, what is held for the florist's debt, what of the sale was refunded.
#[derive(Debug, Default)]
struct Model {
    platform: Has,
    florist: Has,
    held: Minor,
    refunded: Minor,
    topups: Vec<(TopupId, bool, Minor, bool)>,
}

const SALE: Minor = 20_000;

impl Model {
    fn has(&mut self, florist: bool) -> &mut Has {
        if florist { &mut self.florist } else { &mut self.platform }
    }

    /// What follows: each one's prefunding, then the platform's reserve, then its prefunding again.
    fn settle(&mut self) {
        self.florist.cover();
        self.platform.cover();
        let owed = (-self.florist.available).max(0);
        self.platform.available -= owed - self.held;
        self.held = owed;
        self.platform.cover();
    }

    /// Does it in the world too; whether that was done is what is expected here.
    fn act(&mut self, world: &mut World, charge: ChargeId, done: Done) {
        let money = |minor| Money::new(Currency::USD, minor);
        let who = |florist| if florist { FLORIST } else { AccountId::PLATFORM };
        match done {
            Done::TopUp { florist, amount, prefund } => {
                let make = if prefund { CreateTopup::prefunding } else { CreateTopup::new };
                let made = world.execute(make(who(florist), money(amount))).unwrap()[0].position;
                let topup = TopupId::new(made, 0);
                world.execute(MarkTopupSucceeded { topup }).unwrap();
                self.topups.push((topup, florist, amount, prefund));
                let has = self.has(florist);
                *(if prefund { &mut has.prefunded } else { &mut has.available }) += amount;
            }
            Done::TakeBack { topup } if !self.topups.is_empty() => {
                let (topup, florist, amount, prefund) = self.topups.remove(topup % self.topups.len());
                world.execute(MarkTopupReversed { topup }).unwrap();
                let has = self.has(florist);
                let there = if prefund { amount.min(has.prefunded) } else { 0 };
                has.prefunded -= there;
                has.available -= amount - there;
            }
            Done::TakeBack { .. } => {}
            Done::Release { florist, amount } => {
                let has = self.has(florist);
                let fits = amount <= has.prefunded;
                if fits {
                    has.prefunded -= amount;
                    has.available += amount;
                }
                let release = ReleasePrefunding::new(who(florist), money(amount));
                assert_eq!(world.execute(release).is_ok(), fits);
            }
            Done::Transfer { amount } => {
                let fits = amount <= self.platform.available;
                if fits {
                    self.platform.available -= amount;
                    self.florist.available += amount;
                }
                assert_eq!(world.execute(Transfer::new(FLORIST, money(amount))).is_ok(), fits);
            }
            Done::Debit { amount } => {
                let fits = amount <= self.florist.available;
                if fits {
                    self.florist.available -= amount;
                    self.platform.available += amount;
                }
                assert_eq!(world.execute(DebitAccount::new(FLORIST, money(amount))).is_ok(), fits);
            }
            Done::Refund { amount } => {
                let left = SALE - self.refunded;
                let fits = amount <= left && amount <= self.platform.available + self.platform.prefunded;
                if fits {
                    self.platform.available -= amount;
                    self.refunded += amount;
                }
                let refund = Refund { amount: Some(amount), ..Refund::full(charge) };
                assert_eq!(world.execute(refund).is_ok(), fits);
            }
        }
        self.settle();
    }
}

/// A sale of 200.00 whose money went to the florist, and from there to the bank.
fn market() -> (World, ChargeId) {
    let mut world = open(ProcessingFee::NONE, 0);
    let amount = Money::new(Currency::USD, SALE);
    let sold = world.execute(Charge::separate(amount, rail_name(0))).unwrap();
    let charge = sold.iter().find(|it| it.event.name() == "charge_succeeded").unwrap().position;
    let charge = ChargeId::new(charge, 0);
    let transfer = Transfer { source_charge: Some(charge), ..Transfer::new(AccountId(1), amount) };
    world.execute(transfer).unwrap();
    let to = "2026-03-04T12:00:00Z".parse().unwrap();
    world.execute(AdvanceTo { to }).unwrap();
    (world, charge)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn prefunding_covers_what_is_short_and_nothing_else(steps in proptest::collection::vec(done(), 1..60)) {
        let (mut world, charge) = market();
        let mut model = Model::default();
        for step in steps {
            model.act(&mut world, charge, step);
            for (account, expected) in [(AccountId::PLATFORM, model.platform), (FLORIST, model.florist)] {
                let wallet = world.ledger().account(account).and_then(|it| it.wallet(Currency::USD));
                let has = wallet.map_or(Has::default(), |it| Has { available: it.available, prefunded: it.prefunded });
                prop_assert_eq!(has, expected, "account {} after {:?}", account, step);
            }
        }
        prop_assert_eq!(world.finish(), []);
    }
}
