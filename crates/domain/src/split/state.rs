//! A split by a rule as it stands: what each part got, and what still waits.

use crate::calendar::{Rank, Timestamp, Wait};
use crate::charge::ChargeState;
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{AccountId, ChargeId, SplitId, SplitRuleId, TransferId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, Loaded, Needs, Waits};
use crate::split::rule::{Awaited, Fact, Liability, Liable};
use crate::split::{Share, release};

/// A split that a rule made. It stays a record, because parts may wait and because a refund
/// asks what each part bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitState {
    /// The rule that it was made by.
    pub rule: SplitRuleId,
    /// The number of the rule's version.
    pub version: u16,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What was divided, in minor units.
    pub total: Minor,
    /// The charges, in the order in which they were used up.
    pub charges: Vec<Source>,
    /// The parts, in the rule's order.
    pub parts: Vec<SharedPart>,
    /// The group of all its charges, where they have one.
    pub transfer_group: Option<Box<str>>,
}

/// A charge that was shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Which charge.
    pub charge: ChargeId,
    /// What of it the split divided, in minor units: all that was neither transferred nor
    /// refunded nor reserved by then. The parts have no more of it than this.
    pub shared: Minor,
    /// What of it had been given back to the payer when it was shared; only what is given
    /// back after concerns the parts.
    pub refunded: Minor,
}

/// What one part of the rule came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPart {
    /// What the seller sold, and what the platform keeps of it.
    pub share: Share,
    /// What the part bears of refunds and disputes.
    pub liability: Liability,
    /// What its money still waits for; none once it was let go.
    pub awaits: Option<Awaited>,
    /// Its net, charge by charge. A net of 0 has none.
    pub pieces: Vec<Piece>,
}

/// What one part has of one charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which charge.
    pub charge: ChargeId,
    /// What the part has of it, in minor units.
    pub amount: Minor,
    /// What of that stayed with the platform when the rest was let go: its share of what had been
    /// refunded meanwhile.
    pub kept: Minor,
    /// What moved; none while it waits, and where all of it stayed.
    pub transfer: Option<TransferId>,
}

impl SplitState {
    /// Whether any part waits for this fact.
    #[must_use]
    pub fn awaits_fact(&self, fact: &Fact) -> bool {
        self.parts.iter().filter_map(|part| part.awaits.as_ref()).any(|awaits| awaits.facts.contains(fact))
    }

    /// What still waits on the platform, charge by charge.
    pub fn held(&self) -> impl Iterator<Item = &Piece> {
        self.pieces().filter(|piece| piece.waits())
    }

    /// What each part has of each charge.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.parts.iter().flat_map(|part| &part.pieces)
    }

    /// What had been refunded of a charge when it was shared.
    pub(super) fn refunded_before(&self, charge: ChargeId) -> Minor {
        let source = self.charges.iter().find(|source| source.charge == charge);
        source.map_or(0, |source| source.refunded)
    }

    fn moved(&self) -> Minor {
        self.pieces().filter(|piece| piece.transfer.is_some()).map(Piece::net).sum()
    }
}

impl SharedPart {
    /// Whether its money may go by `now`.
    pub(super) fn is_free(&self, now: Timestamp) -> bool {
        self.awaits.as_ref().is_some_and(|awaits| awaits.is_met(now))
    }
}

impl Piece {
    /// Whether it still waits.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.transfer.is_none() && self.kept < self.amount
    }

    /// What moved of it, or may yet.
    #[must_use]
    pub fn net(&self) -> Minor {
        self.amount - self.kept
    }

    /// What it bears of what its charge lost to refunds, by the part's liability and at most all of
    /// it (docs/decisions/split-rules.md, our own rule); `before` had been refunded when it was
    /// shared. What disputes took they take back of it once it moved (`dispute/recover_more.rs`).
    #[must_use]
    pub fn bears(&self, liability: Liability, charge: &ChargeState, before: Minor) -> Minor {
        let liable = Liable { received: self.amount, liability };
        liable.due_for_refunds(charge.refunded - before, charge.amount - before).min(self.amount)
    }
}

impl Kept for SplitState {
    fn owner(&self) -> AccountId {
        AccountId::PLATFORM
    }

    /// What moved.
    fn money(&self) -> Money {
        Money::new(self.currency, self.moved())
    }

    fn status(&self) -> &'static str {
        if self.parts.iter().any(|part| part.awaits.is_some()) { "pending" } else { "succeeded" }
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }

    /// The first instant that alone is waited for.
    fn wait(&self) -> Option<Wait> {
        let awaits = self.parts.iter().filter_map(|part| part.awaits.as_ref());
        let instants = awaits.filter(|awaits| awaits.facts.is_empty()).filter_map(|awaits| awaits.until);
        instants.min().map(|until| Wait::Until(until, Rank::Release))
    }
}

impl Waits for SplitState {
    type Id = SplitId;

    fn due_needs(&self, loaded: &Loaded, needs: &mut Needs) {
        let told = |part: &&SharedPart| part.awaits.as_ref().is_some_and(|awaits| awaits.facts.is_empty());
        release::add_charges(self.parts.iter().filter(told), loaded, needs);
    }

    fn do_due(&self, id: SplitId, scene: &Scene<'_>) -> Events {
        release::due(id, self, scene)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Timestamp;
    use crate::charge::{ChargeMore, ChargeStanding, ChargeType};
    use crate::id::RailId;
    use crate::money::Rate;

    /// 100.00 of which so much was refunded and so much disputed.
    fn charge(refunded: Minor, disputed: Minor) -> ChargeState {
        let more = ChargeMore {
            standing: ChargeStanding::Succeeded,
            authorised: 10_000,
            asynchronous: false,
            transfer: None,
            transfers: Vec::new(),
            disputed,
            disputes: Vec::new(),
            fraud_warnings: Vec::new(),
            recovering: None,
            asked: false,
            card: None,
            on_behalf_of: None,
            fee_at: None,
            earlier: Vec::new(),
            held: None,
        };
        ChargeState {
            charge_type: ChargeType::Separate,
            owner: AccountId::PLATFORM,
            seller: None,
            rail: RailId(0),
            currency: Currency::USD,
            amount: 10_000,
            available_on: Timestamp::MIN.day(),
            processing_fee: 0,
            application_fee: 0,
            transferred: 6_000,
            refunded,
            refunded_reversing: 0,
            refunded_with_fee: 0,
            fee_refunded: 0,
            pending_left: 0,
            fee_pending_left: 0,
            transfer_group: None,
            more: Some(Box::new(more)),
        }
    }

    #[test]
    fn what_waits_bears_refunds_and_never_more_than_it_has() {
        let piece = Piece { charge: ChargeId::new(5, 0), amount: 6_000, kept: 0, transfer: None };
        let bears = |refunded, disputed, before| {
            piece.bears(Liability::default(), &charge(refunded, disputed), before)
        };
        assert_eq!(bears(0, 0, 0), 0);
        assert_eq!(bears(5_000, 0, 0), 3_000);
        // What a dispute took it gives back once it moved.
        assert_eq!(bears(4_000, 5_000, 0), 2_400);
        assert_eq!(bears(12_000, 0, 0), 6_000);
        // 20.00 went back before it was shared: of the other 80.00 half.
        assert_eq!(bears(6_000, 0, 2_000), 3_000);
        // That refund failed later: nothing went back since.
        assert_eq!(bears(0, 0, 2_000), 0);
        let half = Liability { refund: Rate::from_basis_points(5_000).unwrap(), ..Liability::default() };
        assert_eq!(piece.bears(half, &charge(5_000, 0), 0), 1_500);
    }
}
