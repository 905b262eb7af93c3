//! Onboarding, version 1.

use counterfoil_domain::AccountId;
use counterfoil_domain::account::Controller;
use counterfoil_domain::account::onboard::Onboarded;
use counterfoil_domain::charge::ProcessingFee;
use serde::{Deserialize, Serialize};

use super::bank_account::{BankAccountV1, SealedV1};
use super::details::{DetailsV1, details};
use super::requirement::RequirementV1;
use super::schedule::PayoutScheduleV1;
use crate::codec::Fault;
use crate::codec::shapes::{each, list};
use crate::codec::values::{country, currency};

/// An account that was onboarded.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct OnboardedV1<'a> {
    account: u32,
    country: &'a str,
    currency: u16,
    #[serde(borrow)]
    holder: Option<SealedV1<'a>>,
    schedule: PayoutScheduleV1,
    #[serde(deserialize_with = "list::read")]
    requirements: Vec<RequirementV1>,
    bank_account: Option<BankAccountV1<'a>>,
    details: Option<DetailsV1<'a>>,
}

impl<'a> From<&'a Onboarded> for OnboardedV1<'a> {
    fn from(onboarded: &'a Onboarded) -> Self {
        Self {
            account: onboarded.account.0,
            country: onboarded.country.code(),
            currency: onboarded.currency.number(),
            holder: onboarded.holder.as_ref().map(SealedV1::from),
            schedule: onboarded.schedule.into(),
            requirements: onboarded.requirements.iter().map(RequirementV1::from).collect(),
            bank_account: onboarded.bank_account.as_ref().map(BankAccountV1::from),
            details: onboarded.details.as_deref().map(DetailsV1::from),
        }
    }
}

impl OnboardedV1<'_> {
    /// The account, with what a later version says besides.
    pub(in crate::codec) fn onboarded(
        self,
        controller: Option<Controller>,
        processing_fee: Option<ProcessingFee>,
    ) -> Result<Onboarded, Fault> {
        Ok(Onboarded {
            account: AccountId(self.account),
            country: country(self.country)?,
            currency: currency(self.currency)?,
            holder: self.holder.map(Into::into),
            schedule: self.schedule.try_into()?,
            requirements: each(self.requirements)?,
            bank_account: self.bank_account.map(Into::into),
            details: details(self.details)?,
            controller,
            processing_fee,
        })
    }
}
