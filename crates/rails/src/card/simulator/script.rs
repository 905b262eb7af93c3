//! What a test card does: of one ask, the facts now and what is to happen later.
//!
//! A pure function of the settings, the card, the ask and its instant. What happens later is
//! told as it then is: a dispute that comes after the whole payment was refunded does not open.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Money};
use smallvec::{SmallVec, smallvec};

use super::tokens::TestCard;
use crate::card::{
    CaptureMethod, CardAsk, CardFact, CardOrder, Decline, DisputeReason, DisputeStage, RefundFailure,
};
use crate::delays::Wait;
use crate::draw::{Draw, Lot};
use crate::{AskKey, Settings};

/// What comes of an ask.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Script {
    /// The facts that are known at once.
    pub now: SmallVec<[CardFact; 2]>,
    /// What is to happen later, unless something else happens before.
    pub later: SmallVec<[(Timestamp, Happening); 2]>,
}

/// Something that is to happen to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The authorisation ends.
    Expire,
    /// The bank disputes or inquires.
    Dispute(DisputeReason, DisputeStage),
    /// The bank warns of fraud.
    Warn,
    /// A refund reaches the payer.
    RefundSucceeds(AskKey),
    /// A refund comes back.
    RefundFails(AskKey, RefundFailure),
    /// The bank decides about evidence.
    Decide(Verdict),
    /// The time for evidence is over, or for a bank to escalate an inquiry. Evidence ends it.
    LeaveUnanswered(DisputeStage),
}

/// What a bank makes of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is convinced.
    Won,
    /// It is not.
    Lost,
    /// It makes a dispute of an inquiry; a dispute is lost by it.
    Escalated,
}

/// The evidence that wins a dispute.
pub const WINNING_EVIDENCE: &str = "winning_evidence";
/// The evidence that loses a dispute.
pub const LOSING_EVIDENCE: &str = "losing_evidence";
/// The evidence that makes a dispute of an inquiry.
pub const ESCALATING_EVIDENCE: &str = "escalate_inquiry_evidence";

/// What a card that is drawn is declined for.
const DECLINES: &[Decline] = &[
    Decline::InsufficientFunds,
    Decline::DoNotHonor,
    Decline::GenericDecline,
    Decline::ExpiredCard,
    Decline::IncorrectCvc,
    Decline::LostCard,
    Decline::ProcessingError,
];

/// What a card that is drawn is disputed for.
const REASONS: &[DisputeReason] = &[
    DisputeReason::Fraudulent,
    DisputeReason::ProductNotReceived,
    DisputeReason::ProductUnacceptable,
    DisputeReason::Duplicate,
    DisputeReason::CreditNotProcessed,
];

/// The last day on which a card that is drawn is disputed, counted from its capture.
const LAST_DISPUTE_DAY: u64 = 90;

/// What comes of `ask`, put at `at` for a payment with `card` in `currency`, beside what follows of how
/// the payment stands: that a dispute was answered or accepted.
#[must_use]
pub fn script(
    settings: &Settings,
    card: TestCard,
    currency: Currency,
    ask: &CardAsk,
    at: Timestamp,
) -> Script {
    let play = Play { settings, card, currency, at };
    match &ask.order {
        CardOrder::Authorise { amount, capture, .. } => play.authorise(ask.key, *amount, *capture),
        CardOrder::Capture { payment, amount, last } => play.capture(*payment, ask.key, *amount, *last),
        CardOrder::Cancel { payment } => now(CardFact::Cancelled { payment: *payment }),
        CardOrder::Refund { payment, amount } => play.refund(*payment, ask.key, *amount),
        CardOrder::CancelRefund { refund } => now(CardFact::RefundCancelled { refund: *refund }),
        CardOrder::SubmitEvidence { evidence, .. } => {
            Script { now: SmallVec::new(), later: smallvec![play.verdict(ask.key, evidence)] }
        }
        CardOrder::AcceptDispute { .. } => Script::default(),
    }
}

fn now(fact: CardFact) -> Script {
    Script { now: smallvec![fact], later: SmallVec::new() }
}

/// A card at an instant.
struct Play<'a> {
    settings: &'a Settings,
    card: TestCard,
    currency: Currency,
    at: Timestamp,
}

impl Play<'_> {
    fn after(&self, wait: Wait) -> Timestamp {
        wait.after(self.at, self.currency)
    }

    fn draw(&self, key: AskKey) -> Draw {
        Draw::new(self.settings.seed, key)
    }

    fn authorise(&self, payment: AskKey, amount: Money, capture: CaptureMethod) -> Script {
        if let Some(code) = self.declines(payment) {
            return now(CardFact::Declined { payment, code });
        }
        let capture_before = self.after(self.settings.delays.authorisation_expires);
        let mut script = now(CardFact::Authorised { payment, amount, capture_before });
        match capture {
            CaptureMethod::Automatic => {
                let captured = self.capture(payment, payment, amount, true);
                script.now.extend(captured.now);
                script.later = captured.later;
            }
            CaptureMethod::Manual => script.later.push((capture_before, Happening::Expire)),
        }
        script
    }

    fn declines(&self, payment: AskKey) -> Option<Decline> {
        match self.card {
            TestCard::Declined(code) => Some(code),
            TestCard::Drawn => {
                let draw = self.draw(payment);
                let hit = draw.hit(Lot::Decline, [self.settings.cards.declined]);
                hit.map(|_| draw.one(Lot::DeclineCode, DECLINES, Decline::GenericDecline))
            }
            TestCard::Succeeds
            | TestCard::BypassesPending
            | TestCard::DisputedAsFraudulent
            | TestCard::DisputedAsNotReceived
            | TestCard::Inquired
            | TestCard::Warned
            | TestCard::RefundsPending
            | TestCard::RefundsFailing => None,
        }
    }

    fn capture(&self, payment: AskKey, capture: AskKey, amount: Money, last: bool) -> Script {
        let available_on = (self.card == TestCard::BypassesPending).then(|| self.at.day());
        let mut script = now(CardFact::Captured { payment, capture, amount, last, available_on });
        let delays = &self.settings.delays;
        let (opens, warns) = (self.after(delays.dispute_opens), self.after(delays.warning_comes));
        let dispute = |reason| Happening::Dispute(reason, DisputeStage::NeedsResponse);
        match self.card {
            TestCard::DisputedAsFraudulent => script.later.push((opens, dispute(DisputeReason::Fraudulent))),
            TestCard::DisputedAsNotReceived => {
                script.later.push((opens, dispute(DisputeReason::ProductNotReceived)));
            }
            TestCard::Inquired => {
                let happening = Happening::Dispute(DisputeReason::Fraudulent, DisputeStage::Inquiry);
                script.later.push((opens, happening));
            }
            TestCard::Warned => script.later.push((warns, Happening::Warn)),
            TestCard::Drawn => script.later = self.drawn_dispute(payment),
            TestCard::Succeeds
            | TestCard::BypassesPending
            | TestCard::RefundsPending
            | TestCard::RefundsFailing
            | TestCard::Declined(_) => {}
        }
        script
    }

    /// Drawn for the payment and not for its captures, so that each has the same fate.
    fn drawn_dispute(&self, payment: AskKey) -> SmallVec<[(Timestamp, Happening); 2]> {
        let (draw, rates) = (self.draw(payment), &self.settings.cards);
        let mut later = SmallVec::new();
        if draw.hit(Lot::Warning, [rates.warned]).is_some() {
            later.push((self.after(self.settings.delays.warning_comes), Happening::Warn));
        }
        let stage = match draw.hit(Lot::Dispute, [rates.disputed, rates.inquired]) {
            None => return later,
            Some(0) => DisputeStage::NeedsResponse,
            Some(_) => DisputeStage::Inquiry,
        };
        // Below 90, so that it fits.
        let days = 1 + draw.below(Lot::DisputeDay, LAST_DISPUTE_DAY) as u16;
        let reason = draw.one(Lot::DisputeReason, REASONS, DisputeReason::General);
        later.push((self.after(Wait::Days(days)), Happening::Dispute(reason, stage)));
        later
    }

    fn refund(&self, payment: AskKey, refund: AskKey, amount: Money) -> Script {
        let delays = &self.settings.delays;
        let done = CardFact::RefundSucceeded { refund, payment, amount };
        let pending = CardFact::RefundPending { refund, payment, amount };
        let succeeds = Happening::RefundSucceeds(refund);
        match self.refund_goes(refund) {
            Refunding::AtOnce => now(done),
            Refunding::Waits => {
                let later = smallvec![(self.after(delays.refund_succeeds), succeeds)];
                Script { now: smallvec![pending], later }
            }
            Refunding::FailsLater => {
                let fails = Happening::RefundFails(refund, RefundFailure::ExpiredOrCanceledCard);
                Script { now: smallvec![done], later: smallvec![(self.after(delays.refund_fails), fails)] }
            }
            Refunding::NeedsAction => {
                let later = smallvec![(self.after(delays.refund_acted_on), succeeds)];
                Script { now: smallvec![pending, CardFact::RefundRequiresAction { refund }], later }
            }
        }
    }

    fn refund_goes(&self, refund: AskKey) -> Refunding {
        match self.card {
            TestCard::RefundsPending => Refunding::Waits,
            TestCard::RefundsFailing => Refunding::FailsLater,
            TestCard::Drawn => {
                let rates = &self.settings.cards;
                let rates = [rates.refunds_pending, rates.refunds_failing, rates.refunds_requiring_action];
                match self.draw(refund).hit(Lot::Refund, rates) {
                    None => Refunding::AtOnce,
                    Some(0) => Refunding::Waits,
                    Some(1) => Refunding::FailsLater,
                    Some(_) => Refunding::NeedsAction,
                }
            }
            TestCard::Succeeds
            | TestCard::BypassesPending
            | TestCard::DisputedAsFraudulent
            | TestCard::DisputedAsNotReceived
            | TestCard::Inquired
            | TestCard::Warned
            | TestCard::Declined(_) => Refunding::AtOnce,
        }
    }

    /// Evidence that is none of the test texts is decided by the seed, whatever the card.
    fn verdict(&self, ask: AskKey, evidence: &str) -> (Timestamp, Happening) {
        let delays = &self.settings.delays;
        let (wait, verdict) = match evidence.trim() {
            WINNING_EVIDENCE => (delays.dispute_decided, Verdict::Won),
            LOSING_EVIDENCE => (delays.dispute_decided, Verdict::Lost),
            ESCALATING_EVIDENCE => (delays.inquiry_escalates, Verdict::Escalated),
            _ => {
                let won = self.draw(ask).hit(Lot::Verdict, [self.settings.cards.won]).is_some();
                (delays.dispute_decided, if won { Verdict::Won } else { Verdict::Lost })
            }
        };
        (self.after(wait), Happening::Decide(verdict))
    }
}

/// How a refund goes.
enum Refunding {
    AtOnce,
    Waits,
    FailsLater,
    NeedsAction,
}
