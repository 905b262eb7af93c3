//! Phrases of disputes, and of a seller that moves to another account.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::dispute::DisputeReason;

use super::Phrase;
use crate::scenario::words::{Amount, Complaint, Words};

/// A dispute, or an inquiry.
#[derive(Clone, Debug)]
pub struct Disputing {
    /// What it is called.
    pub name: String,
    /// Of which charge.
    pub charge: String,
    /// What the processor calls it, where not by its name.
    pub reference: Option<String>,
    /// How much; the whole charge where absent.
    pub amount: Option<Amount>,
    /// Why.
    pub reason: DisputeReason,
    /// Until when it can be answered; two weeks where absent.
    pub due: Option<Timestamp>,
    /// Whether it is an inquiry.
    pub inquiry: bool,
    /// The fee, where not the policy's.
    pub fee: Option<Amount>,
    /// What is taken back from sellers.
    pub recovering: Recovering,
}

/// What is taken back from sellers.
#[derive(Clone, Debug)]
pub enum Recovering {
    /// Nothing.
    Nothing,
    /// The charge's own transfer, and whether the fee goes back.
    Transfer(bool),
    /// What the parts of splits are liable for.
    By(Vec<String>),
    /// So much of each of these transfers.
    Exactly(Vec<(String, Amount)>),
}

/// What happens to a dispute.
#[derive(Clone, Debug)]
pub enum Disputed {
    /// `NAME is answered, fee 15.00`
    Answered(Option<Amount>),
    /// `NAME is escalated, amount 90.00, due TIME, fee 15.00`
    Escalated {
        /// How much, where not what was asked about.
        amount: Option<Amount>,
        /// Until when it can be answered.
        due: Option<Timestamp>,
        /// The fee, where not the policy's.
        fee: Option<Amount>,
    },
    /// `NAME is closed`, or `is prevented`
    Closed(bool),
    /// `NAME is accepted`
    Accepted,
    /// `NAME is won, returning 15.00`
    Won(Option<Amount>),
    /// `NAME is lost`
    Lost,
}

pub(super) fn disputing(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    dispute(name, words, false)
}

pub(super) fn inquiring(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["about"])?;
    dispute(name, words, true)
}

fn dispute(name: String, words: &mut Words, inquiry: bool) -> Result<Phrase, Complaint> {
    let charge = words.take("a charge")?;
    let amount = if words.peek().is_some_and(|word| word != ",") { Some(words.amount()?) } else { None };
    let reason = DisputeReason::General;
    let recovering = Recovering::Nothing;
    let (reference, due, fee) = (None, None, None);
    let mut told = Disputing { name, charge, reference, amount, reason, due, inquiry, fee, recovering };
    while words.eat(",") {
        match words.one_of(&[("as", 0), ("due", 1), ("fee", 2), ("recovering", 3), ("known", 4)])? {
            0 => {
                let reasons: Vec<(&str, DisputeReason)> =
                    DisputeReason::ALL.iter().map(|reason| (reason.name(), *reason)).collect();
                told.reason = words.one_of(&reasons)?;
            }
            1 => told.due = Some(words.time()?),
            2 => told.fee = Some(words.amount()?),
            4 => {
                words.expect(&["as"])?;
                told.reference = Some(words.take("a reference")?);
            }
            _recovering => told.recovering = recovery(words)?,
        }
    }
    Ok(Phrase::Dispute(Box::new(told)))
}

/// `transfer`, `transfer and fee`, `by SPLIT and SPLIT`, or `TRANSFER 20.00 and TRANSFER 10.00`
fn recovery(words: &mut Words) -> Result<Recovering, Complaint> {
    if words.eat("by") {
        let mut splits = vec![words.take("a split")?];
        while words.eat("and") {
            splits.push(words.take("a split")?);
        }
        return Ok(Recovering::By(splits));
    }
    if words.peek() != Some("transfer") {
        let mut parts = vec![(words.take("a transfer")?, words.amount()?)];
        while words.eat("and") {
            parts.push((words.take("a transfer")?, words.amount()?));
        }
        return Ok(Recovering::Exactly(parts));
    }
    words.expect(&["transfer"])?;
    let with_fee = words.eat("and");
    if with_fee {
        words.expect(&["fee"])?;
    }
    Ok(Recovering::Transfer(with_fee))
}

pub(super) fn answered(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    Ok(Phrase::Disputed(name, Disputed::Answered(told(words, "fee")?)))
}

pub(super) fn won(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    Ok(Phrase::Disputed(name, Disputed::Won(told(words, "returning")?)))
}

pub(super) fn escalated(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let (mut amount, mut due, mut fee) = (None, None, None);
    while words.eat(",") {
        match words.one_of(&[("due", 0), ("fee", 1), ("amount", 2)])? {
            0 => due = Some(words.time()?),
            1 => fee = Some(words.amount()?),
            _amount => amount = Some(words.amount()?),
        }
    }
    Ok(Phrase::Disputed(name, Disputed::Escalated { amount, due, fee }))
}

/// `, WORD AMOUNT`, where it is said.
fn told(words: &mut Words, word: &str) -> Result<Option<Amount>, Complaint> {
    if !words.eat(",") {
        return Ok(None);
    }
    words.expect(&[word])?;
    words.amount().map(Some)
}
