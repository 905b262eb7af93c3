//! Objects by id and in lists.

use counterfoil_domain::account::Details;
use counterfoil_domain::charge::{
    Authorise, BeginCharge, CaptureCharge, Charge, ChargeKind, DestinationShare, MarkChargeFailed,
};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::id::{ApplicationFeeId, FeeRefundId};
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{FailureCode, MarkPayoutFailed, PayoutSchedule, RequestPayout};
use counterfoil_domain::refund::{MarkRefundFailed, Recover, Refund, RefundApplicationFee, RefundFailure};
use counterfoil_domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil_domain::transfer::{QueueTransfer, ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, DebitId, Event, RefundId, ReversalId, TopupId, TransferId};
use proptest::prelude::{ProptestConfig, proptest};

use super::allotment::Allotment;
use super::{Query, Reader};
use crate::driver::{Bygone, Driver, Story, attach, brl, card, time};
use crate::object::{ObjectKind, ObjectRef};
use crate::reading::Reading;
use crate::views::Views;

fn destination(account: AccountId) -> Charge {
    let kind = ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(100) };
    Charge { kind, ..Charge::separate(brl(1_000), card()) }
}

/// Every object that a query finds, in pages of two.
fn all(objects: &Reader<'_>, query: &Query) -> Vec<String> {
    let mut found = Vec::new();
    let mut query = Query { limit: 2, ..query.clone() };
    loop {
        let page = objects.list(&query).unwrap();
        assert!(page.objects.len() <= 2);
        found.extend(page.objects.iter().map(|object| object.reference.to_string()));
        match page.next {
            Some(next) => query.after = Some(next),
            None => return found,
        }
    }
}

#[test]
fn nothing_happened() {
    let (views, past) = (Views::new(), Bygone::of(&[]));
    let objects = Reading::new(&views, &past).objects();
    assert_eq!(objects.get(ObjectRef::Account(AccountId::PLATFORM)).unwrap(), None);
    assert_eq!(all(&objects, &Query::default()), [""; 0]);
}

#[test]
fn a_sale_is_found_by_everything_that_it_has() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let mut charge = destination(bakery);
    charge.transfer_group = Some("order 17".into());
    charge.details = Details::external_id("pay-17");
    let made = driver.run(charge);
    let other = driver.run(destination(bakery));
    driver.at("2017-09-12");
    let mut refund = Refund::full(ChargeId::new(made, 0));
    (refund.amount, refund.recover) = (Some(500), Recover::OwnTransfer);
    let refunded = driver.run(refund);
    driver.at("2017-09-14");
    let payout = driver.payout_ids()[0];
    let (views, past) = (driver.views(), Bygone::of(&driver.log));
    let objects = Reading::new(&views, &past).objects();

    let charge = objects.by_external_id(ObjectKind::Charge, "pay-17").unwrap().unwrap();
    assert_eq!((charge.amount, charge.returned, charge.transferred), (1_000, 500, 500));
    assert_eq!((charge.owner, charge.counterparty), (AccountId::PLATFORM, Some(bakery)));
    assert_eq!((charge.made_at(), charge.changed), (Some(made), refunded));
    assert_eq!(objects.by_external_id(ObjectKind::Account, "bakery").unwrap().unwrap().owner, bakery);
    assert_eq!(objects.by_external_id(ObjectKind::Transfer, "pay-17").unwrap(), None);
    let reversal = objects.get(ObjectRef::Reversal(ReversalId::new(refunded, 1))).unwrap().unwrap();
    assert_eq!((reversal.amount, reversal.payout), (500, Some(payout)));
    let refund = objects.get(ObjectRef::Refund(RefundId::new(refunded, 0))).unwrap().unwrap();
    assert_eq!((refund.amount, refund.payout), (500, None));

    let (charge, transfer) = (format!("charge {made}.0"), format!("transfer {made}.1"));
    let (refund, reversal) = (format!("refund {refunded}.0"), format!("reversal {refunded}.1"));
    let group = Query { transfer_group: Some("order 17".into()), ..Query::default() };
    let fee = format!("application_fee {made}.2");
    assert_eq!(all(&objects, &group), [&reversal, &refund, &fee, &transfer, &charge].map(String::as_str));
    let source = Some(ObjectRef::Charge(ChargeId::new(made, 0)));
    assert_eq!(
        all(&objects, &Query { source, ..Query::default() }),
        [&refund, &fee, &transfer].map(String::as_str)
    );
    let (payout_of, kind) = (Some(payout), Some(ObjectKind::Transfer));
    let paid = Query { payout: payout_of, kind, ..Query::default() };
    assert_eq!(all(&objects, &paid), [format!("transfer {other}.1"), transfer.clone()]);
    let until = Query { until: Some(time("2017-09-12")), kind: Some(ObjectKind::Charge), ..Query::default() };
    assert_eq!(all(&objects, &until), [format!("charge {other}.0"), charge]);
    let from = Query { from: Some(time("2017-09-12")), ..Query::default() };
    let payout = format!("payout {}.0", payout.0.position());
    assert_eq!(all(&objects, &from), [payout, reversal, refund]);
    let account = Query { owner: Some(bakery), kind: Some(ObjectKind::Account), ..Query::default() };
    assert_eq!(all(&objects, &account), ["account 1"]);
}

/// The fee of a charge at once, of a capture, and what of them goes back: with a refund, by
/// itself, and with a refund that fails.
#[test]
fn application_fees_and_their_refunds_are_objects() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let of = |driver: &Driver, object| driver.ask(|views| views.objects().get(object).unwrap().unwrap());
    let charge = ChargeId::new(driver.run(destination(bakery)), 0);
    let fee = ObjectRef::ApplicationFee(ApplicationFeeId::new(charge.0.position(), 2));
    let stands = |driver: &Driver| {
        let fee = of(driver, fee);
        (fee.amount, fee.returned, fee.source, fee.counterparty)
    };
    assert_eq!(stands(&driver), (100, 0, Some(charge.into()), Some(bakery)));

    let own = driver.run(RefundApplicationFee { charge, amount: Some(40) });
    assert_eq!(stands(&driver).1, 40);
    let mut refund = Refund::full(charge);
    (refund.amount, refund.recover) = (Some(500), Recover::OwnTransfer);
    refund.refund_application_fee = true;
    let refunded = driver.run(refund);
    let back = of(&driver, FeeRefundId::new(refunded, 2).into());
    // Half of the charge gives half of the fee back, of which 40 are back already.
    let given = stands(&driver).1 - 40;
    assert_eq!((back.amount, back.returned, back.status, back.source), (given, 0, "succeeded", Some(fee)));
    assert!(given > 0);
    let failed = MarkRefundFailed { refund: RefundId::new(refunded, 0), failure: RefundFailure::Declined };
    let failed = driver.run(failed);
    let back = of(&driver, FeeRefundId::new(refunded, 2).into());
    assert_eq!((back.amount, back.returned, back.status), (given, given, "failed"));
    assert_eq!((back.changed, stands(&driver).1), (failed, 40));
    let listed = driver.ask(|views| {
        let query = Query { source: Some(fee), ..Query::default() };
        all(&views.objects(), &query)
    });
    assert_eq!(listed, [format!("fee_refund {refunded}.2"), format!("fee_refund {own}.2")]);
}

#[test]
fn the_fee_of_captures_is_one_object_of_the_first() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let charge = Box::new(destination(bakery));
    let id = ChargeId::new(driver.run(Authorise { charge, capture_before: None }), 0);
    let count = |driver: &Driver| driver.ask(|views| views.objects().count(ObjectKind::ApplicationFee));
    let capture = |amount, fee| CaptureCharge {
        amount: Some(amount),
        application_fee: Some(fee),
        final_capture: false,
        ..CaptureCharge::full(id)
    };
    driver.run(capture(100, 0));
    assert_eq!(count(&driver), 0, "the first capture took none");
    let second = driver.run(capture(200, 30));
    driver.run(capture(300, 20));
    let fee = ApplicationFeeId::new(second, 2).into();
    let fee = driver.ask(|views| views.objects().get(fee).unwrap().unwrap());
    assert_eq!((fee.amount, fee.returned, fee.source, count(&driver)), (50, 0, Some(id.into()), 1));
}

#[test]
fn an_authorised_charge_is_shown_as_it_stands() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let made = driver.run(Authorise { charge: Box::new(destination(bakery)), capture_before: None });
    let id = ChargeId::new(made, 0);
    let of = |driver: &Driver, object| driver.ask(|views| views.objects().get(object).unwrap().unwrap());
    let charge = of(&driver, id.into());
    assert_eq!((charge.status, charge.amount, charge.transferred), ("requires_capture", 1_000, 0));
    let captured = driver.run(CaptureCharge { amount: Some(600), ..CaptureCharge::full(id) });
    let charge = of(&driver, id.into());
    assert_eq!((charge.status, charge.amount, charge.transferred), ("succeeded", 600, 600));
    let transfer = of(&driver, TransferId::new(captured, 0).into());
    assert_eq!((transfer.amount, transfer.source), (600, Some(id.into())));
    driver.at("2017-09-13");
    let payout = driver.payout_ids()[0];
    assert_eq!(of(&driver, transfer.reference).payout, Some(payout));
}

#[test]
fn what_a_capture_brought_its_seller_is_in_a_payout() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let kind = ChargeKind::Direct { account: bakery, application_fee: 100 };
    let charge = Box::new(Charge { kind, ..Charge::separate(brl(1_000), card()) });
    let id = ChargeId::new(driver.run(Authorise { charge, capture_before: None }), 0);
    driver.run(CaptureCharge::full(id));
    driver.at("2017-09-13");
    let payout = driver.payout_ids()[0];
    let charge = driver.ask(|views| views.objects().get(id.into()).unwrap().unwrap());
    assert_eq!(charge.payout, Some(payout));
    let members = driver.ask(|views| views.objects().paid_by(payout).unwrap());
    assert_eq!(members, [charge]);
}

#[test]
fn a_charge_that_failed_is_shown_with_what_went_back() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let id = ChargeId::new(driver.run(BeginCharge { charge: Box::new(destination(bakery)) }), 0);
    let of = |driver: &Driver, object| driver.ask(|views| views.objects().get(object).unwrap().unwrap());
    let charge = of(&driver, id.into());
    assert_eq!((charge.status, charge.amount, charge.transferred), ("processing", 1_000, 1_000));
    driver.run(MarkChargeFailed { charge: id, code: FailureCode::NoAccount });
    let charge = of(&driver, id.into());
    assert_eq!((charge.status, charge.amount, charge.transferred), ("failed", 1_000, 0));
    assert_eq!(of(&driver, id.destination_transfer().into()).returned, 1_000);
}

#[test]
fn what_was_booked_after_it_was_made_is_in_a_payout_too() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let amount = brl(1_000);
    let topup = CreateTopup { account: bakery, amount, transfer_group: None, details: None };
    let topup = TopupId::new(driver.run(topup), 0);
    let object = |driver: &Driver| driver.ask(|views| views.objects().get(topup.into()).unwrap().unwrap());
    assert_eq!((object(&driver).status, object(&driver).payout), ("pending", None));
    driver.run(MarkTopupSucceeded { topup });
    driver.at("2017-09-14");
    let payout = driver.payout_ids()[0];
    assert_eq!((object(&driver).status, object(&driver).payout), ("succeeded", Some(payout)));
}

#[test]
fn a_failed_payout_lets_its_objects_go_to_the_next() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let made = driver.run(destination(bakery));
    driver.at("2017-09-13");
    let first = driver.payout_ids()[0];
    let transfer = ObjectRef::Transfer(ChargeId::new(made, 0).destination_transfer());
    let payout = |driver: &Driver| driver.ask(|views| views.objects().get(transfer).unwrap().unwrap().payout);
    assert_eq!(payout(&driver), Some(first));
    driver.run(MarkPayoutFailed { payout: first, code: FailureCode::NoAccount });
    assert_eq!(payout(&driver), None);
    driver.run(attach(bakery, Currency::BRL));
    driver.at("2017-09-14");
    let second = driver.payout_ids()[1];
    assert_eq!(payout(&driver), Some(second));
    for payout in [first, second] {
        let members = driver.ask(|views| views.objects().paid_by(payout).unwrap());
        let members: Vec<_> = members.iter().map(|object| object.reference.kind()).collect();
        assert_eq!(members, [ObjectKind::Charge, ObjectKind::Transfer]);
    }
}

#[test]
fn a_transfer_that_waited_and_a_debit_are_in_the_payouts_of_whom_they_moved() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    let florist = driver.onboard("florist", PayoutSchedule::Manual);
    let kind = ChargeKind::Direct { account: florist, application_fee: 0 };
    driver.run(Charge { kind, ..Charge::separate(brl(1_000), card()) });
    let mut transfer = Transfer::new(bakery, brl(300));
    transfer.details = Details::external_id("wait-17");
    let queued = driver.run(QueueTransfer(transfer));
    let object = |driver: &Driver, object: ObjectRef| {
        driver.ask(|views| views.objects().get(object).unwrap().unwrap())
    };
    let transfer = ObjectRef::Transfer(TransferId::new(queued, 0));
    assert_eq!((object(&driver, transfer).status, object(&driver, transfer).payout), ("queued", None));
    driver.at("2017-09-18T08:00:00Z");
    let debited = driver.run(DebitAccount::new(florist, brl(400)));
    driver.at("2017-09-18T09:00:00Z");
    assert_eq!((object(&driver, transfer).status, object(&driver, transfer).payout), ("succeeded", None));
    let amount = Some(100);
    let back = ReverseTransfer { amount, ..ReverseTransfer::full(TransferId::new(queued, 0)) };
    let back = driver.run(back);
    driver.at("2017-09-19");
    driver.run(RequestPayout { account: florist, currency: Currency::BRL, amount: None });
    let payouts = driver.payout_ids();
    let [of_bakery, of_florist] = payouts[..] else { panic!("{payouts:?}") };

    let found = object(&driver, transfer);
    assert_eq!((found.returned, found.payout, found.external_id()), (100, Some(of_bakery), Some("wait-17")));
    let reversal = object(&driver, ObjectRef::Reversal(ReversalId::new(back, 0)));
    assert_eq!((reversal.amount, reversal.source, reversal.payout), (100, Some(transfer), Some(of_bakery)));
    let debit = object(&driver, ObjectRef::Debit(DebitId::new(debited, 0)));
    assert_eq!((debit.owner, debit.counterparty, debit.payout), (florist, None, Some(of_florist)));
    let members = driver.ask(|views| views.objects().paid_by(of_bakery).unwrap());
    assert_eq!(members.iter().map(|object| object.amount).collect::<Vec<_>>(), [300, 100]);
}

#[test]
fn a_cursor_that_is_nothing_gives_nothing() {
    let mut driver = Driver::open();
    driver.onboard("bakery", PayoutSchedule::Daily);
    let (views, past) = (driver.views(), Bygone::of(&driver.log));
    let objects = Reading::new(&views, &past).objects();
    let after = Some(ObjectRef::Charge(ChargeId::new(999, 0)));
    assert_eq!(objects.list(&Query { after, ..Query::first(10) }).unwrap().objects.len(), 0);
    let none = objects.list(&Query::first(0)).unwrap();
    assert_eq!((none.objects.len(), none.next), (0, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_are_the_whole_list_cut_in_two(story in Story::of(80)) {
        let driver = story.tell();
        let (views, past) = (driver.views(), Bygone::of(&driver.log));
        let objects = Reading::new(&views, &past).objects();
        let whole = objects.list(&Query::first(usize::MAX)).unwrap();
        let whole: Vec<String> = whole.objects.iter().map(|object| object.reference.to_string()).collect();
        assert_eq!(all(&objects, &Query::default()), whole);
        let counted: usize = ObjectKind::ALL.into_iter().map(|kind| objects.count(kind)).sum();
        assert_eq!(whole.len(), counted);
        for account in [0, 1, 2, 3].map(AccountId) {
            let owned = all(&objects, &Query { owner: Some(account), ..Query::default() });
            let expected = objects.list(&Query::first(usize::MAX)).unwrap().objects.into_iter();
            let expected = expected.filter(|object| object.owner == account);
            assert_eq!(owned, expected.map(|object| object.reference.to_string()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn who_holds_whose_money_is_told_alike_by_ranges_and_by_parts(story in Story::of(160)) {
        let driver = story.tell();
        let allotment = Allotment::of(&driver);
        let stepped: Vec<ObjectRef> = driver
            .log
            .iter()
            .filter(|recorded| matches!(recorded.event, Event::Moved(_)))
            .flat_map(|recorded| {
                let mut of = Vec::new();
                recorded.records(|record| of.push(record.id().into()));
                of
            })
            .collect();
        let (views, past) = (driver.views(), Bygone::of(&driver.log));
        let objects = Reading::new(&views, &past).objects();
        for object in objects.list(&Query::first(usize::MAX)).unwrap().objects {
            let expected = allotment.payout(object.reference, object.beneficiary());
            // Of what several steps gave money to, the payout is that of one of them.
            if !stepped.contains(&object.reference) {
                assert_eq!(object.payout, expected, "{object}");
            }
        }
        for payout in driver.payout_ids() {
            let members = objects.paid_by(payout).unwrap();
            let members: Vec<_> = members.iter().map(|object| object.reference).collect();
            assert_eq!(members, allotment.members(payout), "payout {payout}");
        }
    }
}
