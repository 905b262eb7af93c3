//! What the market does with charges that are asked, authorised or begun.

use counterfoil_domain::charge::{
    AskCharge, Authorise, BeginCharge, CancelCharge, CaptureCharge, ChargeStanding, DeclineCode,
    MarkChargeCaptured, MarkChargeDeclined, MarkChargeFailed, MarkChargeSucceeded,
};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::{ChargeId, Command};
use counterfoil_testkit::Records;

use crate::market::{Step, charge, nth};

/// What is done with a charge that is asked, authorised or begun.
pub(crate) fn awaiting(records: &Records, step: &Step) -> Option<Command> {
    Some(match *step {
        Step::Await { way, seller, amount, fee, how } => {
            let charge = Box::new(charge((way, seller, fee), Money::new(Currency::USD, amount), 0));
            if how == 1 {
                AskCharge { charge, card: "tok_visa".into() }.into()
            } else if how == 2 {
                BeginCharge { charge }.into()
            } else {
                Authorise { charge, capture_before: None }.into()
            }
        }
        Step::Capture { charge, amount, fee, last } => {
            let open = |standing| matches!(standing, ChargeStanding::Authorised(_));
            let id = standing_so(records, charge, open)?;
            let charge = records.get(id)?;
            let left = charge.more.as_ref()?.authorised - charge.amount;
            let amount = amount.map(|amount| amount.min(left));
            let application_fee = fee.map(|fee| amount.unwrap_or(left) * Minor::from(fee) / 255);
            CaptureCharge { charge: id, amount, application_fee, final_capture: last }.into()
        }
        Step::Result { charge, which } => result(records, charge, which)?,
        _ => return None,
    })
}

/// What becomes of a charge that was asked, authorised or begun.
fn result(records: &Records, charge: usize, which: u8) -> Option<Command> {
    let code = FailureCode::InsufficientFunds;
    Some(match which {
        0 => {
            let open = |standing| matches!(standing, ChargeStanding::Authorised(_));
            CancelCharge { charge: standing_so(records, charge, open)? }.into()
        }
        1 | 2 => {
            let charge = standing_so(records, charge, |standing| standing == ChargeStanding::Processing)?;
            if which == 1 {
                MarkChargeSucceeded { charge }.into()
            } else {
                MarkChargeFailed { charge, code }.into()
            }
        }
        4..=6 => {
            let open = |standing| matches!(standing, ChargeStanding::Asked(_));
            let charge = standing_so(records, charge, open)?;
            if which == 6 {
                MarkChargeDeclined { charge, code: DeclineCode::LostCard }.into()
            } else {
                MarkChargeCaptured { charge, available_on: None }.into()
            }
        }
        // Late, where it can be; else it is refused.
        _ => {
            let charge = standing_so(records, charge, |standing| standing == ChargeStanding::Succeeded)?;
            MarkChargeFailed { charge, code }.into()
        }
    })
}

/// One of the charges with more than most have that stand so.
fn standing_so(records: &Records, index: usize, so: impl Fn(ChargeStanding) -> bool) -> Option<ChargeId> {
    let charges = records.each::<ChargeId>();
    let charges = charges.filter(|(_, charge)| charge.more.is_some() && so(charge.standing()));
    nth(charges.map(|(id, _)| id), index)
}
