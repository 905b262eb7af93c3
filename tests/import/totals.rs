//! An import held against what was reckoned another way: its summary, and its views.

use std::collections::BTreeMap;
use std::path::Path;

use counterfoil::domain::AccountId;
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::PayoutStatus;
use counterfoil::views::{ObjectKind, Reading};
use counterfoil::{Counterfoil, domain};
use serde_json::Value;

use crate::program::summary;
use crate::reckon::Reckoned;

/// Imports `from` and compares everything that can be summed.
pub(crate) fn check(from: &Path, reckoned: &Reckoned, commission_bps: u16) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("ledger");
    compare_summary(&summary(from, &folder, commission_bps), reckoned);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ledger = Counterfoil::builder().path(&folder).open().await.unwrap();
        ledger.caught_up().await.unwrap();
        let state = ledger.ledger().await.unwrap();
        ledger.views(|views| compare_views(views, &state, reckoned));
        compare_rails(&state, reckoned);
        ledger.close().await.unwrap();
    });
}

fn compare_summary(summary: &Value, reckoned: &Reckoned) {
    let amount = |name: &str| i128::from(summary["totals"][name].as_i64().unwrap());
    let (gross, commission) = reckoned.sold();
    assert_eq!(amount("charged"), reckoned.charged);
    assert_eq!(amount("seller_shares"), gross - commission);
    assert_eq!(amount("commission"), commission);
    assert_eq!(amount("platform_remainder"), reckoned.charged - (gross - commission));

    let files = BTreeMap::from([
        ("olist_sellers_dataset.csv", "sellers"),
        ("olist_order_items_dataset.csv", "items"),
        ("olist_order_payments_dataset.csv", "payments"),
    ]);
    let refused = summary["refused"].as_array().unwrap().iter().map(|row| {
        let line = usize::try_from(row["line"].as_u64().unwrap()).unwrap();
        ((files[row["file"].as_str().unwrap()], line), row["reason"].as_str().unwrap())
    });
    assert_eq!(refused.collect::<BTreeMap<_, _>>(), reckoned.refused);
    for name in files.values() {
        let read = reckoned.read.get(name).copied().unwrap_or_default();
        let refused = reckoned.refused.keys().filter(|(file, _)| file == name).count();
        let tally = &summary[name];
        let counts =
            [&tally["read"], &tally["imported"], &tally["refused"]].map(|count| count.as_u64().unwrap());
        assert_eq!(counts, [read, read - refused, refused].map(|count| count as u64), "{name}");
    }
}

/// Once the clock has ended every seller is paid what it sold less the commission, and
/// the platform has the rest.
fn compare_views(views: Reading<'_>, state: &domain::Ledger, reckoned: &Reckoned) {
    let (gross, commission) = reckoned.sold();
    let remainder = reckoned.charged - (gross - commission);
    let platform = views.balance().funds(AccountId::PLATFORM, Currency::BRL);
    assert_eq!((i128::from(platform.available), platform.owed()), (remainder, remainder));

    let mut nets: BTreeMap<AccountId, i128> = BTreeMap::new();
    let mut sales = 0;
    for ((seller, year), (count, gross, commission)) in &reckoned.sales {
        let account = state.account_by_external_id(seller).unwrap();
        let sold = views.tax().year(account, Currency::BRL, year.parse().unwrap()).unwrap();
        assert_eq!((sold.count, sold.gross, sold.fees), (*count, *gross, *commission), "{seller} in {year}");
        *nets.entry(account).or_default() += gross - commission;
        sales += 1;
    }
    assert_eq!(views.tax().rows(None, None).count(), sales, "no other sales");

    let connected = state.accounts().len() - 1;
    let refused = reckoned.refused.keys().filter(|(file, _)| *file == "sellers").count();
    assert_eq!(connected, reckoned.read.get("sellers").copied().unwrap_or_default() - refused);
    for row in views.balance().rows(None).filter(|row| row.account != AccountId::PLATFORM) {
        let net = nets.get(&row.account).copied().unwrap_or_default();
        assert_eq!((i128::from(row.funds.paid_out), row.funds.owed()), (net, 0), "account {}", row.account);
    }
    let paid = views
        .payouts()
        .made(None)
        .map(Result::unwrap)
        .inspect(|payout| assert_eq!(payout.status, PayoutStatus::Paid));
    assert_eq!(paid.map(|payout| i128::from(payout.amount)).sum::<i128>(), gross - commission);
    assert_eq!(views.objects().count(ObjectKind::Charge), reckoned.charges);
}

/// Every rail has settled, and the bank holds what is the platform's.
fn compare_rails(state: &domain::Ledger, reckoned: &Reckoned) {
    let (gross, commission) = reckoned.sold();
    for (book, currency, tally) in state.tallies() {
        let bank = book == domain::books::Book::Rail(domain::RailId::BANK);
        let held = if bank { reckoned.charged - (gross - commission) } else { 0 };
        assert_eq!((currency, tally.balance), (Currency::BRL, held), "{book:?}");
    }
}
