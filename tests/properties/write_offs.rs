//! Debts that are written off, and what comes back after that: over random streams of sales,
//! payouts, disputes, refunds and half years, once everything that was taken came back everybody
//! stands as if nothing had been taken; and the laws notice a write-off that is not what was
//! booked for it.

use counterfoil_domain::account::{BankAccount, Country, KeyId, OnboardAccount, Sealed};
use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil_domain::dispute::{DisputeReason, DisputeReference, MarkDisputeWon, OpenDispute, Recovery};
use counterfoil_domain::laws::{Law, Laws};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::payout::RequestPayout;
use counterfoil_domain::refund::{MarkRefundFailed, Recover, Refund, RefundFailure};
use counterfoil_domain::{
    AccountId, ChargeId, Command, DisputeId, Event, Moved, Record, Recorded, RefundId, Step,
};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof, proptest};

use crate::cases::cases;
use crate::laws::rewrite;
use crate::market::{open, rail_name};

/// The account after the sellers of every market.
const BAKERY: AccountId = AccountId(4);
const USD: Currency = Currency::USD;

/// A market with one more seller.
fn market() -> World {
    let mut world = open(ProcessingFee::NONE, Minor::MAX / 4);
    let mut seller = OnboardAccount::new(Country::US, USD);
    let number = Sealed { key: KeyId([1; 16]), fingerprint: [0; 8], ciphertext: Box::new([3; 16]) };
    seller.bank_account = Some(BankAccount { number, last4: *b"6789" });
    world.execute(Command::OnboardAccount(Box::new(seller))).unwrap();
    world
}

/// One thing that is done; numbers choose among what there is.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Sell { direct: bool, minor: Minor },
    Pay,
    Take { sale: usize, by_dispute: bool },
    Undo { taken: usize },
    Pass { days: u16 },
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (any::<bool>(), 50..10_000_i64).prop_map(|(direct, minor)| Deed::Sell { direct, minor }),
        3 => proptest::prelude::Just(Deed::Pay),
        5 => (any::<usize>(), any::<bool>()).prop_map(|(sale, by_dispute)| Deed::Take { sale, by_dispute }),
        2 => any::<usize>().prop_map(|taken| Deed::Undo { taken }),
        3 => (1..300_u16).prop_map(|days| Deed::Pass { days }),
    ];
    proptest::collection::vec(deed, 1..40)
}

/// What was sold and not taken, what was taken and did not come back, and what was sold in all.
#[derive(Debug, Default)]
struct Shop {
    sales: Vec<(ChargeId, bool)>,
    taken: Vec<Command>,
    sold: Minor,
}

impl Shop {
    fn do_it(&mut self, world: &mut World, deed: Deed) {
        match deed {
            Deed::Sell { direct, minor } => {
                let (account, share) = (BAKERY, DestinationShare::LessApplicationFee(0));
                let kind = if direct {
                    ChargeKind::Direct { account, application_fee: 0 }
                } else {
                    ChargeKind::Destination { account, share }
                };
                let sale = Charge { kind, ..Charge::separate(Money::new(USD, minor), rail_name(0)) };
                self.sales.push((ChargeId::new(next(world, sale.into()), 0), direct));
                self.sold += minor;
            }
            Deed::Pay => {
                let available = holds(world, BAKERY).0;
                if available > 0 {
                    next(world, RequestPayout { account: BAKERY, currency: USD, amount: None }.into());
                }
            }
            Deed::Take { sale, by_dispute } if !self.sales.is_empty() => {
                let (charge, direct) = self.sales.swap_remove(sale % self.sales.len());
                self.taken.push(take(world, charge, direct, by_dispute));
            }
            Deed::Undo { taken } if !self.taken.is_empty() => {
                let undo = self.taken.swap_remove(taken % self.taken.len());
                next(world, undo);
            }
            Deed::Pass { days } => pass(world, days),
            Deed::Take { .. } | Deed::Undo { .. } => {}
        }
    }
}

/// Takes a sale back from its payee, and says how it is undone.
fn take(world: &mut World, charge: ChargeId, direct: bool, by_dispute: bool) -> Command {
    if by_dispute {
        let due_by = world.now().plus_seconds(86_400);
        let recovery = if direct { Recovery::None } else { Recovery::OwnTransfer { with_fee: false } };
        let opened = OpenDispute::new(
            charge,
            DisputeReference::new("du_1").unwrap(),
            DisputeReason::Fraudulent,
            due_by,
        );
        let at = next(world, OpenDispute { fee: Some(0), recovery, ..opened }.into());
        return MarkDisputeWon { dispute: DisputeId::new(at, 0), fees_returned: None }.into();
    }
    let recover = if direct { Recover::None } else { Recover::OwnTransfer };
    let at = next(world, Refund { recover, ..Refund::full(charge) }.into());
    MarkRefundFailed { refund: RefundId::new(at, 0), failure: RefundFailure::Declined }.into()
}

/// Does it, and says where its first own event is.
fn next(world: &mut World, command: Command) -> u64 {
    let now = world.now();
    world.execute(AdvanceTo { to: now.plus_seconds(1) }).unwrap();
    let done = world.execute(command).unwrap();
    done.iter().find(|it| !matches!(it.event, Event::RailOpened { .. })).unwrap().position
}

fn pass(world: &mut World, days: u16) {
    let to = world.now().plus_seconds(i64::from(days) * 86_400);
    world.execute(AdvanceTo { to }).unwrap();
}

/// What an account has available, and what it has in all other states or was paid.
fn holds(world: &World, account: AccountId) -> (Minor, Minor) {
    let wallet = world.ledger().account(account).and_then(|holder| holder.wallet(USD));
    wallet.map_or((0, 0), |it| (it.available, it.pending + it.in_transit + it.paid_out + it.connect_reserved))
}

fn written_off(world: &World) -> usize {
    world.log().iter().filter(|it| it.event.name() == "debt_collected").count()
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn what_comes_back_leaves_everybody_as_if_it_had_not_been_taken(deeds in deeds()) {
        let mut world = market();
        let mut shop = Shop::default();
        for deed in deeds {
            shop.do_it(&mut world, deed);
            // However much was written off, nobody but the two has or lost anything.
            let (bakery, platform) = (holds(&world, BAKERY), holds(&world, AccountId::PLATFORM));
            let lost = world.ledger().write_offs().open().map(|(_, it)| it.left()).sum::<Minor>();
            assert!(platform.0 + platform.1 + lost >= 0, "the platform loses what it wrote off alone");
            assert!(bakery.0 + bakery.1 <= shop.sold + lost, "the bakery has what it sold, and that");
        }
        while !shop.taken.is_empty() {
            shop.do_it(&mut world, Deed::Undo { taken: 0 });
        }
        assert_eq!(world.ledger().write_offs().open().count(), 0, "all of it came back");
        let (bakery, platform) = (holds(&world, BAKERY), holds(&world, AccountId::PLATFORM));
        assert_eq!((bakery.0 + bakery.1, platform.0 + platform.1), (shop.sold, 0));
        assert_eq!(world.finish(), []);
    }
}

/// 90.00 that were paid out are refunded and written off; the refund fails.
fn written_off_and_back() -> Vec<Recorded> {
    let mut world = market();
    let mut shop = Shop::default();
    shop.do_it(&mut world, Deed::Sell { direct: true, minor: 9_000 });
    pass(&mut world, 30);
    shop.do_it(&mut world, Deed::Pay);
    shop.do_it(&mut world, Deed::Take { sale: 0, by_dispute: false });
    pass(&mut world, 200);
    shop.do_it(&mut world, Deed::Undo { taken: 0 });
    assert_eq!(written_off(&world), 1);
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

#[test]
fn a_write_off_that_is_not_what_was_booked_is_noticed() {
    let law = |step: Step, tamper: &dyn Fn(&mut Moved)| {
        let mut log = written_off_and_back();
        let steps = log.iter_mut().rev().find_map(|recorded| match &mut recorded.event {
            Event::Moved(moved) if moved.step == step => Some(moved),
            _ => None,
        });
        tamper(steps.unwrap());
        let mut laws = Laws::new();
        log.iter().find_map(|recorded| laws.check(recorded).err()).expect("the laws notice").law
    };
    let collected = |tamper: &dyn Fn(&mut counterfoil_domain::debt::WriteOffState)| {
        law(Step::DebtCollected, &|moved| {
            let Record::WriteOff(_, state) = &mut moved.subject.record else { panic!("a write-off") };
            tamper(state);
        })
    };
    let amount = collected(&|state| state.amount.minor = 9_001);
    assert!(
        matches!(amount, Law::WriteOff { what: "the amount", said: 9_001, booked: 9_000, .. }),
        "{amount}"
    );
    let recovered = collected(&|state| state.recovered = 1);
    assert!(
        matches!(recovered, Law::WriteOff { what: "what came back", said: 1, booked: 0, .. }),
        "{recovered}"
    );
    let began = collected(&|state| state.began = u64::MAX);
    assert!(matches!(began, Law::WriteOff { what: "whether it keeps its terms", .. }), "{began}");
    let owed = law(Step::DebtCollected, &|moved| {
        rewrite(&mut moved.books.as_mut().unwrap().entry, |posting| posting.amount *= 2);
        let Record::WriteOff(_, state) = &mut moved.subject.record else { panic!("a write-off") };
        state.amount.minor *= 2;
    });
    assert!(matches!(owed, Law::WriteOff { what: "what is available after it", said: 9_000, .. }), "{owed}");

    // What comes back is told by the last object of the refund that failed.
    let untold = law(Step::RefundFailed, &|moved| {
        let Some(Record::WriteOff(_, state)) = moved.beside.last_mut().map(|part| &mut part.record) else {
            panic!("a write-off")
        };
        state.recovered = 0;
    });
    assert!(
        matches!(untold, Law::WriteOff { what: "what came back", said: 0, booked: 9_000, .. }),
        "{untold}"
    );
    let without = law(Step::RefundFailed, &|moved| {
        moved.beside.pop();
        moved.books.as_mut().unwrap().owners = [(4, 0)].into_iter().collect();
    });
    assert!(matches!(without, Law::Told { said: 9_000, .. }), "{without}");
}
