//! Three small files, and one check of what an import of them says.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crate::program::{show, summary};

/// The header of the items, as the marketplace writes it.
pub(crate) const ITEMS: &str =
    "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n";
/// The header of the payments.
pub(crate) const PAYMENTS: &str =
    "order_id,payment_sequential,payment_type,payment_installments,payment_value\n";
/// The header of the sellers.
pub(crate) const SELLERS: &str = "seller_id,seller_zip_code_prefix,seller_city,seller_state\n";

/// The three files. `Files::default()` is one order of 20.00 by one seller, paid by card.
#[derive(Clone)]
pub(crate) struct Files {
    /// The file of sellers.
    pub(crate) sellers: Vec<u8>,
    /// The file of items.
    pub(crate) items: Vec<u8>,
    /// The file of payments.
    pub(crate) payments: Vec<u8>,
}

impl Default for Files {
    fn default() -> Self {
        Self::of("ana,1,x,SP\n", "o1,1,p,ana,2017-01-02 10:00:00,18.00,2.00\n", "o1,1,credit_card,1,20.00\n")
    }
}

impl Files {
    /// Files with the usual headers and these rows.
    pub(crate) fn of(sellers: &str, items: &str, payments: &str) -> Self {
        Self {
            sellers: [SELLERS, sellers].concat().into(),
            items: [ITEMS, items].concat().into(),
            payments: [PAYMENTS, payments].concat().into(),
        }
    }

    /// The usual files with these rows of items.
    pub(crate) fn items(items: impl AsRef<[u8]>) -> Self {
        Self { items: [ITEMS.as_bytes(), items.as_ref()].concat(), ..Self::default() }
    }

    /// The usual files with these rows of payments.
    pub(crate) fn payments(payments: impl AsRef<[u8]>) -> Self {
        Self { payments: [PAYMENTS.as_bytes(), payments.as_ref()].concat(), ..Self::default() }
    }

    /// The usual files with these rows of sellers.
    pub(crate) fn sellers(sellers: impl AsRef<[u8]>) -> Self {
        Self { sellers: [SELLERS.as_bytes(), sellers.as_ref()].concat(), ..Self::default() }
    }

    /// Writes the files into a new folder, compressed or not.
    pub(crate) fn write(&self, compressed: bool) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in self.named() {
            write(folder.path(), &name, text, compressed);
        }
        folder
    }

    fn named(&self) -> [(String, &[u8]); 3] {
        let all =
            [("sellers", &self.sellers), ("order_items", &self.items), ("order_payments", &self.payments)];
        all.map(|(name, text)| (format!("olist_{name}_dataset.csv"), text.as_slice()))
    }
}

/// Writes one file, compressed or not.
pub(crate) fn write(folder: &Path, name: &str, text: &[u8], compressed: bool) {
    if compressed {
        let file = fs::File::create(folder.join(format!("{name}.gz"))).expect("a file");
        let mut encoder = GzEncoder::new(file, Compression::fast());
        encoder.write_all(text).expect("a compressed text");
        encoder.finish().expect("a compressed file");
    } else {
        fs::write(folder.join(name), text).expect("a file");
    }
}

/// Imports `files` at 10 % and compares the summary with `expected`, line by line.
pub(crate) fn check(files: &Files, expected: &str) {
    check_at(1_000, files, expected);
}

/// Imports `files` at a commission, plain and compressed, and compares the summaries.
pub(crate) fn check_at(commission_bps: u16, files: &Files, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for compressed in [false, true] {
        let (from, ledger) = (files.write(compressed), tempfile::tempdir().expect("a folder"));
        let shown = show(&summary(from.path(), &ledger.path().join("ledger"), commission_bps));
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected, "compressed: {compressed}");
    }
}
