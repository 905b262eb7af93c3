//! Onboarding, version 2: with the terms that the account is under.

use counterfoil_domain::account::Controller;
use counterfoil_domain::account::onboard::Onboarded;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::maybe;
use crate::codec::shapes::v1::{OnboardedV1, ProcessingFeeV1};

/// An account that was onboarded.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct OnboardedV2<'a> {
    #[serde(borrow)]
    first: OnboardedV1<'a>,
    controller: Option<ControllerV2>,
    processing_fee: Option<ProcessingFeeV1>,
}

/// Who answers for an account.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ControllerV2 {
    fees: u8,
    losses: u8,
    requirements: u8,
    dashboard: u8,
}

impl<'a> From<&'a Onboarded> for OnboardedV2<'a> {
    fn from(onboarded: &'a Onboarded) -> Self {
        Self {
            first: onboarded.into(),
            controller: onboarded.controller.map(Into::into),
            processing_fee: onboarded.processing_fee.map(Into::into),
        }
    }
}

/// Before there were controllers every account was under the ledger's settings.
impl<'a> From<OnboardedV1<'a>> for OnboardedV2<'a> {
    fn from(first: OnboardedV1<'a>) -> Self {
        Self { first, controller: None, processing_fee: None }
    }
}

impl TryFrom<OnboardedV2<'_>> for Onboarded {
    type Error = Fault;

    fn try_from(shape: OnboardedV2<'_>) -> Result<Self, Fault> {
        shape.first.onboarded(maybe(shape.controller)?, maybe(shape.processing_fee)?)
    }
}

impl From<Controller> for ControllerV2 {
    fn from(controller: Controller) -> Self {
        Self {
            fees: controller.fees.number(),
            losses: controller.losses.number(),
            requirements: controller.requirements.number(),
            dashboard: controller.dashboard.number(),
        }
    }
}

impl TryFrom<ControllerV2> for Controller {
    type Error = Fault;

    fn try_from(shape: ControllerV2) -> Result<Self, Fault> {
        Ok(Self {
            fees: Numbered::numbered(shape.fees)?,
            losses: Numbered::numbered(shape.losses)?,
            requirements: Numbered::numbered(shape.requirements)?,
            dashboard: Numbered::numbered(shape.dashboard)?,
        })
    }
}
