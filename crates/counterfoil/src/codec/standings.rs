//! Samples of charges that did not simply succeed.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{
    CaptureTerms, ChargeMore, ChargeStanding, ChargeState, DeclineCode, DestinationShare, FraudType,
    FraudWarning, FraudWarningReference, ProcessingFee, TransferRun,
};
use counterfoil_domain::money::Rate;
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::{Step, TransferId};

use super::samples::{charge, instant};

/// Charges that did not simply succeed: one in each standing.
fn standings() -> Vec<ChargeState> {
    let terms = CaptureTerms {
        until: instant(),
        processing_fee: ProcessingFee { rate: Rate::from_basis_points(290).unwrap(), fixed: 30 },
        share: DestinationShare::LessApplicationFee(1_000),
    };
    let standings = [
        ChargeStanding::Authorised(terms),
        ChargeStanding::Processing,
        ChargeStanding::Succeeded,
        ChargeStanding::Canceled,
        ChargeStanding::Expired,
        ChargeStanding::Failed(FailureCode::InsufficientFunds),
        ChargeStanding::Asked(CaptureTerms { until: Timestamp::MAX, ..terms }),
        ChargeStanding::Declined(DeclineCode::LostCard),
    ];
    let more = |standing| ChargeMore {
        standing,
        authorised: 10_000,
        asynchronous: standing == ChargeStanding::Processing,
        transfer: Some(TransferId::new(999_998, 1)),
        transfers: vec![TransferRun { first: TransferId::new(999_999, 3), count: 2 }],
        disputed: 50,
        disputes: Vec::new(),
        fraud_warnings: Vec::new(),
        recovering: None,
        asked: matches!(standing, ChargeStanding::Asked(_) | ChargeStanding::Declined(_)),
        card: matches!(standing, ChargeStanding::Asked(_)).then(|| "tok_visa".into()),
        on_behalf_of: None,
        fee_at: None,
        earlier: Vec::new(),
        held: None,
    };
    standings.map(|standing| ChargeState { more: Some(Box::new(more(standing))), ..charge() }).into()
}

/// A charge of which a payer's bank warned.
fn warned() -> ChargeState {
    let reference = FraudWarningReference::new("issfr_1NQFVFLkdIwHu7ix").unwrap();
    let warning = FraudWarning { reference, fraud_type: FraudType::MadeWithStolenCard };
    let more = ChargeMore {
        standing: ChargeStanding::Succeeded,
        authorised: 10_000,
        asynchronous: false,
        transfer: Some(TransferId::new(999_998, 1)),
        transfers: Vec::new(),
        disputed: 0,
        disputes: Vec::new(),
        recovering: None,
        fraud_warnings: vec![warning],
        asked: true,
        card: None,
        on_behalf_of: None,
        fee_at: None,
        earlier: Vec::new(),
        held: None,
    };
    ChargeState { more: Some(Box::new(more)), ..charge() }
}

/// The charge of a step: one that stands as the step leaves it.
pub(super) fn charge_after(step: Step) -> Option<ChargeState> {
    let places = [
        (Step::ChargeAuthorised, 0),
        (Step::ChargeBegun, 1),
        (Step::ChargeCaptured, 2),
        (Step::ChargeConfirmed, 2),
        (Step::ChargeCanceled, 3),
        (Step::ChargeExpired, 4),
        (Step::ChargeFailed, 5),
        (Step::ChargeAsked, 6),
        (Step::ChargeDeclined, 7),
    ];
    if step == Step::FraudWarningReceived {
        return Some(warned());
    }
    let (_, place) = places.into_iter().find(|(of, _)| *of == step)?;
    standings().into_iter().nth(place)
}
