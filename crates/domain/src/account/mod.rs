//! Accounts: the platform and its connected sellers.

mod bank_account;
mod controller;
mod country;
mod details;
mod region;
mod requirement;
mod sealed;
mod wallet;

pub mod attach_bank_account;
pub mod onboard;
pub mod provide_requirement;
pub mod resolve_requirement;

pub use attach_bank_account::AttachBankAccount;
pub use bank_account::BankAccount;
pub use controller::{AccountType, Controller, ControllerRefusal, Dashboard, FeesPayer};
pub use country::{Country, NotACountry};
pub use details::{Details, DetailsError};
pub use onboard::OnboardAccount;
pub use provide_requirement::ProvideRequirement;
pub use region::Region;
pub use requirement::{Gate, Gates, Requirement, RequirementName, Standing};
pub use resolve_requirement::ResolveRequirement;
pub use sealed::{KeyId, Sealed};
pub(crate) use wallet::PendingDay;
pub use wallet::{EntryRange, Wallet};

use smallvec::SmallVec;

use crate::charge::ProcessingFee;
use crate::id::AccountId;
use crate::money::{Currency, Minor};
use crate::payout::{Delay, PayoutSchedule};
use crate::refusal::refusals;

/// An account as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its country, which cannot change.
    pub country: Country,
    /// Its default currency.
    pub currency: Currency,
    /// Who answers for it, where not as the ledger's settings say; it cannot change.
    pub controller: Option<Controller>,
    /// What the processor takes of charges of which it is merchant of record, where not the
    /// ledger's fee.
    pub processing_fee: Option<Box<ProcessingFee>>,
    /// When it is paid out.
    pub schedule: PayoutSchedule,
    /// When money of its own charges becomes available, where not the ledger's default.
    pub delay: Option<Delay>,
    /// What an automatic payout leaves behind, per currency.
    pub minimum_balance: SmallVec<[(Currency, Minor); 1]>,
    /// What it must provide.
    pub requirements: Vec<Requirement>,
    /// Where it is paid, one bank account per currency.
    pub bank_accounts: SmallVec<[(Currency, BankAccount); 1]>,
    /// The currencies in which a payout failed and no bank account was put on file since.
    pub errored_banks: SmallVec<[Currency; 1]>,
    /// What it is owed, per currency.
    pub wallets: SmallVec<[(Currency, Wallet); 1]>,
}

impl Account {
    /// An account without requirements, banks or money.
    #[must_use]
    pub fn new(country: Country, currency: Currency) -> Self {
        Self {
            country,
            currency,
            controller: None,
            processing_fee: None,
            schedule: PayoutSchedule::Manual,
            delay: None,
            minimum_balance: SmallVec::new(),
            requirements: Vec::new(),
            bank_accounts: SmallVec::new(),
            errored_banks: SmallVec::new(),
            wallets: SmallVec::new(),
        }
    }

    /// What it is owed in `currency`.
    #[must_use]
    pub fn wallet(&self, currency: Currency) -> Option<&Wallet> {
        self.wallets.iter().find(|(of, _)| *of == currency).map(|(_, wallet)| wallet)
    }

    /// What it is owed in `currency`, to change.
    pub(crate) fn wallet_mut(&mut self, currency: Currency) -> Option<&mut Wallet> {
        self.wallets.iter_mut().find(|(of, _)| *of == currency).map(|(_, wallet)| wallet)
    }

    /// Its available balance in `currency`.
    #[must_use]
    pub fn available(&self, currency: Currency) -> Minor {
        self.wallet(currency).map_or(0, |wallet| wallet.available)
    }

    /// What an automatic payout in `currency` leaves behind.
    #[must_use]
    pub fn minimum(&self, currency: Currency) -> Minor {
        self.minimum_balance.iter().find(|(of, _)| *of == currency).map_or(0, |(_, minimum)| *minimum)
    }

    /// The requirement that closes `gate`, if one does: the first in order of onboarding.
    #[must_use]
    pub fn closed_by(&self, gate: Gate) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.closes(gate))
    }

    /// The delay of its country, which holds for accounts under a controller: it is their default
    /// and their least.
    #[must_use]
    pub fn country_delay(&self) -> Option<Delay> {
        self.controller.and_then(|_| self.country.settlement_delay())
    }

    /// Whether a payout in `currency` has a bank to go to: after one failed there is none
    /// until a bank account is put on file. An account that never had one on file can be
    /// paid: unless a requirement asks for a bank account, the platform's bank knows
    /// where to pay (docs/decisions/bank-accounts.md).
    #[must_use]
    pub fn bank_is_usable(&self, currency: Currency) -> bool {
        !self.errored_banks.contains(&currency)
    }
}

refusals! {
    /// Why an account is not made or changed.
    AccountRefusal {
        /// There is no such account.
        Unknown {
            /// The account that was named.
            account: AccountId,
        } => "account_must_exist", Documented(ResourceMissing), "There is no account number {account}.";
        /// The external id is taken.
        ExternalIdTaken {
            /// The id.
            external_id: Box<str>,
            /// Who has it.
            taken_by: AccountId,
        } => "account_external_id_must_be_new", Unconfirmed(ResourceAlreadyExists), "The external id \"{external_id}\" belongs to account number {taken_by}.";
        /// Text attached to the account is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "account_details_must_fit", NoCode, "{error}.";
        /// The same requirement is named twice.
        RequirementTwice {
            /// Its name.
            name: RequirementName,
        } => "requirement_must_be_named_once", NoCode, "The requirement {name} is named twice.";
        /// The account has no such requirement.
        RequirementUnknown {
            /// Its name.
            name: RequirementName,
        } => "requirement_must_be_asked_for", NoCode, "The requirement {name} was not asked of this account.";
        /// The requirement is not in a state that allows this.
        RequirementStanding {
            /// Its name.
            name: RequirementName,
            /// How it stands.
            standing: Standing,
        } => "requirement_must_follow_its_lifecycle", NoCode, "The requirement {name} is {standing} and cannot take this step.";
        /// There are too many accounts.
        TooMany => "accounts_must_fit", NoCode, "A ledger has at most 4,294,967,295 accounts.";
        /// The processor's fee has a fixed part below zero.
        NegativeFee {
            /// That part, in minor units.
            fixed: Minor,
        } => "accounts_processing_fee_must_not_be_negative", NoCode, "The fixed part of an account's processing fee is zero or more; {fixed} minor units were asked.";
        /// A minimum balance is below zero.
        NegativeMinimum => "minimum_balance_must_not_be_negative", Unconfirmed(ParameterInvalidInteger), "A minimum balance is zero or more.";
    }
}
