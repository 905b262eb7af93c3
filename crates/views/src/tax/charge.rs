//! Charges and splits as sales: what is counted, when, and what is taken back.

use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::charge::{ChargeState, ChargeType};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::record::RecordKey as _;
use counterfoil_domain::split::Share;
use counterfoil_domain::{AccountId, Moved, Record, Recorded, Step, TransferId};
use serde::{Deserialize, Serialize};

use super::Tax;

/// What a charge that is begun sells once its payment arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    #[serde(with = "crate::shape")]
    seller: AccountId,
    #[serde(with = "crate::shape")]
    currency: Currency,
    gross: Minor,
    fees: Minor,
}

impl Tax {
    pub(super) fn charge(&mut self, recorded: &Recorded, charged: &Charged) {
        // A separate charge has no seller; its transfers or splits name them.
        let charge = &charged.charge;
        if let Some(seller) = charge.seller {
            let kept = charged.transfer.as_ref().map_or(0, |transfer| charge.amount - transfer.amount);
            let processing = if charged.fee_payer == seller { charge.processing_fee } else { 0 };
            let fees = charge.application_fee + kept + processing;
            self.sell(recorded, seller, charge.currency, charge.amount, fees);
        }
    }

    /// A capture is a sale of what it brought, and so is a charge that was begun, once its
    /// payment arrives; what of that did not come to the seller are fees.
    pub(super) fn step(&mut self, recorded: &Recorded, moved: &Moved) {
        let Record::Charge(id, charge) = &moved.subject.record else {
            return;
        };
        let Some(seller) = charge.seller else {
            return;
        };
        let (number, currency) = (id.0.to_bits(), charge.currency);
        if [Step::ChargeCaptured, Step::ChargeBegun].contains(&moved.step) {
            let gross = moved.subject.amount;
            let fees = gross - received(moved, seller);
            if moved.step == Step::ChargeBegun {
                self.begun.insert(number, Begun { seller, currency, gross, fees });
            } else {
                self.sell(recorded, seller, currency, gross, fees);
            }
        } else if moved.step == Step::ChargeConfirmed {
            if let Some(Begun { seller, currency, gross, fees }) = self.begun.remove(&number) {
                self.sell(recorded, seller, currency, gross, fees);
            }
        } else if moved.step == Step::ChargeFailed && self.begun.remove(&number).is_none() {
            let fees = self.fees(moved, charge);
            self.sell(recorded, seller, currency, -charge.amount, -fees);
        }
    }

    /// What platform and processor kept of a charge that failed, as it was counted.
    fn fees(&self, moved: &Moved, charge: &ChargeState) -> Minor {
        let direct = charge.charge_type == ChargeType::Direct;
        let sellers = self.sellers_pay != self.otherwise.contains(&charge.owner.0);
        let processing = if direct && sellers { charge.processing_fee } else { 0 };
        let mut transfers = moved.beside.iter().filter_map(|part| TransferId::of(&part.record));
        let kept = transfers.next().map_or(0, |(_, transfer)| charge.amount - transfer.amount);
        charge.application_fee + kept + processing
    }

    /// What a split by a rule gives one seller is one sale, though some of it may wait.
    pub(super) fn split(&mut self, recorded: &Recorded, moved: &Moved) {
        if let Record::Split(_, split) = &moved.subject.record {
            // Half now and half on delivery are two parts, and one sale.
            let mut sales: Vec<Share> = Vec::with_capacity(split.parts.len());
            for share in split.parts.iter().map(|part| part.share).filter(|share| share.gross > 0) {
                match sales.iter_mut().find(|sale| sale.account == share.account) {
                    Some(sale) => {
                        sale.gross = sale.gross.saturating_add(share.gross);
                        sale.commission = sale.commission.saturating_add(share.commission);
                    }
                    None => sales.push(share),
                }
            }
            for sale in sales {
                self.sell(recorded, sale.account, split.currency, sale.gross, sale.commission);
            }
        }
    }
}

/// What a step brought a seller.
fn received(moved: &Moved, seller: AccountId) -> Minor {
    let postings = moved.postings();
    let own = postings.filter(|it| it.book.owner().is_some_and(|(account, _)| account == seller));
    own.map(|posting| posting.owed()).sum()
}
