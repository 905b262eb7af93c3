//! The items: what was sold, by whom, for how much, and when.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::money::Minor;

use super::field;
use super::orders::{Keyed, Reading};
use super::reason::Reason;
use super::sellers::Sellers;
use super::table::Record;

/// The file's name.
pub(crate) const FILE: &str = "olist_order_items_dataset.csv";

/// The columns that are read, in the order in which [`read`] takes them.
pub(super) const COLUMNS: [&str; 6] =
    ["order_id", "order_item_id", "seller_id", "shipping_limit_date", "price", "freight_value"];

/// One item of an order.
#[derive(Debug)]
pub(super) struct Item {
    /// Which of the order's items it is.
    number: u64,
    /// Who sold it.
    pub(super) seller: Box<str>,
    /// Until when it was to be shipped; the only clock there is.
    pub(super) time: Timestamp,
    /// Its price and its freight.
    pub(super) amount: Minor,
}

/// Reads one row.
pub(super) fn read(record: Record<6>) -> Reading<Item> {
    let [order, number, seller, time, price, freight] = record.fields;
    let content = || {
        Some(Item {
            number: field::number(&number?)?,
            seller: field::id(seller)?,
            time: field::instant(&time?)?,
            amount: field::centavos(&price?)? + field::centavos(&freight?)?,
        })
    };
    Reading { line: record.line, order: field::id(order), content: record.sound.then(content).flatten() }
}

impl Keyed for Item {
    fn key(&self) -> u64 {
        self.number
    }
}

impl Item {
    /// What is wrong with the item by itself, beyond its form and its key.
    pub(super) fn fault(&self, sellers: &Sellers) -> Option<Reason> {
        if sellers.number(&self.seller).is_none() {
            return Some(Reason::UnknownSeller);
        }
        (self.amount == 0).then_some(Reason::ZeroAmount)
    }
}
