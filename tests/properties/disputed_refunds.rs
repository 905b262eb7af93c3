//! Refunds that fail while their charge is disputed, parts that are let go meanwhile, disputes that
//! are lost and won: whatever the order, a seller has its part of what is left of the charge, and a
//! dispute that is won leaves no trace. The model knows what is out by refunds and by disputes, and
//! nothing else.

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil_domain::dispute::{DisputeReason, MarkDisputeLost, MarkDisputeWon, OpenDispute, Recovery};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::refund::{
    CancelRefund, MarkRefundFailed, MarkRefundPending, Recover, Refund, RefundFailure,
};
use counterfoil_domain::split::rule::{
    Condition, Fact, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule,
};
use counterfoil_domain::split::{MeetCondition, SplitByRule};
use counterfoil_domain::{AccountId, ChargeId, DisputeId, RefundId, SplitId, SplitRuleId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::disputing::reference;
use crate::market::{open, rail_name};
use crate::model::sums;
use crate::refunds::made;

/// One thing that is done to the one charge.
#[derive(Clone, Copy, Debug)]
enum Step {
    Refund(Minor),
    /// A refund fails, or is called off.
    Undo(usize, bool),
    Dispute(Minor),
    Lose(usize),
    Win(usize),
    /// The part that waits is let go.
    Meet,
    Pass(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..60_i64).prop_map(Step::Refund),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(refund, off)| Step::Undo(refund, off)),
        4 => (1..110_i64).prop_map(Step::Dispute),
        1 => any::<usize>().prop_map(Step::Lose),
        2 => any::<usize>().prop_map(Step::Win),
        1 => proptest::strategy::Just(Step::Meet),
        1 => (0..60_u16).prop_map(Step::Pass),
    ];
    proptest::collection::vec(step, 1..16)
}

/// What a charge of 100 units is made of: each seller's units of it, which of them waits.
struct Sale {
    world: World,
    charge: ChargeId,
    /// Of one that rules share; a destination charge has its own transfer and a fee.
    split: Option<SplitId>,
    amount: Minor,
    /// What each seller gets of it, by its number.
    parts: Vec<(u32, Minor)>,
    met: bool,
    refunds: Vec<(RefundId, Minor, bool)>,
    disputes: Vec<(DisputeId, Minor)>,
}

const WAITS: u32 = 3;

impl Sale {
    /// Shared among three sellers, of whom the third waits for the delivery.
    fn shared(unit: Minor, weights: [Minor; 3]) -> Self {
        let mut world = open(ProcessingFee::NONE, 100_000_000);
        let amount = 100 * unit;
        let parts: Vec<(u32, Minor)> = (1..).zip(weights.map(|weight| weight * unit)).collect();
        let part =
            |(account, share): &(u32, Minor)| RulePart::new(AccountId(*account), ShareOf::Fixed(*share));
        let mut rule: Vec<RulePart> = parts.iter().map(part).collect();
        rule[2].condition = Condition::Fact(delivery());
        let rule = SplitRule { parts: rule, rounding: Rounding::LargestRemainder };
        let set = SetSplitRule { of: RuleSet::New(Currency::USD), rule, details: None };
        let rule = SplitRuleId::new(world.execute(set).unwrap()[0].position, 0);
        let made = world.execute(Charge::separate(Money::new(Currency::USD, amount), rail_name(0))).unwrap();
        let charge = ChargeId::new(made[made.len() - 1].position, 0);
        let charges = vec![charge];
        let by = SplitByRule { charges, rule, version: None, transfer_group: None, details: None };
        let split = Some(SplitId::new(world.execute(by).unwrap()[0].position, 0));
        let (refunds, disputes) = (Vec::new(), Vec::new());
        Self { world, charge, split, amount, parts, met: false, refunds, disputes }
    }

    /// A destination charge with a tenth of it as application fee.
    fn own(unit: Minor) -> Self {
        let mut world = open(ProcessingFee::NONE, 100_000_000);
        let amount = 100 * unit;
        let mut charge = Charge::separate(Money::new(Currency::USD, amount), rail_name(0));
        let share = DestinationShare::LessApplicationFee(10 * unit);
        charge.kind = ChargeKind::Destination { account: AccountId(1), share };
        let made = world.execute(charge).unwrap();
        let charge = ChargeId::new(made[made.len() - 1].position, 0);
        let (refunds, disputes, parts) = (Vec::new(), Vec::new(), vec![(1, 90 * unit)]);
        Self { world, charge, split: None, amount, parts, met: false, refunds, disputes }
    }

    /// What is out by refunds and by disputes.
    fn out(&self) -> Minor {
        let refunds: Minor = self.refunds.iter().map(|(_, amount, _)| amount).sum();
        refunds + self.disputes.iter().map(|(_, amount)| amount).sum::<Minor>()
    }

    fn refund(&mut self, amount: Minor) {
        let recover = match self.split {
            Some(split) => Recover::by_liability([split]),
            None => Recover::OwnTransfer,
        };
        let refund_application_fee = self.split.is_none();
        let refund =
            Refund { amount: Some(amount), recover, refund_application_fee, ..Refund::full(self.charge) };
        let fits = self.out() + amount <= self.amount;
        let events = self.world.execute(refund);
        assert_eq!(events.is_ok(), fits, "{events:?}");
        if let Ok(events) = events {
            self.refunds.push((made(&events), amount, self.met));
        }
    }

    /// What was kept of a part for a refund stays with the platform where that fails later: the
    /// model leaves such refunds alone.
    fn undo(&mut self, index: usize, off: bool) {
        let open = (0..self.refunds.len()).filter(|place| self.refunds[*place].2 == self.met);
        let open: Vec<usize> = open.collect();
        let Some(place) = index.checked_rem(open.len()).map(|at| open[at]) else { return };
        let (refund, ..) = self.refunds.remove(place);
        if off {
            self.world.execute(MarkRefundPending { refund, requires_action: true }).unwrap();
            self.world.execute(CancelRefund { refund }).unwrap();
        } else {
            self.world.execute(MarkRefundFailed { refund, failure: RefundFailure::Declined }).unwrap();
        }
    }

    /// Disputes by themselves take no more than the charge: what they take beyond is the platform's.
    fn dispute(&mut self, asked: Minor) {
        let disputed: Minor = self.disputes.iter().map(|(_, amount)| amount).sum();
        let amount = asked.min(self.amount - disputed);
        if amount == 0 {
            return;
        }
        let due_by = self.world.now().plus_seconds(90 * 86_400);
        let known = reference(&self.world);
        let opened = OpenDispute::new(self.charge, known, DisputeReason::Fraudulent, due_by);
        let recovery = self.split.map_or(Recovery::OwnTransfer { with_fee: true }, Recovery::by_liability);
        let opened = OpenDispute { amount: Some(amount), fee: Some(0), recovery, ..opened };
        let made = self.world.execute(opened).unwrap();
        let first = made.iter().find(|recorded| recorded.event.name() == "dispute_opened").unwrap();
        self.disputes.push((DisputeId::new(first.position, 0), amount));
    }

    fn win(&mut self, index: usize) {
        let Some(place) = index.checked_rem(self.disputes.len()) else { return };
        let (dispute, _) = self.disputes.remove(place);
        self.world.execute(MarkDisputeWon { dispute, fees_returned: None }).unwrap();
    }

    fn act(&mut self, step: Step, unit: Minor) {
        match step {
            Step::Refund(units) => self.refund(units * unit),
            Step::Undo(refund, off) => self.undo(refund, off),
            Step::Dispute(units) => self.dispute(units * unit),
            Step::Lose(index) => {
                if let Some(place) = index.checked_rem(self.disputes.len()) {
                    let dispute = self.disputes[place].0;
                    let _again = self.world.execute(MarkDisputeLost { dispute });
                }
            }
            Step::Win(index) => self.win(index),
            Step::Meet => {
                if let Some(split) = self.split.filter(|_| !self.met) {
                    self.world.execute(MeetCondition { split, fact: delivery() }).unwrap();
                    self.met = true;
                }
            }
            Step::Pass(hours) => {
                let to = self.world.now().plus_seconds(i64::from(hours) * 3_600);
                self.world.execute(AdvanceTo { to }).unwrap();
            }
        }
    }

    /// What each seller has by the books.
    fn has(&self, seller: u32) -> i128 {
        sums(self.world.log(), Currency::USD).0.get(&seller).copied().unwrap_or_default()
    }

    /// All shares sum to what is left of the charge, and nobody has more than its own.
    fn check(&self) {
        let (accounts, rails, _) = sums(self.world.log(), Currency::USD);
        let of = |account: u32| accounts.get(&account).copied().unwrap_or_default();
        assert_eq!((0..=WAITS).map(of).sum::<i128>(), i128::from(self.amount - self.out()), "shares sum");
        assert_eq!(rails[&1], i128::from(self.amount - self.out()));
        for (seller, part) in &self.parts {
            let waits = self.split.is_some() && *seller == WAITS && !self.met;
            let part = if waits { 0 } else { i128::from(*part) };
            assert!((0..=part).contains(&of(*seller)), "seller {seller} has {} of {part}", of(*seller));
        }
    }

    /// What is left of the charge is each seller's in its proportion, where no cent is odd.
    fn check_parts(&self) {
        for (seller, part) in &self.parts {
            let waits = self.split.is_some() && *seller == WAITS && !self.met;
            let part = if waits { 0 } else { i128::from(*part) };
            let left = i128::from((self.amount - self.out()).max(0));
            assert_eq!(self.has(*seller) * i128::from(self.amount), part * left, "seller {seller}");
        }
    }

    /// What transfers say is left of them is what sellers have by the books, fees aside.
    fn check_records(&self) {
        for (seller, _) in self.parts.iter().filter(|_| self.split.is_some()) {
            let its = self.world.records().each::<TransferId>();
            let its = its.filter(|(_, transfer)| transfer.destination == AccountId(*seller));
            let left: Minor = its.map(|(_, transfer)| transfer.reversible()).sum();
            assert_eq!(i128::from(left), self.has(*seller), "seller {seller}");
        }
    }
}

fn delivery() -> Fact {
    Fact::new(Fact::DELIVERY_CONFIRMED).unwrap()
}

proptest! {
    #![proptest_config(cases(400))]

    /// Whole hundredths, of which every share is whole: exact at every step.
    #[test]
    fn sellers_have_their_part_of_what_is_left_whatever_fails_under_a_dispute(
        own in proptest::bool::weighted(0.3),
        first in 1..60_i64,
        second in 1..30_i64,
        steps in steps(),
    ) {
        let mut sale = if own { Sale::own(100) } else { Sale::shared(100, [first, second, 10]) };
        for step in &steps {
            sale.act(*step, 100);
            sale.check();
            sale.check_parts();
            sale.check_records();
        }
        while !sale.disputes.is_empty() {
            sale.win(0);
        }
        // Each stands where it would had there been no dispute.
        sale.check_parts();
        assert_eq!(sale.world.finish(), []);
    }

    /// Odd cents: what is undone, refund by refund and dispute by dispute, leaves none behind.
    #[test]
    fn disputes_that_are_won_and_refunds_that_fail_leave_no_cent(
        own in proptest::bool::weighted(0.3),
        weights in [1..33_i64, 1..33_i64, 1..33_i64],
        unit in 1..400_i64,
        out in proptest::collection::vec((any::<bool>(), 1..9_000_i64), 1..12),
        steps in steps(),
    ) {
        let unit = 2 * unit + 1;
        let mut sale = if own { Sale::own(unit) } else { Sale::shared(unit, weights) };
        let mut odd = out.into_iter();
        for step in &steps {
            match (step, odd.next()) {
                (Step::Refund(_), Some((_, amount))) => sale.refund(amount % sale.amount + 1),
                (Step::Dispute(_), Some((_, amount))) => sale.dispute(amount),
                _ => sale.act(*step, unit),
            }
            sale.check();
            sale.check_records();
        }
        while !sale.disputes.is_empty() {
            sale.win(0);
        }
        while sale.refunds.iter().any(|(_, _, met)| *met == sale.met) {
            sale.undo(0, false);
        }
        if sale.refunds.is_empty() {
            sale.check_parts();
        }
        assert_eq!(sale.world.finish(), []);
    }
}
