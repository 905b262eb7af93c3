//! Settling a rail: the processor paid what it held into the bank.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:bank` | amount | |
//! | `rail:<rail>` | | amount |

use super::{RailName, RailRefusal};
use crate::books::{Book, Draft, Kind};
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::RailId;
use crate::money::Money;
use crate::refusal::Refusal;

/// Says that a rail settled to the bank.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SettleRail {
    /// The rail that paid.
    pub rail: RailName,
    /// What arrived.
    pub amount: Money,
}

impl Verb for SettleRail {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        let Money { currency, minor } = self.amount;
        if minor <= 0 {
            return Err(RailRefusal::NotPositive { asked: self.amount }.into());
        }
        let Some(rail) = ledger.rail(&self.rail) else {
            return Err(RailRefusal::Unknown { rail: self.rail.clone() }.into());
        };
        if rail == RailId::BANK {
            return Err(RailRefusal::Bank.into());
        }
        let held = ledger.tally(Book::Rail(rail), currency).balance;
        if i128::from(minor) > held {
            let held = Money::new(currency, i64::try_from(held).unwrap_or_default());
            return Err(RailRefusal::Exceeds { asked: self.amount, held }.into());
        }

        let mut entry = Draft::new(currency);
        entry.debit(Book::Rail(RailId::BANK), Kind::Settlement, minor).credit(
            Book::Rail(rail),
            Kind::Settlement,
            minor,
        );
        Ok(Events::from_iter([Event::RailSettled { rail, entry: Box::new(entry.number(ledger)) }]))
    }
}
