//! The commission: of each seller's sum in an order, rounded half-even once.

use crate::files::{Files, check_at};

/// One order of these items of 2017, each a seller and an amount, and one payment.
fn order(items: &[(&str, &str)], paid: &str) -> Files {
    let rows = (1..).zip(items).map(|(number, (seller, amount))| {
        format!("o1,{number},p,{seller},2017-01-02 10:00:00,{amount},0.00\n")
    });
    let items = rows.collect::<String>();
    Files::of("ana,1,x,SP\nbia,1,x,SP\n", &items, &format!("o1,1,voucher,1,{paid}\n"))
}

fn check(commission_bps: u16, items: &[(&str, &str)], paid: &str, totals: &str) {
    let count = items.len();
    let says = format!("sellers 2 of 2\nitems {count} of {count}\npayments 1 of 1\n{totals}");
    check_at(commission_bps, &order(items, paid), &says);
}

#[test]
fn a_half_goes_to_the_even_neighbour() {
    // 2.5, 3.5 and 4.5 centavos.
    check(1_000, &[("ana", "0.25")], "0.25", "charged 25 shares 23 commission 2 remainder 2");
    check(1_000, &[("ana", "0.35")], "0.35", "charged 35 shares 31 commission 4 remainder 4");
    check(1_000, &[("ana", "0.45")], "0.45", "charged 45 shares 41 commission 4 remainder 4");
}

#[test]
fn it_is_rounded_once_per_seller_and_order() {
    // 10 % of 30, not twice 10 % of 15; of two sellers it is twice.
    check(
        1_000,
        &[("ana", "0.15"), ("ana", "0.15")],
        "0.30",
        "charged 30 shares 27 commission 3 remainder 3",
    );
    check(
        1_000,
        &[("ana", "0.15"), ("bia", "0.15")],
        "0.30",
        "charged 30 shares 26 commission 4 remainder 4",
    );
}

#[test]
fn twelve_and_a_third_percent() {
    // 308.5 and 925.5 centavos.
    check(1_234, &[("ana", "25.00")], "25.00", "charged 2500 shares 2192 commission 308 remainder 308");
    check(1_234, &[("ana", "75.00")], "75.00", "charged 7500 shares 6574 commission 926 remainder 926");
}

#[test]
fn nothing_and_everything() {
    check(0, &[("ana", "25.00")], "25.01", "charged 2501 shares 2500 commission 0 remainder 1");
    // No net is left to cover: a centavo pays for the order.
    check(10_000, &[("ana", "25.00")], "0.01", "charged 1 shares 0 commission 2500 remainder 1");
}

#[test]
fn a_commission_beyond_the_whole_is_no_option() {
    let (from, ledger) = (Files::default().write(false), tempfile::tempdir().unwrap());
    let output = crate::program::import(from.path(), &ledger.path().join("ledger"), 10_001).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "bad usage");
}
