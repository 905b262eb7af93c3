//! The README's first sale.

use std::error::Error;
use std::path::Path;

use counterfoil::domain::Settings;
use counterfoil::domain::account::{Country, OnboardAccount};
use counterfoil::domain::charge::{Charge, ChargeKind, DestinationShare};
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::rail::RailName;
use counterfoil::{Counterfoil, View};
use uuid::Uuid;

async fn first_sale(folder: &Path) -> Result<(), Box<dyn Error>> {
    let settings = Settings::new(Uuid::new_v4(), *Uuid::new_v4().as_bytes(), Country::US, Currency::USD);
    let ledger = Counterfoil::builder().path(folder).settings(settings).open().await?;
    let bakery = ledger.execute(Box::new(OnboardAccount::new(Country::US, Currency::USD))).await?.reply;

    // A buyer pays 100.00 for the bakery's cake; the platform keeps 10.00 of it.
    let share = DestinationShare::LessApplicationFee(1_000);
    let kind = ChargeKind::Destination { account: bakery, share };
    let sale = Charge { kind, ..Charge::separate(Money::new(Currency::USD, 10_000), RailName::new("card")?) };
    let receipt = ledger.execute(sale.clone()).idempotent("order-17").await?;
    let again = ledger.execute(sale).idempotent("order-17").await?;
    assert!(again.replayed && again.reply.charge == receipt.reply.charge);

    receipt.seen_by(View::Balance).await?;
    let owed = ledger.views(|views| views.balance().funds(bakery, Currency::USD));
    assert_eq!((owed.pending, owed.available), (9_000, 0));
    ledger.close().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_sale_runs() {
    let folder = tempfile::tempdir().unwrap();
    first_sale(&folder.path().join("ledger")).await.unwrap();
}
