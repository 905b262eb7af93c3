//! The bank took a payout. `paid` means expected to have arrived; it may still come back.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, in transit | amount | |
//! | `rail:bank` | | amount |

use super::{PayoutMoved, PayoutRefusal, PayoutStatus};
use crate::books::{Book, Draft, Kind, State};
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{PayoutId, RailId};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;

/// Says that the bank took a payout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkPayoutPaid {
    /// Which payout.
    pub payout: PayoutId,
}

impl Verb for MarkPayoutPaid {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.payout);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, .. } = *scene;
        let id = self.payout;
        let mut payout = loaded.get(id).ok_or(PayoutRefusal::Unknown { payout: id })?.clone();
        match payout.status {
            PayoutStatus::InTransit => {}
            status @ (PayoutStatus::Paid | PayoutStatus::Failed(_) | PayoutStatus::Returned(_)) => {
                return Err(PayoutRefusal::NotInTransit { status }.into());
            }
        }

        payout.status = PayoutStatus::Paid;
        let mut draft = Draft::new(payout.currency);
        draft.debit(Book::Account(payout.account, State::InTransit), Kind::PayoutPaid, payout.amount).credit(
            Book::Rail(RailId::BANK),
            Kind::PayoutPaid,
            payout.amount,
        );
        let entry = draft.number(ledger);
        Ok(Events::from_iter([Event::PayoutPaid(Box::new(PayoutMoved { id, payout, entry }))]))
    }
}
