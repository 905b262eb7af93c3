//! What each fact about a refund does, however the refund stands: the table of
//! docs/decisions/waiting-refunds.md.

use counterfoil_domain::charge::{Charge, ProcessingFee};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::refund::{
    CancelRefund, MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded, OnShortfall, Refund,
    RefundFailure, RefundStatus,
};
use counterfoil_domain::transfer::Transfer;
use counterfoil_domain::{AccountId, ChargeId, Command, RefundId};
use counterfoil_testkit::World;

use crate::market::{open, rail_name};
use crate::refunds::{first, made};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    Pending,
    Acts,
    Succeeded,
    Failed,
    Canceled,
}

const FACTS: [Fact; 5] = [Fact::Pending, Fact::Acts, Fact::Succeeded, Fact::Failed, Fact::Canceled];

impl Fact {
    fn command(self, refund: RefundId) -> Command {
        match self {
            Self::Pending => MarkRefundPending { refund, requires_action: false }.into(),
            Self::Acts => MarkRefundPending { refund, requires_action: true }.into(),
            Self::Succeeded => MarkRefundSucceeded { refund }.into(),
            Self::Failed => MarkRefundFailed { refund, failure: RefundFailure::Declined }.into(),
            Self::Canceled => CancelRefund { refund }.into(),
        }
    }
}

/// Whether a refund waits, what was told of it, and what it comes to by each fact; none where that is
/// refused.
type Row<'a> = (bool, &'a [Fact], [Option<RefundStatus>; 5]);

/// A refund of which these facts were told, and that waits for money first or does not.
fn refunded(waits: bool, told: &[Fact]) -> (World, RefundId) {
    let mut world = open(ProcessingFee::NONE, 0);
    let money = Money::new(Currency::USD, 1_000);
    let charge = ChargeId::new(
        first(&world.execute(Charge::separate(money, rail_name(0))).unwrap(), "charge_succeeded"),
        0,
    );
    if waits {
        let moved = Transfer { source_charge: Some(charge), ..Transfer::new(AccountId(1), money) };
        world.execute(moved).unwrap();
    }
    let on_shortfall = Some(OnShortfall::Wait);
    let events = world.execute(Refund { on_shortfall, ..Refund::full(charge) }).unwrap();
    let refund = made(&events);
    for fact in told {
        world.execute(fact.command(refund)).unwrap();
    }
    (world, refund)
}

/// The rail had a refund in hand, did it, and told again that it had it in hand: the refund was
/// pending once more, for good, though the payer has the money.
#[test]
fn each_fact_does_what_the_table_says() {
    use Fact::{Acts, Canceled, Failed, Pending, Succeeded};
    let (processing, acts) = (RefundStatus::Processing, RefundStatus::RequiresAction);
    let (done, failed) = (RefundStatus::Confirmed, RefundStatus::Failed(RefundFailure::Declined));
    let canceled = RefundStatus::Canceled;
    let (no, over) = (None, [None; 5]);
    let with_rail = [Some(processing), Some(acts), Some(done), Some(failed), no];
    let table: [Row<'_>; 10] = [
        (true, &[], [no, no, no, Some(failed), Some(canceled)]),
        (false, &[], [Some(processing), Some(acts), no, Some(failed), no]),
        (false, &[Pending], with_rail),
        (false, &[Acts], [Some(processing), Some(acts), Some(done), Some(failed), Some(canceled)]),
        (false, &[Acts, Pending], with_rail),
        (false, &[Pending, Succeeded], [no, no, no, Some(failed), no]),
        (false, &[Acts, Succeeded], [no, no, no, Some(failed), no]),
        (false, &[Pending, Succeeded, Failed], over),
        (true, &[Failed], over),
        (false, &[Acts, Canceled], over),
    ];
    for (waits, told, row) in table {
        for (fact, expected) in FACTS.into_iter().zip(row) {
            let (mut world, refund) = refunded(waits, told);
            let before = world.records().get(refund).unwrap().status;
            assert_eq!(matches!(before, RefundStatus::Waiting { .. }), waits && told.is_empty());
            let refused = world.execute(fact.command(refund)).err().map(|refusal| refusal.rule());
            let rule = if expected.is_none() { Some("refund_must_follow_its_lifecycle") } else { None };
            assert_eq!(refused, rule, "{fact:?} after {told:?}");
            let after = world.records().get(refund).unwrap().status;
            assert_eq!(after, expected.unwrap_or(before), "{fact:?} after {told:?}");
            assert_eq!(world.finish(), []);
        }
    }
}
