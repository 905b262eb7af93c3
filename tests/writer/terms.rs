//! Accounts under terms of their own: through the log, its keys and a second opening.

use counterfoil::domain::account::AccountType;
use counterfoil::domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil::domain::id::ApplicationFeeId;
use counterfoil::domain::refund::RefundApplicationFee;
use counterfoil::views::{ObjectKind, ObjectRef, View};

use crate::shop::{charge, reopen, seller, shop};

/// A fixed fee of the processor.
fn fixed(fixed: i64) -> Option<ProcessingFee> {
    Some(ProcessingFee { fixed, ..ProcessingFee::NONE })
}

#[tokio::test]
async fn an_account_keeps_its_terms_and_another_request_has_others() {
    let (shop, disk) = shop().await;
    let mut bakery = seller("bakery");
    let plain = bakery.clone();
    bakery.controller = Some(AccountType::Express.controller());
    bakery.processing_fee = fixed(175);
    let id = shop.execute(bakery.clone()).idempotent("bakery").await.unwrap().reply;
    let other = shop.execute(plain).idempotent("bakery").await.unwrap_err();
    assert!(other.refusal().is_none(), "{other}");
    let ledger = shop.ledger().await.unwrap();
    shop.close().await.unwrap();
    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), ledger);
    let again = shop.execute(bakery).idempotent("bakery").await.unwrap();
    assert!(again.replayed);
    let holder = ledger.account(id).unwrap();
    assert_eq!(holder.controller.and_then(|terms| terms.account_type()), Some(AccountType::Express));
}

/// A fee of 2.00 where processing is 3.20: the reply says that the sale costs 1.20. On behalf of
/// the seller, whose prices are 1.75, it brings 0.25.
#[tokio::test]
async fn a_charge_tells_what_the_platform_has_of_it() {
    let (shop, disk) = shop().await;
    let mut bakery = seller("bakery");
    bakery.processing_fee = fixed(175);
    let account = shop.execute(bakery).await.unwrap().reply;
    let share = DestinationShare::LessApplicationFee(200);
    let kind = ChargeKind::Destination { account, share };
    let made = Charge { kind, processing_fee: fixed(320), ..charge(10_000) };
    let made = shop.execute(made).await.unwrap().reply;
    assert_eq!((made.margin, made.processing_fee), (-120, 320));
    let behalf = Charge { kind, on_behalf_of: Some(account), ..charge(10_000) };
    let behalf = shop.execute(behalf).idempotent("order-2").await.unwrap().reply;
    assert_eq!((behalf.margin, behalf.processing_fee), (25, 175));
    assert!(behalf.transfer.is_some());
    let fee = behalf.application_fee.unwrap();
    assert_eq!(fee, ApplicationFeeId::new(behalf.charge.0.position(), 2));

    let back = RefundApplicationFee { charge: behalf.charge, amount: Some(50) };
    shop.execute(back).await.unwrap().seen_by(View::Objects).await.unwrap();
    let found = shop.views(|views| views.objects().get(ObjectRef::ApplicationFee(fee)).unwrap().unwrap());
    assert_eq!((found.amount, found.returned), (200, 50));
    shop.close().await.unwrap();
    let shop = reopen(&disk).await;
    let again = Charge { kind, on_behalf_of: Some(account), ..charge(10_000) };
    assert_eq!(shop.execute(again).idempotent("order-2").await.unwrap().reply, behalf);
    let counts = [ObjectKind::ApplicationFee, ObjectKind::FeeRefund];
    assert_eq!(counts.map(|kind| shop.views(|views| views.objects().count(kind))), [2, 1]);
}
