//! Rows as bytes: quotes, line ends, widths, and what is no text.

use crate::files::{Files, ITEMS, check};

const WHOLE: &str = "sellers 1 of 1
                     items 1 of 1
                     payments 1 of 1
                     charged 2000 shares 1800 commission 200 remainder 200";

#[test]
fn quotes_byte_order_mark_line_ends_and_blank_lines_change_nothing() {
    let rows = |end: &str| Files {
        sellers: format!("\u{feff}\"seller_id\",\"seller_city\"{end}{end}\"ana\",\"x, \"\"y\"\"\"{end}")
            .into(),
        items: format!(
            "\u{feff}price,order_id,order_item_id,freight_value,seller_id,shipping_limit_date,note{end}\
             \"18.00\",\"o1\",\"1\",\"2.00\",\"ana\",\"2017-01-02 10:00:00\",\"two{end}lines\"{end}{end}"
        )
        .into(),
        payments: format!(
            "payment_value,payment_type,payment_sequential,order_id{end}20.00,\"voucher\",1,o1"
        )
        .into(),
    };
    check(&rows("\n"), WHOLE);
    check(&rows("\r\n"), WHOLE);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    check(
        &Files::payments("\n\no1,1,voucher,\"1\n1\",20.00\n\no1,2,voucher,1,x\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 2, 1 malformed
         charged 2000 shares 1800 commission 200 remainder 200
         payments:7 malformed",
    );
}

#[test]
fn a_short_or_long_row_is_malformed_and_still_names_its_order() {
    check(
        &Files::of(
            "ana,1,x,SP\nbia,1,x\n",
            "o1,1,p,ana,2017-01-02 10:00:00,18.00\no2,1,p,ana,2017-01-02 10:00:00,18.00,2.00,\n",
            "o1,1,voucher,1,20.00\no2,1,voucher,1,20.00\no2,2\n",
        ),
        "sellers 1 of 2, 1 malformed
         items 0 of 2, 2 malformed
         payments 0 of 3, 3 malformed
         charged 0 shares 0 commission 0 remainder 0
         sellers:3 malformed
         items:2 malformed
         items:3 malformed
         payments:2 malformed
         payments:3 malformed
         payments:4 malformed",
    );
}

#[test]
fn a_short_row_without_its_order_is_refused_alone() {
    let columns = "order_item_id,seller_id,shipping_limit_date,price,freight_value,order_id\n";
    let items = format!("{columns}1,ana,2017-01-02 10:00:00,18.00,2.00,o1\n2,ana,2017-01-02 10:00:00\n");
    check(
        &Files { items: items.into(), ..Files::default() },
        "sellers 1 of 1
         items 1 of 2, 1 malformed
         payments 1 of 1
         charged 2000 shares 1800 commission 200 remainder 200
         items:3 malformed",
    );
}

#[test]
fn a_row_that_is_no_utf_8_is_malformed() {
    let mut items = b"o1,1,p,ana,2017-01-02 10:00:00,18.00,2.00\n".to_vec();
    items.extend(
        b"o2,1,\xff,ana,2017-01-02 10:00:00,18.00,2.00\n\xff,1,p,ana,2017-01-02 10:00:00,18.00,2.00\n",
    );
    let files = Files { payments: b"payment_value,order_id,payment_type,payment_sequential\n20.00,o1,voucher,1\n20.00,o2,voucher,1\n".to_vec(), ..Files::items(items) };
    check(
        &files,
        "sellers 1 of 1
         items 1 of 3, 2 malformed
         payments 1 of 2, 1 malformed
         charged 2000 shares 1800 commission 200 remainder 200
         items:3 malformed
         items:4 malformed
         payments:3 malformed",
    );
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_row() {
    check(
        &Files::items(
            "o2,1,\"p,ana,2017-01-02 10:00:00,18.00,2.00\n\
             \"o3,1,p,ana,2017-01-02 10:00:00,18.00,2.00\n\
             o1,1,p,ana,2017-01-02 10:00:00,18.00,2.00\n",
        ),
        "sellers 1 of 1
         items 1 of 3, 2 malformed
         payments 1 of 1
         charged 2000 shares 1800 commission 200 remainder 200
         items:2 malformed
         items:3 malformed",
    );
}

#[test]
fn text_after_a_closing_quote_costs_its_own_row() {
    check(
        &Files::payments("o1,1,\"voucher\"s,1,20.00\no1,1,voucher,1,20.00\n"),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 2, 1 malformed
         charged 2000 shares 1800 commission 200 remainder 200
         payments:2 malformed",
    );
}

#[test]
fn a_field_of_a_megabyte_is_malformed_and_no_more() {
    let long = "9".repeat(1 << 20);
    check(
        &Files::payments(format!("o1,1,voucher,1,20.00\no1,2,voucher,1,{long}\n{long},1,voucher,1,1\n")),
        "sellers 1 of 1
         items 1 of 1
         payments 1 of 3, 2 malformed
         charged 2000 shares 1800 commission 200 remainder 200
         payments:3 malformed
         payments:4 malformed",
    );
}

#[test]
fn files_of_nothing_but_headers_are_an_import_of_nothing() {
    check(
        &Files::of("", "", ""),
        "sellers 0 of 0
         items 0 of 0
         payments 0 of 0
         charged 0 shares 0 commission 0 remainder 0",
    );
    // Without its line end, and with sellers who sell nothing.
    let files = Files { items: ITEMS.trim_end().into(), ..Files::of("ana,1,x,SP\n", "", "") };
    check(
        &files,
        "sellers 1 of 1
         items 0 of 0
         payments 0 of 0
         charged 0 shares 0 commission 0 remainder 0",
    );
}
