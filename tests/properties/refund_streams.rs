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
use counterfoil_domain::{AccountId, ChargeId, Event, Record, RefundId, Step, TopupId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::any;
use proptest::proptest;

use crate::cases::cases;
use crate::market::{open, rail_name};
use crate::model::nearest_even;
use crate::refund_deeds::{Done, Fate, streams};
use crate::refunds::{first, made, standing};

const BAKERY: AccountId = AccountId(1);

/// What the model knows of a sale.
struct Sale {
    id: ChargeId,
    way: u8,
    amount: Minor,
    /// The fee, or of a separate sale what was transferred.
    part: Minor,
    transfer: Option<TransferId>,
    failed: bool,
    /// What refunds gave back of it that give the fee back too, and what of the fee they did.
    with_fee: Minor,
    fee_back: Minor,
}

/// What the model knows of a refund.
#[derive(Clone, Copy)]
struct Given {
    sale: usize,
    amount: Minor,
    stands: Stands,
    /// What it is to take back of the transfer, at most; and whether it gives the fee back.
    back: Minor,
    fee: bool,
    /// What it did take, and give.
    taken: Minor,
    fee_back: Minor,
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
    refunds: BTreeMap<RefundId, Given>,
    /// How many events it has seen.
    seen: usize,
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
        let sale = Sale { id, way, amount, part, transfer, failed: false, with_fee: 0, fee_back: 0 };
        self.sales.push(sale);
    }

    /// What of a sale no refund has, or is to have.
    fn left(&self, sale: usize) -> Minor {
        let live = self.refunds.values().filter(|it| it.sale == sale && it.stands != Stands::Over);
        let Sale { amount, failed, .. } = self.sales[sale];
        if failed { 0 } else { amount - live.map(|it| it.amount).sum::<Minor>() }
    }

    /// What of a sale's transfer no refund took back.
    fn transferred(&self, sale: usize) -> Minor {
        let Sale { way, amount, part, failed, .. } = self.sales[sale];
        let whole = [0, amount, part][usize::from(way)];
        let taken = self.refunds.values().filter(|it| it.sale == sale).map(|it| it.taken).sum::<Minor>();
        if failed { 0 } else { whole - taken }
    }

    /// A refund is done: it takes what it is to take, as far as that is there, and the fee comes
    /// to its proportion in all that was given back with it.
    fn happens(&mut self, refund: RefundId) {
        let Given { sale, amount, back, fee, .. } = self.refunds[&refund];
        let taken = back.min(self.transferred(sale));
        let of = &mut self.sales[sale];
        let before = of.fee_back;
        if fee {
            of.with_fee += amount;
            of.fee_back = before.max(nearest_even(of.part, of.with_fee, of.amount));
        }
        let fee_back = of.fee_back - before;
        let given = self.refunds.get_mut(&refund).unwrap();
        (given.taken, given.fee_back) = (taken, fee_back);
    }

    /// A refund did not happen after all.
    fn is_undone(&mut self, refund: RefundId) {
        let given = self.refunds.get_mut(&refund).unwrap();
        let sale = &mut self.sales[given.sale];
        if given.fee {
            sale.with_fee -= given.amount;
            sale.fee_back -= given.fee_back;
        }
        (given.taken, given.fee_back) = (0, 0);
    }

    fn refund(&mut self, sale: usize, asked: Option<Minor>, (back, fee, waits): (bool, bool, bool)) {
        let Sale { id, way, part, transfer, .. } = self.sales[sale];
        let half = (self.transferred(sale) / 2).max(1);
        let recover = match (way, transfer.filter(|_| back)) {
            (1, _) if back => Recover::OwnTransfer,
            (_, Some(transfer)) if self.transferred(sale) > 0 => Recover::Exactly(vec![(transfer, half)]),
            _ => Recover::None,
        };
        let refund_application_fee = fee && part > 0 && (way == 0 || recover == Recover::OwnTransfer);
        let on_shortfall = waits.then_some(OnShortfall::Wait);
        let left = self.left(sale);
        let back = match recover {
            Recover::None | Recover::ByLiability(_) => 0,
            // All of such a sale was transferred: as much goes back.
            Recover::OwnTransfer => asked.unwrap_or(left),
            Recover::Exactly(_) => half,
        };
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
            let fee = refund_application_fee;
            let given = Given { sale, amount, stands: Stands::Waits, back, fee, taken: 0, fee_back: 0 };
            self.refunds.insert(refund, given);
            if stands == Stands::Done {
                self.refunds.get_mut(&refund).unwrap().stands = stands;
                self.happens(refund);
            }
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
        let stands = self.refunds[&refund].stands;
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
            self.refunds.get_mut(&refund).unwrap().stands = after;
            if after == Stands::Over && stands != Stands::Waits {
                self.is_undone(refund);
            }
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
        let mut turned = Vec::new();
        for (refund, told) in told {
            let Given { sale, stands, .. } = self.refunds.get_mut(&refund).unwrap();
            let failed = self.sales[*sale].failed;
            let turn = *stands == Stands::Waits && told == if failed { Stands::Over } else { Stands::Done };
            assert!(turn || told == *stands, "{refund} is {told:?}, was {stands:?}");
            assert!(!failed || told != Stands::Waits, "{refund} waits for a payment that failed");
            *stands = told;
            turned.extend((turn && told == Stands::Done).then_some(refund));
        }
        // Whose turn came first is seen in the log.
        let place = |refund: &RefundId| self.turn(*refund);
        turned.sort_by_key(place);
        turned.into_iter().for_each(|refund| self.happens(refund));
        self.seen = self.world.log().len();
    }

    /// Where in the log a refund that waited was done.
    fn turn(&self, refund: RefundId) -> Option<usize> {
        self.world.log()[self.seen..].iter().position(|recorded| match &recorded.event {
            Event::Moved(moved) => {
                let done = moved.step == Step::RefundSucceeded;
                done && matches!(moved.subject.record, Record::Refund(id, _) if id == refund)
            }
            _ => false,
        })
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
            let refunds = self.refunds.iter().filter(|(_, it)| it.sale == index && out(it.stands));
            for (refund, Given { amount, taken, fee_back, .. }) in refunds {
                let state = self.world.records().get(*refund).unwrap();
                assert_eq!((state.reversed(), state.fee_refunded), (*taken, *fee_back), "{refund}");
                // With a payment that failed went what was left of its fee and transfers.
                let (taken, fee) = if *failed { (0, 0) } else { (*taken, *fee_back) };
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
            assert_eq!(charge.transferred, self.transferred(index));
        }
        if !self.sales.is_empty() {
            assert_eq!(standing(&self.world), (platform, bakery, card));
        }
    }

    /// No refund happened after all: each sale is as it began, or as its failure left it.
    fn undo_everything(&mut self) {
        let live: Vec<RefundId> = self.refunds.keys().copied().collect();
        for refund in live {
            if self.refunds[&refund].stands != Stands::Over {
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
        let mut model =
            Model { world, sales: Vec::new(), refunds: BTreeMap::new(), seen: 0, paid_in: (0, 0) };
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
