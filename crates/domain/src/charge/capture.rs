//! Capturing: all of an authorised charge, or a part, once or in several captures
//! (<https://docs.stripe.com/payments/multicapture>).
//!
//! A capture is booked as the charge's type is. A first capture that is the last and takes less
//! than was authorised books the whole and takes the rest back:
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | authorised | |
//! | owner, pending | | authorised |
//! | owner, pending | what is not captured | |
//! | `rail:<rail>` | | what is not captured |
//!
//! Of several captures each posts its own amount. The processor's fee is that on all captured so
//! far less what was taken before; so is the application fee, in proportion to what was
//! authorised, unless a capture names its own. A single capture carries the fee as it was asked.

use super::booking::Booking;
use super::create::available_on;
use super::{
    CaptureTerms, ChargeRefusal, ChargeStanding, ChargeState, ChargeType, DestinationShare, Purse,
    destination, direct, separate,
};
use crate::books::{Draft, Kind};
use crate::calendar::Day;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, ChargeId, TransferId};
use crate::money::round::proportion_half_even;
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::settings::FeePayer;
use crate::step::{Moved, Step};
use crate::transfer::TransferState;

/// Captures an authorised charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CaptureCharge {
    /// Which charge.
    pub charge: ChargeId,
    /// How much, in the charge's currency; all that is left where absent.
    pub amount: Option<Minor>,
    /// The application fee of this capture, where it is not as it was asked.
    pub application_fee: Option<Minor>,
    /// Whether what is left after it is released; Connect's default.
    pub final_capture: bool,
}

/// A capture in the making.
pub(super) struct Capture {
    pub(super) terms: CaptureTerms,
    pub(super) authorised: Minor,
    pub(super) amount: Minor,
    /// Whether no other came before or may come after.
    pub(super) single: bool,
    pub(super) last: bool,
}

impl CaptureCharge {
    /// A capture of all that is left.
    #[must_use]
    pub fn full(charge: ChargeId) -> Self {
        Self { charge, amount: None, application_fee: None, final_capture: true }
    }
}

impl Verb for CaptureCharge {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        let charge = loaded.get(self.charge);
        needs.add_all(charge.and_then(|charge| charge.own_transfer(self.charge)));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.charge;
        let charge = scene.loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?.clone();
        let capture = capture(&charge, self)?;
        record(scene, (id, charge), &capture, self.application_fee, None)
    }
}

/// Books a capture. Its money is available on the day that the rail says, where it says one.
pub(super) fn record(
    scene: &Scene<'_>,
    (id, mut charge): (ChargeId, ChargeState),
    capture: &Capture,
    named_fee: Option<Minor>,
    said: Option<Day>,
) -> Result<Events, Refusal> {
    let Scene { ledger, loaded, context } = *scene;
    let own = charge.own_transfer(id).and_then(|own| Some((own, loaded.get(own)?.clone())));
    let moved_before = own.as_ref().map_or(0, |(_, transfer)| transfer.amount);
    let booking = booking(&charge, capture, named_fee, moved_before)?;

    let today = context.now.day();
    let payer = ledger.fee_payer(charge.owner);
    let merchant = Some(charge.merchant_of_record()).filter(|account| !account.is_platform());
    let merchant = merchant.and_then(|account| ledger.account(account));
    let day = said.unwrap_or_else(|| available_on(ledger, merchant, today, charge.currency));
    let made = charge.seller.filter(|_| own.is_none() && booking.moved > 0);
    let made =
        made.map(|seller| (TransferId::new(context.position, 0), new_transfer(id, &charge, seller, day)));
    let mut transfer = own.or(made);
    let mut draft = Draft::new(charge.currency);
    let beside = transfer.as_mut().map(|(_, transfer)| transfer);
    let first_fee = charge.application_fee == 0 && booking.application_fee > 0;
    book(&mut charge, beside, &booking, (day, today), payer, &mut draft);
    charge.refuse_many_days()?;
    draft.of_kind(Kind::Transfer, 1);

    if let Some(more) = &mut charge.more {
        more.transfer = transfer.as_ref().map(|(id, _)| *id);
        more.fee_at = if first_fee { Some(context.position) } else { more.fee_at };
        if capture.last {
            more.standing = ChargeStanding::Succeeded;
        }
    }
    let beside = transfer.map(|(id, transfer)| Record::Transfer(id, transfer));
    let moved = Moved::new(Step::ChargeCaptured, Record::Charge(id, charge)).of(capture.amount);
    Ok(moved.beside(beside, booking.moved).booked(draft, ledger).into())
}

/// The capture that is asked, where the charge still has it.
fn capture(charge: &ChargeState, command: &CaptureCharge) -> Result<Capture, ChargeRefusal> {
    let standing = charge.standing();
    let (ChargeStanding::Authorised(terms), Some(more)) = (standing, &charge.more) else {
        if standing == ChargeStanding::Expired {
            return Err(ChargeRefusal::CaptureExpired);
        }
        return Err(ChargeRefusal::NotAuthorised { status: standing.name() });
    };
    let authorised = more.authorised;
    let left = authorised - charge.amount;
    let amount = command.amount.unwrap_or(left);
    let asked = Money::new(charge.currency, amount);
    if amount <= 0 {
        return Err(ChargeRefusal::CaptureNotPositive { asked });
    }
    if amount > left {
        let left = Money::new(charge.currency, left);
        return Err(ChargeRefusal::ExceedsAuthorisation { asked, left });
    }
    let last = command.final_capture || amount == left;
    Ok(Capture { terms, authorised, amount, single: last && charge.amount == 0, last })
}

/// What it books.
fn booking(
    charge: &ChargeState,
    capture: &Capture,
    named: Option<Minor>,
    moved_before: Minor,
) -> Result<Booking, ChargeRefusal> {
    let Capture { terms, authorised, amount, single, .. } = *capture;
    let captured = charge.amount + amount;
    // What is due of all captures so far, less what the earlier ones took.
    let due = |asked: Minor, before: Minor| {
        let all = if single { asked } else { proportion_half_even(asked, captured, authorised) };
        (all - before).max(0)
    };
    let money = |minor| Money::new(charge.currency, minor);
    let (moved, asked_fee, most_fee) = match (charge.charge_type, terms.share) {
        (ChargeType::Separate, _) => (0, 0, 0),
        (_, DestinationShare::Whole) => (amount, 0, amount),
        (_, DestinationShare::LessApplicationFee(fee)) => (amount, due(fee, charge.application_fee), amount),
        (_, DestinationShare::Amount(share)) => (due(share, moved_before).min(amount), 0, 0),
    };
    let application_fee = named.unwrap_or(asked_fee);
    if !(0..=most_fee).contains(&application_fee) {
        let (asked, most) = (money(application_fee), money(most_fee));
        return Err(ChargeRefusal::CaptureFee { asked, most });
    }
    let processing_fee = (terms.processing_fee.on(captured) - charge.processing_fee).max(0);
    if processing_fee > amount {
        return Err(ChargeRefusal::ProcessingFee { fee: money(processing_fee), charge: money(amount) });
    }
    let released = if single { authorised - amount } else { 0 };
    let moved = if charge.charge_type == ChargeType::Destination { moved } else { 0 };
    Ok(Booking { rail: charge.rail, amount, released, application_fee, processing_fee, moved })
}

/// A transfer that nothing has moved by yet.
fn new_transfer(id: ChargeId, charge: &ChargeState, seller: AccountId, day: Day) -> TransferState {
    TransferState {
        destination: seller,
        currency: charge.currency,
        amount: 0,
        reversed: 0,
        source_charge: Some(id),
        available_on: day,
        pending_left: 0,
        queue: None,
        transfer_group: charge.transfer_group.clone(),
    }
}

/// Books a capture whose money is available on `day`. What an earlier capture left in pending
/// for another day stays there, and matures on its own day.
fn book(
    charge: &mut ChargeState,
    mut transfer: Option<&mut TransferState>,
    booking: &Booking,
    (day, today): (Day, Day),
    payer: FeePayer,
    draft: &mut Draft,
) {
    charge.begin_day(transfer.as_deref_mut(), day, today);
    let mut owners = charge.purse(today);
    match charge.charge_type {
        ChargeType::Direct => {
            let mut platforms = charge.fee_purse(today);
            direct::post(booking, &mut owners, &mut platforms, payer, draft);
            charge.keep_fee(&platforms);
        }
        ChargeType::Destination => {
            let seller = charge.seller.unwrap_or(AccountId::PLATFORM);
            let mut sellers = match &transfer {
                Some(transfer) => charge.transfer_purse(transfer, today),
                // Nothing moves to it yet.
                None => Purse::new(seller, day, today, 0),
            };
            destination::post(booking, &mut sellers, &mut owners, draft);
            if let Some(transfer) = transfer {
                transfer.amount += booking.moved;
                charge.keep_transfer(transfer, &sellers);
            }
        }
        ChargeType::Separate => separate::post(booking, &mut owners, draft),
    }
    charge.amount += booking.amount;
    charge.processing_fee += booking.processing_fee;
    charge.application_fee += booking.application_fee;
    charge.keep(&owners);
    charge.transferred += booking.moved;
}
