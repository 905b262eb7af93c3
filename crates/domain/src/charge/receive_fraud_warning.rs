//! A payer's bank warns that a charge may be fraud (an early fraud warning): a fact, which no policy
//! refuses. Posts nothing, whatever the charge has been through; a dispute may follow or not
//! (<https://docs.stripe.com/api/radar/early_fraud_warnings>).
//!
//! Connect does not refund such a charge by itself, and neither does the ledger: to refund it before
//! a dispute comes is the platform's to decide.

use super::{ChargeRefusal, ChargeState};
use crate::code::codes;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::ChargeId;
use crate::record::{Loaded, Needs, Record};
use crate::reference::references;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// The most fraud warnings of one charge, whatever came of them: every event that changes the charge
/// has them, and must fit a frame. A fact beyond is a number that does not fit. Our own bound.
pub const MOST_FRAUD_WARNINGS: usize = 16;

references! {
    /// What a processor calls a fraud warning, `issfr_1N…` at Connect: 1 to 128 visible ASCII
    /// characters. One that is told again has the same.
    FraudWarningReference
}

codes! {
    /// Which kind of fraud a payer's bank warns of
    /// (<https://docs.stripe.com/api/radar/early_fraud_warnings/object>). An adapter tells any other
    /// as `misc`.
    FraudType {
        /// The card never reached its holder.
        0 CardNeverReceived = "card_never_received",
        /// The card was applied for under a false name.
        1 FraudulentCardApplication = "fraudulent_card_application",
        /// The card was counterfeit.
        2 MadeWithCounterfeitCard = "made_with_counterfeit_card",
        /// The card was lost.
        3 MadeWithLostCard = "made_with_lost_card",
        /// The card was stolen.
        4 MadeWithStolenCard = "made_with_stolen_card",
        /// None of the others.
        5 Misc = "misc",
        /// The holder did not allow the payment.
        6 UnauthorizedUseOfCard = "unauthorized_use_of_card",
    }
}

/// A fraud warning, as its charge keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FraudWarning {
    /// What the processor calls it.
    pub reference: FraudWarningReference,
    /// Which kind of fraud.
    pub fraud_type: FraudType,
}

/// Says that a payer's bank warns of fraud.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceiveFraudWarning {
    /// Of which charge.
    pub charge: ChargeId,
    /// The warning.
    pub warning: FraudWarning,
}

impl ChargeState {
    /// What payers' banks warned of, in the order in which it was told.
    #[must_use]
    pub fn fraud_warnings(&self) -> &[FraudWarning] {
        self.more.as_ref().map_or(&[], |more| &more.fraud_warnings)
    }

    /// Whether something can still be done about its fraud warnings: it was not disputed, nor refunded
    /// in full. Connect's `actionable`, by its own words on the page above.
    #[must_use]
    pub fn fraud_warning_is_actionable(&self) -> bool {
        !self.fraud_warnings().is_empty() && self.disputes().is_empty() && self.refunded < self.amount
    }
}

impl Verb for ReceiveFraudWarning {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.charge;
        let mut charge = scene.loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?.clone();
        let warned = charge.fraud_warnings();
        if warned.iter().any(|known| known.reference == self.warning.reference) {
            return Err(ChargeRefusal::WarnedTwice { charge: id }.into());
        }
        if warned.len() >= MOST_FRAUD_WARNINGS {
            return Err(ChargeRefusal::ManyWarnings { most: MOST_FRAUD_WARNINGS }.into());
        }
        charge.note_fraud_warning(id, self.warning.clone());
        Ok(Moved::new(Step::FraudWarningReceived, Record::Charge(id, charge)).into())
    }
}
