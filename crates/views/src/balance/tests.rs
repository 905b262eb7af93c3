//! What each account is owed, after short histories.

use counterfoil_domain::AccountId;
use counterfoil_domain::books::Book;
use counterfoil_domain::charge::{Charge, ChargeKind};
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{FailureCode, MarkPayoutFailed, MarkPayoutPaid, PayoutSchedule};
use proptest::prelude::{ProptestConfig, proptest};

use super::{Balance, Funds};
use crate::driver::{Driver, Story, brl, card, time};
use crate::follower::Follower;

fn direct(account: AccountId, minor: i64) -> Charge {
    Charge {
        kind: ChargeKind::Direct { account, application_fee: 100 },
        ..Charge::separate(brl(minor), card())
    }
}

#[test]
fn nothing_happened() {
    let balance = Balance::default();
    assert_eq!(balance.rows(None).count(), 0);
    assert_eq!(balance.owed(), [].into());
}

#[test]
fn an_idle_account_has_zeros_in_its_default_currency() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    let balance: Balance = driver.fold();
    let rows: Vec<_> = balance.rows(None).map(|row| (row.account, row.currency, row.funds)).collect();
    let zeros = Funds::default();
    assert_eq!(rows, [(AccountId::PLATFORM, Currency::BRL, zeros), (bakery, Currency::BRL, zeros)]);
    assert_eq!(balance.rows(Some(bakery)).count(), 1);
    assert_eq!(balance.rows(Some(AccountId(9))).count(), 0);
}

#[test]
fn a_sale_goes_from_pending_to_the_bank_and_back() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Daily);
    driver.run(direct(bakery, 1_000));
    let funds = |driver: &Driver| driver.fold::<Balance>().funds(bakery, Currency::BRL);
    // 1,000 less the fee of 100 and the processor's 2 % and 10.
    assert_eq!(funds(&driver), Funds { pending: 870, ..Funds::default() });
    driver.at("2017-09-13");
    assert_eq!(funds(&driver), Funds { in_transit: 870, ..Funds::default() });
    let payout = driver.payout_ids()[0];
    driver.run(MarkPayoutPaid { payout });
    assert_eq!(funds(&driver), Funds { paid_out: 870, ..Funds::default() });
    driver.run(MarkPayoutFailed { payout, code: FailureCode::NoAccount });
    assert_eq!(funds(&driver), Funds { available: 870, ..Funds::default() });
}

#[test]
fn a_balance_of_the_past_is_a_view_fed_up_to_then() {
    let mut driver = Driver::open();
    let bakery = driver.onboard("bakery", PayoutSchedule::Manual);
    driver.run(direct(bakery, 1_000));
    driver.at("2017-09-20");
    let mut past = Follower::<Balance>::new();
    for recorded in driver.log.iter().take_while(|recorded| recorded.time <= time("2017-09-12")) {
        past.apply(recorded).unwrap();
    }
    assert_eq!(past.state().funds(bakery, Currency::BRL).pending, 870);
    assert_eq!(driver.fold::<Balance>().funds(bakery, Currency::BRL).available, 870);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_owed_is_what_the_rails_hold(story in Story::of(120)) {
        let driver = story.tell();
        let balance: Balance = driver.fold();
        let mut rails = std::collections::BTreeMap::<Currency, i128>::new();
        for (book, currency, tally) in driver.ledger.tallies() {
            assert!(matches!(book, Book::Rail(_)), "{book:?} is a book that this test must count");
            *rails.entry(currency).or_default() += tally.balance;
        }
        for (currency, owed) in balance.owed() {
            assert_eq!(rails.get(&currency).copied().unwrap_or_default(), owed, "in {currency}");
        }
        for (number, account) in (0..).zip(driver.ledger.accounts()) {
            for (currency, wallet) in &account.wallets {
                let funds = balance.funds(AccountId(number), *currency);
                let wallet = Funds {
                    pending: wallet.pending,
                    available: wallet.available,
                    in_transit: wallet.in_transit,
                    reserved: wallet.reserved,
                    prefunded: wallet.prefunded,
                    connect_reserved: wallet.connect_reserved,
                    paid_out: wallet.paid_out,
                };
                assert_eq!(funds, wallet, "account {number} in {currency}");
            }
        }
    }
}
