//! The tutorial's market.

use std::error::Error;
use std::path::Path;

use counterfoil::Counterfoil;
use counterfoil::domain::account::{Country, Details, OnboardAccount};
use counterfoil::domain::calendar::{AdvanceTo, Timestamp};
use counterfoil::domain::charge::{Charge, ProcessingFee};
use counterfoil::domain::money::{Currency, Money, Rate};
use counterfoil::domain::payout::{MarkPayoutPaid, RequestPayout};
use counterfoil::domain::rail::{RailName, SettleRail};
use counterfoil::domain::refund::Refund;
use counterfoil::domain::settings::{Clock, Mode};
use counterfoil::domain::split::{Ask, Commission, Part, Split};
use counterfoil::domain::{AccountId, Settings};
use uuid::Uuid;

type Done<T> = Result<T, Box<dyn Error>>;

async fn open(folder: &Path) -> Done<Counterfoil> {
    let settings = Settings {
        mode: Mode::Test,
        clock: Clock::Simulated,
        processing_fee: ProcessingFee { rate: Rate::from_basis_points(290)?, fixed: 30 },
        ..Settings::new(Uuid::from_u128(1), [1; 16], Country::US, Currency::USD)
    };
    let first_day: Timestamp = "2026-03-02T09:00:00Z".parse()?;
    Ok(Counterfoil::builder().path(folder).settings(settings).opened_at(first_day).open().await?)
}

async fn onboard(ledger: &Counterfoil, name: &str) -> Done<AccountId> {
    let seller = OnboardAccount {
        details: Details::external_id(name),
        ..OnboardAccount::new(Country::US, Currency::USD)
    };
    Ok(ledger.execute(Box::new(seller)).idempotent(name).await?.reply)
}

pub(crate) async fn market(folder: &Path) -> Done<()> {
    let ledger = open(folder).await?;
    let bakery = onboard(&ledger, "bakery").await?;
    let florist = onboard(&ledger, "florist").await?;

    // One basket of 50.01 from two sellers, paid by card.
    let card = RailName::new("card")?;
    let basket = Charge::separate(Money::new(Currency::USD, 5_001), card.clone());
    let basket = ledger.execute(basket).idempotent("order-1").await?.reply;

    // Half is the bakery's, the rest the florist's; the platform keeps a tenth of each.
    let tenth = Commission::Rate(Rate::from_basis_points(1_000)?);
    let half = Ask::Percent(Rate::from_basis_points(5_000)?);
    let parts = vec![
        Part { account: bakery, gross: half, commission: tenth },
        Part { account: florist, gross: Ask::Remainder, commission: tenth },
    ];
    let split = Split { charges: vec![basket.charge], transfer_group: None, parts, details: None };
    let split = ledger.execute(split).idempotent("order-1 shared").await?.reply;
    assert_eq!(split.transfers().count(), 2);

    // More than was paid cannot be given back.
    let refund = Refund { amount: Some(5_002), ..Refund::full(basket.charge) };
    let refused = ledger.preview(refund).await.unwrap_err();
    assert_eq!(refused.refusal().map(|refusal| refusal.rule()), Some("refund_must_not_exceed_charge"));

    // The money matures on the second business day; then the bakery asks for hers.
    let wednesday: Timestamp = "2026-03-04T00:00:00Z".parse()?;
    let _ = ledger.execute(AdvanceTo { to: wednesday }).at(wednesday).await?;
    let payout = RequestPayout { account: bakery, currency: Currency::USD, amount: None };
    let payout = ledger.execute(payout).idempotent("bakery 2026-03-04").await?.reply;
    assert_eq!((payout.amount, payout.arrival.to_string().as_str()), (2_251, "2026-03-05"));

    // The card network settles 48.26, which is 50.01 less its fee, and the bank pays.
    let settled = SettleRail { rail: card, amount: Money::new(Currency::USD, 4_826) };
    let _ = ledger.execute(settled).await?;
    let _ = ledger.execute(MarkPayoutPaid { payout: payout.payout }).await?;
    ledger.close().await?;
    Ok(())
}
