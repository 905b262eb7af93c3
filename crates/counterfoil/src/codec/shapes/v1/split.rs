//! Splits, version 1.

use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::split::{Share, SplitMade};
use counterfoil_domain::{AccountId, ChargeId};
use serde::{Deserialize, Serialize};

use super::charge::ChargeStateV1;
use super::details::{DetailsV1, details};
use super::object::ObjectV1;
use super::transfer::TransferStateV1;
use crate::codec::Fault;
use crate::codec::shapes::{Posted, each, list};

/// One seller's share.
#[derive(Debug, Serialize, Deserialize)]
struct ShareV1 {
    account: u32,
    gross: i64,
    commission: i64,
}

/// Charges that were split; the entry stands before them.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct SplitMadeV1<'a> {
    #[serde(deserialize_with = "list::read")]
    shares: Vec<ShareV1>,
    #[serde(borrow, deserialize_with = "list::read")]
    charges: Vec<(ObjectV1, ChargeStateV1<'a>)>,
    #[serde(borrow, deserialize_with = "list::read")]
    transfers: Vec<TransferStateV1<'a>>,
    details: Option<DetailsV1<'a>>,
}

impl<'a> From<&'a SplitMade> for SplitMadeV1<'a> {
    fn from(split: &'a SplitMade) -> Self {
        Self {
            shares: split.shares.iter().map(ShareV1::from).collect(),
            charges: split.charges.iter().map(|(id, charge)| (id.0.into(), charge.into())).collect(),
            transfers: split.transfers.iter().map(TransferStateV1::from).collect(),
            details: split.details.as_deref().map(DetailsV1::from),
        }
    }
}

impl TryFrom<Posted<SplitMadeV1<'_>>> for SplitMade {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<SplitMadeV1<'_>>) -> Result<Self, Fault> {
        let charge = |(id, charge): (ObjectV1, ChargeStateV1<'_>)| {
            Ok((ChargeId(id.try_into()?), ChargeState::try_from(charge)?))
        };
        Ok(Self {
            shares: shape.shares.into_iter().map(Share::from).collect(),
            charges: shape.charges.into_iter().map(charge).collect::<Result<_, Fault>>()?,
            transfers: each(shape.transfers)?,
            entry,
            details: details(shape.details)?,
        })
    }
}

impl From<&Share> for ShareV1 {
    fn from(share: &Share) -> Self {
        Self { account: share.account.0, gross: share.gross, commission: share.commission }
    }
}

impl From<ShareV1> for Share {
    fn from(shape: ShareV1) -> Self {
        Self { account: AccountId(shape.account), gross: shape.gross, commission: shape.commission }
    }
}
