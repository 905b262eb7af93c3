//! Two sets of books: what the rails say they did, and what the ledger recorded of it. Each counts by
//! itself, from facts here and from events there, and at the end they are the same.

use std::collections::BTreeMap;

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::dispute::DisputeStatus;
use counterfoil::domain::money::Minor;
use counterfoil::domain::payout::PayoutStatus;
use counterfoil::domain::refund::RefundStatus;
use counterfoil::domain::{Event, Moved, ObjectId, Record, Recorded, RefundId, Step};
use counterfoil::rails::bank::{Flow, OrderResult};
use counterfoil::rails::card::DisputeOutcome;
use counterfoil::rails::{BankFact, BankRail, CardFact, CardRail};

use crate::exit::Failure;

/// How many facts are read at once.
const PAGE: usize = 1_000;

/// What is compared of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Line {
    /// What was captured of a charge.
    Captured,
    /// What its payer was given back by a refund.
    Refunded,
    /// What disputes took of it, and did not give back.
    Disputed,
    /// How its dispute ended: 1 won, 2 lost, 3 an inquiry that was let rest.
    Ended,
    /// How often a payer's bank warned of it.
    Warned,
    /// What a payout brought to a bank.
    Paid,
}

/// A set of books.
#[derive(Clone, Debug, Default)]
pub(super) struct Books(BTreeMap<(Line, ObjectId), Minor>);

impl Books {
    fn add(&mut self, line: Line, of: ObjectId, minor: Minor) {
        *self.0.entry((line, of)).or_default() += minor;
    }

    fn set(&mut self, line: Line, of: ObjectId, minor: Minor) {
        self.0.insert((line, of), minor);
    }

    fn of(&self, line: Line, of: ObjectId) -> Minor {
        self.0.get(&(line, of)).copied().unwrap_or_default()
    }

    /// The first line on which these books of the ledger are not those of its rails.
    pub(super) fn difference(&self, rails: &Self) -> Option<String> {
        let mut lines = self.0.keys().chain(rails.0.keys());
        let (line, of) = *lines.find(|(line, of)| self.of(*line, *of) != rails.of(*line, *of))?;
        let (told, recorded) = (rails.of(line, of), self.of(line, of));
        Some(format!("{line:?} of {of:?}: the rail says {told}, the ledger recorded {recorded}"))
    }

    /// Adds what an event of the ledger says.
    pub(super) fn record(&mut self, recorded: &Recorded) {
        if let Event::PayoutPaid(moved) = &recorded.event {
            self.add(Line::Paid, moved.id.0, moved.payout.amount);
        } else if let Event::PayoutFailed(moved) = &recorded.event
            && matches!(moved.payout.status, PayoutStatus::Returned(_))
        {
            self.add(Line::Paid, moved.id.0, -moved.payout.amount);
        } else if let Event::ChargeRefunded(refunded) = &recorded.event {
            self.set(Line::Refunded, RefundId::new(recorded.position, 0).0, refunded.amount);
        } else if let Event::Moved(moved) = &recorded.event {
            self.step(moved);
        }
    }

    fn step(&mut self, moved: &Moved) {
        let amount = moved.subject.amount;
        let of = moved.subject.record.id().object();
        if moved.step == Step::ChargeCaptured {
            self.add(Line::Captured, of, amount);
        } else if moved.step == Step::FraudWarningReceived {
            self.add(Line::Warned, of, 1);
        } else if let Record::Refund(_, refund) = &moved.subject.record {
            if moved.books.is_some() {
                let back = matches!(refund.status, RefundStatus::Failed(_) | RefundStatus::Canceled);
                self.set(Line::Refunded, of, if back { 0 } else { refund.amount.minor });
            }
        } else if let Record::Dispute(_, dispute) = &moved.subject.record {
            let ended = match dispute.status {
                DisputeStatus::Won => 1,
                DisputeStatus::Lost => 2,
                DisputeStatus::WarningClosed | DisputeStatus::Prevented => 3,
                DisputeStatus::WarningNeedsResponse
                | DisputeStatus::WarningUnderReview
                | DisputeStatus::NeedsResponse
                | DisputeStatus::UnderReview => 0,
            };
            self.set(Line::Disputed, dispute.charge.0, dispute.withdrawn);
            self.set(Line::Ended, dispute.charge.0, ended);
        }
    }

    /// What the rails say they did up to an instant.
    pub(super) async fn of_rails(
        cards: &dyn CardRail,
        bank: &dyn BankRail,
        until: Timestamp,
    ) -> Result<Self, Failure> {
        let (mut books, mut after, mut more) = (Self::default(), None, true);
        while more {
            let page = cards.facts(after.as_ref(), until, PAGE).await.map_err(Failure::input)?;
            page.told.iter().for_each(|told| books.card(&told.fact));
            (after, more) = (page.next.or(after), page.more);
        }
        (after, more) = (None, true);
        while more {
            let page = bank.facts(after.as_ref(), until, PAGE).await.map_err(Failure::input)?;
            page.told.iter().for_each(|told| books.bank(&told.fact));
            (after, more) = (page.next.or(after), page.more);
        }
        Ok(books)
    }

    fn card(&mut self, fact: &CardFact) {
        match fact {
            CardFact::Captured { payment, amount, .. } => {
                self.add(Line::Captured, payment.id(), amount.minor);
            }
            // The money leaves once, when it is pending or when it is done.
            CardFact::RefundPending { refund, amount, .. }
            | CardFact::RefundSucceeded { refund, amount, .. } => {
                self.set(Line::Refunded, refund.id(), amount.minor);
            }
            CardFact::RefundFailed { refund, .. } | CardFact::RefundCancelled { refund } => {
                self.set(Line::Refunded, refund.id(), 0);
            }
            CardFact::FundsWithdrawn { payment, amount, .. } => {
                self.add(Line::Disputed, payment.id(), amount.minor);
            }
            CardFact::FundsReinstated { payment, amount, .. } => {
                self.add(Line::Disputed, payment.id(), -amount.minor);
            }
            CardFact::DisputeClosed { payment, outcome, .. } => {
                let ended = match outcome {
                    DisputeOutcome::Won => 1,
                    DisputeOutcome::Lost => 2,
                    DisputeOutcome::WarningClosed => 3,
                };
                self.set(Line::Ended, payment.id(), ended);
            }
            CardFact::FraudWarning { payment, .. } => self.add(Line::Warned, payment.id(), 1),
            CardFact::Authorised { .. }
            | CardFact::Declined { .. }
            | CardFact::Cancelled { .. }
            | CardFact::Expired { .. }
            | CardFact::RefundRequiresAction { .. }
            | CardFact::DisputeOpened { .. }
            | CardFact::DisputeEscalated { .. }
            | CardFact::EvidenceReceived { .. } => {}
        }
    }

    fn bank(&mut self, fact: &BankFact) {
        if fact.flow != Flow::Payout {
            return;
        }
        match fact.result {
            OrderResult::Done => self.add(Line::Paid, fact.order.id(), fact.amount.minor),
            OrderResult::Returned(_) => self.add(Line::Paid, fact.order.id(), -fact.amount.minor),
            OrderResult::Failed(_) | OrderResult::Cancelled => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use counterfoil::domain::money::{Currency, Money};
    use counterfoil::rails::{AskKey, DisputeRef};

    use super::*;

    /// A dispute of which only one side knows: each such line was no line of the comparison.
    #[test]
    fn what_one_side_has_alone_is_a_difference() {
        let payment = AskKey::of(ObjectId::new(7, 0));
        let amount = Money::new(Currency::USD, 10_000);
        let mut rails = Books::default();
        let ledger = Books::default();
        assert_eq!(ledger.difference(&rails), None);
        rails.card(&CardFact::FundsWithdrawn { dispute: DisputeRef::new("dp_1").unwrap(), payment, amount });
        let difference = ledger.difference(&rails).unwrap();
        assert!(difference.starts_with("Disputed of "), "{difference}");
        assert!(difference.ends_with("the rail says 10000, the ledger recorded 0"), "{difference}");
        rails.card(&CardFact::FundsReinstated { dispute: DisputeRef::new("dp_1").unwrap(), payment, amount });
        assert_eq!(ledger.difference(&rails), None, "what came back is no difference");
    }
}
