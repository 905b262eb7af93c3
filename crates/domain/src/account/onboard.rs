//! Onboarding a connected account. Posts nothing.

use std::hash::{Hash, Hasher};

use super::{
    Account, AccountRefusal, BankAccount, Controller, Country, Details, Gates, Requirement, RequirementName,
    Sealed, Standing,
};
use crate::calendar::Timestamp;
use crate::charge::ProcessingFee;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::money::Currency;
use crate::payout::PayoutSchedule;
use crate::refusal::Refusal;

/// Makes a connected account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnboardAccount {
    /// Where it is; it cannot change.
    pub country: Country,
    /// Its default currency.
    pub currency: Currency,
    /// The name of its holder.
    pub holder: Option<Sealed>,
    /// When it is paid out.
    pub schedule: PayoutSchedule,
    /// What it must provide: the name, what it closes, and a deadline. One without a
    /// deadline closes its gates at once.
    pub requirements: Vec<(RequirementName, Gates, Option<Timestamp>)>,
    /// Where it is paid in its default currency.
    pub bank_account: Option<BankAccount>,
    /// The caller's id of the seller, unique among accounts, and other details.
    pub details: Option<Box<Details>>,
    /// Who answers for it; the ledger's settings where absent.
    pub controller: Option<Controller>,
    /// What the processor takes of charges of which it is merchant of record: by its country's
    /// prices, say; the ledger's fee where absent.
    pub processing_fee: Option<ProcessingFee>,
}

/// Everything that onboarding recorded: `OnboardAccount` as an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onboarded {
    /// The account's number.
    pub account: AccountId,
    /// Where it is.
    pub country: Country,
    /// Its default currency.
    pub currency: Currency,
    /// The name of its holder.
    pub holder: Option<Sealed>,
    /// When it is paid out.
    pub schedule: PayoutSchedule,
    /// What it must provide.
    pub requirements: Vec<Requirement>,
    /// Where it is paid in its default currency.
    pub bank_account: Option<BankAccount>,
    /// The caller's details.
    pub details: Option<Box<Details>>,
    /// Who answers for it, where not as the ledger's settings say.
    pub controller: Option<Controller>,
    /// What the processor takes of charges of which it is merchant of record, where not the
    /// ledger's fee.
    pub processing_fee: Option<ProcessingFee>,
}

/// What was added later counts only where it is there: a request that was made before means the
/// same as it did.
impl Hash for OnboardAccount {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self {
            country,
            currency,
            holder,
            schedule,
            requirements,
            bank_account,
            details,
            controller,
            processing_fee,
        } = self;
        (country, currency, holder, schedule, requirements, bank_account, details).hash(state);
        if controller.is_some() || processing_fee.is_some() {
            (controller, processing_fee).hash(state);
        }
    }
}

impl OnboardAccount {
    /// An account paid by hand, without requirements, bank account or details.
    #[must_use]
    pub fn new(country: Country, currency: Currency) -> Self {
        Self {
            country,
            currency,
            holder: None,
            schedule: PayoutSchedule::Manual,
            requirements: Vec::new(),
            bank_account: None,
            details: None,
            controller: None,
            processing_fee: None,
        }
    }
}

impl Verb for OnboardAccount {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, context, .. } = *scene;
        Details::check(self.details.as_deref()).map_err(|error| AccountRefusal::Details { error })?;
        self.controller.map_or(Ok(()), Controller::check)?;
        if let Some(fixed) = self.processing_fee.map(|fee| fee.fixed).filter(|fixed| *fixed < 0) {
            return Err(AccountRefusal::NegativeFee { fixed }.into());
        }
        let external_id = self.details.as_ref().and_then(|details| details.external_id.as_deref());
        if let Some(external_id) = external_id
            && let Some(taken_by) = ledger.account_by_external_id(external_id)
        {
            return Err(AccountRefusal::ExternalIdTaken { external_id: external_id.into(), taken_by }.into());
        }
        let mut requirements: Vec<Requirement> = Vec::with_capacity(self.requirements.len());
        for (name, gates, deadline) in &self.requirements {
            if requirements.iter().any(|known| known.name == *name) {
                return Err(AccountRefusal::RequirementTwice { name: *name }.into());
            }
            let passed = deadline.is_some_and(|deadline| deadline <= context.now);
            let standing = if passed { Standing::PastDue } else { Standing::Due(*deadline) };
            requirements.push(Requirement { name: *name, gates: *gates, standing });
        }
        let Ok(number) = u32::try_from(ledger.accounts().len()) else {
            return Err(AccountRefusal::TooMany.into());
        };

        Ok(Events::from_iter([Event::AccountOnboarded(Box::new(Onboarded {
            account: AccountId(number),
            country: self.country,
            currency: self.currency,
            holder: self.holder.clone(),
            schedule: self.schedule,
            requirements,
            bank_account: self.bank_account.clone(),
            details: self.details.clone(),
            controller: self.controller,
            processing_fee: self.processing_fee,
        }))]))
    }
}

impl Onboarded {
    /// The account as it stands after onboarding.
    pub(crate) fn account(&self) -> Account {
        let mut account = Account::new(self.country, self.currency);
        account.controller = self.controller;
        account.processing_fee = self.processing_fee.map(Box::new);
        account.schedule = self.schedule;
        account.requirements.clone_from(&self.requirements);
        account.bank_accounts.extend(self.bank_account.clone().map(|bank| (self.currency, bank)));
        account
    }
}
