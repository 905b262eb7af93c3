//! Filling: which charge pays which net.
//!
//! Nets are filled from the charges in their order, sellers in theirs. A transfer
//! names one charge and never exceeds what is left of it; a net that spans charges
//! becomes several transfers.
//!
//! | book, for each transfer | debit | credit |
//! |---|---|---|
//! | platform, pending (available once the charge matured) | part | |
//! | seller, pending (available once the charge matured) | | part |

use super::Share;
use crate::books::{Draft, Kind};
use crate::calendar::Day;
use crate::charge::{ChargeState, Purse};
use crate::decide::Context;
use crate::id::{AccountId, ChargeId, TransferId};
use crate::money::Minor;
use crate::transfer::TransferState;

/// Fills the nets of `shares` from `charges`, which hold enough.
pub(super) fn fill(
    charges: &mut [(ChargeId, ChargeState)],
    shares: &[Share],
    context: &Context,
    draft: &mut Draft,
) -> Vec<TransferState> {
    let mut transfers = Vec::with_capacity(shares.len());
    let mut sources = charges.iter_mut();
    let mut source = sources.next();
    let mut ordinal = 0;
    for share in shares {
        let mut wanted = share.net();
        while wanted > 0 {
            let Some((id, charge)) = source.as_mut() else {
                break;
            };
            let part = wanted.min(charge.transferable());
            if part == 0 {
                source = sources.next();
                continue;
            }
            transfers.push(transfer(*id, charge, share.account, part, context.now.day(), draft));
            charge.share(TransferId::new(context.position, ordinal), part);
            ordinal += 1;
            wanted -= part;
        }
        assert_eq!(wanted, 0, "the nets were bounded by what is left of the charges");
    }
    transfers
}

/// Moves `amount` of a charge to a seller.
pub(super) fn transfer(
    id: ChargeId,
    charge: &mut ChargeState,
    destination: AccountId,
    amount: Minor,
    today: Day,
    draft: &mut Draft,
) -> TransferState {
    let mut platforms = charge.purse(today);
    let mut sellers = Purse::new(destination, charge.available_on, today, 0);
    platforms.debit(draft, Kind::Transfer, amount);
    sellers.credit(draft, Kind::Transfer, amount);
    charge.keep(&platforms);
    TransferState {
        destination,
        currency: charge.currency,
        amount,
        reversed: 0,
        source_charge: Some(id),
        available_on: charge.available_on.max(today),
        pending_left: sellers.pending_left(),
        transfer_group: charge.transfer_group.clone(),
        queue: None,
        held: None,
    }
}
