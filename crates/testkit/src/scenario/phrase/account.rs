//! Phrases about accounts: what they must provide, when and where they are paid.

use counterfoil_domain::account::{AccountType, Controller, Dashboard, FeesPayer, Gates, RequirementName};
use counterfoil_domain::calendar::Weekday;
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::{MonthDays, PayoutSchedule, ScheduleError, Weekdays};
use counterfoil_domain::settings::{LossBearer, RequirementCollector};

use super::opening::{delay, processing_fee};
use super::{Phrase, Term};
use crate::scenario::words::{Complaint, Words};

type ReadTerm = fn(&mut Words) -> Result<Term, Complaint>;

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

pub(super) fn requirement(words: &mut Words) -> Result<RequirementName, Complaint> {
    words.one_of(&RequirementName::ALL.map(|name| (name.name(), name)))
}

pub(super) fn resolve(owner: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let name = requirement(words)?;
    words.expect(&["is"])?;
    Ok(Phrase::Resolve(owner, name, words.one_of(&[("verified", true), ("rejected", false)])?))
}

/// The terms of an account of this currency that is made.
pub(super) fn onboarding(currency: Currency, words: &mut Words) -> Result<Vec<Term>, Complaint> {
    let mut terms = Vec::new();
    loop {
        if words.eat("processing") {
            words.expect(&["fee"])?;
            let (rate, fixed) = processing_fee(words, currency)?;
            terms.push(Term::Processing(rate, fixed));
        } else {
            terms.push(term(words)?);
        }
        if !words.eat(",") {
            return Ok(terms);
        }
    }
}

pub(super) fn terms(words: &mut Words) -> Result<Vec<Term>, Complaint> {
    let mut terms = Vec::new();
    loop {
        terms.push(term(words)?);
        if !words.eat(",") {
            return Ok(terms);
        }
    }
}

fn term(words: &mut Words) -> Result<Term, Complaint> {
    let readers: [(&str, ReadTerm); 9] = [
        ("schedule", |words| Ok(Term::Schedule(schedule(words)?))),
        ("delay", |words| Ok(Term::Delay(delay(words)?))),
        ("minimum", |words| words.money().map(|(minor, currency)| Term::Minimum(minor, currency))),
        ("needing", needing),
        ("bank", |words| {
            words.expect(&["account"])?;
            last4(words).map(Term::Bank)
        }),
        ("known", |words| {
            words.expect(&["as"])?;
            Ok(Term::Known(words.take("a name")?))
        }),
        ("described", |words| described(words).map(Term::Described)),
        ("type", |words| {
            let types = AccountType::ALL.map(|kind| (kind.name(), kind));
            Ok(Term::Controller(words.one_of(&types)?.controller()))
        }),
        ("fees", |words| controller(words).map(Term::Controller)),
    ];
    words.one_of(&readers)?(words)
}

/// `fees application losses platform requirements operator dashboard full`.
fn controller(words: &mut Words) -> Result<Controller, Complaint> {
    let payers = [
        FeesPayer::Account,
        FeesPayer::Application,
        FeesPayer::ApplicationCustom,
        FeesPayer::ApplicationExpress,
    ];
    let fees = words.one_of(&payers.map(|payer| (payer.name(), payer)))?;
    words.expect(&["losses"])?;
    let losses = words.one_of(&[("platform", LossBearer::Platform), ("operator", LossBearer::Operator)])?;
    words.expect(&["requirements"])?;
    let collectors =
        [("platform", RequirementCollector::Platform), ("operator", RequirementCollector::Operator)];
    let requirements = words.one_of(&collectors)?;
    words.expect(&["dashboard"])?;
    let dashboards = [Dashboard::Full, Dashboard::Express, Dashboard::None];
    let dashboard = words.one_of(&dashboards.map(|kind| (kind.name(), kind)))?;
    Ok(Controller { fees, losses, requirements, dashboard })
}

fn needing(words: &mut Words) -> Result<Term, Complaint> {
    let name = requirement(words)?;
    words.expect(&["for"])?;
    let mut gates = Gates { charges: false, payouts: false };
    loop {
        let charges = words.one_of(&[("charges", true), ("payouts", false)])?;
        gates.charges |= charges;
        gates.payouts |= !charges;
        if !words.eat("and") {
            break;
        }
    }
    let deadline = if words.eat("by") { Some(words.time()?) } else { None };
    Ok(Term::Needing(name, gates, deadline))
}

pub(super) fn described(words: &mut Words) -> Result<usize, Complaint> {
    words.expect(&["in"])?;
    let letters = words.number()?;
    words.expect(&["letters"])?;
    Ok(letters)
}

fn schedule(words: &mut Words) -> Result<PayoutSchedule, Complaint> {
    let line = words.line();
    let wrong = |error: ScheduleError| Complaint::new(line, error.to_string());
    match words.one_of(&[("manual", 0), ("daily", 1), ("weekly", 2), ("monthly", 3)])? {
        0 => Ok(PayoutSchedule::Manual),
        1 => Ok(PayoutSchedule::Daily),
        2 => {
            words.expect(&["on"])?;
            let mut days = vec![words.one_of(&WEEKDAYS)?];
            while words.eat("and") {
                days.push(words.one_of(&WEEKDAYS)?);
            }
            Weekdays::new(&days).map(PayoutSchedule::Weekly).map_err(wrong)
        }
        _monthly => {
            words.expect(&["on"])?;
            let mut days = vec![words.number()?];
            while words.eat("and") {
                days.push(words.number()?);
            }
            MonthDays::new(&days).map(PayoutSchedule::Monthly).map_err(wrong)
        }
    }
}

fn last4(words: &mut Words) -> Result<[u8; 4], Complaint> {
    let text = words.take("four digits")?;
    let digits = <[u8; 4]>::try_from(text.as_bytes());
    digits.map_err(|_| Complaint::new(words.line(), format!("\"{text}\" is not the last four of a number")))
}

pub(super) fn bank(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["bank", "account"])?;
    let last4 = last4(words)?;
    words.expect(&["in"])?;
    Ok(Phrase::Bank(name, last4, words.currency()?))
}
