//! What a ledger is opened with, version 1.

use counterfoil_domain::Settings;
use counterfoil_domain::refund::OnShortfall;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rate::ProcessingFeeV1;
use super::schedule::DelayV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::values::{country, currency};

/// The first event.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct LedgerOpenedV1<'a> {
    ledger: [u8; 16],
    mode: u8,
    clock: u8,
    operator: &'a str,
    country: &'a str,
    currency: u16,
    profile: u8,
    default_charge_type: u8,
    fee_payer: u8,
    loss_bearer: u8,
    requirement_collector: u8,
    processing_fee: ProcessingFeeV1,
    delay: DelayV1,
    minimum_charge: i64,
    overdraft_limit: i64,
    id_key: [u8; 16],
}

impl<'a> From<&'a Settings> for LedgerOpenedV1<'a> {
    fn from(settings: &'a Settings) -> Self {
        Self {
            ledger: settings.ledger.into_bytes(),
            mode: settings.mode.number(),
            clock: settings.clock.number(),
            operator: &settings.operator,
            country: settings.country.code(),
            currency: settings.currency.number(),
            profile: settings.profile.number(),
            default_charge_type: settings.default_charge_type.number(),
            fee_payer: settings.fee_payer.number(),
            loss_bearer: settings.loss_bearer.number(),
            requirement_collector: settings.requirement_collector.number(),
            processing_fee: settings.processing_fee.into(),
            delay: settings.delay.into(),
            minimum_charge: settings.minimum_charge,
            overdraft_limit: settings.overdraft_limit,
            id_key: settings.id_key,
        }
    }
}

impl LedgerOpenedV1<'_> {
    /// The settings, with what this version does not say.
    pub(in crate::codec) fn opened(self, on_shortfall: OnShortfall) -> Result<Settings, Fault> {
        let shape = self;
        Ok(Settings {
            ledger: Uuid::from_bytes(shape.ledger),
            mode: Numbered::numbered(shape.mode)?,
            clock: Numbered::numbered(shape.clock)?,
            operator: shape.operator.into(),
            country: country(shape.country)?,
            currency: currency(shape.currency)?,
            profile: Numbered::numbered(shape.profile)?,
            default_charge_type: Numbered::numbered(shape.default_charge_type)?,
            fee_payer: Numbered::numbered(shape.fee_payer)?,
            loss_bearer: Numbered::numbered(shape.loss_bearer)?,
            requirement_collector: Numbered::numbered(shape.requirement_collector)?,
            processing_fee: shape.processing_fee.try_into()?,
            delay: shape.delay.try_into()?,
            minimum_charge: shape.minimum_charge,
            overdraft_limit: shape.overdraft_limit,
            on_shortfall,
            id_key: shape.id_key,
        })
    }
}
