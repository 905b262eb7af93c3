//! Phrases of reserves: plans, holds and releases.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor, Rate};

use super::Phrase;
use super::account::described;
use crate::scenario::words::{Amount, Complaint, Words};

/// What is done with reserves.
#[derive(Clone, Debug)]
pub enum Reserving {
    /// `NAME reserves 10 % of ACCOUNT in USD for 30 days, until TIME`
    Plan(Planning),
    /// `NAME holds 10.00 USD of ACCOUNT from ORDER until TIME`
    Hold(Holding),
    /// `NAME is released 5.00`
    Release(String, Option<Amount>),
    /// `NAME is disabled`
    Disable(String),
}

/// A reserve plan that is set.
#[derive(Clone, Debug)]
pub struct Planning {
    /// What it is called.
    pub name: String,
    /// Of whose sales.
    pub account: String,
    /// In which currency.
    pub currency: Currency,
    /// Which share.
    pub rate: Rate,
    /// For so many days, of a rolling one.
    pub days: Option<u16>,
    /// Until when: of a rolling one its own end.
    pub until: Option<Timestamp>,
    /// The letters of a description.
    pub described: Option<usize>,
}

/// Money that is held.
#[derive(Clone, Debug)]
pub struct Holding {
    /// What the hold is called.
    pub name: String,
    /// How much.
    pub amount: (Minor, Currency),
    /// Whose.
    pub account: String,
    /// Of which charge or transfer.
    pub source: Option<String>,
    /// Until when.
    pub until: Timestamp,
    /// The letters of a description.
    pub described: Option<usize>,
}

/// `NAME reserves 10 % of ACCOUNT in USD for 30 days, until TIME`, or `… in USD, until TIME`.
pub(super) fn planning(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let rate = words.percent()?;
    words.expect(&["of"])?;
    let account = words.take("an account")?;
    words.expect(&["in"])?;
    let currency = words.currency()?;
    let mut planning = Planning { name, account, currency, rate, days: None, until: None, described: None };
    if words.eat("for") {
        planning.days = Some(words.number()?);
        words.expect(&["days"])?;
    }
    while words.eat(",") {
        if words.one_of(&[("until", true), ("described", false)])? {
            planning.until = Some(words.time()?);
        } else {
            planning.described = Some(described(words)?);
        }
    }
    if planning.days.is_none() && planning.until.is_none() {
        return Err(Complaint::new(words.line(), "a plan holds for so many days, or until a time"));
    }
    Ok(Phrase::Reserve(Reserving::Plan(planning)))
}

/// `NAME holds 10.00 USD of ACCOUNT from ORDER until TIME`.
pub(super) fn holding(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let amount = words.money()?;
    words.expect(&["of"])?;
    let account = words.take("an account")?;
    let source = if words.eat("from") { Some(words.take("a charge or transfer")?) } else { None };
    words.expect(&["until"])?;
    let until = words.time()?;
    let described = if words.eat(",") {
        words.expect(&["described"])?;
        Some(described(words)?)
    } else {
        None
    };
    let holding = Holding { name, amount, account, source, until, described };
    Ok(Phrase::Reserve(Reserving::Hold(holding)))
}
