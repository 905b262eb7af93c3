//! The payments: what was paid for an order, and how.

use counterfoil::domain::money::Minor;
use counterfoil::domain::rail::RailName;

use super::field;
use super::orders::{Keyed, Reading};
use super::reason::Reason;
use super::table::Record;

/// The file's name.
pub(crate) const FILE: &str = "olist_order_payments_dataset.csv";

/// The columns that are read, in the order in which [`read`] takes them.
pub(super) const COLUMNS: [&str; 4] = ["order_id", "payment_sequential", "payment_type", "payment_value"];

/// The type of a payment of which the marketplace did not know how it was made.
const UNDEFINED: &str = "not_defined";

/// One payment of an order.
#[derive(Debug)]
pub(super) struct Payment {
    /// Which of the order's payments it is.
    pub(super) sequential: u64,
    /// The rail that it came in on.
    pub(super) rail: RailName,
    /// How much was paid.
    pub(super) amount: Minor,
}

/// Reads one row.
pub(super) fn read(record: Record<4>) -> Reading<Payment> {
    let [order, sequential, kind, amount] = record.fields;
    let content = || {
        Some(Payment {
            sequential: field::number(&sequential?)?,
            rail: rail(&kind?)?,
            amount: field::centavos(&amount?)?,
        })
    };
    Reading { line: record.line, order: field::id(order), content: record.sound.then(content).flatten() }
}

/// The rail of a payment type. The bank is where rails settle to, and no way to pay.
fn rail(kind: &str) -> Option<RailName> {
    RailName::new(kind).ok().filter(|rail| rail.as_str() != RailName::BANK)
}

impl Keyed for Payment {
    fn key(&self) -> u64 {
        self.sequential
    }
}

impl Payment {
    /// What is wrong with the payment by itself, beyond its form and its key.
    pub(super) fn fault(&self) -> Option<Reason> {
        if self.amount == 0 {
            return Some(Reason::ZeroAmount);
        }
        (self.rail.as_str() == UNDEFINED).then_some(Reason::UndefinedType)
    }
}
