//! Authorising: the payer's bank holds money for a charge, which is captured later
//! (<https://docs.stripe.com/payments/place-a-hold-on-a-payment-method>).
//!
//! Nothing is booked until it is captured. What the seller gets, the application fee and the
//! processor's fee are asked here, by the rules of a charge; a capture may name another fee.

use super::create::{first_id, start};
use super::{
    CaptureTerms, Charge, ChargeKind, ChargeRefusal, ChargeStanding, ChargeState, ChargeType,
    DestinationShare,
};
use crate::calendar::Timestamp;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::policy::{AUTHORISATION_DAYS, MOST_AUTHORISATION_DAYS};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Has a payer's bank hold money for a charge.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Authorise {
    /// The charge, as it would be captured whole.
    pub charge: Box<Charge>,
    /// The instant at which it expires; seven days from now where absent.
    pub capture_before: Option<Timestamp>,
}

impl Verb for Authorise {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let (start, opened) = start(&self.charge, scene)?;
        let now = scene.context.now.micros();
        let days =
            |days: i64| Timestamp::from_micros(now.saturating_add(days.saturating_mul(Timestamp::DAY)));
        let until = self.capture_before.unwrap_or_else(|| days(AUTHORISATION_DAYS));
        if until.micros() <= now || until > days(MOST_AUTHORISATION_DAYS) {
            return Err(ChargeRefusal::CaptureBefore { days: MOST_AUTHORISATION_DAYS }.into());
        }

        let (charge_type, owner, seller, share) = parties(self.charge.kind);
        let terms = CaptureTerms { until, processing_fee: start.rate, share };
        let authorised = self.charge.amount.minor;
        let more = self.charge.more(ChargeStanding::Authorised(terms), authorised);
        let uncaptured = start.charge(charge_type, owner, seller);
        let state = ChargeState { amount: 0, processing_fee: 0, more: Some(Box::new(more)), ..uncaptured };
        let record = Record::Charge(first_id(scene, opened.as_ref()), state);
        let moved = Moved::new(Step::ChargeAuthorised, record).told(self.charge.details.clone());
        Ok(opened.into_iter().chain([Event::Moved(Box::new(moved))]).collect())
    }
}

/// Type, owner and seller of a charge of this kind, and what its seller is to get.
pub(super) fn parties(kind: ChargeKind) -> (ChargeType, AccountId, Option<AccountId>, DestinationShare) {
    let platform = AccountId::PLATFORM;
    match kind {
        ChargeKind::Direct { account, application_fee } => {
            let share = DestinationShare::LessApplicationFee(application_fee);
            (ChargeType::Direct, account, Some(account), share)
        }
        ChargeKind::Destination { account, share } => {
            (ChargeType::Destination, platform, Some(account), share)
        }
        ChargeKind::Separate => (ChargeType::Separate, platform, None, DestinationShare::Whole),
    }
}
