//! No more is shared out of a charge than it brought and did not give back, in whatever ways it
//! is shared: transfers, queued transfers that name it, splits, splits by rules with parts that
//! wait, its own transfer. What sellers have is summed here from their transfers, not read from
//! the charge.

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{
    Authorise, CancelCharge, CaptureCharge, Charge, ChargeKind, ChargeStanding, DestinationShare,
    ProcessingFee,
};
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::refund::{MarkRefundFailed, Recover, Refund, RefundFailure};
use counterfoil_domain::split::rule::{Condition, Fact, Rounding, RulePart, ShareOf, SplitRule};
use counterfoil_domain::split::{Ask, Commission, MeetCondition, Part, Split, SplitByRule};
use counterfoil_domain::transfer::{QueueTransfer, ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, RefundId, SplitId, SplitRuleId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::market::{nth, open, rail_name};
use crate::rule_splits::set;

const AUTHORISED: Minor = 20_000;

/// What is done; a charge is chosen by its number.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Capture(Minor),
    Close,
    Transfer { of: usize, amount: Minor, queued: bool },
    Split { first: usize, both: bool, amounts: (Minor, Minor) },
    ByRule { of: usize, both: bool },
    Meet(usize),
    Reverse(usize, Minor),
    Refund { of: usize, amount: Minor, recover: bool },
    RefundFails(usize),
    Queue(Minor),
    Pass(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let amount = || 1..6_000_i64;
    let of = || 0..3_usize;
    let deed = prop_oneof![
        3 => amount().prop_map(Deed::Capture),
        1 => proptest::strategy::Just(Deed::Close),
        5 => (of(), amount(), any::<bool>())
            .prop_map(|(of, amount, queued)| Deed::Transfer { of, amount, queued }),
        3 => (0..2_usize, any::<bool>(), (amount(), amount()))
            .prop_map(|(first, both, amounts)| Deed::Split { first, both, amounts }),
        2 => (0..2_usize, any::<bool>()).prop_map(|(of, both)| Deed::ByRule { of, both }),
        2 => any::<usize>().prop_map(Deed::Meet),
        3 => (any::<usize>(), amount()).prop_map(|(which, amount)| Deed::Reverse(which, amount)),
        4 => (of(), amount(), any::<bool>())
            .prop_map(|(of, amount, recover)| Deed::Refund { of, amount, recover }),
        2 => any::<usize>().prop_map(Deed::RefundFails),
        1 => amount().prop_map(Deed::Queue),
        1 => (0..90_i64).prop_map(Deed::Pass),
    ];
    proptest::collection::vec(deed, 1..40)
}

/// Three charges: one that is there, one that is captured bit by bit, and one with a transfer of
/// its own; and a rule that gives 30 % at once and 25 % on delivery.
struct Shop {
    world: World,
    charges: [ChargeId; 3],
    came_in: [Minor; 3],
    refunded: [Minor; 3],
    refunds: Vec<(usize, RefundId, Minor)>,
    splits: Vec<SplitId>,
    rule: SplitRuleId,
    open: bool,
}

fn usd(minor: Minor) -> Money {
    Money::new(Currency::USD, minor)
}

fn delivery() -> Fact {
    Fact::new(Fact::DELIVERY_CONFIRMED).unwrap()
}

impl Shop {
    fn new() -> Self {
        let mut world = open(ProcessingFee::NONE, 1_000_000);
        let charge = |minor| Charge::separate(usd(minor), rail_name(0));
        let mut last =
            |command: counterfoil_domain::Command| world.execute(command).unwrap().last().unwrap().position;
        let plain = ChargeId::new(last(charge(10_000).into()), 0);
        let held = Authorise { charge: Box::new(charge(AUTHORISED)), capture_before: None };
        let captured = ChargeId::new(last(held.into()), 0);
        let share = DestinationShare::LessApplicationFee(800);
        let kind = ChargeKind::Destination { account: AccountId(3), share };
        let own = ChargeId::new(last(Charge { kind, ..charge(8_000) }.into()), 0);
        let percent = |account, points| {
            RulePart::new(AccountId(account), ShareOf::Percent(Rate::from_basis_points(points).unwrap()))
        };
        let waits = RulePart { condition: Condition::Fact(delivery()), ..percent(2, 2_500) };
        let rule = SplitRule { parts: vec![percent(1, 3_000), waits], rounding: Rounding::LargestRemainder };
        let rule = set(&mut world, rule);
        Self {
            world,
            charges: [plain, captured, own],
            came_in: [10_000, 0, 8_000],
            refunded: [0; 3],
            refunds: Vec::new(),
            splits: Vec::new(),
            rule,
            open: true,
        }
    }

    /// What sellers have of a charge, or wait for: by their transfers and the pieces that wait.
    fn shared(&self, of: usize) -> Minor {
        let records = self.world.records();
        let made = records.each::<TransferId>().map(|(_, transfer)| transfer);
        let made = made.filter(|transfer| transfer.source_charge == Some(self.charges[of]));
        let made: Minor = made
            .map(|transfer| {
                assert!(transfer.is_made(), "one that names its charge never waits");
                transfer.amount - transfer.reversed
            })
            .sum();
        let splits = self.splits.iter().filter_map(|id| records.get(*id));
        let held = splits.flat_map(|split| split.held()).filter(|piece| piece.charge == self.charges[of]);
        made + held.map(|piece| piece.amount).sum::<Minor>()
    }

    fn left(&self, of: usize) -> Minor {
        (self.came_in[of] - self.refunded[of] - self.shared(of)).max(0)
    }

    fn transfer(&mut self, of: usize, amount: Minor, queued: bool) {
        let transfer = Transfer::new(AccountId(1), usd(amount));
        let transfer = Transfer { source_charge: Some(self.charges[of]), ..transfer };
        let fits = of < 2 && amount <= self.left(of);
        let done =
            if queued { self.world.execute(QueueTransfer(transfer)) } else { self.world.execute(transfer) };
        assert_eq!(done.is_ok(), fits, "{done:?}");
    }

    fn split(&mut self, first: usize, both: bool, (one, two): (Minor, Minor)) {
        let of = if both { vec![first, 1 - first] } else { vec![first] };
        let left: Minor = of.iter().map(|of| self.left(*of)).sum();
        let part = |account, gross| Part {
            account: AccountId(account),
            gross: Ask::Fixed(gross),
            commission: Commission::None,
        };
        let charges = of.iter().map(|of| self.charges[*of]).collect();
        let parts = vec![part(1, one), part(2, two)];
        let split = Split { charges, transfer_group: None, parts, details: None };
        let there = of.iter().all(|of| self.came_in[*of] > 0);
        let done = self.world.execute(split);
        assert_eq!(done.is_ok(), there && one + two <= left, "{done:?}");
    }

    fn by_rule(&mut self, first: usize, both: bool) {
        let of = if both { vec![first, 1 - first] } else { vec![first] };
        let left: Minor = of.iter().map(|of| self.left(*of)).sum();
        let charges = of.iter().map(|of| self.charges[*of]).collect();
        let (rule, version, transfer_group, details) = (self.rule, None, None, None);
        let shared = SplitByRule { charges, rule, version, transfer_group, details };
        // The rule divides any total: what is there is shared, if each charge has money.
        let there = of.iter().all(|of| self.came_in[*of] > 0);
        let done = self.world.execute(shared);
        assert_eq!(done.is_ok(), there && left > 0, "{done:?}");
        if let Ok(made) = done {
            self.splits.push(SplitId::new(made.last().unwrap().position, 0));
        }
    }

    fn refund(&mut self, of: usize, amount: Minor, recover: bool) {
        let charge = self.charges[of];
        let recover = if recover && of == 2 { Recover::OwnTransfer } else { Recover::None };
        let refund = Refund { amount: Some(amount), recover, ..Refund::full(charge) };
        let fits = amount <= self.came_in[of] - self.refunded[of] && (of != 1 || !self.open);
        let done = self.world.execute(refund);
        assert_eq!(done.is_ok(), fits, "{done:?}");
        if let Ok(made) = done {
            self.refunded[of] += amount;
            self.refunds.push((of, RefundId::new(made[0].position, 0), amount));
        }
    }

    fn do_it(&mut self, deed: Deed) {
        match deed {
            Deed::Capture(amount) => {
                let capture = CaptureCharge::full(self.charges[1]);
                let capture = CaptureCharge { amount: Some(amount), final_capture: false, ..capture };
                if self.world.execute(capture).is_ok() {
                    self.came_in[1] += amount;
                }
            }
            Deed::Close => {
                if self.came_in[1] > 0 && self.world.execute(CancelCharge { charge: self.charges[1] }).is_ok()
                {
                    self.open = false;
                }
            }
            Deed::Transfer { of, amount, queued } => self.transfer(of, amount, queued),
            Deed::Split { first, both, amounts } => self.split(first, both, amounts),
            Deed::ByRule { of, both } => self.by_rule(of, both),
            Deed::Meet(which) => {
                if let Some(split) = nth(self.splits.iter().copied(), which) {
                    let _ = self.world.execute(MeetCondition { split, fact: delivery() });
                }
            }
            Deed::Reverse(which, amount) => {
                let made = self.world.records().each::<TransferId>().map(|(id, _)| id);
                if let Some(transfer) = nth(made, which) {
                    let amount = Some(amount);
                    let back = ReverseTransfer { transfer, amount, refund_application_fee: false };
                    let _ = self.world.execute(back);
                }
            }
            Deed::Refund { of, amount, recover } => self.refund(of, amount, recover),
            Deed::RefundFails(which) => {
                if self.refunds.is_empty() {
                    return;
                }
                let (of, refund, amount) = self.refunds.remove(which % self.refunds.len());
                let failure = RefundFailure::Declined;
                self.world.execute(MarkRefundFailed { refund, failure }).unwrap();
                self.refunded[of] -= amount;
            }
            Deed::Queue(amount) => {
                let _ = self.world.execute(QueueTransfer(Transfer::new(AccountId(2), usd(amount))));
            }
            Deed::Pass(hours) => {
                let to = self.world.now().plus_seconds(hours * 3_600);
                self.world.execute(AdvanceTo { to }).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn nothing_is_shared_out_twice(deeds in deeds()) {
        let mut shop = Shop::new();
        for deed in deeds {
            let before = [0, 1, 2].map(|of| shop.shared(of));
            shop.do_it(deed);
            // What ran out meanwhile has succeeded with what was captured.
            let standing = shop.world.records().get(shop.charges[1]).unwrap().standing();
            shop.open &= matches!(standing, ChargeStanding::Authorised(_));
            for (of, before) in before.into_iter().enumerate() {
                let (shared, there) = (shop.shared(of), shop.came_in[of] - shop.refunded[of]);
                // A refund that failed gives sellers back what it took, which other refunds that
                // took nothing from them had left to them.
                let undone = matches!(deed, Deed::RefundFails(_));
                assert!(undone || shared <= before.max(there), "{deed:?}: {shared} shared of {there}");
                assert!(shared <= shop.came_in[of], "{deed:?}: {shared} shared of all");
                let charge = shop.world.records().get(shop.charges[of]).unwrap();
                assert_eq!((charge.transferred, charge.refunded), (shared, shop.refunded[of]), "{deed:?}");
            }
        }
        assert_eq!(shop.world.finish(), []);
    }
}
