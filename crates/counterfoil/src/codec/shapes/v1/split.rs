//! Splits, version 1.

use counterfoil_domain::AccountId;
use counterfoil_domain::account::Details;
use counterfoil_domain::split::Share;
use counterfoil_domain::transfer::TransferState;
use serde::{Deserialize, Serialize};

use super::details::{DetailsV1, details};
use super::transfer::TransferStateV1;
use crate::codec::Fault;
use crate::codec::shapes::{each, list};

/// One seller's share.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ShareV1 {
    account: u32,
    gross: i64,
    commission: i64,
}

/// What few splits have besides: shares and transfers that do not follow from the rest, and a
/// caller's words.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct SplitMoreV1<'a> {
    #[serde(deserialize_with = "list::read")]
    shares: Vec<ShareV1>,
    #[serde(borrow, deserialize_with = "list::read")]
    transfers: Vec<TransferStateV1<'a>>,
    details: Option<DetailsV1<'a>>,
}

/// The same in the domain's words.
pub(in crate::codec) struct More {
    pub(in crate::codec) shares: Vec<Share>,
    pub(in crate::codec) transfers: Vec<TransferState>,
    pub(in crate::codec) details: Option<Box<Details>>,
}

impl<'a> SplitMoreV1<'a> {
    pub(in crate::codec) fn new(
        shares: &[Share],
        transfers: &'a [TransferState],
        words: Option<&'a Details>,
    ) -> Self {
        Self {
            shares: shares.iter().map(ShareV1::from).collect(),
            transfers: transfers.iter().map(TransferStateV1::from).collect(),
            details: words.map(Into::into),
        }
    }

    pub(in crate::codec) fn parts(self) -> Result<More, Fault> {
        let shares = self.shares.into_iter().map(Share::from).collect();
        Ok(More { shares, transfers: each(self.transfers)?, details: details(self.details)? })
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
