//! Prefunding covers an available balance below zero: at the instant at which it fell there,
//! before the platform's reserve follows.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, prefunded | what is short, at most what is there | |
//! | account, available | | the same |

use super::{DrawdownCause, DrawdownState, drawn};
use crate::decide::Context;
use crate::event::Events;
use crate::id::{AccountId, DrawdownId};
use crate::ledger::Ledger;
use crate::money::{Currency, Money};
use crate::step::Step;

/// Moves what an account is short of out of its prefunding, as far as that goes.
pub(crate) fn cover(ledger: &Ledger, account: AccountId, currency: Currency, context: &Context) -> Events {
    let available = ledger.account(account).map_or(0, |holder| holder.available(currency));
    let amount = available.saturating_neg().min(ledger.prefunded(account, currency));
    let amount = Money::new(currency, amount);
    let state = DrawdownState { account, amount, cause: DrawdownCause::Shortfall };
    drawn(ledger, Step::PrefundingUsed, DrawdownId::new(context.position, 0), state).into()
}
