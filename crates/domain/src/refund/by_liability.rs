//! Refunding by liability: the parts of splits by rules give back what each bears
//! (`split/recover.rs`). It is booked as a refund that names its transfers
//! (`separate_charge.rs`), but for who is short: what a seller does not have makes its
//! balance negative, or is left to the platform, as the part's liability says.
//!
//! What each part bears is reckoned when the refund is asked for, from what was refunded of
//! the charge until then. So the steps of many refunds add up, whichever of them waits.

use super::carry_out::Recovered;
use super::create::MOST_RECOVERED;
use super::{Liabilities, Means, RefundRefusal};
use crate::charge::ChargeState;
use crate::decide::Scene;
use crate::id::{ChargeId, SplitId};
use crate::money::{Currency, Minor};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::split::{Refunded, SplitRefusal, liable, recover_by_liability};
use crate::transfer::TransferState;

/// The parts of how many splits bear one refund at most.
pub const MOST_LIABLE_SPLITS: usize = 10;

/// Adds the splits, and what they made of the charge.
pub(super) fn needs(charge: ChargeId, splits: &[SplitId], loaded: &Loaded, needs: &mut Needs) {
    if splits.len() > MOST_LIABLE_SPLITS {
        return;
    }
    needs.add_all(splits.iter().copied());
    // More than can be taken back of is refused.
    let made = splits.iter().filter_map(|split| loaded.get(*split)).flat_map(|split| liable(split, charge));
    needs.add_all(made.take(MOST_RECOVERED));
}

/// The rules of naming splits: few, each of the charge, each once, and not too many transfers.
pub(super) fn refuse(charge: ChargeId, splits: &[SplitId], loaded: &Loaded) -> Result<(), Refusal> {
    if splits.len() > MOST_LIABLE_SPLITS {
        return Err(RefundRefusal::ManySplits { named: splits.len() }.into());
    }
    let mut named = 0;
    for (index, id) in splits.iter().enumerate() {
        let split = loaded.get(*id).ok_or(SplitRefusal::Unknown { split: *id })?;
        if !split.charges.iter().any(|source| source.charge == charge) {
            return Err(RefundRefusal::RecoveryOfOtherSplit { split: *id }.into());
        }
        if splits.iter().skip(index + 1).any(|other| other == id) {
            return Err(RefundRefusal::SplitTwice { split: *id }.into());
        }
        named += liable(split, charge).count();
    }
    if named > MOST_RECOVERED {
        return Err(RefundRefusal::ManyTransfers { named }.into());
    }
    Ok(())
}

/// What each part of the splits bears of a refund of `amount`.
pub(super) fn borne(
    id: ChargeId,
    charge: &ChargeState,
    amount: Minor,
    splits: &[SplitId],
    loaded: &Loaded,
) -> Liabilities {
    let before = charge.refunded;
    let refunded = Refunded { amount: charge.amount, before, after: before + amount };
    let left = |id| loaded.get(id).map_or(0, |transfer: &TransferState| transfer.reversible());
    let made = splits.iter().filter_map(|split| loaded.get(*split));
    let borne =
        made.flat_map(|split| recover_by_liability(split, id, (refunded, charge.disputed()), left)).collect();
    Liabilities { splits: splits.to_vec(), borne }
}

/// What can be taken back where the platform bears what a seller does not have: of each no
/// more than its sale has pending or held and its seller available and prefunded, after those
/// before it.
pub(super) fn bound(recovered: &mut [Recovered], scene: &Scene<'_>, currency: Currency) {
    let today = scene.context.now.day();
    let mut means = Means::of(scene, currency);
    for recovered in recovered {
        let transfer = &recovered.transfer;
        let of = (recovered.id, transfer.purse(today).pending_before());
        recovered.amount = means.give(transfer.destination, of, recovered.amount, recovered.shortfall);
    }
}
