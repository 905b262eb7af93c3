//! Files that cannot be read at all: the import says which and why, and makes no ledger.

use std::fs;

use crate::files::{Files, write};
use crate::program::{complaint, show, summary};

/// The import says `words` and leaves no ledger.
fn check(files: &Files, words: &[&str]) {
    let (from, ledger) = (files.write(false), tempfile::tempdir().unwrap());
    let ledger = ledger.path().join("ledger");
    let said = complaint(from.path(), &ledger, 1_000);
    for word in words {
        assert!(said.contains(word), "{said:?} names {word:?}");
    }
    assert!(!ledger.exists(), "no ledger is made");
}

#[test]
fn a_missing_column_is_named_with_its_file() {
    let payments = "order_id,payment_sequential,payment_kind,payment_value\n";
    check(
        &Files { payments: payments.into(), ..Files::default() },
        &["olist_order_payments_dataset.csv", "payment_type"],
    );
    check(
        &Files { sellers: "id\nana\n".into(), ..Files::default() },
        &["olist_sellers_dataset.csv", "seller_id"],
    );
}

#[test]
fn a_column_named_twice_is_named_with_its_file() {
    let sellers = "seller_id,seller_id\nana,bia\n";
    check(
        &Files { sellers: sellers.into(), ..Files::default() },
        &["olist_sellers_dataset.csv", "seller_id", "twice"],
    );
}

#[test]
fn an_empty_file_has_no_header() {
    check(&Files { items: Vec::new(), ..Files::default() }, &["olist_order_items_dataset.csv", "header"]);
}

#[test]
fn a_missing_file_is_named() {
    let (from, ledger) = (Files::default().write(false), tempfile::tempdir().unwrap());
    fs::remove_file(from.path().join("olist_order_items_dataset.csv")).unwrap();
    let said = complaint(from.path(), &ledger.path().join("ledger"), 1_000);
    assert!(said.contains("olist_order_items_dataset.csv"), "{said}");
    assert!(!ledger.path().join("ledger").exists());
}

#[test]
fn a_compressed_file_that_ends_early_is_no_short_file() {
    let (from, ledger) = (Files::default().write(true), tempfile::tempdir().unwrap());
    let path = from.path().join("olist_order_items_dataset.csv.gz");
    let whole = fs::read(&path).unwrap();
    for length in [0, 9, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..length]).unwrap();
        let said = complaint(from.path(), &ledger.path().join("ledger"), 1_000);
        assert!(said.contains("olist_order_items_dataset.csv.gz"), "{said}");
    }
}

#[test]
fn a_plain_file_comes_before_a_compressed_one() {
    let (from, ledger) = (Files::default().write(false), tempfile::tempdir().unwrap());
    write(from.path(), "olist_order_items_dataset.csv", b"nothing of the kind\n", true);
    let shown = show(&summary(from.path(), &ledger.path().join("ledger"), 1_000));
    assert!(shown.contains("items 1 of 1"), "{shown}");
}
