//! Setting whether what an account owes is debited from its bank. Posts nothing.

use crate::account::AccountRefusal;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::refusal::Refusal;

/// Says whether what an account owes is debited from its bank: Connect's
/// `debit_negative_balances` (<https://docs.stripe.com/api/balance_settings/object>). One that
/// is on its way already is not called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SetDebitNegativeBalances {
    /// Whose bank; the platform's own too.
    pub account: AccountId,
    /// Whether it is debited.
    pub on: bool,
}

impl Verb for SetDebitNegativeBalances {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Self { account, on } = *self;
        if scene.ledger.account(account).is_none() {
            return Err(AccountRefusal::Unknown { account }.into());
        }

        Ok(Events::from_iter([Event::DebitNegativeBalancesSet { account, on }]))
    }
}
