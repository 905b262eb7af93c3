//! Each reason for which a row is refused, and which of several stands.

use crate::files::{Files, check};

#[test]
fn an_order_without_fault_is_imported() {
    check(
        &Files::default(),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 1
         charged 2000 shares 1800 commission 200 remainder 200",
    );
}

#[test]
fn malformed_item_refuses_its_order() {
    check(
        &Files::of(
            "ana,1,x,SP\n",
            "o1,1,p,ana,2017-01-02 10:00:00,ten,2.00\n\
             o1,2,p,ana,2017-01-02 10:00:00,5.00,0.00\n\
             o2,1,p,ana,2017-01-02 10:00:00,5.00,0.00\n",
            "o1,1,credit_card,1,20.00\no2,1,voucher,1,5.00\n",
        ),
        "sellers 1 of 1
         items 1 of 3, 2 malformed
         payments 1 of 2, 1 malformed
         charged 500 shares 450 commission 50 remainder 50
         items:2 malformed
         items:3 malformed
         payments:2 malformed",
    );
}

#[test]
fn malformed_payment_is_refused_alone() {
    check(
        &Files::payments("o1,1,credit_card,1,20.00\no1,2,credit_card,1,-5.00\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 2, 1 malformed
         charged 2000 shares 1800 commission 200 remainder 200
         payments:3 malformed",
    );
}

#[test]
fn malformed_seller_is_refused_alone_and_is_no_seller() {
    check(
        &Files::sellers(",1,x,SP\nbia,1,x,SP\n"),
        "sellers 1 of 2, 1 malformed
         items 0 of 1, 1 unknown_seller
         payments 0 of 1, 1 unknown_seller
         charged 0 shares 0 commission 0 remainder 0
         sellers:2 malformed
         items:2 unknown_seller
         payments:2 unknown_seller",
    );
}

#[test]
fn a_row_whose_order_cannot_be_read_is_refused_alone() {
    check(
        &Files::of(
            "ana,1,x,SP\n",
            "o1,1,p,ana,2017-01-02 10:00:00,18.00,2.00\n,2,p,ana,2017-01-02 10:00:00,18.00,2.00\n",
            "o1,1,credit_card,1,20.00\n\t,1,credit_card,1,20.00\n",
        ),
        "sellers 1 of 1
         items 1 of 2, 1 malformed
         payments 1 of 2, 1 malformed
         charged 2000 shares 1800 commission 200 remainder 200
         items:3 malformed
         payments:3 malformed",
    );
}

#[test]
fn duplicate_item_refuses_its_order() {
    // The same key is enough, whatever else the row says; 01 is the number 1.
    check(
        &Files::items(
            "o1,1,p,ana,2017-01-02 10:00:00,18.00,2.00\no1,01,q,ana,2017-01-03 10:00:00,1.00,2.00\n",
        ),
        "sellers 1 of 1
         items 0 of 2, 2 duplicate
         payments 0 of 1, 1 duplicate
         charged 0 shares 0 commission 0 remainder 0
         items:2 duplicate
         items:3 duplicate
         payments:2 duplicate",
    );
}

#[test]
fn duplicate_payment_is_refused_alone_and_the_first_stands() {
    check(
        &Files::payments("o1,1,credit_card,1,20.00\no1,1,voucher,1,7.00\no2,1,voucher,1,1.00\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 3, 1 duplicate, 1 order_without_items
         charged 2000 shares 1800 commission 200 remainder 200
         payments:3 duplicate
         payments:4 order_without_items",
    );
}

#[test]
fn a_malformed_row_is_no_first_occurrence() {
    check(
        &Files::payments("o1,1,credit_card,1,x\no1,1,credit_card,1,20.00\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 2, 1 malformed
         charged 2000 shares 1800 commission 200 remainder 200
         payments:2 malformed",
    );
}

#[test]
fn a_row_refused_for_its_amount_is_a_first_occurrence() {
    check(
        &Files::payments("o1,1,credit_card,1,0.00\no1,1,credit_card,1,20.00\no1,2,credit_card,1,19.00\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 3, 1 duplicate, 1 zero_amount
         charged 1900 shares 1800 commission 200 remainder 100
         payments:2 zero_amount
         payments:3 duplicate",
    );
}

#[test]
fn duplicate_seller_is_refused_and_the_first_stands() {
    check(
        &Files::sellers("ana,1,x,SP\nana,2,y,RJ\n"),
        "sellers 1 of 2, 1 duplicate
         items 1 of 1
         payments 1 of 1
         charged 2000 shares 1800 commission 200 remainder 200
         sellers:3 duplicate",
    );
}

#[test]
fn unknown_seller_refuses_the_order() {
    check(
        &Files::items(
            "o1,1,p,ana,2017-01-02 10:00:00,18.00,2.00\no1,2,p,eve,2017-01-02 10:00:00,1.00,2.00\n",
        ),
        "sellers 1 of 1
         items 0 of 2, 2 unknown_seller
         payments 0 of 1, 1 unknown_seller
         charged 0 shares 0 commission 0 remainder 0
         items:2 unknown_seller
         items:3 unknown_seller
         payments:2 unknown_seller",
    );
}

#[test]
fn zero_amount_of_an_item_is_a_price_and_a_freight_of_nothing() {
    check(
        &Files::of(
            "ana,1,x,SP\n",
            "o1,1,p,ana,2017-01-02 10:00:00,0.00,2.00\n\
             o2,1,p,ana,2017-01-02 10:00:00,2.00,0\n\
             o3,1,p,ana,2017-01-02 10:00:00,0,0.0\n",
            "o1,1,voucher,1,2.00\no2,1,voucher,1,2.00\no3,1,voucher,1,2.00\n",
        ),
        "sellers 1 of 1
         items 2 of 3, 1 zero_amount
         payments 2 of 3, 1 zero_amount
         charged 400 shares 360 commission 40 remainder 40
         items:4 zero_amount
         payments:4 zero_amount",
    );
}

#[test]
fn zero_amount_of_a_payment_is_refused_alone_and_comes_before_its_type() {
    check(
        &Files::payments("o1,1,credit_card,1,20.00\no1,2,voucher,1,0.00\no1,3,not_defined,1,0\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 3, 2 zero_amount
         charged 2000 shares 1800 commission 200 remainder 200
         payments:3 zero_amount
         payments:4 zero_amount",
    );
}

#[test]
fn undefined_type_is_refused_alone() {
    check(
        &Files::payments("o1,1,not_defined,1,20.00\no1,2,voucher,1,18.00\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 2, 1 undefined_type
         charged 1800 shares 1800 commission 200 remainder 0
         payments:2 undefined_type",
    );
}

#[test]
fn order_without_items_refuses_its_payments() {
    check(
        &Files::payments("o1,1,voucher,1,20.00\no2,1,voucher,1,20.00\no2,2,not_defined,1,1.00\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 3, 1 order_without_items, 1 undefined_type
         charged 2000 shares 1800 commission 200 remainder 200
         payments:3 order_without_items
         payments:4 undefined_type",
    );
}

#[test]
fn order_without_payment_refuses_its_items() {
    check(
        &Files::payments(""),
        "sellers 1 of 1
         items 0 of 1, 1 order_without_payment
         payments 0 of 0
         charged 0 shares 0 commission 0 remainder 0
         items:2 order_without_payment",
    );
}

#[test]
fn an_order_whose_payments_are_all_refused_is_without_payment() {
    check(
        &Files::payments("o1,1,not_defined,1,20.00\no1,2,voucher,1,0.00\no1,3,voucher,1,?\n"),
        "sellers 1 of 1
         items 0 of 1, 1 order_without_payment
         payments 0 of 3, 1 malformed, 1 undefined_type, 1 zero_amount
         charged 0 shares 0 commission 0 remainder 0
         items:2 order_without_payment
         payments:2 undefined_type
         payments:3 zero_amount
         payments:4 malformed",
    );
}

#[test]
fn shares_not_covered_refuses_the_whole_order() {
    // 18.00 cover the net of 20.00 at 10 %; 17.99 do not.
    let items = "o1,1,p,ana,2017-01-02 10:00:00,18.00,2.00\no2,1,p,ana,2017-01-02 10:00:00,18.00,2.00\n";
    let payments = "o1,1,voucher,1,9.00\no1,2,voucher,1,9.00\n\
                    o2,1,voucher,1,9.00\no2,2,voucher,1,8.99\no2,3,voucher,1,0.00\n";
    check(
        &Files::of("ana,1,x,SP\n", items, payments),
        "sellers 1 of 1
         items 1 of 2, 1 shares_not_covered
         payments 2 of 5, 2 shares_not_covered, 1 zero_amount
         charged 1800 shares 1800 commission 200 remainder 0
         items:3 shares_not_covered
         payments:4 shares_not_covered
         payments:5 shares_not_covered
         payments:6 zero_amount",
    );
}

#[test]
fn of_several_reasons_the_first_stands_for_every_row() {
    // An unknown seller in line 2, a duplicate in line 4: the order is a duplicate, and so
    // is the payment of nothing. The malformed payment is malformed before that.
    check(
        &Files::of(
            "ana,1,x,SP\n",
            "o1,1,p,eve,2017-01-02 10:00:00,18.00,2.00\n\
             o1,2,p,ana,2017-01-02 10:00:00,0.00,0.00\n\
             o1,2,p,ana,2017-01-02 10:00:00,18.00,2.00\n",
            "o1,1,voucher,1,0.00\no1,2,voucher,1,x\no1,3,not_defined,1,1.00\n",
        ),
        "sellers 1 of 1
         items 0 of 3, 3 duplicate
         payments 0 of 3, 2 duplicate, 1 malformed
         charged 0 shares 0 commission 0 remainder 0
         items:2 duplicate
         items:3 duplicate
         items:4 duplicate
         payments:2 duplicate
         payments:3 malformed
         payments:4 duplicate",
    );
}
