//! The bank returned a debit that had arrived: a fact, which no policy refuses. The account owes
//! again, and its bank account is errored where it is still the one on file.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, available | amount | |
//! | `rail:bank` | | amount |

use super::{BankDebitStatus, step};
use crate::books::{Book, Draft, Kind, State};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{BankDebitId, RailId};
use crate::payout::FailureCode;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that the bank returned a debit that had arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkBankDebitReturned {
    /// Which bank debit.
    pub bank_debit: BankDebitId,
    /// Why.
    pub code: FailureCode,
}

impl Verb for MarkBankDebitReturned {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.bank_debit);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let returned = BankDebitStatus::Returned(self.code);
        let taken = (BankDebitStatus::Succeeded, Step::BankDebitReturned, returned);
        let (moved, amount, account) = step(scene.loaded, self.bank_debit, taken)?;
        let mut draft = Draft::new(amount.currency);
        draft.debit(Book::Account(account, State::Available), Kind::BankDebitReturn, amount.minor).credit(
            Book::Rail(RailId::BANK),
            Kind::BankDebitReturn,
            amount.minor,
        );
        Ok(moved.of(amount.minor).booked(draft, scene.ledger).into())
    }
}
