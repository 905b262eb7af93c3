//! A simulated card processor: test cards, a seed, and the ledger's clock.

mod dispute;
mod payment;
mod rail;
mod rates;
mod script;
mod tokens;

#[cfg(test)]
mod asking;
#[cfg(test)]
mod dispute_stories;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod market;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod stories;

use std::collections::BTreeMap;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::Money;

use self::payment::Payment;
pub use self::rail::SimulatedCards;
pub use self::rates::CardRates;
pub use self::script::{
    ESCALATING_EVIDENCE, Happening, LOSING_EVIDENCE, Script, Verdict, WINNING_EVIDENCE, script,
};
pub use self::tokens::{CARDS, Row, TestCard, known_cards};
use super::{CaptureMethod, CardAnswer, CardAsk, CardFact, CardOrder, CardRefusal, CardToken};
use crate::diary::Diary;
use crate::simulating::{Given, Simulating};
use crate::{AskKey, Cursor, DisputeRef, Page, RailError, Settings, Told};

/// A simulated card processor.
///
/// It holds nothing that does not follow from its settings and the asks with their instants, so
/// that it is never stored: [`CardSimulator::rebuilt`] makes the same one again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardSimulator {
    settings: Settings,
    given: Given<CardAsk, CardFact, CardRefusal>,
    payments: BTreeMap<AskKey, Payment>,
    refunds: BTreeMap<AskKey, AskKey>,
    disputes: BTreeMap<DisputeRef, AskKey>,
    diary: Diary<Happening, CardFact>,
}

impl CardSimulator {
    /// A processor that has been asked nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let (given, payments) = (BTreeMap::new(), BTreeMap::new());
        let (refunds, disputes) = (BTreeMap::new(), BTreeMap::new());
        Self { settings, given, payments, refunds, disputes, diary: Diary::new() }
    }

    /// The processor that has been asked these, in the order of their instants.
    ///
    /// # Errors
    /// An ask lies before the one before it.
    pub fn rebuilt(
        settings: Settings,
        asks: impl IntoIterator<Item = (Timestamp, CardAsk)>,
    ) -> Result<Self, RailError> {
        Self::new(settings).put_all(asks)
    }

    /// Takes an ask that was decided at `at`, once what was due by then has been told.
    ///
    /// # Errors
    /// `at` lies before an instant that came before, unless the ask is repeated: a repeated ask
    /// gets its first answer, whenever it comes.
    pub fn ask(&mut self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        self.put(at, ask)
    }

    /// Tells everything that is due up to and with `until`.
    pub fn advance(&mut self, until: Timestamp) {
        self.pass(until);
    }

    /// At most `most` facts that came after the cursor, up to and with `until`. Where all that has
    /// been told is read already, the clock goes on to the next instant at which something is told,
    /// and no further: so what follows from a page can be asked at the instants of its facts.
    ///
    /// # Errors
    /// The cursor is none of this simulator's.
    pub fn facts(
        &mut self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError> {
        self.page(after, until, most)
    }

    /// Everything that has been told so far, in order.
    #[must_use]
    pub fn told(&self) -> &[Told<CardFact>] {
        self.diary.told()
    }

    /// When something may next be told of what has been asked so far. No real processor knows.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        self.diary.next_due()
    }

    fn begin(
        &mut self,
        at: Timestamp,
        ask: &CardAsk,
        card: &CardToken,
        amount: Money,
        capture: CaptureMethod,
    ) -> Result<Vec<Told<CardFact>>, CardRefusal> {
        let known = TestCard::of(card)
            .ok_or_else(|| CardRefusal::UnknownCard { card: card.clone(), known: known_cards() })?;
        if amount.minor <= 0 {
            return Err(CardRefusal::NotPositive { asked: amount });
        }
        let script = script(&self.settings, known, amount.currency, ask, at);
        self.payments.insert(ask.key, Payment::begin(ask.key, known, amount, capture, &script.now));
        Ok(self.tell(at, ask.key, script))
    }

    fn go_on(
        &mut self,
        at: Timestamp,
        ask: &CardAsk,
        key: AskKey,
    ) -> Result<Vec<Told<CardFact>>, CardRefusal> {
        let unknown = CardRefusal::UnknownPayment { payment: key };
        let payment = self.payments.get_mut(&key).ok_or(unknown)?;
        payment.check(at, &ask.order)?;
        let mut script = script(&self.settings, payment.card, payment.currency, ask, at);
        let further = payment.take(ask.key, &ask.order, &script.now);
        script.now.extend(further);
        if matches!(ask.order, CardOrder::Refund { .. }) {
            self.refunds.insert(ask.key, key);
        }
        Ok(self.tell(at, key, script))
    }

    fn tell(&mut self, at: Timestamp, key: AskKey, script: Script) -> Vec<Told<CardFact>> {
        for (when, happening) in script.later {
            self.diary.plan(when, key, happening);
        }
        let facts = script.now.into_iter();
        facts
            .map(|fact| {
                if let CardFact::DisputeOpened { dispute, .. } = &fact {
                    self.disputes.insert(dispute.clone(), key);
                }
                self.diary.tell(at, key, fact)
            })
            .collect()
    }
}

impl Simulating for CardSimulator {
    type Ask = CardAsk;
    type Happening = Happening;
    type Fact = CardFact;
    type Refusal = CardRefusal;

    fn key(ask: &CardAsk) -> AskKey {
        ask.key
    }

    fn reused(key: AskKey) -> CardRefusal {
        CardRefusal::KeyReused { key }
    }

    fn given(&mut self) -> &mut Given<CardAsk, CardFact, CardRefusal> {
        &mut self.given
    }

    fn diary(&mut self) -> &mut Diary<Happening, CardFact> {
        &mut self.diary
    }

    fn take(&mut self, at: Timestamp, ask: &CardAsk) -> Result<Vec<Told<CardFact>>, CardRefusal> {
        match &ask.order {
            CardOrder::Authorise { card, amount, capture, .. } => {
                self.begin(at, ask, card, *amount, *capture)
            }
            CardOrder::Capture { payment, .. }
            | CardOrder::Cancel { payment }
            | CardOrder::Refund { payment, .. } => self.go_on(at, ask, *payment),
            CardOrder::CancelRefund { refund } => {
                let payment = self.refunds.get(refund).copied();
                self.go_on(at, ask, payment.ok_or(CardRefusal::UnknownRefund { refund: *refund })?)
            }
            CardOrder::SubmitEvidence { dispute, .. } | CardOrder::AcceptDispute { dispute } => {
                let payment = self.disputes.get(dispute).copied();
                let unknown = || CardRefusal::UnknownDispute { dispute: dispute.clone() };
                self.go_on(at, ask, payment.ok_or_else(unknown)?)
            }
        }
    }

    fn happen(&mut self, at: Timestamp, key: AskKey, happening: Happening) {
        let Some(payment) = self.payments.get_mut(&key) else { return };
        let script = payment.happens(happening, at, &self.settings.delays);
        self.tell(at, key, script);
    }
}
