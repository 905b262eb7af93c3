//! Phrases that move money: charges, splits, transfers, refunds and payouts.

use counterfoil_domain::charge::ChargeType;
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::refund::Reason;

use super::account::described;
use super::opening::processing_fee;
use super::{Moving, Part, Phrase, Returning, Sale, SharePart, Sharing, Topping};
use crate::scenario::words::{Complaint, Words};

pub(super) fn sale(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let amount = words.money()?;
    let currency = amount.1;
    words.expect(&["on"])?;
    let mut sale = Sale {
        name,
        amount,
        rail: words.take("a rail")?,
        seller: None,
        charge_type: ChargeType::Separate,
        fee: None,
        share: None,
        processing_fee: None,
        group: None,
        described: None,
    };
    if words.eat("for") {
        sale.seller = Some(words.take("a seller")?);
    }
    while words.eat(",") {
        match words.one_of(&[("fee", 0), ("share", 1), ("processing", 2), ("group", 3), ("described", 4)])? {
            0 => sale.fee = Some(words.amount()?.minor(currency)?),
            1 => sale.share = Some(words.amount()?.minor(currency)?),
            2 => sale.processing_fee = Some(processing_fee(words, currency)?),
            3 => sale.group = Some(group(words)?),
            _described => sale.described = Some(described(words)?),
        }
    }
    if words.eat("(") {
        sale.charge_type = words.one_of(&[
            ("direct", ChargeType::Direct),
            ("destination", ChargeType::Destination),
            ("separate", ChargeType::Separate),
        ])?;
        words.expect(&[")"])?;
    }
    let wrong = |what: &str| Err(Complaint::new(words.line(), what));
    match (sale.charge_type, &sale.seller) {
        (ChargeType::Separate, Some(_)) => wrong("a charge for a seller says (direct) or (destination)"),
        (ChargeType::Direct | ChargeType::Destination, None) => wrong("such a charge is for a seller"),
        _ => Ok(Phrase::Charge(Box::new(sale))),
    }
}

/// `group cart-7`, or a group of so many letters.
fn group(words: &mut Words) -> Result<String, Complaint> {
    if words.eat("of") {
        let letters = words.number()?;
        words.expect(&["letters"])?;
        return Ok("g".repeat(letters));
    }
    words.take("a group")
}

pub(super) fn sharing(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let (charges, parts) = (Vec::new(), Vec::new());
    let mut sharing = Sharing { name, charges, parts, rule: None, group: None, described: None };
    if !words.eat("nothing") {
        loop {
            let charge = words.take("a charge")?;
            let times = if words.eat("times") { words.number()? } else { 1 };
            sharing.charges.extend(std::iter::repeat_n(charge, times));
            if !words.eat("and") {
                break;
            }
        }
    }
    if words.eat("by") {
        let rule = words.take("a rule")?;
        sharing.rule = Some((rule, if words.eat("version") { Some(words.number()?) } else { None }));
    }
    let more = if sharing.rule.is_some() { "," } else { ":" };
    if !words.eat(more) {
        return Ok(Phrase::Share(sharing));
    }
    loop {
        if words.eat("group") {
            sharing.group = Some(group(words)?);
        } else if words.eat("described") {
            sharing.described = Some(described(words)?);
        } else {
            sharing.parts.push(share_part(words)?);
        }
        if !words.eat(",") {
            return Ok(Phrase::Share(sharing));
        }
    }
}

fn share_part(words: &mut Words) -> Result<SharePart, Complaint> {
    let account = words.take("a seller")?;
    let gross = part(words)?;
    let commission = if words.eat("less") { Some(part(words)?) } else { None };
    Ok(SharePart { account, gross, commission })
}

pub(super) fn part(words: &mut Words) -> Result<Part, Complaint> {
    if words.eat("rest") {
        return Ok(Part::Rest);
    }
    if words.percent_follows() {
        return words.percent().map(Part::Percent);
    }
    words.amount().map(Part::Amount)
}

pub(super) fn moving(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let amount = words.money()?;
    let source = if words.eat("from") { Some(words.take("a charge")?) } else { None };
    words.expect(&["to"])?;
    let destination = words.take("a seller")?;
    let mut moving = Moving { name, amount, source, destination, group: None, described: None };
    while words.eat(",") {
        if words.one_of(&[("group", true), ("described", false)])? {
            moving.group = Some(group(words)?);
        } else {
            moving.described = Some(described(words)?);
        }
    }
    Ok(Phrase::Move(moving))
}

pub(super) fn topping(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["up"])?;
    let account = words.take("an account")?;
    let mut topping = Topping { name, account, amount: words.money()?, group: None, described: None };
    while words.eat(",") {
        if words.one_of(&[("group", true), ("described", false)])? {
            topping.group = Some(group(words)?);
        } else {
            topping.described = Some(described(words)?);
        }
    }
    Ok(Phrase::Topup(topping))
}

pub(super) fn returning(charge: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let amount = if words.peek().is_some_and(|word| word != ",") { Some(words.amount()?) } else { None };
    let mut returning =
        Returning { charge, amount, reversing_transfer: false, reversing_fee: false, reason: None };
    while words.eat(",") {
        if words.one_of(&[("reversing", true), ("as", false)])? {
            loop {
                let transfer = words.one_of(&[("transfer", true), ("fee", false)])?;
                returning.reversing_transfer |= transfer;
                returning.reversing_fee |= !transfer;
                if !words.eat("and") {
                    break;
                }
            }
        } else {
            returning.reason = Some(words.one_of(&[
                ("duplicate", Reason::Duplicate),
                ("fraudulent", Reason::Fraudulent),
                ("requested_by_customer", Reason::RequestedByCustomer),
            ])?);
        }
    }
    Ok(Phrase::Refund(returning))
}

pub(super) fn pays(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let account = words.take("an account")?;
    if words.eat("in") {
        return Ok(Phrase::Pay(name, account, words.currency()?, None));
    }
    let (minor, currency) = words.money()?;
    Ok(Phrase::Pay(name, account, currency, Some(minor)))
}

pub(super) fn fails(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["as"])?;
    let codes: Vec<(&str, FailureCode)> = FailureCode::ALL.iter().map(|code| (code.name(), *code)).collect();
    Ok(Phrase::Fail(name, words.one_of(&codes)?))
}
