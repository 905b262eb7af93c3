//! Sellers under controllers: who pays, who bears losses, who is merchant of record, over random
//! streams. Florist answers for itself, the platform answers for the other two.

use std::collections::BTreeMap;

use counterfoil_domain::account::{AccountType, Controller, Dashboard, FeesPayer};
use counterfoil_domain::books::{Book, Kind, State};
use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{
    Authorise, CaptureCharge, Charge, ChargeKind, ChargeMore, ChargeType, DestinationShare, ProcessingFee,
};
use counterfoil_domain::laws::Law;
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::settings::{LossBearer, RequirementCollector};
use counterfoil_domain::{AccountId, ChargeId, Event, Record, Step as Taken};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, proptest};

use crate::cases::cases;
use crate::market::{Step, act, open_under, rail_name, steps};
use crate::tampering::tampered;

const BAKERY: AccountId = AccountId(1);
const FLORIST: AccountId = AccountId(2);
const GROCER: AccountId = AccountId(3);

/// Bakery: the platform pays all its fees. Florist: a standard account. Grocer: a custom one.
fn terms(account: AccountId) -> Option<Controller> {
    let applications = Controller {
        fees: FeesPayer::Application,
        losses: LossBearer::Platform,
        requirements: RequirementCollector::Operator,
        dashboard: Dashboard::Express,
    };
    Some(match account {
        BAKERY => applications,
        FLORIST => AccountType::Standard.controller(),
        _ => AccountType::Custom.controller(),
    })
}

/// Who pays the processing fee, by the words of the terms above.
fn payer(charge_type: ChargeType, seller: Option<AccountId>) -> AccountId {
    match (charge_type, seller) {
        (ChargeType::Direct, Some(FLORIST)) => FLORIST,
        (ChargeType::Direct, Some(GROCER)) => GROCER,
        _ => AccountId::PLATFORM,
    }
}

fn behalf() -> impl Strategy<Value = (u32, Minor, bool)> {
    (1..=3_u32, 40..20_000_i64, any::<bool>())
}

/// A charge on behalf of a seller: a destination charge, or a separate one.
fn on_behalf_of((seller, minor, destination): (u32, Minor, bool)) -> Charge {
    let account = AccountId(seller);
    let mut charge = Charge::separate(Money::new(Currency::USD, minor), rail_name(0));
    charge.on_behalf_of = Some(account);
    if destination {
        let share = DestinationShare::LessApplicationFee(minor / 10);
        charge.kind = ChargeKind::Destination { account, share };
    }
    charge
}

/// What of florist's debts the platform bore, and what of the others' the operator did: nothing.
fn borne_by_the_wrong_one(world: &World) -> i128 {
    let debts = world.log().iter().filter_map(|recorded| match &recorded.event {
        Event::Moved(moved) if moved.step == Taken::DebtCollected => {
            Some((moved.subject.record.kept().owner(), &moved.books.as_ref()?.entry))
        }
        _ => None,
    });
    let wrong = debts.filter(|(account, entry)| {
        let platforms = Book::Account(AccountId::PLATFORM, State::ConnectReserved);
        entry.postings().iter().any(|posting| posting.book == platforms) == (*account == FLORIST)
    });
    wrong.flat_map(|(_, entry)| entry.postings()).map(|posting| i128::from(posting.amount.max(0))).sum()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn everyone_pays_what_its_terms_say(stream in proptest::collection::vec((steps(12), behalf()), 1..8)) {
        let rate = Rate::from_basis_points(290).unwrap();
        let mut world = open_under(ProcessingFee { rate, fixed: 30 }, 10_000, terms);
        let mut merchants: BTreeMap<ChargeId, AccountId> = BTreeMap::new();
        for (steps, behalf) in &stream {
            for step in steps {
                act(&mut world, step);
            }
            if let Ok(made) = world.execute(on_behalf_of(*behalf)) {
                // A reserve plan may hold a share of it right after.
                let made = made.iter().find(|made| matches!(made.event, Event::ChargeSucceeded(_)));
                let id = ChargeId::new(made.unwrap().position, 0);
                assert_ne!(behalf.0, FLORIST.0, "a charge of the platform's shares nothing with it");
                merchants.insert(id, AccountId(behalf.0));
            }
        }
        // Half a year later every old debt is somebody's.
        let to = world.now().plus_seconds(200 * 86_400);
        world.execute(AdvanceTo { to }).unwrap();

        for recorded in world.log() {
            if let Event::ChargeSucceeded(charged) = &recorded.event {
                let charge = &charged.charge;
                assert_eq!(charged.fee_payer, payer(charge.charge_type, charge.seller));
                let paid = charged.entry.postings().iter().filter(|it| it.kind == Kind::ProcessingFee);
                let paid = paid.filter(|it| it.book.owner().is_some_and(|(who, _)| who == charged.fee_payer));
                assert_eq!(paid.map(|it| it.amount).sum::<Minor>(), charge.processing_fee);
                let shares = charge.charge_type == ChargeType::Destination;
                assert!(!(shares && charge.seller == Some(FLORIST)), "florist takes direct charges only");
            }
        }
        for (id, charge) in world.records().each::<ChargeId>() {
            let own = if charge.charge_type == ChargeType::Direct { charge.owner } else { AccountId::PLATFORM };
            assert_eq!(charge.merchant_of_record(), merchants.get(&id).copied().unwrap_or(own));
        }
        assert_eq!(borne_by_the_wrong_one(&world), 0);
        let owed = |account| {
            let holder = world.ledger().account(account).unwrap();
            holder.available(Currency::USD).min(0).saturating_neg()
        };
        let platform = world.ledger().account(AccountId::PLATFORM).unwrap();
        let held = platform.wallet(Currency::USD).map_or(0, |wallet| wallet.connect_reserved);
        assert_eq!(held, owed(BAKERY) + owed(GROCER), "florist's debts are not held against");
        assert_eq!(world.finish(), []);
    }
}

/// A charge on behalf of bakery that is captured twice, of which the second takes a fee: 0 to 3
/// open the market, 4 and 5 authorise it with its rail, 6 and 7 capture, 8 refunds.
fn captured() -> World {
    let mut world = open_under(ProcessingFee::NONE, 0, terms);
    let charge = Box::new(on_behalf_of((BAKERY.0, 10_000, true)));
    world.execute(Authorise { charge, capture_before: None }).unwrap();
    let charge = ChargeId::new(5, 0);
    for (amount, fee) in [(3_000, 0), (2_000, 100)] {
        let (amount, application_fee) = (Some(amount), Some(fee));
        let kept = CaptureCharge { amount, application_fee, final_capture: false, charge };
        world.execute(kept).unwrap();
    }
    world
}

#[test]
fn a_merchant_that_changes_and_a_fee_that_moves_are_noticed() {
    let law = |position: usize, tamper: &dyn Fn(&mut ChargeMore)| {
        let breach = tampered(captured().log().to_vec(), position, |moved| {
            let Record::Charge(_, charge) = &mut moved.subject.record else { panic!("of a charge") };
            tamper(charge.more.as_mut().unwrap());
        });
        assert_eq!(breach.position, position as u64, "{breach}");
        breach.law
    };
    let charge = ChargeId::new(5, 0);
    assert_eq!(captured().finish(), []);
    for merchant in [None, Some(GROCER)] {
        let changed = law(6, &|more| more.on_behalf_of = merchant);
        assert_eq!(changed, Law::MerchantChanged { charge });
    }
    assert_eq!(law(5, &|more| more.on_behalf_of = Some(GROCER)), Law::MerchantChanged { charge });
    assert_eq!(law(7, &|more| more.fee_at = Some(6)), Law::FeeMoved { charge });
    assert_eq!(law(6, &|more| more.fee_at = Some(6)), Law::FeeMoved { charge }, "it took none");
}

/// A stream in which florist and grocer each end below zero, so that both ways are walked.
#[test]
fn one_debt_is_the_operators_and_the_other_the_platforms() {
    let mut world = open_under(ProcessingFee::NONE, 50_000, terms);
    for seller in [2, 3] {
        let sale = Step::Charge { way: 0, seller, amount: 9_000, fee: 0, rail: 0, euro: false };
        act(&mut world, &sale);
    }
    act(&mut world, &Step::Pass { hours: 100 });
    for account in [2, 3] {
        act(&mut world, &Step::Pay { account, amount: None });
    }
    for charge in [0, 1] {
        act(&mut world, &Step::Refund { charge, amount: None, transfer: false, fee: false, waits: false });
    }
    let owed =
        |world: &World, account: AccountId| world.ledger().account(account).unwrap().available(Currency::USD);
    assert_eq!((owed(&world, FLORIST), owed(&world, GROCER)), (-9_000, -9_000));
    let reserved = |world: &World| {
        let platform = world.ledger().account(AccountId::PLATFORM).unwrap();
        platform.wallet(Currency::USD).map_or(0, |wallet| wallet.connect_reserved)
    };
    assert_eq!(reserved(&world), 9_000);
    let to = world.now().plus_seconds(200 * 86_400);
    world.execute(AdvanceTo { to }).unwrap();
    let debts = world.log().iter().filter(|it| it.event.name() == "debt_collected").count();
    assert_eq!((debts, reserved(&world), owed(&world, FLORIST), owed(&world, GROCER)), (2, 0, 0, 0));
    assert_eq!(borne_by_the_wrong_one(&world), 0);
    assert_eq!(world.finish(), []);
}
