//! Phrases of split rules.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Rate};

use super::account::described;
use super::movement::part;
use super::{Part, Phrase};
use crate::scenario::words::{Amount, Complaint, Words};

/// A split rule that is set.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// What it is called; one that is known gets its next version.
    pub name: String,
    /// So many times in a row.
    pub times: u32,
    /// Its currency, where not the platform's.
    pub currency: Option<Currency>,
    /// Its parts.
    pub parts: Vec<RulingPart>,
    /// Who gets the odd cents.
    pub rounding: Rounds,
    /// A description of so many letters.
    pub described: Option<usize>,
}

/// One part of a rule.
#[derive(Clone, Debug)]
pub struct RulingPart {
    /// The seller.
    pub account: String,
    /// What it asks.
    pub share: Asks,
    /// It gets at least so much.
    pub least: Option<Amount>,
    /// It gets at most so much.
    pub most: Option<Amount>,
    /// What the platform keeps.
    pub commission: Option<Part>,
    /// Until when it waits.
    pub until: Option<Timestamp>,
    /// What it waits for.
    pub facts: Vec<String>,
    /// What it bears of its refunds.
    pub bearing: Option<Rate>,
    /// Whether its seller owes nothing that it does not have.
    pub owing_nothing: bool,
}

/// What a part asks.
#[derive(Clone, Debug)]
pub enum Asks {
    /// An amount, a percentage or the rest.
    Part(Part),
    /// A weight.
    Weight(u32),
    /// Tiers, each with its rate, what is added, and where it ends; whether the whole total is
    /// of one of them.
    Tiers(bool, Vec<RulingTier>),
}

/// A tier: its rate, what is added, and where it ends.
pub(crate) type RulingTier = (Rate, Option<Amount>, Option<Amount>);

/// Who gets the odd cents: one by name absorbs them, or the rest.
#[derive(Clone, Debug, Default)]
pub enum Rounds {
    /// By largest remainder.
    #[default]
    LargestRemainder,
    /// In the order of the parts.
    Ordered,
    /// Cut down.
    Down(String),
    /// Half-even.
    HalfEven(String),
}

/// `is set [3 times] [in EUR]: bakery 60 % least 5.00, grocer rest, rounding half-even into rest`
pub(super) fn ruling(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let mut times = 1;
    if words.peek().is_some_and(|word| word.starts_with(|first: char| first.is_ascii_digit())) {
        times = words.number()?;
        words.expect(&["times"])?;
    }
    let currency = if words.eat("in") { Some(words.currency()?) } else { None };
    let (parts, rounding) = (Vec::new(), Rounds::default());
    let mut ruling = Ruling { name, times, currency, parts, rounding, described: None };
    if !words.eat(":") {
        return Ok(Phrase::Rule(ruling));
    }
    loop {
        if words.eat("rounding") {
            ruling.rounding = rounding_of(words)?;
        } else if words.eat("described") {
            ruling.described = Some(described(words)?);
        } else {
            ruling.parts.push(ruling_part(words)?);
        }
        if !words.eat(",") {
            return Ok(Phrase::Rule(ruling));
        }
    }
}

fn rounding_of(words: &mut Words) -> Result<Rounds, Complaint> {
    let kind = words.one_of(&[("largest-remainder", 0), ("ordered", 1), ("down", 2), ("half-even", 3)])?;
    if kind < 2 {
        return Ok(if kind == 0 { Rounds::LargestRemainder } else { Rounds::Ordered });
    }
    words.expect(&["into"])?;
    let into = words.take("a seller or \"rest\"")?;
    Ok(if kind == 2 { Rounds::Down(into) } else { Rounds::HalfEven(into) })
}

fn ruling_part(words: &mut Words) -> Result<RulingPart, Complaint> {
    let account = words.take("a seller")?;
    let share = if words.eat("weight") {
        Asks::Weight(words.number()?)
    } else if words.eat("tiers") {
        Asks::Tiers(false, tiers(words)?)
    } else if words.eat("whole") {
        words.expect(&["tiers"])?;
        Asks::Tiers(true, tiers(words)?)
    } else {
        Asks::Part(part(words)?)
    };
    let (least, most, commission, until, facts, bearing) = (None, None, None, None, Vec::new(), None);
    let owing_nothing = false;
    let mut told =
        RulingPart { account, share, least, most, commission, until, facts, bearing, owing_nothing };
    while words.peek().is_some_and(|word| word != ",") {
        let terms = [
            ("least", 0),
            ("most", 1),
            ("less", 2),
            ("until", 3),
            ("after", 4),
            ("and", 4),
            ("bearing", 5),
            ("owing", 6),
        ];
        match words.one_of(&terms)? {
            0 => told.least = Some(words.amount()?),
            1 => told.most = Some(words.amount()?),
            2 => told.commission = Some(part(words)?),
            3 => told.until = Some(words.time()?),
            4 => facts_of(words, &mut told.facts)?,
            5 => told.bearing = Some(words.percent()?),
            _owing => {
                words.expect(&["nothing"])?;
                told.owing_nothing = true;
            }
        }
    }
    Ok(told)
}

/// A fact, or so many of them.
fn facts_of(words: &mut Words, facts: &mut Vec<String>) -> Result<(), Complaint> {
    let fact = words.take("a fact")?;
    match fact.parse::<usize>() {
        Ok(count) => {
            words.expect(&["facts"])?;
            facts.extend((1..=count).map(|number| format!("fact_{number}")));
        }
        Err(_) => facts.push(fact),
    }
    Ok(())
}

/// `10 % + 0.30 to 50.00 then 5 %`
fn tiers(words: &mut Words) -> Result<Vec<RulingTier>, Complaint> {
    let mut tiers = Vec::new();
    loop {
        let rate = words.percent()?;
        let added = if words.eat("+") { Some(words.amount()?) } else { None };
        let end = if words.eat("to") { Some(words.amount()?) } else { None };
        tiers.push((rate, added, end));
        if !words.eat("then") {
            return Ok(tiers);
        }
    }
}
