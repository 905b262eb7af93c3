//! Reading a phrase: its first words say which it is.

use super::account::{bank, onboarding, requirement, resolve, terms};
use super::dispute::{answered, disputing, escalated, inquiring, won};
use super::movement::{
    asking, authorising, awaiting, beginning, capturing, charging, debiting, declined, fails, moving, pays,
    queueing, releasing, returned, returning, returns, sharing, suspected, taken, topping,
};
use super::opening::{opening, place};
use super::reserve::{holding, planning};
use super::rule::ruling;
use super::{Disputed, Missing, Phrase, Reserving};
use crate::scenario::words::{Complaint, Words};

impl Phrase {
    /// Reads a phrase.
    ///
    /// # Errors
    /// The first word that is not understood.
    pub fn read(words: &mut Words) -> Result<Self, Complaint> {
        let first = words.take("a phrase")?;
        let phrase = match first.as_str() {
            "platform" if words.peek() == Some("in") || words.peek() == Some("opens") => {
                words.eat("opens");
                words.expect(&["in"])?;
                Self::Platform(opening(words)?)
            }
            "it" => {
                words.expect(&["is"])?;
                Self::It(words.time()?)
            }
            "time" => {
                words.expect(&["passes", "to"])?;
                Self::Pass(words.time()?)
            }
            "there" => {
                words.expect(&["is", "no"])?;
                let kind = words.one_of(&[
                    ("account", Missing::Account),
                    ("charge", Missing::Charge),
                    ("transfer", Missing::Transfer),
                    ("payout", Missing::Payout),
                    ("topup", Missing::Topup),
                    ("bank_debit", Missing::BankDebit),
                    ("rule", Missing::Rule),
                    ("split", Missing::Split),
                    ("refund", Missing::Refund),
                    ("plan", Missing::Plan),
                    ("hold", Missing::Hold),
                    ("dispute", Missing::Dispute),
                ])?;
                Self::Missing(kind, words.take("a name")?)
            }
            "bookmark" => {
                let name = words.take("a name")?;
                words.expect(&["reaches"])?;
                let cursor = words.number()?;
                words.expect(&["of"])?;
                Self::Bookmark(name, cursor, words.take("a source")?)
            }
            "transfers" => {
                words.expect(&["number"])?;
                let count = words.number()?;
                words.expect(&["from"])?;
                let charge = words.take("a charge")?;
                words.expect(&["to"])?;
                Self::Transfers(count, charge, words.take("a seller")?)
            }
            "rails" => {
                words.expect(&["number"])?;
                Self::Rails(words.number()?)
            }
            _name => match first.strip_suffix("'s") {
                Some(owner) => resolve(owner.to_owned(), words)?,
                None => named(first, words)?,
            },
        };
        words.end()?;
        Ok(phrase)
    }
}

type Verb = fn(String, &mut Words) -> Result<Phrase, Complaint>;

fn named(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let verbs: [(&str, Verb); 24] = [
        ("is", is),
        ("has", |name, words| Ok(Phrase::Terms(name, terms(words)?))),
        ("provides", |name, words| Ok(Phrase::Provide(name, requirement(words)?))),
        ("gets", bank),
        ("charges", charging),
        ("asks", asking),
        ("authorises", authorising),
        ("begins", beginning),
        ("shares", sharing),
        ("moves", moving),
        ("queues", queueing),
        ("meets", |name, words| Ok(Phrase::Meet(name, words.take("a fact")?))),
        ("pays", pays),
        ("fails", fails),
        ("returns", returns),
        ("tops", topping),
        ("debits", debiting),
        ("reserves", planning),
        ("holds", holding),
        ("disputes", disputing),
        ("inquires", inquiring),
        ("releases", releasing),
        ("succeeds", |name, _| Ok(Phrase::Succeed(name))),
        ("settles", |name, words| {
            let (minor, currency) = words.money()?;
            Ok(Phrase::Settle(name, minor, currency))
        }),
    ];
    words.one_of(&verbs)?(name, words)
}

fn is(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let states: [(&str, Verb); 23] = [
        ("onboarded", |name, words| {
            words.expect(&["in"])?;
            let (country, currency) = place(words)?;
            let terms = if words.eat(",") { onboarding(currency, words)? } else { Vec::new() };
            Ok(Phrase::Onboard(name, country, currency, terms))
        }),
        ("captured", capturing),
        ("taken", taken),
        ("declined", declined),
        ("suspected", suspected),
        ("refunded", returning),
        ("returned", returned),
        ("set", ruling),
        ("reversed", |name, words| {
            let amount = if words.eat("by") { Some(words.amount()?) } else { None };
            let with_fee = words.eat(",");
            if with_fee {
                words.expect(&["with", "fee"])?;
            }
            Ok(Phrase::Reverse(name, amount, with_fee))
        }),
        ("paid", |name, _| Ok(Phrase::Paid(name))),
        ("canceled", |name, _| Ok(Phrase::Cancel(name))),
        ("processing", |name, _| Ok(Phrase::Pend(name, false))),
        ("awaiting", awaiting),
        ("released", |name, words| {
            let amount = if words.peek().is_some() { Some(words.amount()?) } else { None };
            Ok(Phrase::Reserve(Reserving::Release(name, amount)))
        }),
        ("disabled", |name, _| Ok(Phrase::Reserve(Reserving::Disable(name)))),
        ("answered", answered),
        ("escalated", escalated),
        ("closed", |name, _| Ok(Phrase::Disputed(name, Disputed::Closed(false)))),
        ("prevented", |name, _| Ok(Phrase::Disputed(name, Disputed::Closed(true)))),
        ("accepted", |name, _| Ok(Phrase::Disputed(name, Disputed::Accepted))),
        ("won", won),
        ("lost", |name, _| Ok(Phrase::Disputed(name, Disputed::Lost))),
        ("succeeded", |name, words| {
            words.expect(&["by"])?;
            Ok(Phrase::Succeeded(name, words.take("an account")?))
        }),
    ];
    words.one_of(&states)?(name, words)
}
