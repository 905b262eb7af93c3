//! Releasing prefunding: by hand it becomes available, and may be paid out like all else. At
//! Connect it is paid out by hand where it is; here a payout pays what is available (our own
//! rule, docs/decisions/prefunding.md).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, prefunded | amount | |
//! | account, available | | amount |

use super::{DrawdownCause, DrawdownState, PrefundingRefusal, drawn};
use crate::account::{AccountRefusal, Details};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, DrawdownId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::step::Step;

/// Makes prefunding available.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReleasePrefunding {
    /// Whose.
    pub account: AccountId,
    /// How much.
    pub amount: Money,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

impl ReleasePrefunding {
    /// A release without details.
    #[must_use]
    pub fn new(account: AccountId, amount: Money) -> Self {
        Self { account, amount, details: None }
    }
}

impl Verb for ReleasePrefunding {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, context, .. } = *scene;
        let (account, asked) = (self.account, self.amount);
        if asked.minor <= 0 {
            return Err(PrefundingRefusal::NotPositive { asked }.into());
        }
        Details::check(self.details.as_deref()).map_err(|error| PrefundingRefusal::Details { error })?;
        if ledger.account(account).is_none() {
            return Err(AccountRefusal::Unknown { account }.into());
        }
        let prefunded = Money::new(asked.currency, ledger.prefunded(account, asked.currency));
        if asked.minor > prefunded.minor {
            return Err(PrefundingRefusal::Short { asked, prefunded }.into());
        }

        let state = DrawdownState { account, amount: asked, cause: DrawdownCause::Requested };
        let id = DrawdownId::new(context.position, 0);
        Ok(drawn(ledger, Step::PrefundingReleased, id, state).told(self.details.clone()).into())
    }
}
