//! Opening a ledger: where it is, and what is not as usual.

use counterfoil_domain::account::Country;
use counterfoil_domain::money::{Currency, Minor, Rate};
use counterfoil_domain::payout::{DayKind, Delay};
use counterfoil_domain::refund::OnShortfall;
use counterfoil_domain::settings::{FeePayer, LossBearer};

use super::Opening;
use crate::scenario::words::{Complaint, Words};

pub(super) fn place(words: &mut Words) -> Result<(Country, Currency), Complaint> {
    let line = words.line();
    let country = words.take("a country")?;
    let country =
        Country::new(&country).map_err(|error| Complaint::new(line, format!("\"{country}\": {error}")))?;
    words.expect(&[","])?;
    Ok((country, words.currency()?))
}

pub(super) fn opening(words: &mut Words) -> Result<Opening, Complaint> {
    let (country, currency) = place(words)?;
    let mut opening = Opening {
        country,
        currency,
        processing_fee: (Rate::ZERO, 0),
        delay: Delay { days: 2, kind: DayKind::Business },
        minimum_charge: 0,
        overdraft_limit: 0,
        on_shortfall: OnShortfall::Refuse,
        fee_payer: FeePayer::Account,
        loss_bearer: LossBearer::Platform,
    };
    while words.eat(",") {
        let option = words.one_of(&[
            ("processing", 0),
            ("delay", 1),
            ("minimum", 2),
            ("overdraft", 3),
            ("fee", 4),
            ("loss", 5),
            ("refunds", 6),
        ])?;
        match option {
            0 => {
                words.expect(&["fee"])?;
                opening.processing_fee = processing_fee(words, currency)?;
            }
            1 => opening.delay = delay(words)?,
            2 => {
                words.expect(&["charge"])?;
                opening.minimum_charge = words.amount()?.minor(currency)?;
            }
            3 => {
                words.expect(&["limit"])?;
                opening.overdraft_limit = words.amount()?.minor(currency)?;
            }
            4 => {
                words.expect(&["payer"])?;
                opening.fee_payer =
                    words.one_of(&[("platform", FeePayer::Platform), ("seller", FeePayer::Account)])?;
            }
            6 => {
                opening.on_shortfall =
                    words.one_of(&[("wait", OnShortfall::Wait), ("refuse", OnShortfall::Refuse)])?;
            }
            _bearer => {
                words.expect(&["bearer"])?;
                opening.loss_bearer = words
                    .one_of(&[("platform", LossBearer::Platform), ("operator", LossBearer::Operator)])?;
            }
        }
    }
    Ok(opening)
}

/// `2.9 % + 0.30`, or one of the two alone.
pub(super) fn processing_fee(words: &mut Words, currency: Currency) -> Result<(Rate, Minor), Complaint> {
    if !words.percent_follows() {
        return Ok((Rate::ZERO, words.amount()?.minor(currency)?));
    }
    let rate = words.percent()?;
    let fixed = if words.eat("+") { words.amount()?.minor(currency)? } else { 0 };
    Ok((rate, fixed))
}

pub(super) fn delay(words: &mut Words) -> Result<Delay, Complaint> {
    let days = words.number()?;
    let kind = words.one_of(&[("business", DayKind::Business), ("calendar", DayKind::Calendar)])?;
    words.one_of(&[("days", ()), ("day", ())])?;
    Ok(Delay { days, kind })
}
