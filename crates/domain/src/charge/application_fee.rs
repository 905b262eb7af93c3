//! Application fees: what the platform takes of a charge, and what of it goes back
//! (<https://docs.stripe.com/api/application_fees/object>).
//!
//! Nothing is stored of them beside the charge: the fee is its running total, and a refund of it
//! is what an event booked (docs/decisions/application-fees.md).

use super::ChargeState;
use crate::books::Kind;
use crate::event::{Event, Recorded};
use crate::id::{AccountId, ApplicationFeeId, ChargeId, FeeRefundId, RefundId};
use crate::money::{Minor, Money};
use crate::record::Record;

/// Which of an event's objects a fee or its refund is: its charge, transfer, refund or reversal
/// come before it.
const ORDINAL: u16 = 2;

/// An application fee as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplicationFee {
    /// Its id.
    pub id: ApplicationFeeId,
    /// The charge that it is of.
    pub charge: ChargeId,
    /// Who paid it: the charge's seller.
    pub account: AccountId,
    /// How much; of a charge that is captured in parts, what all captures brought.
    pub amount: Money,
    /// What of it went back, in minor units of the same currency.
    pub refunded: Minor,
    /// Whether its charge lives on the platform: then the payment on the seller is another one,
    /// its transfer, and the charge is what Connect calls the originating transaction.
    pub originates: bool,
}

/// What of an application fee one event gave back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeRefund {
    /// Its id.
    pub id: FeeRefundId,
    /// Of which fee.
    pub fee: ApplicationFeeId,
    /// How much; above zero.
    pub amount: Money,
    /// The refund of the charge that gave it back, where one did: what that undoes goes back to
    /// the platform.
    pub refund: Option<RefundId>,
}

impl ApplicationFee {
    /// The fee of a charge; `None` while there is none.
    #[must_use]
    pub fn of(id: ChargeId, charge: &ChargeState) -> Option<Self> {
        let account = charge.seller.filter(|_| charge.application_fee > 0)?;
        let captured = charge.more.as_ref().and_then(|more| more.fee_at);
        let made_at = captured.unwrap_or(id.0.position());
        Some(Self {
            id: ApplicationFeeId::new(made_at, ORDINAL),
            charge: id,
            account,
            amount: Money::new(charge.currency, charge.application_fee),
            refunded: charge.fee_refunded,
            originates: charge.owner.is_platform(),
        })
    }

    /// The fee of the charge that an event made or changed, as the event left it.
    #[must_use]
    pub fn in_event(recorded: &Recorded) -> Option<Self> {
        charge_of(recorded).and_then(|(id, charge)| Self::of(id, charge))
    }

    /// The fee that an event made, and its charge as the event left it: with the charge, or with
    /// the first capture that takes one.
    #[must_use]
    pub fn made_by(recorded: &Recorded) -> Option<(Self, &ChargeState)> {
        let (id, charge) = charge_of(recorded)?;
        let fee = Self::of(id, charge)?;
        (fee.id.0.position() == recorded.position).then_some((fee, charge))
    }
}

impl FeeRefund {
    /// What an event gave back of a fee, and the charge as the event left it. What an event only
    /// takes again, because a refund failed, is none.
    #[must_use]
    pub fn made_by(recorded: &Recorded) -> Option<(Self, &ChargeState)> {
        let (id, charge) = charge_of(recorded)?;
        let entry = recorded.event.entry()?;
        let own = entry.postings().iter().filter(|posting| {
            posting.kind == Kind::ApplicationFeeRefund
                && posting.book.owner().is_some_and(|(account, _)| account.is_platform())
        });
        let minor = own.fold(0, |sum: Minor, posting| sum.saturating_add(posting.amount));
        let fee = ApplicationFee::of(id, charge).filter(|_| minor > 0)?;
        let amount = Money::new(charge.currency, minor);
        let id = FeeRefundId::new(recorded.position, ORDINAL);
        Some((Self { id, fee: fee.id, amount, refund: refund_of(recorded) }, charge))
    }
}

/// The charge that an event made or changed, of those that can have a fee.
fn charge_of(recorded: &Recorded) -> Option<(ChargeId, &ChargeState)> {
    if let Event::ChargeSucceeded(charged) = &recorded.event {
        return Some((ChargeId::new(recorded.position, 0), &charged.charge));
    }
    if let Event::ChargeRefunded(refunded) = &recorded.event {
        return Some((refunded.id, &refunded.charge));
    }
    let Event::Moved(moved) = &recorded.event else {
        return None;
    };
    moved.parts().find_map(|part| {
        if let Record::Charge(id, charge) = &part.record { Some((*id, charge)) } else { None }
    })
}

/// The refund that an event is of.
fn refund_of(recorded: &Recorded) -> Option<RefundId> {
    if let Event::ChargeRefunded(_) = &recorded.event {
        return Some(RefundId::new(recorded.position, 0));
    }
    if let Event::Moved(moved) = &recorded.event
        && let Record::Refund(id, _) = &moved.subject.record
    {
        return Some(*id);
    }
    None
}
