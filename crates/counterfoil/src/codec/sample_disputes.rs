//! Samples of disputes.

use counterfoil_domain::dispute::{
    Consequence, DisputeReason, DisputeReference, DisputeState, DisputeStatus, Recovered, Recovery,
};
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::transfer::ReversalState;
use counterfoil_domain::{AccountId, ChargeId, DisputeId, ReversalId, SplitId, Step, TransferId};

use super::samples::{BAKERY, instant};

/// A dispute with everything filled.
pub(super) fn dispute() -> DisputeState {
    let recovered = Recovered {
        reversal: ReversalId::new(999_994, 1),
        transfer: TransferId::new(999_998, 1),
        amount: 600,
        fee_share: 40,
        fee_refunded: 60,
        counted: 600,
        drawn: 540,
        given_back: false,
    };
    DisputeState {
        charge: ChargeId::new(999_998, 0),
        reference: DisputeReference::new("du_1MtJUT2eZvKYlo2CNaw2HvEv").unwrap(),
        owner: AccountId::PLATFORM,
        seller: Some(BAKERY),
        amount: Money::new(Currency::BRL, 10_000),
        reason: DisputeReason::ProductNotReceived,
        status: DisputeStatus::NeedsResponse,
        created: instant(),
        due_by: instant(),
        before: 0,
        withdrawn: 10_000,
        drawn: 9_320,
        booked_at: 999_995,
        fee: 1_500,
        counter_fee: 1_400,
        recovery: Recovery::by_liability(SplitId::new(999_998, 0)),
        recovered: vec![recovered, Recovered { given_back: true, ..recovered }],
        next: Consequence::Recovery(instant()),
        transfer_group: Some("order-17".into()),
    }
}

/// A dispute as a step leaves it, so that each way of recovery and each consequence is there.
pub(super) fn dispute_after(step: Step, dispute: DisputeState) -> DisputeState {
    let giving_back = Consequence::GivingBack { since: instant(), fee_returned: 1_500 };
    let own = |with_fee| Recovery::OwnTransfer { with_fee };
    let standings = [
        (Step::DisputeEscalated, (DisputeStatus::NeedsResponse, own(true), Consequence::Nothing)),
        (Step::DisputeEvidenceSubmitted, (DisputeStatus::UnderReview, own(false), Consequence::Nothing)),
        (Step::DisputeInquiryClosed, (DisputeStatus::Prevented, Recovery::None, Consequence::Nothing)),
        (Step::DisputeWon, (DisputeStatus::Won, dispute.recovery.clone(), giving_back)),
        (Step::DisputeLost, (DisputeStatus::Lost, dispute.recovery.clone(), Consequence::Nothing)),
    ];
    let standing = standings.into_iter().find(|(of, _)| *of == step);
    let as_it_is = (dispute.status, dispute.recovery.clone(), dispute.next);
    let (status, recovery, next) = standing.map_or(as_it_is, |(_, standing)| standing);
    DisputeState { status, recovery, next, ..dispute }
}

/// A reversal as a dispute makes it, and a dispute that was won leaves it.
pub(super) fn dispute_reversal(reversal: ReversalState) -> ReversalState {
    ReversalState { dispute: Some(DisputeId::new(999_995, 0)), given_back: 500, ..reversal }
}
