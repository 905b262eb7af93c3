//! The orders: rows gathered by order, each order imported or refused as a whole.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::money::round::rate_half_even;
use counterfoil::domain::money::{Minor, Rate};
use counterfoil::domain::rail::RailName;
use counterfoil::domain::split::Share;

use super::items::Item;
use super::order_size;
use super::payments::Payment;
use super::reason::Reason;
use super::sellers::Sellers;
use super::tally::Tally;

/// What was read of one row of an order.
#[derive(Debug)]
pub(super) struct Reading<T> {
    /// The line that it begins on.
    pub(super) line: u64,
    /// Whose row it is, where that can be read.
    pub(super) order: Option<Box<str>>,
    /// What it says; `None` where it is malformed.
    pub(super) content: Option<T>,
}

/// Something that an order has at most one of under each key.
pub(super) trait Keyed {
    /// The key.
    fn key(&self) -> u64;
}

/// An order that is imported.
#[derive(Debug)]
pub(super) struct Order {
    /// Its id in the files.
    pub(super) id: Box<str>,
    /// The earliest shipping limit of its items.
    pub(super) time: Timestamp,
    /// Its accepted payments, in the order in which they are charged.
    pub(super) charges: Vec<(RailName, Minor)>,
    /// What each of its sellers sold, by seller id.
    pub(super) shares: Vec<Share>,
}

/// Every order of the files, imported or not.
#[derive(Debug, Default)]
pub(super) struct Orders {
    gathered: BTreeMap<Box<str>, Gathered>,
}

/// The rows of one order.
#[derive(Debug, Default)]
struct Gathered {
    items: Pile<Item>,
    payments: Pile<Payment>,
}

/// Rows of one kind, in the order of their file, each accepted by itself or not.
#[derive(Debug)]
struct Pile<T> {
    keys: BTreeSet<u64>,
    rows: Vec<(u64, Result<T, Reason>)>,
}

impl Orders {
    /// Adds a row of items; one that names no order is refused alone.
    pub(super) fn add_item(&mut self, row: Reading<Item>, sellers: &Sellers, tally: &mut Tally) {
        match row.order {
            Some(order) => {
                let items = &mut self.gathered.entry(order).or_default().items;
                items.add(row.line, row.content, |item| item.fault(sellers));
            }
            None => tally.refuse(row.line, Reason::Malformed),
        }
    }

    /// Adds a row of payments; one that names no order is refused alone.
    pub(super) fn add_payment(&mut self, row: Reading<Payment>, tally: &mut Tally) {
        match row.order {
            Some(order) => {
                let payments = &mut self.gathered.entry(order).or_default().payments;
                payments.add(row.line, row.content, Payment::fault);
            }
            None => tally.refuse(row.line, Reason::Malformed),
        }
    }

    /// The orders that are imported, in the order in which they run; every row is
    /// counted in the tally of its file.
    pub(super) fn judge(
        self,
        sellers: &Sellers,
        commission: Rate,
        items: &mut Tally,
        payments: &mut Tally,
    ) -> Vec<Order> {
        let mut imported = Vec::with_capacity(self.gathered.len());
        for (id, gathered) in self.gathered {
            let verdict = gathered.verdict(id, sellers, commission);
            let refused = verdict.as_ref().err().copied();
            gathered.items.count(refused, items);
            gathered.payments.count(refused, payments);
            imported.extend(verdict);
        }
        // They come by id, compared as bytes, and the sort is stable.
        imported.sort_by_key(|order| order.time);
        imported
    }
}

impl Gathered {
    /// The order, or the reason that refuses all of it.
    fn verdict(&self, id: Box<str>, sellers: &Sellers, commission: Rate) -> Result<Order, Reason> {
        // A refused item refuses the order; of several reasons the first stands.
        if let Some(reason) = self.items.refusals().min() {
            return Err(reason);
        }
        let time = self.items.accepted().map(|item| item.time).min().ok_or(Reason::OrderWithoutItems)?;
        let charges = self.charges();
        if charges.is_empty() {
            return Err(Reason::OrderWithoutPayment);
        }
        let shares = self.shares(sellers, commission);

        let order = Order { id, time, charges, shares };
        if order.charged() < order.nets() {
            return Err(Reason::SharesNotCovered);
        }
        if !order_size::fits(&order) {
            return Err(Reason::OrderTooLarge);
        }
        Ok(order)
    }

    /// The accepted payments by their number, then by line.
    fn charges(&self) -> Vec<(RailName, Minor)> {
        let mut payments: Vec<&Payment> = self.payments.accepted().collect();
        payments.sort_by_key(|payment| payment.sequential);
        payments.into_iter().map(|payment| (payment.rail.clone(), payment.amount)).collect()
    }

    /// One sale per seller, by seller id: the commission is rounded once on the sum.
    fn shares(&self, sellers: &Sellers, commission: Rate) -> Vec<Share> {
        let mut sales: BTreeMap<&str, Minor> = BTreeMap::new();
        for item in self.items.accepted() {
            let gross = sales.entry(&item.seller).or_default();
            *gross = gross.saturating_add(item.amount);
        }
        let share = |(seller, gross): (&str, Minor)| {
            let account = sellers.number(seller)?;
            Some(Share { account, gross, commission: rate_half_even(gross, commission) })
        };
        // Every accepted item's seller is known.
        sales.into_iter().filter_map(share).collect()
    }
}

impl Order {
    /// What its payers paid.
    pub(super) fn charged(&self) -> i128 {
        self.charges.iter().map(|(_, amount)| i128::from(*amount)).sum()
    }

    /// What its sellers get.
    pub(super) fn nets(&self) -> i128 {
        self.shares.iter().map(|share| i128::from(share.net())).sum()
    }

    /// What the platform keeps of its sales.
    pub(super) fn commissions(&self) -> i128 {
        self.shares.iter().map(|share| i128::from(share.commission)).sum()
    }
}

impl<T: Keyed> Pile<T> {
    fn add(&mut self, line: u64, content: Option<T>, fault: impl FnOnce(&T) -> Option<Reason>) {
        let row = content.ok_or(Reason::Malformed).and_then(|content| {
            if !self.keys.insert(content.key()) {
                return Err(Reason::Duplicate);
            }
            fault(&content).map_or(Ok(content), Err)
        });
        self.rows.push((line, row));
    }

    fn accepted(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().filter_map(|(_, row)| row.as_ref().ok())
    }

    fn refusals(&self) -> impl Iterator<Item = Reason> {
        self.rows.iter().filter_map(|(_, row)| row.as_ref().err().copied())
    }

    /// Counts every row: of its own reason and its order's the first stands.
    fn count(&self, order: Option<Reason>, tally: &mut Tally) {
        for (line, row) in &self.rows {
            match row.as_ref().err().copied().into_iter().chain(order).min() {
                Some(reason) => tally.refuse(*line, reason),
                None => tally.import(),
            }
        }
    }
}

impl<T> Default for Pile<T> {
    fn default() -> Self {
        Self { keys: BTreeSet::new(), rows: Vec::new() }
    }
}
