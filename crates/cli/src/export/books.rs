//! The names of the books in exports: `liabilities:accounts:<account>:<state>`,
//! `assets:rail:<rail>`.

use std::collections::BTreeMap;

use counterfoil::domain::books::{Book, FxBook, OperatorBook};
use counterfoil::domain::{Event, RailId, Recorded};

use crate::ledger::Names;

/// Names books, learning the rails as they are opened.
pub(super) struct Books<'a> {
    names: &'a Names,
    rails: BTreeMap<RailId, String>,
}

impl<'a> Books<'a> {
    pub(super) fn new(names: &'a Names) -> Self {
        Self { names, rails: BTreeMap::from([(RailId::BANK, "bank".to_owned())]) }
    }

    /// Learns the rail that an event opens.
    pub(super) fn learn(&mut self, recorded: &Recorded) {
        if let Event::RailOpened { rail, name } = &recorded.event {
            self.rails.insert(*rail, name.as_str().to_owned());
        }
    }

    /// The rail's name.
    pub(super) fn rail(&self, rail: RailId) -> String {
        self.rails.get(&rail).cloned().unwrap_or_else(|| format!("rail-{}", rail.0))
    }

    /// The book's name. All days of pending money are one account.
    pub(super) fn name(&self, book: Book) -> String {
        match book {
            Book::Rail(rail) => format!("assets:rail:{}", self.rail(rail)),
            Book::Account(account, state) => {
                let name = match self.names.external(account) {
                    // An external id that reads like an id would merge two accounts.
                    Some(external) if !external.starts_with("acct_") => escaped(external),
                    Some(_) | None => self.names.id(account),
                };
                format!("liabilities:accounts:{name}:{}", state.name())
            }
            Book::Operator(OperatorBook::Fees) => "revenues:operator:fees".to_owned(),
            Book::Operator(OperatorBook::Losses) => "expenses:operator:losses".to_owned(),
            Book::TaxWithheld(authority) => format!("liabilities:tax:withheld:{authority}"),
            Book::Suspense => "liabilities:suspense".to_owned(),
            Book::Fx(FxBook::Position) => "equity:fx:position".to_owned(),
            Book::Fx(FxBook::Rounding) => "equity:fx:rounding".to_owned(),
        }
    }
}

/// An external id as one part of an account name: hledger gives `:`, `;`, brackets and
/// double spaces a meaning, so everything but plain characters is percent-encoded.
fn escaped(external_id: &str) -> String {
    let mut text = String::with_capacity(external_id.len());
    for byte in external_id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'@' | b'+' => {
                text.push(byte.into())
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn an_external_id_is_one_part_of_an_account_name() {
        assert_eq!(escaped("3442f8959a84"), "3442f8959a84");
        assert_eq!(escaped("rosa: pães"), "rosa%3A%20p%C3%A3es");
    }
}
