//! Phrases that move money: charges, splits, transfers, refunds and payouts.

use counterfoil_domain::charge::{ChargeType, DeclineCode, FraudType};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::refund::{OnShortfall, Reason, RefundFailure};

use super::account::described;
use super::opening::processing_fee;
use super::{Capturing, Failure, Moving, Part, Phrase, Returning, Sale, SharePart, Sharing, Topping};
use crate::scenario::words::{Complaint, Words};

pub(super) fn charging(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let sale = sale(name, words)?;
    if sale.until.is_some() {
        return Err(Complaint::new(words.line(), "only a charge that is authorised ends at a time"));
    }
    if sale.card.is_some() {
        return Err(Complaint::new(words.line(), "only a charge that is asked names a card"));
    }
    Ok(Phrase::Charge(Box::new(sale)))
}

pub(super) fn authorising(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    Ok(Phrase::Authorise(Box::new(sale(name, words)?)))
}

pub(super) fn beginning(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    if let Phrase::Charge(sale) = charging(name, words)? {
        return Ok(Phrase::Begin(sale));
    }
    Err(Complaint::new(words.line(), "no charge is begun so"))
}

pub(super) fn asking(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let sale = sale(name, words)?;
    if sale.until.is_some() {
        return Err(Complaint::new(words.line(), "only a charge that is authorised ends at a time"));
    }
    Ok(Phrase::Ask(Box::new(sale)))
}

pub(super) fn taken(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    if !words.eat(",") {
        return Ok(Phrase::Taken(name, None));
    }
    words.expect(&["available"])?;
    Ok(Phrase::Taken(name, Some(words.time()?.day())))
}

pub(super) fn declined(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["as"])?;
    let codes: Vec<(&str, DeclineCode)> = DeclineCode::ALL.iter().map(|code| (code.name(), *code)).collect();
    Ok(Phrase::Decline(name, words.one_of(&codes)?))
}

pub(super) fn suspected(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["as"])?;
    let types: Vec<(&str, FraudType)> = FraudType::ALL.iter().map(|one| (one.name(), *one)).collect();
    let fraud_type = words.one_of(&types)?;
    words.expect(&[",", "known", "as"])?;
    Ok(Phrase::Suspect(name, fraud_type, words.take("a reference")?))
}

pub(super) fn capturing(charge: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let amount = if words.peek().is_some_and(|word| word != ",") { Some(words.amount()?) } else { None };
    let mut capturing = Capturing { charge, amount, fee: None, keeping_rest: false };
    while words.eat(",") {
        if words.one_of(&[("fee", true), ("keeping", false)])? {
            capturing.fee = Some(words.amount()?);
        } else {
            words.expect(&["rest"])?;
            capturing.keeping_rest = true;
        }
    }
    Ok(Phrase::Capture(capturing))
}

fn sale(name: String, words: &mut Words) -> Result<Sale, Complaint> {
    let amount = words.money()?;
    let currency = amount.1;
    words.expect(&["on"])?;
    let mut sale = Sale {
        name,
        amount,
        rail: words.take("a rail")?,
        seller: None,
        merchant: None,
        charge_type: ChargeType::Separate,
        fee: None,
        share: None,
        processing_fee: None,
        group: None,
        until: None,
        card: None,
        described: None,
    };
    if words.eat("for") {
        sale.seller = Some(words.take("a seller")?);
    }
    while words.eat(",") {
        let options = [
            ("fee", 0),
            ("share", 1),
            ("processing", 2),
            ("group", 3),
            ("until", 4),
            ("described", 5),
            ("on", 6),
            ("card", 7),
        ];
        match words.one_of(&options)? {
            0 => sale.fee = Some(words.amount()?.minor(currency)?),
            1 => sale.share = Some(words.amount()?.minor(currency)?),
            2 => sale.processing_fee = Some(processing_fee(words, currency)?),
            3 => sale.group = Some(group(words)?),
            4 => sale.until = Some(words.time()?),
            5 => sale.described = Some(described(words)?),
            6 => {
                words.expect(&["behalf", "of"])?;
                sale.merchant = Some(words.take("an account")?);
            }
            _card => sale.card = Some(words.take("a card")?),
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
        _ => Ok(sale),
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
    let may_wait = false;
    let mut moving = Moving { name, amount, source, destination, may_wait, group: None, described: None };
    while words.eat(",") {
        if words.one_of(&[("group", true), ("described", false)])? {
            moving.group = Some(group(words)?);
        } else {
            moving.described = Some(described(words)?);
        }
    }
    Ok(Phrase::Move(moving))
}

/// A transfer that may wait.
pub(super) fn queueing(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let Phrase::Move(moving) = moving(name, words)? else {
        return Err(Complaint::new(words.line(), "this phrase moves nothing"));
    };
    Ok(Phrase::Move(Moving { may_wait: true, ..moving }))
}

pub(super) fn topping(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["up"])?;
    to_or_from(name, words).map(Phrase::Topup)
}

pub(super) fn debiting(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    to_or_from(name, words).map(Phrase::Debit)
}

pub(super) fn releasing(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    to_or_from(name, words).map(Phrase::Release)
}

fn to_or_from(name: String, words: &mut Words) -> Result<Topping, Complaint> {
    let (account, amount) = (words.take("an account")?, words.money()?);
    let mut topping =
        Topping { name, account, amount, prefunding: false, fee: None, group: None, described: None };
    while words.eat(",") {
        match words.one_of(&[("group", 0), ("described", 1), ("fee", 2), ("into", 3)])? {
            0 => topping.group = Some(group(words)?),
            1 => topping.described = Some(described(words)?),
            3 => {
                words.expect(&["prefunding"])?;
                topping.prefunding = true;
            }
            _fee => topping.fee = Some(processing_fee(words, amount.1)?),
        }
    }
    Ok(topping)
}

pub(super) fn returning(charge: String, words: &mut Words) -> Result<Phrase, Complaint> {
    let amount = if words.peek().is_some_and(|word| word != ",") { Some(words.amount()?) } else { None };
    let mut returning = Returning {
        charge,
        amount,
        reversing_transfer: false,
        reversing: Vec::new(),
        liable: Vec::new(),
        reversing_fee: false,
        reason: None,
        on_shortfall: None,
    };
    while words.eat(",") {
        match words.one_of(&[("reversing", 0), ("as", 1), ("waiting", 2), ("refusing", 3), ("by", 4)])? {
            0 => reversing(words, &mut returning)?,
            4 => liable(words, &mut returning.liable)?,
            2 => returning.on_shortfall = Some(OnShortfall::Wait),
            3 => returning.on_shortfall = Some(OnShortfall::Refuse),
            _as => {
                returning.reason = Some(words.one_of(&[
                    ("duplicate", Reason::Duplicate),
                    ("fraudulent", Reason::Fraudulent),
                    ("requested_by_customer", Reason::RequestedByCustomer),
                ])?)
            }
        }
    }
    Ok(Phrase::Refund(returning))
}

/// `liability of split-1 and split-2`
fn liable(words: &mut Words, splits: &mut Vec<String>) -> Result<(), Complaint> {
    words.expect(&["liability"])?;
    words.expect(&["of"])?;
    loop {
        splits.push(words.take("a split")?);
        if !words.eat("and") {
            return Ok(());
        }
    }
}

/// `transfer and fee`, or `10.00 of split-1.1 and 20.00 of split-1.2`.
fn reversing(words: &mut Words, returning: &mut Returning) -> Result<(), Complaint> {
    loop {
        if words.eat("transfer") {
            returning.reversing_transfer = true;
        } else if words.eat("fee") {
            returning.reversing_fee = true;
        } else {
            let amount = words.amount()?;
            words.expect(&["of"])?;
            returning.reversing.push((amount, words.take("a transfer")?));
        }
        if !words.eat("and") {
            return Ok(());
        }
    }
}

/// `is processing` or `is awaiting action`.
pub(super) fn awaiting(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["action"])?;
    Ok(Phrase::Pend(name, true))
}

pub(super) fn returns(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    words.expect(&["fee"])?;
    let amount = if words.peek().is_some() { Some(words.amount()?) } else { None };
    Ok(Phrase::ReturnFee(name, amount))
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
    Ok(Phrase::Fail(name, reason(words)?))
}

pub(super) fn returned(name: String, words: &mut Words) -> Result<Phrase, Complaint> {
    Ok(Phrase::Return(name, reason(words)?))
}

fn reason(words: &mut Words) -> Result<Failure, Complaint> {
    words.expect(&["as"])?;
    let names = FailureCode::ALL.iter().map(|code| code.name());
    let names = names.chain(RefundFailure::ALL.iter().map(|failure| failure.name()));
    let failures: Vec<(&str, Failure)> = names
        .map(|name| {
            (name, Failure { bank: FailureCode::from_name(name), refund: RefundFailure::from_name(name) })
        })
        .collect();
    words.one_of(&failures)
}
