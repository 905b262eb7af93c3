//! Naming a successor: a seller has moved to another account, because it changed its country or
//! its company say. Posts nothing.
//!
//! Connect knows no such thing, and a dispute that is won is credited to the account that the
//! seller has left. Ours is our own rule (docs/decisions/disputes.md). Naming another successor
//! later takes the place of the first.

use super::AccountRefusal;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::refusal::Refusal;

/// Says which account a seller has moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameSuccessor {
    /// The account that it has left.
    pub account: AccountId,
    /// The account that it has moved to.
    pub successor: AccountId,
}

impl Verb for NameSuccessor {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let (ledger, Self { account, successor }) = (scene.ledger, *self);
        for named in [account, successor] {
            if ledger.account(named).is_none() {
                return Err(AccountRefusal::Unknown { account: named }.into());
            }
        }
        if account.is_platform() || successor.is_platform() {
            return Err(AccountRefusal::SuccessorOfPlatform.into());
        }
        if successor == account || ledger.successors(successor).any(|next| next == account) {
            return Err(AccountRefusal::SuccessorsCircle { account, successor }.into());
        }

        Ok(Events::from_iter([Event::SuccessorNamed { account, successor }]))
    }
}

impl Ledger {
    /// The accounts that a seller has moved to, one after the other; the last is where it is.
    pub fn successors(&self, account: AccountId) -> impl Iterator<Item = AccountId> + '_ {
        let next = |left: &AccountId| self.successors.get(left).copied();
        // There is no circle; were there one, it would end all the same.
        std::iter::successors(Some(account), next).skip(1).take(self.successors.len())
    }
}
