//! The port: what stands between the ledger and a card processor.

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;

use super::{CardAsk, CardFact, CardRefusal};
use crate::{Answer, Cursor, Page, RailError};

/// What a card processor answers.
pub type CardAnswer = Answer<CardFact, CardRefusal>;

/// A card processor.
///
/// Whoever stands behind it promises:
///
/// - **Once.** Under one key it does one thing, once. The same ask again gets the same answer
///   and does nothing; another ask under that key is refused.
/// - **At least once.** Every fact comes among [`CardRail::facts`], also those that an answer
///   held; it may come again, with the same id.
/// - **In order.** The facts of one payment, with its refunds and its dispute, come in the order
///   in which they happened. Between payments there is no order: a fact may come late, with an
///   instant that lies behind those of others.
///
/// Whoever calls it promises: an ask is durable in the log before it is put; asks are put in the
/// order of their positions, each with the business time of its event; facts are read up to the
/// instant to which the ledger's clock is about to go, page by page, and what follows from a page
/// is decided at the instants of its facts, and asked, before the next page is read.
#[async_trait]
pub trait CardRail: Send + Sync {
    /// The ledger's name for the money that this processor holds.
    fn name(&self) -> &RailName;

    /// Puts an ask that was decided at `at`.
    ///
    /// # Errors
    /// No answer came: nobody knows what came of it, and it is put again under the same key.
    async fn ask(&self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError>;

    /// The facts that came after the cursor (from the beginning without one), of instants up to
    /// and with `until`, at most `most` of them.
    ///
    /// # Errors
    /// The rail was not reached, or the cursor is none of its own.
    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError>;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use counterfoil_domain::money::{Currency, Money};
    use counterfoil_domain::{AccountId, ObjectId};

    use super::*;
    use crate::card::simulator::SimulatedCards;
    use crate::card::{CaptureMethod, CardOrder, CardToken};
    use crate::{AskKey, CardSimulator, Settings};

    /// Waits for what a simulator answers at once.
    fn at_once<F: Future>(future: F) -> F::Output {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => panic!("a simulator never waits"),
        }
    }

    /// A caller that crashes before it notes the answer puts all its asks again, and reads all
    /// facts again; taking each id once, it knows what one knows that never crashed.
    #[test]
    fn an_answer_that_was_lost_loses_nothing() {
        let simulator = CardSimulator::new(Settings::default());
        let rail: &dyn CardRail = &SimulatedCards::new(RailName::new("card").unwrap(), simulator);
        assert_eq!(rail.name().as_str(), "card");
        let key = AskKey::of(ObjectId::new(1, 0));
        let (card, amount) = (CardToken::new("tok_pendingRefund"), Money::new(Currency::USD, 10_000));
        let (capture, merchant) = (CaptureMethod::Automatic, AccountId::PLATFORM);
        let charge = CardAsk { key, order: CardOrder::Authorise { card, amount, capture, merchant } };
        let back = CardOrder::Refund { payment: key, amount };
        let refund = CardAsk { key: AskKey::of(ObjectId::new(2, 0)), order: back };
        let monday: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-03-31T00:00:00Z".parse().unwrap();

        let mut taken = BTreeMap::new();
        for crash in 0..3 {
            for ask in [&charge, &refund] {
                let Answer::Taken(told) = at_once(rail.ask(monday, ask)).unwrap() else {
                    panic!("{ask:?} is taken");
                };
                if crash > 0 {
                    taken.extend(told.into_iter().map(|told| (told.id, told.fact)));
                }
            }
            let mut cursor = None;
            loop {
                let page = at_once(rail.facts(cursor.as_ref(), later, 1)).unwrap();
                taken.extend(page.told.into_iter().map(|told| (told.id, told.fact)));
                cursor = page.next;
                if !page.more {
                    break;
                }
            }
        }
        let story: Vec<String> = taken.values().map(ToString::to_string).collect();
        assert_eq!(
            story,
            [
                "authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
                "captured 1.0 USD 100.00 by 1.0, last",
                "refund_pending 2.0 of 1.0 USD 100.00",
                "refund_succeeded 2.0 of 1.0 USD 100.00",
            ]
        );
    }
}
