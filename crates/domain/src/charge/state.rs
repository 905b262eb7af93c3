//! A charge as it stands.

use super::cancel::expire;
use super::{ChargeMore, ChargeStanding, ChargeType};
use crate::calendar::{Day, Rank, Wait};
use crate::decide::Scene;
use crate::dispute;
use crate::event::Events;
use crate::id::{AccountId, ChargeId, RailId};
use crate::money::round::proportion_half_even;
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, Loaded, Needs, Waits};

/// The whole remaining state of a charge, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeState {
    /// How it was made.
    pub charge_type: ChargeType,
    /// On whom it lives: the seller of a direct charge, else the platform.
    pub owner: AccountId,
    /// Its one seller; a separate charge has none.
    pub seller: Option<AccountId>,
    /// The rail that it came in on.
    pub rail: RailId,
    /// Its currency.
    pub currency: Currency,
    /// What was charged; of one that was authorised first, what was captured so far.
    pub amount: Minor,
    /// The day from whose start its money is available: of several captures, that of the newest;
    /// before the first, what a capture would have had when it was authorised.
    pub available_on: Day,
    /// The processor's fee.
    pub processing_fee: Minor,
    /// The platform's fee, of a direct charge or a destination charge.
    pub application_fee: Minor,
    /// Moved to sellers by transfers, less what was reversed.
    pub transferred: Minor,
    /// Given back to the payer.
    pub refunded: Minor,
    /// Of that, by refunds that reversed the transfer in proportion.
    pub refunded_reversing: Minor,
    /// By refunds, and reversals of its transfer, that gave the application fee back in
    /// proportion: the running total by which the fee goes back.
    pub refunded_with_fee: Minor,
    /// Application fee given back.
    pub fee_refunded: Minor,
    /// What of it is still in its owner's pending balance.
    pub pending_left: Minor,
    /// What of a direct charge's application fee is still in the platform's pending balance.
    pub fee_pending_left: Minor,
    /// The group that ties it to transfers.
    pub transfer_group: Option<Box<str>>,
    /// What it has beyond this; nothing where it simply succeeded.
    pub more: Option<Box<ChargeMore>>,
}

impl ChargeState {
    /// What can still be given back to the payer: what was neither refunded nor taken by a
    /// dispute, of a charge that has succeeded.
    #[must_use]
    pub fn refundable(&self) -> Minor {
        match self.standing() {
            ChargeStanding::Succeeded => (self.amount - self.refunded - self.disputed()).max(0),
            ChargeStanding::Authorised(_)
            | ChargeStanding::Processing
            | ChargeStanding::Canceled
            | ChargeStanding::Expired
            | ChargeStanding::Failed(_)
            | ChargeStanding::Asked(_)
            | ChargeStanding::Declined(_) => 0,
        }
    }

    /// What can still be moved to sellers: what is neither transferred nor refunded, nor taken
    /// by a dispute; nothing of a charge that failed.
    /// Connect bounds transfers by the charge alone and leaves refunds out
    /// (unconfirmed); ours is the tighter rule (docs/decisions/transfers.md).
    #[must_use]
    pub fn transferable(&self) -> Minor {
        if let ChargeStanding::Failed(_) = self.standing() {
            return 0;
        }
        (self.amount - self.transferred - self.refunded - self.disputed()).max(0)
    }

    /// What of a reversal can go to its seller again, where the refund that made it did not
    /// happen: what the charge has not moved to others meanwhile. Other refunds take nothing
    /// away from it, because they left the seller its money too; what a dispute is due of it, it
    /// takes right after (`dispute/recover_more.rs`).
    pub(crate) fn returnable(&self) -> Minor {
        if let ChargeStanding::Failed(_) = self.standing() {
            return 0;
        }
        (self.amount - self.transferred).max(0)
    }

    /// Gives the application fee back for `part` of the charge, and says how much: so much that
    /// all given back comes to the fee's proportion in everything that was to give it back.
    ///
    /// The total is measured, not the difference to the last one: what a capture has added to
    /// the fee since, what failed since and what went back by itself are all in it. Where
    /// more than the proportion went back already, nothing more does (our own rule,
    /// docs/decisions/rounding.md).
    pub(crate) fn give_fee_back(&mut self, part: Minor) -> Minor {
        self.refunded_with_fee += part;
        let of = self.refunded_with_fee.min(self.amount);
        let due = proportion_half_even(self.application_fee, of, self.amount);
        let back = (due - self.fee_refunded).max(0);
        self.fee_refunded += back;
        back
    }

    /// What disputes took and did not give back; it may be more than the charge.
    #[must_use]
    pub fn disputed(&self) -> Minor {
        self.more.as_ref().map_or(0, |more| more.disputed)
    }
}

impl Kept for ChargeState {
    fn owner(&self) -> AccountId {
        self.owner
    }

    fn counterparty(&self) -> Option<AccountId> {
        self.seller
    }

    /// What was charged; where that is still open or came to nothing, what was authorised.
    fn money(&self) -> Money {
        let minor = match &self.more {
            Some(more) if self.amount == 0 || matches!(more.standing, ChargeStanding::Authorised(_)) => {
                more.authorised
            }
            Some(_) | None => self.amount,
        };
        Money::new(self.currency, minor)
    }

    fn returned(&self) -> Minor {
        self.refunded
    }

    fn status(&self) -> &'static str {
        self.standing().name()
    }

    fn failure(&self) -> Option<&'static str> {
        self.standing().failure()
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }

    fn wait(&self) -> Option<Wait> {
        if let Some(since) = self.more.as_ref().and_then(|more| more.recovering) {
            Some(Wait::Until(since, Rank::Release))
        } else if let ChargeStanding::Authorised(terms) = self.standing() {
            Some(Wait::Until(terms.until, Rank::Expire))
        } else {
            None
        }
    }
}

impl Waits for ChargeState {
    type Id = ChargeId;

    fn due_needs(&self, loaded: &Loaded, needs: &mut Needs) {
        if self.more.as_ref().is_some_and(|more| more.recovering.is_some()) {
            dispute::needs_of_all(self, loaded, needs);
        }
    }

    fn do_due(&self, id: ChargeId, scene: &Scene<'_>) -> Events {
        if self.more.as_ref().is_some_and(|more| more.recovering.is_some()) {
            return dispute::recover_more(self, scene);
        }
        expire(id, self)
    }
}
