//! Random streams of refunds and of what becomes of them, against a naive model: how each stands,
//! what each sale has left, and whose the money is.

use std::collections::BTreeMap;

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{
    BeginCharge, Charge, ChargeKind, DestinationShare, MarkChargeFailed, MarkChargeSucceeded, ProcessingFee,
};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::refund::{
    CancelRefund, MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded, OnShortfall, Recover, Refund,
    RefundFailure, RefundStatus,
};
use counterfoil_domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil_domain::transfer::Transfer;
use counterfoil_domain::{AccountId, ChargeId, RefundId, TopupId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::market::{open, rail_name};
use crate::refunds::{first, made, standing};

const BAKERY: AccountId = AccountId(1);

#[derive(Clone, Debug)]
enum Done {
    /// A sale in one of three ways, with hundredths of a fee or of a transfer.
    Sell {
        way: u8,
        amount: Minor,
        part: Minor,
    },
    Refund {
        sale: usize,
        amount: Option<Minor>,
        back: bool,
        fee: bool,
        waits: bool,
    },
    Fate {
        refund: usize,
        fate: Fate,
    },
    /// The payment of a sale fails.
    Fail {
        sale: usize,
    },
    TopUp {
        bakery: bool,
        amount: Minor,
        prefund: bool,
    },
    Pass {
        hours: i64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Cancel,
    Fail,
    Process,
    Act,
    Succeed,
}

fn streams() -> impl Strategy<Value = Vec<Done>> {
    let amount = || 1..10_000_i64;
    let part = proptest::option::weighted(0.7, 1..6_000_i64);
    let fate = prop_oneof![
        2 => proptest::strategy::Just(Fate::Cancel),
        2 => proptest::strategy::Just(Fate::Fail),
        1 => proptest::strategy::Just(Fate::Process),
        2 => proptest::strategy::Just(Fate::Act),
        1 => proptest::strategy::Just(Fate::Succeed),
    ];
    let done = prop_oneof![
        3 => (0..3_u8, amount(), 0..=100_i64).prop_map(|(way, amount, part)| Done::Sell { way, amount, part }),
        6 => (any::<usize>(), part, any::<[bool; 3]>()).prop_map(|(sale, amount, [back, fee, waits])| {
            Done::Refund { sale, amount, back, fee, waits }
        }),
        6 => (any::<usize>(), fate).prop_map(|(refund, fate)| Done::Fate { refund, fate }),
        1 => any::<usize>().prop_map(|sale| Done::Fail { sale }),
        2 => (any::<bool>(), amount(), any::<bool>())
            .prop_map(|(bakery, amount, prefund)| Done::TopUp { bakery, amount, prefund }),
        2 => (0..60_i64).prop_map(|hours| Done::Pass { hours }),
    ];
    proptest::collection::vec(done, 1..40)
}

/// What the model knows of a sale.
struct Sale {
    id: ChargeId,
    way: u8,
    amount: Minor,
    /// The fee, or of a separate sale what was transferred.
    part: Minor,
    transfer: Option<TransferId>,
    failed: bool,
}

/// How a refund stands for the model: waiting, with the rail, done, or over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Waits,
    Processing,
    Acts,
    Done,
    /// Done by the rail's word.
    Confirmed,
    Over,
}

struct Model {
    world: World,
    sales: Vec<Sale>,
    refunds: BTreeMap<RefundId, (usize, Minor, Stands)>,
    /// What was paid in: to the platform, and to the bakery.
    paid_in: (i128, i128),
}

impl Model {
    fn sell(&mut self, way: u8, amount: Minor, part: Minor) {
        let part = amount * part / 100;
        let mut charge = Charge::separate(Money::new(Currency::USD, amount), rail_name(0));
        charge.kind = match way {
            0 => ChargeKind::Direct { account: BAKERY, application_fee: part },
            1 => {
                ChargeKind::Destination { account: BAKERY, share: DestinationShare::LessApplicationFee(part) }
            }
            _ => ChargeKind::Separate,
        };
        let begun = self.world.execute(BeginCharge { charge: Box::new(charge) }).unwrap();
        let id = ChargeId::new(first(&begun, "charge_begun"), 0);
        self.world.execute(MarkChargeSucceeded { charge: id }).unwrap();
        let mut transfer = None;
        if way == 2 && part > 0 {
            let money = Money::new(Currency::USD, part);
            let asked = Transfer { source_charge: Some(id), ..Transfer::new(BAKERY, money) };
            let made = self.world.execute(asked).unwrap();
            transfer = Some(TransferId::new(first(&made, "transfer_created"), 0));
        }
        self.sales.push(Sale { id, way, amount, part, transfer, failed: false });
    }

    /// What of a sale no refund has, or is to have.
    fn left(&self, sale: usize) -> Minor {
        let live = self.refunds.values().filter(|(of, _, stands)| *of == sale && *stands != Stands::Over);
        let Sale { amount, failed, .. } = self.sales[sale];
        if failed { 0 } else { amount - live.map(|(_, amount, _)| amount).sum::<Minor>() }
    }

    fn refund(&mut self, sale: usize, asked: Option<Minor>, (back, fee, waits): (bool, bool, bool)) {
        let Sale { id, way, part, transfer, .. } = self.sales[sale];
        let of = |transfer: TransferId| self.world.records().get(transfer).unwrap().reversible();
        let recover = match (way, transfer.filter(|_| back)) {
            (1, _) if back => Recover::OwnTransfer,
            (_, Some(transfer)) if of(transfer) > 0 => {
                Recover::Exactly(vec![(transfer, (of(transfer) / 2).max(1))])
            }
            _ => Recover::None,
        };
        let refund_application_fee = fee && part > 0 && (way == 0 || recover == Recover::OwnTransfer);
        let on_shortfall = waits.then_some(OnShortfall::Wait);
        let left = self.left(sale);
        let refund =
            Refund { amount: asked, recover, refund_application_fee, on_shortfall, ..Refund::full(id) };
        let done = self.world.execute(refund);
        let amount = asked.unwrap_or(left);
        let fits = (1..=left).contains(&amount);
        // What may wait is never refused for want of money.
        assert!(done.is_ok() == fits || !waits, "{done:?} of {left}");
        if let Ok(events) = done {
            assert!(fits);
            let refund = made(&events);
            let stands = self.told(refund);
            assert!(stands == Stands::Done || (waits && stands == Stands::Waits));
            self.refunds.insert(refund, (sale, amount, stands));
        }
    }

    fn told(&self, refund: RefundId) -> Stands {
        match self.world.records().get(refund).unwrap().status {
            RefundStatus::Waiting { .. } => Stands::Waits,
            RefundStatus::Processing => Stands::Processing,
            RefundStatus::RequiresAction => Stands::Acts,
            RefundStatus::Succeeded => Stands::Done,
            RefundStatus::Confirmed => Stands::Confirmed,
            RefundStatus::Failed(_) | RefundStatus::Canceled => Stands::Over,
        }
    }

    fn decide(&mut self, refund: RefundId, fate: Fate) {
        let stands = self.refunds[&refund].2;
        let after = match (fate, stands) {
            (Fate::Cancel, Stands::Waits | Stands::Acts) => Some(Stands::Over),
            (Fate::Fail, Stands::Over) => None,
            (Fate::Fail, _) => Some(Stands::Over),
            (Fate::Process, Stands::Processing | Stands::Acts | Stands::Done) => Some(Stands::Processing),
            (Fate::Act, Stands::Processing | Stands::Acts | Stands::Done) => Some(Stands::Acts),
            (Fate::Succeed, Stands::Processing | Stands::Acts) => Some(Stands::Confirmed),
            _ => None,
        };
        let done = match fate {
            Fate::Cancel => self.world.execute(CancelRefund { refund }),
            Fate::Fail => self.world.execute(MarkRefundFailed { refund, failure: RefundFailure::Declined }),
            Fate::Process => self.world.execute(MarkRefundPending { refund, requires_action: false }),
            Fate::Act => self.world.execute(MarkRefundPending { refund, requires_action: true }),
            Fate::Succeed => self.world.execute(MarkRefundSucceeded { refund }),
        };
        assert_eq!(done.is_ok(), after.is_some(), "{fate:?} of {stands:?}");
        assert_eq!(self.told(refund), after.unwrap_or(stands), "{fate:?} of {stands:?}");
        if let Some(after) = after {
            self.refunds.get_mut(&refund).unwrap().2 = after;
        }
    }

    fn top_up(&mut self, account: AccountId, minor: Minor, prefund: bool) {
        let amount = Money::new(Currency::USD, minor);
        let topup = if prefund { CreateTopup::prefunding } else { CreateTopup::new };
        let made = self.world.execute(topup(account, amount)).unwrap();
        let topup = TopupId::new(first(&made, "topup_created"), 0);
        self.world.execute(MarkTopupSucceeded { topup }).unwrap();
        let (platform, bakery) = &mut self.paid_in;
        *if account == BAKERY { bakery } else { platform } += i128::from(minor);
    }

    fn act(&mut self, done: Done) {
        match done {
            Done::Sell { way, amount, part } => self.sell(way, amount, part),
            Done::Refund { sale, amount, back, fee, waits } if !self.sales.is_empty() => {
                self.refund(sale % self.sales.len(), amount, (back, fee, waits));
            }
            Done::Fate { refund, fate } if !self.refunds.is_empty() => {
                let refund = *self.refunds.keys().nth(refund % self.refunds.len()).unwrap();
                self.decide(refund, fate);
            }
            Done::Fail { sale } if !self.sales.is_empty() => {
                let sale = sale % self.sales.len();
                let Sale { id, failed, .. } = &mut self.sales[sale];
                let failure = MarkChargeFailed { charge: *id, code: FailureCode::NoAccount };
                assert_eq!(self.world.execute(failure).is_ok(), !*failed);
                *failed = true;
            }
            Done::TopUp { bakery, amount, prefund } => {
                self.top_up(if bakery { BAKERY } else { AccountId::PLATFORM }, amount, prefund)
            }
            Done::Pass { hours } => {
                let to = self.world.now().plus_seconds(hours * 3_600);
                self.world.execute(AdvanceTo { to }).unwrap();
            }
            Done::Refund { .. } | Done::Fate { .. } | Done::Fail { .. } => {}
        }
        self.take_turns();
        self.check();
    }

    /// What waited may have been done, or was called off because its payment failed; nothing else
    /// changes by itself.
    fn take_turns(&mut self) {
        let told: Vec<(RefundId, Stands)> = self.refunds.keys().map(|id| (*id, self.told(*id))).collect();
        for (refund, told) in told {
            let (sale, _, stands) = self.refunds.get_mut(&refund).unwrap();
            let failed = self.sales[*sale].failed;
            let turn = *stands == Stands::Waits && told == if failed { Stands::Over } else { Stands::Done };
            assert!(turn || told == *stands, "{refund} is {told:?}, was {stands:?}");
            assert!(!failed || told != Stands::Waits, "{refund} waits for a payment that failed");
            *stands = told;
        }
    }

    /// Whose the money is, summed from what each sale and each refund that is out says.
    fn check(&self) {
        let (mut platform, mut bakery) = self.paid_in;
        let mut card = 0;
        for (index, Sale { id, way, amount, part, failed, .. }) in self.sales.iter().enumerate() {
            let (amount, part) = (i128::from(*amount), i128::from(*part));
            if !failed {
                card += amount;
                let (platforms, bakerys) =
                    if *way == 2 { (amount - part, part) } else { (part, amount - part) };
                (platform, bakery) = (platform + platforms, bakery + bakerys);
            }
            let out = |stands| !matches!(stands, Stands::Waits | Stands::Over);
            let refunds = self.refunds.iter().filter(|(_, (sale, _, stands))| *sale == index && out(*stands));
            for (refund, (_, amount, _)) in refunds {
                let state = self.world.records().get(*refund).unwrap();
                // With a payment that failed went what was left of its fee and transfers.
                let (taken, fee) = if *failed { (0, 0) } else { (state.reversed(), state.fee_refunded) };
                let (amount, from_seller) = (i128::from(*amount), i128::from(taken - fee));
                card -= amount;
                if *way == 0 {
                    (platform, bakery) = (platform + from_seller, bakery - amount - from_seller);
                } else {
                    (platform, bakery) = (platform - amount + from_seller, bakery - from_seller);
                }
            }
            let charge = self.world.records().get(*id).unwrap();
            assert_eq!(charge.refundable(), self.left(index));
        }
        if !self.sales.is_empty() {
            assert_eq!(standing(&self.world), (platform, bakery, card));
        }
    }

    /// No refund happened after all: each sale is as it began, or as its failure left it.
    fn undo_everything(&mut self) {
        let live: Vec<RefundId> = self.refunds.keys().copied().collect();
        for refund in live {
            if self.refunds[&refund].2 != Stands::Over {
                self.decide(refund, Fate::Fail);
                self.take_turns();
            }
        }
        self.check();
        for Sale { id, way, part, failed, .. } in &self.sales {
            let charge = self.world.records().get(*id).unwrap();
            let fee = if *failed { charge.application_fee } else { 0 };
            assert_eq!((charge.refunded, charge.fee_refunded), (0, fee));
            let moved = match way {
                _ if *failed => 0,
                0 => 0,
                1 => charge.amount,
                _ => *part,
            };
            assert_eq!(charge.transferred, moved);
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn refunds_stand_and_cost_what_the_model_says(stream in streams(), pays in any::<bool>()) {
        let world = open(ProcessingFee::NONE, 0);
        let mut model = Model { world, sales: Vec::new(), refunds: BTreeMap::new(), paid_in: (0, 0) };
        for done in stream {
            model.act(done);
        }
        if pays {
            // Enough for everybody: nothing waits any more.
            model.top_up(AccountId::PLATFORM, 10_000_000, false);
            model.top_up(BAKERY, 10_000_000, false);
            model.take_turns();
            model.check();
            assert_eq!(model.world.ledger().agenda().waits().count(), 0);
        }
        model.undo_everything();
    }
}
