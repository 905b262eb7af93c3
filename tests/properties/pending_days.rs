//! A charge that is captured under changing delays against a naive model of what is pending on
//! which day: whatever takes from it, a dispute too, takes the newest capture's day first, then the others, the
//! latest first, and only then from available.

use std::collections::BTreeMap;

use counterfoil_domain::calendar::{AdvanceTo, Day};
use counterfoil_domain::charge::{
    Authorise, CancelCharge, CaptureCharge, Charge, ChargeStanding, ProcessingFee,
};
use counterfoil_domain::dispute::{DisputeReason, MarkDisputeWon, OpenDispute};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::payout::{DayKind, Delay, SetPayoutSchedule};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::transfer::{ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, DisputeId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Just, Strategy, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::disputing::reference;
use crate::market::{open, rail_name};

const PLATFORM: AccountId = AccountId::PLATFORM;

#[derive(Clone, Copy, Debug)]
enum Deed {
    /// So much is captured, under a delay of so many days.
    Capture(Minor, u16),
    /// So much is transferred, while it is captured.
    Transfer(Minor),
    /// So much of the newest transfer comes back.
    Reverse(Minor),
    /// So much is refunded: then all captures are made.
    Refund(Minor),
    /// So much is disputed, once something is captured.
    Dispute(Minor),
    /// The newest dispute that was not won is.
    Win,
    /// So many days pass.
    Pass(u16),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let amount = || 1..400_i64;
    let deed = prop_oneof![
        5 => (amount(), 0..6_u16).prop_map(|(amount, days)| Deed::Capture(amount, days)),
        2 => amount().prop_map(Deed::Transfer),
        1 => amount().prop_map(Deed::Reverse),
        2 => amount().prop_map(Deed::Refund),
        1 => amount().prop_map(Deed::Dispute),
        1 => Just(Deed::Win),
        2 => (0..3_u16).prop_map(Deed::Pass),
    ];
    proptest::collection::vec(deed, 1..30)
}

/// What the platform has of the charge, worked out alone.
#[derive(Debug, Default)]
struct Model {
    today: i32,
    newest: i32,
    pending: BTreeMap<i32, Minor>,
    available: Minor,
}

impl Model {
    fn put(&mut self, amount: Minor) {
        if self.newest > self.today && amount > 0 {
            *self.pending.entry(self.newest).or_default() += amount;
        } else {
            self.available += amount;
        }
    }

    /// Takes from what is pending first; says what came out of available.
    fn take(&mut self, mut amount: Minor) -> Minor {
        let others = self.pending.keys().rev().copied().filter(|day| *day != self.newest);
        let days: Vec<i32> = std::iter::once(self.newest).chain(others).collect();
        for day in days {
            if let Some(left) = self.pending.get_mut(&day) {
                let part = amount.min(*left);
                *left -= part;
                amount -= part;
            }
        }
        self.available -= amount;
        self.pending.retain(|_, left| *left > 0);
        amount
    }

    fn pass(&mut self, today: i32) {
        self.today = today;
        while let Some((day, left)) = self.pending.pop_first() {
            if day > today {
                self.pending.insert(day, left);
                return;
            }
            self.available += left;
        }
    }

    fn agrees(&self, world: &World) {
        let ledger = world.ledger();
        let own = ledger.maturities().filter(|(_, account, ..)| *account == PLATFORM);
        let pending: BTreeMap<i32, Minor> = own.map(|(day, .., left)| (day.days(), left)).collect();
        assert_eq!(pending, self.pending, "{self:?}");
        assert_eq!(ledger.account(PLATFORM).unwrap().available(Currency::USD), self.available, "{self:?}");
    }
}

/// A dispute, how much it took, and how much of that came out of available.
type Disputed = (DisputeId, Minor, Minor);

fn dispute(world: &mut World, charge: ChargeId, amount: Minor, model: &mut Model) -> Option<Disputed> {
    let due_by = world.now().plus_seconds(14 * 86_400);
    if world.records().get(charge).unwrap().amount == 0 {
        return None;
    }
    let dispute = OpenDispute::new(charge, reference(world), DisputeReason::Fraudulent, due_by);
    let made = world.execute(OpenDispute { amount: Some(amount), fee: Some(0), ..dispute }).unwrap();
    Some((DisputeId::new(made.first().unwrap().position, 0), amount, model.take(amount)))
}

fn win(world: &mut World, dispute: Option<Disputed>, model: &mut Model) {
    let Some((dispute, amount, drawn)) = dispute else { return };
    world.execute(MarkDisputeWon { dispute, fees_returned: Some(0) }).unwrap();
    // What it took of available comes back there.
    model.available += drawn;
    model.put(amount - drawn);
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn what_is_pending_of_each_day_is_what_a_naive_model_says(deeds in deeds()) {
        let mut world = open(ProcessingFee::NONE, 1_000_000);
        let usd = |minor| Money::new(Currency::USD, minor);
        let charge = Box::new(Charge::separate(usd(1_000_000), rail_name(0)));
        let until = Some(world.now().plus_seconds(30 * 86_400));
        let made = world.execute(Authorise { charge, capture_before: until }).unwrap();
        let id = ChargeId::new(made.last().unwrap().position, 0);
        let mut model = Model { today: world.now().day().days(), ..Model::default() };
        let (mut open, mut newest_transfer) = (true, None);
        let mut disputes: Vec<Disputed> = Vec::new();
        for deed in deeds {
            match deed {
                Deed::Capture(amount, days) if open => {
                    let delay = Some(Delay { days, kind: DayKind::Calendar });
                    let (schedule, minimum_balance) = (None, None);
                    world.execute(SetPayoutSchedule { account: PLATFORM, schedule, delay, minimum_balance }).unwrap();
                    let capture = CaptureCharge { amount: Some(amount), final_capture: false, ..CaptureCharge::full(id) };
                    world.execute(capture).unwrap();
                    model.newest = model.today + i32::from(days);
                    model.put(amount);
                }
                Deed::Transfer(amount) => {
                    let left = world.records().get(id).unwrap().transferable();
                    if left > 0 {
                        let transfer = Transfer::new(AccountId(1), usd(amount.min(left)));
                        let made = world.execute(Transfer { source_charge: Some(id), ..transfer }).unwrap();
                        newest_transfer = Some(TransferId::new(made.last().unwrap().position, 0));
                        model.take(amount.min(left));
                    }
                }
                Deed::Reverse(amount) => {
                    let Some(transfer) = newest_transfer else { continue };
                    let amount = amount.min(world.records().get(transfer).unwrap().reversible());
                    let back = ReverseTransfer { transfer, amount: Some(amount), refund_application_fee: false };
                    if amount > 0 && world.execute(back).is_ok() {
                        model.put(amount);
                    }
                }
                Deed::Refund(amount) => {
                    if open && world.records().get(id).unwrap().amount > 0 {
                        world.execute(CancelCharge { charge: id }).unwrap();
                        open = false;
                    }
                    let left = world.records().get(id).unwrap().refundable();
                    if !open && left > 0 {
                        world.execute(Refund { amount: Some(amount.min(left)), ..Refund::full(id) }).unwrap();
                        model.take(amount.min(left));
                    }
                }
                Deed::Dispute(amount) => disputes.extend(dispute(&mut world, id, amount, &mut model)),
                Deed::Win => win(&mut world, disputes.pop(), &mut model),
                Deed::Pass(days) => {
                    let today = model.today + i32::from(days);
                    let to = Day::from_days(today).start().max(world.now());
                    world.execute(AdvanceTo { to }).unwrap();
                    model.pass(today);
                }
                Deed::Capture(..) => {}
            }
            // An authorisation that ran out has succeeded with what was captured.
            let standing = world.records().get(id).unwrap().standing();
            open &= matches!(standing, ChargeStanding::Authorised(_));
            model.agrees(&world);
        }
        assert_eq!(world.finish(), []);
    }
}
