//! Recovering: what the parts of a split by a rule give back when its charge is refunded or
//! disputed.

use super::rule::{Liable, Shortfall, dispute_fees, recover};
use super::state::SplitState;
use crate::dispute::MOST_RECOVERED_BY_DISPUTE;
use crate::id::{ChargeId, TransferId};
use crate::money::{Minor, Rate};

/// What of one charge went back to its payer, by refunds or by disputes, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// What was charged.
    pub amount: Minor,
    /// In all, before this refund or dispute.
    pub before: Minor,
    /// In all, after it.
    pub after: Minor,
}

/// What a refund is to take back of one transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borne {
    /// Of which transfer.
    pub transfer: TransferId,
    /// How much, in minor units; above zero.
    pub amount: Minor,
    /// Who bears what its seller does not have.
    pub shortfall: Shortfall,
}

/// The transfers that a split made of a charge and of which its refunds are to take back.
pub(crate) fn liable(split: &SplitState, charge: ChargeId) -> impl Iterator<Item = TransferId> {
    let parts = split.parts.iter().filter(|part| part.liability.refund > Rate::ZERO);
    let pieces = parts.flat_map(|part| &part.pieces);
    pieces.filter(move |piece| piece.charge == charge).filter_map(|piece| piece.transfer)
}

/// What a refund of a charge takes back of each transfer that the split made of it: what is due
/// by the part's liability after the refund less what was due before. `left` says what can still
/// be moved back of a transfer, which nothing exceeds. A part that waited has already borne what
/// was kept of it. Transfers of which nothing is due are left out. `disputed` is what disputes have of
/// the charge.
///
/// The amounts may differ from the refund by cents, which the platform carries until the last
/// (docs/decisions/split-rules.md).
pub fn recover_by_liability(
    split: &SplitState,
    charge: ChargeId,
    (refunded, disputed): (Refunded, Minor),
    left: impl Fn(TransferId) -> Minor,
) -> Vec<Borne> {
    let earlier = split.refunded_before(charge);
    let of = refunded.amount - earlier;
    let mut takes = Vec::new();
    for part in &split.parts {
        for piece in part.pieces.iter().filter(|piece| piece.charge == charge) {
            let Some(transfer) = piece.transfer else {
                continue;
            };
            let liable = Liable { received: piece.amount, liability: part.liability };
            let due = |refunded: Minor| liable.due_for_refunds(refunded - earlier, of);
            let borne = due(refunded.before).max(piece.kept);
            let cent = liable.cent_of_both(refunded.after - earlier, disputed, of);
            let amount = recover(borne, due(refunded.after) + cent, left(transfer));
            if amount > 0 {
                takes.push(Borne { transfer, amount, shortfall: part.liability.shortfall });
            }
        }
    }
    takes
}

/// What a dispute is due of one transfer that a split made, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// The transfer.
    pub transfer: TransferId,
    /// In all; above zero.
    pub amount: Minor,
    /// What of it is the part's share of the dispute's fee.
    pub fee_share: Minor,
    /// Who bears what its seller does not have.
    pub shortfall: Shortfall,
}

/// What a dispute of a charge is due of each transfer that splits made of it: what is due by the
/// part's liability with the disputed amount less what was due before it, and its share of the fee.
/// The fee is divided once, among all parts of all the splits, whether they have moved or wait; of
/// more parts than a dispute can name the platform bears it.
/// `refunded` is what refunds have of the charge.
pub(crate) fn recover_for_dispute<'a>(
    splits: impl Iterator<Item = &'a SplitState>,
    charge: ChargeId,
    (disputed, refunded): (Refunded, Minor),
    fee: Minor,
) -> Vec<Disputed> {
    let mut parts = Vec::new();
    for split in splits {
        let earlier = split.refunded_before(charge);
        for part in &split.parts {
            let liable = |received| Liable { received, liability: part.liability };
            let pieces = part.pieces.iter().filter(|piece| piece.charge == charge);
            parts.extend(pieces.map(|piece| (piece.transfer, liable(piece.amount), earlier)));
        }
    }
    parts.truncate(MOST_RECOVERED_BY_DISPUTE);
    let liable: Vec<Liable> = parts.iter().map(|(_, liable, _)| *liable).collect();
    let first = parts.iter().map(|(.., earlier)| *earlier).min().unwrap_or(0);
    let shares = dispute_fees(&liable, fee, disputed.amount - first);
    let takes = parts.into_iter().zip(shares).filter_map(|((transfer, liable, earlier), fee_share)| {
        let of = disputed.amount - earlier;
        let due = |disputed| liable.due_for_disputes(disputed, of);
        let (before, refunded) = (disputed.before, refunded - earlier);
        // The dispute that takes all that refunds left takes the cent too.
        let all = refunded + before < of;
        let cent = if all { liable.cent_of_both(refunded, disputed.after, of) } else { 0 };
        let amount = due(disputed.after) - due(before) + cent + fee_share;
        let shortfall = liable.liability.shortfall;
        Some(Disputed { transfer: transfer?, amount, fee_share, shortfall })
    });
    takes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{AccountId, SplitRuleId};
    use crate::money::Currency;
    use crate::split::rule::Liability;
    use crate::split::{Piece, Share, SharedPart, Source};

    fn charge() -> ChargeId {
        ChargeId::new(5, 0)
    }

    fn part(account: u32, amount: Minor, kept: Minor, bears: u32) -> SharedPart {
        let refund = Rate::from_basis_points(bears * 100).unwrap();
        SharedPart {
            share: Share { account: AccountId(account), gross: amount, commission: 0 },
            liability: Liability { refund, ..Liability::default() },
            awaits: None,
            pieces: vec![Piece { charge: charge(), amount, kept, transfer: Some(transfer(account)) }],
        }
    }

    fn transfer(account: u32) -> TransferId {
        TransferId::new(7, account as u16)
    }

    fn split(earlier: Minor, parts: Vec<SharedPart>) -> SplitState {
        SplitState {
            rule: SplitRuleId::new(3, 0),
            version: 1,
            currency: Currency::USD,
            total: parts.iter().map(|part| part.share.gross).sum(),
            charges: vec![Source {
                charge: charge(),
                shared: parts.iter().map(|part| part.share.gross).sum(),
                refunded: earlier,
            }],
            parts,
            transfer_group: None,
        }
    }

    fn taken(split: &SplitState, amount: Minor, before: Minor, after: Minor) -> Vec<Minor> {
        let refunded = Refunded { amount, before, after };
        let takes = recover_by_liability(split, charge(), (refunded, 0), |_| Minor::MAX);
        let of = |account| takes.iter().find(|it| it.transfer == transfer(account)).map_or(0, |it| it.amount);
        (1..=split.parts.len() as u32).map(of).collect()
    }

    #[test]
    fn three_refunds_of_the_page_take_what_it_says() {
        let split = split(0, vec![part(1, 5_001, 0, 100), part(2, 3_000, 0, 100), part(3, 2_000, 0, 100)]);
        assert_eq!(taken(&split, 10_001, 0, 3_333), [1_667, 1_000, 667]);
        assert_eq!(taken(&split, 10_001, 3_333, 6_667), [1_667, 1_000, 666]);
        assert_eq!(taken(&split, 10_001, 6_667, 10_001), [1_667, 1_000, 667]);
    }

    #[test]
    fn what_was_refunded_before_the_split_is_nobodys() {
        // 100.00, of which 20.00 went back; 80.00 were shared. Another 40.00 are half of those.
        let split = split(2_000, vec![part(1, 6_000, 0, 100), part(2, 2_000, 0, 50)]);
        assert_eq!(taken(&split, 10_000, 2_000, 6_000), [3_000, 500]);
        assert_eq!(taken(&split, 10_000, 6_000, 10_000), [3_000, 500]);
    }

    #[test]
    fn what_was_kept_of_a_part_that_waited_was_borne() {
        // Half of 100.00 was refunded while 40.00 waited: 20.00 were kept, 20.00 went.
        let split = split(0, vec![part(1, 6_000, 0, 100), part(2, 4_000, 2_000, 100)]);
        assert_eq!(taken(&split, 10_000, 5_000, 7_500), [1_500, 1_000]);
        assert_eq!(taken(&split, 10_000, 7_500, 10_000), [1_500, 1_000]);
    }

    #[test]
    fn nothing_is_taken_beyond_what_is_left_of_a_transfer_or_of_another_charge() {
        let split = split(0, vec![part(1, 6_000, 0, 100)]);
        let refunded = Refunded { amount: 10_000, before: 0, after: 10_000 };
        let borne = Borne { transfer: transfer(1), amount: 100, shortfall: Shortfall::SellerOwes };
        assert_eq!(recover_by_liability(&split, charge(), (refunded, 0), |_| 100), [borne]);
        assert_eq!(recover_by_liability(&split, charge(), (refunded, 0), |_| 0), []);
        assert_eq!(recover_by_liability(&split, ChargeId::new(9, 0), (refunded, 0), |_| 100), []);
    }
}
