//! What an import must come to, reckoned another way: plain text, 128-bit sums, one
//! pass per question. It reads no quotes, for which the importer's own cases serve.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A file's rows as lists of fields, with their lines.
type Rows<'a> = Vec<(usize, Vec<&'a str>)>;

/// What an import must come to.
#[derive(Debug, Default)]
pub(crate) struct Reckoned {
    /// Rows read, by file.
    pub(crate) read: BTreeMap<&'static str, usize>,
    /// Refused rows by file and line, with the reason.
    pub(crate) refused: BTreeMap<(&'static str, usize), &'static str>,
    /// What the imported orders' payments come to.
    pub(crate) charged: i128,
    /// How many payments that is.
    pub(crate) charges: usize,
    /// By seller and year: how many sales, gross and commission.
    pub(crate) sales: BTreeMap<(String, String), (u64, i128, i128)>,
}

/// The reasons from the first that stands to the last.
const REASONS: [&str; 8] = [
    "malformed",
    "duplicate",
    "unknown_seller",
    "zero_amount",
    "undefined_type",
    "order_without_items",
    "order_without_payment",
    "shares_not_covered",
];

fn rows(text: &str) -> Rows<'_> {
    let lines = text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty());
    lines.map(|(index, line)| (index + 1, line.split(',').collect())).collect()
}

/// Centavos of `1`, `1.2` or `1.23`.
fn centavos(text: &str) -> Option<i128> {
    let parts: Vec<&str> = text.split('.').collect();
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let padded = match parts.as_slice() {
        [whole] => format!("{whole}00"),
        [whole, part] if part.len() < 3 && digits(part) => format!("{whole}{part:0<2}"),
        _ => return None,
    };
    digits(parts[0]).then(|| padded.parse().ok()).flatten()
}

fn is_date(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    // The dirt has no days that months lack.
    shape == "9999-99-99 99:99:99" && text[5..7] <= *"12" && text[8..10] <= *"31"
}

fn half_even(gross: i128, commission_bps: i128) -> i128 {
    let twice = 2 * gross * commission_bps;
    let (down, rest) = (twice / 20_000, twice % 20_000);
    if rest > 10_000 || (rest == 10_000 && down % 2 != 0) { down + 1 } else { down }
}

/// The first of some reasons.
fn first(reasons: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let given: HashSet<_> = reasons.into_iter().collect();
    REASONS.into_iter().find(|reason| given.contains(reason))
}

/// Every row's own reason: the malformed, the repeated, then what is wrong by itself.
fn own<'a>(
    rows: &Rows<'a>,
    malformed: impl Fn(&[&'a str]) -> bool,
    wrong: impl Fn(&[&'a str]) -> Option<&'static str>,
) -> HashMap<usize, &'static str> {
    let mut keys = HashSet::new();
    let mut reasons = HashMap::new();
    for (line, fields) in rows {
        if malformed(fields) {
            reasons.insert(*line, "malformed");
        } else if !keys.insert((fields[0], fields[1].parse::<u64>().unwrap())) {
            reasons.insert(*line, "duplicate");
        } else if let Some(reason) = wrong(fields) {
            reasons.insert(*line, reason);
        }
    }
    reasons
}

/// Reckons an import of these texts, whose columns stand in the marketplace's order.
pub(crate) fn reckon(sellers: &str, items: &str, payments: &str, commission_bps: i128) -> Reckoned {
    let mut reckoned = Reckoned::default();
    let mut known = BTreeSet::new();
    for (line, fields) in rows(sellers) {
        *reckoned.read.entry("sellers").or_default() += 1;
        if fields[0].is_empty() {
            reckoned.refused.insert(("sellers", line), "malformed");
        } else if !known.insert(fields[0]) {
            reckoned.refused.insert(("sellers", line), "duplicate");
        }
    }
    let (items, payments) = (rows(items), rows(payments));
    reckoned.read.extend([("items", items.len()), ("payments", payments.len())]);

    let number = |text: &str| text.parse::<u64>().is_ok() && !text.starts_with('+');
    let bad_item = |row: &[&str]| {
        let amounts = |row: &[&str]| centavos(row[5]).is_some() && centavos(row[6]).is_some();
        row.len() != 7
            || row[0].is_empty()
            || row[3].is_empty()
            || !number(row[1])
            || !is_date(row[4])
            || !amounts(row)
    };
    let item_reasons = own(&items, bad_item, |row| {
        let nothing = centavos(row[5]) == Some(0) && centavos(row[6]) == Some(0);
        if known.contains(row[3]) { nothing.then_some("zero_amount") } else { Some("unknown_seller") }
    });
    let bad_payment = |row: &[&str]| {
        let rail = |text: &str| {
            !text.is_empty() && text != "bank" && text.chars().all(|c| c == '_' || c.is_ascii_lowercase())
        };
        row.len() != 5 || row[0].is_empty() || !number(row[1]) || !rail(row[2]) || centavos(row[4]).is_none()
    };
    let payment_reasons = own(&payments, bad_payment, |row| match (centavos(row[4]), row[2]) {
        (Some(0), _) => Some("zero_amount"),
        (_, "not_defined") => Some("undefined_type"),
        _ => None,
    });

    let orders: BTreeSet<&str> = items.iter().chain(&payments).map(|(_, row)| row[0]).collect();
    let (items_of, payments_of) = (by_order(&items), by_order(&payments));
    for order in orders {
        let none = Vec::new();
        let (items, payments) =
            (items_of.get(order).unwrap_or(&none), payments_of.get(order).unwrap_or(&none));
        let refused_alone = order.is_empty();
        let verdict = if refused_alone {
            Some("malformed")
        } else {
            reckoned.order(items, payments, &item_reasons, &payment_reasons, commission_bps)
        };
        let rows = items.iter().map(|(line, _)| ("items", line, item_reasons.get(line)));
        let paid = payments.iter().map(|(line, _)| ("payments", line, payment_reasons.get(line)));
        for (file, line, own) in rows.chain(paid) {
            if let Some(reason) = first(own.copied().into_iter().chain(verdict)) {
                reckoned.refused.insert((file, *line), reason);
            }
        }
    }
    reckoned
}

fn by_order<'r, 'a>(rows: &'r Rows<'a>) -> HashMap<&'a str, Vec<&'r (usize, Vec<&'a str>)>> {
    let mut orders: HashMap<&str, Vec<_>> = HashMap::new();
    for row in rows {
        orders.entry(row.1[0]).or_default().push(row);
    }
    orders
}

impl Reckoned {
    /// Adds an order, or says why it is refused.
    fn order(
        &mut self,
        items: &[&(usize, Vec<&str>)],
        payments: &[&(usize, Vec<&str>)],
        item_reasons: &HashMap<usize, &'static str>,
        payment_reasons: &HashMap<usize, &'static str>,
        commission_bps: i128,
    ) -> Option<&'static str> {
        let refused = first(items.iter().filter_map(|(line, _)| item_reasons.get(line).copied()));
        if refused.is_some() {
            return refused;
        }
        let Some(year) = items.iter().map(|(_, row)| row[4]).min().map(|date| date[..4].to_owned()) else {
            return Some("order_without_items");
        };
        let paid: Vec<i128> = payments
            .iter()
            .filter(|(line, _)| !payment_reasons.contains_key(line))
            .filter_map(|(_, row)| centavos(row[4]))
            .collect();
        if paid.is_empty() {
            return Some("order_without_payment");
        }
        let mut gross: BTreeMap<&str, i128> = BTreeMap::new();
        for (_, row) in items {
            *gross.entry(row[3]).or_default() += centavos(row[5]).unwrap() + centavos(row[6]).unwrap();
        }
        let nets: i128 = gross.values().map(|gross| gross - half_even(*gross, commission_bps)).sum();
        let charged: i128 = paid.iter().sum();
        if charged < nets {
            return Some("shares_not_covered");
        }

        self.charged += charged;
        self.charges += paid.len();
        for (seller, gross) in gross {
            let sold = self.sales.entry((seller.to_owned(), year.clone())).or_default();
            *sold = (sold.0 + 1, sold.1 + gross, sold.2 + half_even(gross, commission_bps));
        }
        None
    }

    /// What all sellers sold, and what the platform kept of it.
    pub(crate) fn sold(&self) -> (i128, i128) {
        let sales = self.sales.values();
        sales.fold((0, 0), |sum, (_, gross, commission)| (sum.0 + gross, sum.1 + commission))
    }
}
