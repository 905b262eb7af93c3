//! Settling a rail: the processor paid what it held into the bank.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:bank` | amount | |
//! | `rail:<rail>` | | amount |
//!
//! A rail that gave back more than it took in is below zero; the processor draws that from
//! the bank, which is a settlement of an amount below zero:
//!
//! | book (drawn from the bank) | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | what is drawn | |
//! | `rail:bank` | | what is drawn |
//!
//! Either way a settlement brings a rail towards zero and never past it: that bounds both.

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
    /// What arrived; below zero what the processor drew.
    pub amount: Money,
}

impl Verb for SettleRail {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        let Money { currency, minor } = self.amount;
        if minor == 0 {
            return Err(RailRefusal::Nothing.into());
        }
        let Some(rail) = ledger.rail(&self.rail) else {
            return Err(RailRefusal::Unknown { rail: self.rail.clone() }.into());
        };
        if rail == RailId::BANK {
            return Err(RailRefusal::Bank.into());
        }
        let held = ledger.tally(Book::Rail(rail), currency).balance;
        let within = if minor > 0 { 0..=held } else { held..=0 };
        if !within.contains(&i128::from(minor)) {
            let held = Money::new(currency, i64::try_from(held).unwrap_or_default());
            return Err(RailRefusal::Exceeds { asked: self.amount, held }.into());
        }

        // What is within the rail's own balance has a negative.
        let (paid, drawn) = if minor > 0 { (RailId::BANK, rail) } else { (rail, RailId::BANK) };
        let mut entry = Draft::new(currency);
        entry.debit(Book::Rail(paid), Kind::Settlement, minor.saturating_abs()).credit(
            Book::Rail(drawn),
            Kind::Settlement,
            minor.saturating_abs(),
        );
        Ok(Events::from_iter([Event::RailSettled { rail, entry: Box::new(entry.number(ledger)) }]))
    }
}
