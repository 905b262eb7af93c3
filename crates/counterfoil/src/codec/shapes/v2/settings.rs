//! What a ledger is opened with, version 2: with what becomes of refunds that are not covered.

use counterfoil_domain::Settings;
use counterfoil_domain::refund::OnShortfall;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::v1::LedgerOpenedV1;

/// The first event.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct LedgerOpenedV2<'a> {
    #[serde(borrow)]
    first: LedgerOpenedV1<'a>,
    on_shortfall: u8,
}

impl<'a> From<&'a Settings> for LedgerOpenedV2<'a> {
    fn from(settings: &'a Settings) -> Self {
        Self { first: settings.into(), on_shortfall: settings.on_shortfall.number() }
    }
}

/// Before there was a choice every such refund was refused.
impl<'a> From<LedgerOpenedV1<'a>> for LedgerOpenedV2<'a> {
    fn from(first: LedgerOpenedV1<'a>) -> Self {
        Self { first, on_shortfall: OnShortfall::Refuse.number() }
    }
}

impl TryFrom<LedgerOpenedV2<'_>> for Settings {
    type Error = Fault;

    fn try_from(shape: LedgerOpenedV2<'_>) -> Result<Self, Fault> {
        shape.first.opened(Numbered::numbered(shape.on_shortfall)?)
    }
}
