//! A journal for hledger: every entry a transaction, every posting asserted.

use std::collections::BTreeMap;
use std::fmt::Write;

use counterfoil::domain::Recorded;
use counterfoil::domain::money::Currency;

use super::books::Books;
use crate::ledger::Names;

/// Writes a journal as events are read.
pub(super) struct Journal<'a> {
    books: Books<'a>,
    /// The running balance of every account that was named, debits less credits.
    balances: BTreeMap<(String, Currency), i128>,
    accounts: std::collections::BTreeSet<String>,
    currencies: std::collections::BTreeSet<Currency>,
}

impl<'a> Journal<'a> {
    /// An empty journal.
    pub(super) fn new(names: &'a Names) -> Self {
        let (balances, accounts, currencies) = Default::default();
        Self { books: Books::new(names), balances, accounts, currencies }
    }

    /// The transaction of an event, where it moves money. Each posting asserts the
    /// balance that the account has after it, so that hledger adds everything up again.
    pub(super) fn write(&mut self, recorded: &Recorded, text: &mut String) {
        self.books.learn(recorded);
        let Some(entry) = recorded.event.entry() else {
            return;
        };
        let currency = entry.currency();
        if self.currencies.insert(currency) {
            let unit = currency.format(10_i64.pow(currency.decimals() + 3));
            let unit = if currency.decimals() == 0 { format!("{unit}.") } else { unit };
            let _ = writeln!(text, "commodity {unit} {currency}\n");
        }
        let names: Vec<String> =
            entry.postings().iter().map(|posting| self.books.name(posting.book)).collect();
        for name in &names {
            if self.accounts.insert(name.clone()) {
                let _ = writeln!(text, "account {name}");
            }
        }
        let _ = writeln!(
            text,
            "{} * ({}) {}  ; time:{}",
            recorded.time.day(),
            recorded.position,
            recorded.event.name(),
            recorded.time
        );
        for (posting, name) in entry.postings().iter().zip(names) {
            let amount = currency.format(posting.amount);
            let balance = self.balances.entry((name.clone(), currency)).or_default();
            *balance += i128::from(posting.amount);
            let asserted = shown(currency, *balance);
            let kind = posting.kind.name();
            let _ = writeln!(
                text,
                "    {name}  {amount} {currency} = {asserted} {currency}  ; {kind}, entry {}",
                posting.number
            );
        }
        text.push('\n');
    }

    /// What the journal ends with.
    pub(super) fn finish(&self, text: &mut String) {
        let _ = writeln!(text, "; {} accounts, every posting asserted", self.accounts.len());
    }
}

fn shown(currency: Currency, balance: i128) -> String {
    // A book beyond 64 bits of minor units is refused when it is charged.
    i64::try_from(balance).map_or_else(|_| balance.to_string(), |minor| currency.format(minor))
}
