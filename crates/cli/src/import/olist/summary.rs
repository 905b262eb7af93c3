//! The summary: what became of every row, and what the imported orders come to.

use std::fmt;

use counterfoil::domain::money::Currency;
use serde::Serialize;

use super::orders::Order;
use super::tally::{RefusedRow, Tally};

/// What an import comes to. It depends on the files and the options alone, and so is
/// of the whole import however often that was interrupted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Summary {
    /// The file of sellers.
    pub(crate) sellers: Tally,
    /// The file of payments.
    pub(crate) payments: Tally,
    /// The file of items.
    pub(crate) items: Tally,
    /// How many orders were imported.
    pub(crate) orders: usize,
    /// The currency of the totals.
    pub(crate) currency: &'static str,
    /// What the imported orders come to.
    pub(crate) totals: Totals,
    /// Every row that was refused, by file and line.
    pub(crate) refused: Vec<RefusedRow>,
}

/// What the imported orders come to, in centavos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Totals {
    /// Their accepted payments.
    pub(crate) charged: i128,
    /// Their sellers' nets.
    pub(crate) seller_shares: i128,
    /// What the platform keeps of their sales.
    pub(crate) commission: i128,
    /// What stays with the platform: what was charged less the nets.
    pub(crate) platform_remainder: i128,
}

impl Summary {
    /// The summary of these orders and tallies.
    pub(super) fn new(sellers: Tally, payments: Tally, items: Tally, orders: &[Order]) -> Self {
        let refused = [&sellers, &items, &payments].into_iter().flat_map(Tally::refused_rows).collect();
        Self {
            sellers,
            payments,
            items,
            orders: orders.len(),
            currency: Currency::BRL.code(),
            totals: Totals::of(orders),
            refused,
        }
    }
}

impl Totals {
    fn of(orders: &[Order]) -> Self {
        let charged = orders.iter().map(Order::charged).sum();
        let seller_shares = orders.iter().map(Order::nets).sum();
        let commission = orders.iter().map(Order::commissions).sum();
        Self { charged, seller_shares, commission, platform_remainder: charged - seller_shares }
    }
}

/// The refused rows one by one, then a table of counts and totals, as a person reads them.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.refused {
            writeln!(f, "{}:{}: {}", row.file, row.line, row.reason)?;
        }
        if !self.refused.is_empty() {
            writeln!(f)?;
        }
        writeln!(f, "{:<10}{:>12}{:>12}{:>12}", "", "read", "imported", "refused")?;
        for (name, tally) in
            [("sellers", &self.sellers), ("payments", &self.payments), ("items", &self.items)]
        {
            writeln!(f, "{name:<10}{:>12}{:>12}{:>12}", tally.read, tally.imported, tally.refused)?;
            for (reason, count) in &tally.reasons {
                writeln!(f, "  {reason:<32}{count:>12}")?;
            }
        }
        writeln!(f)?;
        let totals = [
            ("charged", self.totals.charged),
            ("seller shares", self.totals.seller_shares),
            ("commission", self.totals.commission),
            ("platform remainder", self.totals.platform_remainder),
        ];
        for (name, amount) in totals {
            writeln!(f, "{name:<22}{:>20} {}.{:02}", self.currency, amount / 100, amount % 100)?;
        }
        Ok(())
    }
}
