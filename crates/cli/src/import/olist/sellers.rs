//! The sellers: who becomes a connected account.

use std::collections::BTreeMap;

use counterfoil::domain::AccountId;

use super::field;
use super::reason::Reason;
use super::table::{HeaderError, Record, Table};
use super::tally::Tally;

/// The file's name.
pub(crate) const FILE: &str = "olist_sellers_dataset.csv";

const COLUMNS: [&str; 1] = ["seller_id"];

/// The sellers that were accepted, in the order of the file.
///
/// They are onboarded in this order into a ledger without any other account, so their
/// account numbers are known: the platform has 0, the first seller 1.
#[derive(Debug, Default)]
pub(super) struct Sellers {
    /// Their ids in the file.
    pub(super) ids: Vec<Box<str>>,
    numbers: BTreeMap<Box<str>, AccountId>,
}

impl Sellers {
    /// Reads the file; what is refused goes into `tally`.
    pub(super) fn read(text: &[u8], tally: &mut Tally) -> Result<Self, HeaderError> {
        let mut sellers = Self::default();
        for record in Table::new(text, COLUMNS)? {
            let line = record.line;
            match sellers.accept(record) {
                Ok(()) => tally.import(),
                Err(reason) => tally.refuse(line, reason),
            }
        }
        Ok(sellers)
    }

    /// The account number of the seller `id`.
    pub(super) fn number(&self, id: &str) -> Option<AccountId> {
        self.numbers.get(id).copied()
    }

    fn accept(&mut self, Record { fields: [id], sound, .. }: Record<1>) -> Result<(), Reason> {
        let id = field::id(id).filter(|_| sound).ok_or(Reason::Malformed)?;
        if self.numbers.contains_key(&id) {
            return Err(Reason::Duplicate);
        }
        // Account numbers have 32 bits; a file with more sellers does not fit in memory.
        let number = u32::try_from(self.ids.len() + 1).map_err(|_| Reason::Malformed)?;
        self.ids.push(id.clone());
        self.numbers.insert(id, AccountId(number));
        Ok(())
    }
}
