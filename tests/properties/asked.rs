//! Asked charges against charges that are made at once: once its money was taken, nobody can tell
//! one from the other by the books.

use counterfoil_domain::charge::{AskCharge, Charge, ChargeState, DeclineCode};
use counterfoil_domain::charge::{
    FraudType, FraudWarning, FraudWarningReference, MarkChargeCaptured, MarkChargeDeclined,
    ReceiveFraudWarning,
};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::{AccountId, ChargeId, Command, Event, Record};
use counterfoil_testkit::World;
use proptest::prelude::{any, proptest};

use crate::market::{SELLERS, charge, usual};
use crate::tampering::breach;

/// What every account and the rails hold.
fn books(world: &World) -> Vec<[Minor; 3]> {
    let wallets = (0..=SELLERS).map(|number| {
        let wallet = world.ledger().account(AccountId(number)).unwrap().wallet(Currency::USD).cloned();
        let wallet = wallet.unwrap_or_default();
        [wallet.pending, wallet.available, wallet.connect_reserved]
    });
    let rails = world.ledger().tallies().map(|(_, _, tally)| [Minor::try_from(tally.balance).unwrap(), 0, 0]);
    wallets.chain(rails).collect()
}

/// The charge as it stands, but for what says how it came to be.
fn state(world: &World) -> ChargeState {
    let charge = world.records().each::<ChargeId>().next().unwrap().1.clone();
    ChargeState { more: None, ..charge }
}

fn asked(world: &mut World, charge: Charge) -> Option<ChargeId> {
    let ask = AskCharge { charge: Box::new(charge), card: "tok_visa".into() };
    world.execute(Command::from(ask)).ok()?;
    world.records().each::<ChargeId>().next().map(|(id, _)| id)
}

proptest! {
    #[test]
    fn what_was_asked_and_taken_is_booked_as_what_is_charged_at_once(
        way in 0..4_u8,
        seller in 1..=SELLERS,
        minor in 1..20_000_i64,
        fee in 0..=100_u8,
        hours in 0..200_i64,
    ) {
        let (mut once, mut later) = (usual(), usual());
        let charge = charge((way, seller, fee), Money::new(Currency::USD, minor), 0);
        // The ask comes before, the money when the other is charged.
        let id = asked(&mut later, charge.clone());
        for world in [&mut once, &mut later] {
            let to = world.now().plus_seconds(hours * 3_600);
            world.execute(counterfoil_domain::calendar::AdvanceTo { to }).unwrap();
        }
        let made = once.execute(Command::from(charge));
        assert_eq!(made.is_ok(), id.is_some(), "the same rules refuse both");
        let Some(id) = id else { return Ok(()) };
        later.execute(Command::from(MarkChargeCaptured { charge: id, available_on: None })).unwrap();
        assert_eq!(books(&later), books(&once));
        assert_eq!(state(&later), state(&once));
    }

    #[test]
    fn what_was_declined_leaves_the_books_alone(
        way in 0..4_u8,
        seller in 1..=SELLERS,
        minor in 1..20_000_i64,
        fee in 0..=100_u8,
        again in any::<bool>(),
    ) {
        let mut world = usual();
        let before = books(&world);
        let charge = charge((way, seller, fee), Money::new(Currency::USD, minor), 0);
        let Some(id) = asked(&mut world, charge) else { return Ok(()) };
        world.execute(Command::from(MarkChargeDeclined { charge: id, code: DeclineCode::LostCard })).unwrap();
        let late = if again {
            Command::from(MarkChargeCaptured { charge: id, available_on: None })
        } else {
            Command::from(MarkChargeDeclined { charge: id, code: DeclineCode::LostCard })
        };
        assert_eq!(world.execute(late).unwrap_err().rule(), "charge_must_be_asked");
        assert_eq!(books(&world), before);
        assert_eq!(state(&world).amount, 0);
    }

    /// Whatever became of a charge, a warning of fraud moves nothing and is kept once; the laws notice
    /// a log in which it is forgotten.
    #[test]
    fn a_fraud_warning_moves_nothing_and_is_kept(
        way in 0..4_u8,
        seller in 1..=SELLERS,
        minor in 100..20_000_i64,
        became in 0..3_u8,
    ) {
        let mut world = usual();
        let charge = charge((way, seller, 10), Money::new(Currency::USD, minor), 0);
        let Some(id) = asked(&mut world, charge) else { return Ok(()) };
        match became {
            0 => {}
            1 => {
                let declined = MarkChargeDeclined { charge: id, code: DeclineCode::LostCard };
                world.execute(Command::from(declined)).unwrap();
            }
            _ => {
                let captured = MarkChargeCaptured { charge: id, available_on: None };
                world.execute(Command::from(captured)).unwrap();
            }
        }
        let before = books(&world);
        let warn = |reference: &str| {
            let reference = FraudWarningReference::new(reference).unwrap();
            let warning = FraudWarning { reference, fraud_type: FraudType::MadeWithLostCard };
            Command::from(ReceiveFraudWarning { charge: id, warning })
        };
        for reference in ["issfr_1", "issfr_2"] {
            world.execute(warn(reference)).unwrap();
            let again = world.execute(warn(reference)).unwrap_err();
            assert_eq!(again.rule(), "fraud_warning_must_not_be_told_twice");
        }
        assert_eq!(books(&world), before);
        let charge = world.records().each::<ChargeId>().next().unwrap().1.clone();
        assert_eq!(charge.fraud_warnings().len(), 2);
        let mut log = world.log().to_vec();
        assert_eq!(world.finish(), []);
        let Event::Moved(moved) = &mut log.last_mut().unwrap().event else { panic!("a step") };
        let Record::Charge(_, forged) = &mut moved.subject.record else { panic!("of a charge") };
        forged.more.as_mut().unwrap().fraud_warnings.remove(0);
        let breach = breach(&log).unwrap();
        assert!(breach.to_string().contains("fraud warnings"), "{breach}");
    }
}
