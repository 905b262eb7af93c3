//! What single fields may be: one row is changed, and it is accepted or malformed.

use crate::files::{Files, check};

/// The order stands or falls with its one item.
fn check_item(row: &str, accepted: bool) {
    let says = if accepted {
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 1
         charged 2000 shares 1800 commission 200 remainder 200"
    } else {
        "sellers 1 of 1
         items 0 of 1, 1 malformed
         payments 0 of 1, 1 malformed
         charged 0 shares 0 commission 0 remainder 0
         items:2 malformed
         payments:2 malformed"
    };
    check(&Files::items(row), says);
}

/// The second payment is accepted or malformed.
fn check_payment(row: &str, accepted: Option<u64>) {
    let payments = ["o1,1,credit_card,1,20.00\n", row].concat();
    let says = match accepted {
        Some(amount) => format!(
            "sellers 1 of 1
             items 1 of 1
             payments 2 of 2
             charged {} shares 1800 commission 200 remainder {}",
            2_000 + amount,
            200 + amount
        ),
        None => "sellers 1 of 1
                 items 1 of 1
                 payments 1 of 2, 1 malformed
                 charged 2000 shares 1800 commission 200 remainder 200
                 payments:3 malformed"
            .to_owned(),
    };
    check(&Files::payments(payments), &says);
}

#[test]
fn amounts_are_digits_with_up_to_two_decimals() {
    check_item("o1,1,p,ana,2017-01-02 10:00:00,18,2\n", true);
    check_item("o1,1,p,ana,2017-01-02 10:00:00,17.5,002.50\n", true);
    check_item("o1,1,p,ana,2017-01-02 10:00:00,18.000,2\n", false);
    check_item("o1,1,p,ana,2017-01-02 10:00:00,20.00,-0.00\n", false);
    check_payment("o1,2,voucher,1,0.01\n", Some(1));
    check_payment("o1,2,voucher,1,7.1\n", Some(710));
    check_payment("o1,2,voucher,1,10000000000.00\n", Some(1_000_000_000_000));
    for amount in
        ["7.", ".7", "+7", "7e2", " 7", "7 ", "\"7,00\"", "", "10000000000.01", "99999999999999999999"]
    {
        check_payment(&format!("o1,2,voucher,1,{amount}\n"), None);
    }
}

#[test]
fn dates_are_a_day_and_a_time() {
    check_item("o1,1,p,ana,2016-02-29 23:59:59,18,2\n", true);
    for date in
        ["2017-02-29 00:00:00", "2017-01-02", "2017-01-02T10:00:00", "2017-01-02 24:00:00", "", "soon"]
    {
        check_item(&format!("o1,1,p,ana,{date},18,2\n"), false);
    }
}

#[test]
fn dates_lie_in_the_calendar_with_all_that_follows_from_them() {
    check_item("o1,1,p,ana,0001-01-01 00:00:00,18,2\n", true);
    check_item("o1,1,p,ana,9998-10-02 23:59:59,18,2\n", true);
    check_item("o1,1,p,ana,9998-10-03 00:00:00,18,2\n", false);
    check_item("o1,1,p,ana,9999-12-31 00:00:00,18,2\n", false);
}

#[test]
fn payment_types_are_names_of_rails_and_not_the_bank() {
    check_payment("o1,2,pix_2020,1,1\n", Some(100));
    for kind in ["bank", "Voucher", "credit card", "", "debit-card", "abcdefghijklmnopqrstuvwxyz0123456"] {
        check_payment(&format!("o1,2,{kind},1,1\n"), None);
    }
}

#[test]
fn numbers_are_digits() {
    check_item("o1,18446744073709551615,p,ana,2017-01-02 10:00:00,18,2\n", true);
    for number in ["", "x", "1.0", "-1", "18446744073709551616"] {
        check_item(&format!("o1,{number},p,ana,2017-01-02 10:00:00,18,2\n"), false);
        check_payment(&format!("o1,{number},voucher,1,1\n"), None);
    }
}

#[test]
fn ids_have_up_to_255_bytes_and_no_control_characters() {
    let id = |length| "x".repeat(length);
    for (length, accepted) in [(255, true), (256, false)] {
        let id = id(length);
        let files = Files::of(
            &format!("{id},1,x,SP\n"),
            &format!("{id},1,p,{id},2017-01-02 10:00:00,18,2\n"),
            &format!("{id},1,voucher,1,20\n"),
        );
        let says = if accepted {
            "sellers 1 of 1
             items 1 of 1
             payments 1 of 1
             charged 2000 shares 1800 commission 200 remainder 200"
        } else {
            "sellers 0 of 1, 1 malformed
             items 0 of 1, 1 malformed
             payments 0 of 1, 1 malformed
             charged 0 shares 0 commission 0 remainder 0
             sellers:2 malformed
             items:2 malformed
             payments:2 malformed"
        };
        check(&files, says);
    }
    for seller in ["", " ", "an\u{7f}a", "an\0a"] {
        check_item(&format!("o1,1,p,{seller},2017-01-02 10:00:00,18,2\n"), false);
    }
}

#[test]
fn fields_that_are_not_read_may_say_anything() {
    check(
        &Files::of(
            "ana,,\"são paulo, \0\",\n",
            "o1,1,,ana,2017-01-02 10:00:00,18,2\n",
            "o1,1,voucher,many,20\n",
        ),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 1
         charged 2000 shares 1800 commission 200 remainder 200",
    );
}
