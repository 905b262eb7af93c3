//! The controller of a connected account: who pays its fees, bears its losses and collects what
//! it must provide, and which dashboard it sees
//! (<https://docs.stripe.com/api/accounts/object#account_object-controller>).
//!
//! It is named when the account is made and never changes. An account without one is under the
//! ledger's own settings. Connect takes combinations that it does not support; here each is
//! refused by name (docs/decisions/controllers.md).

mod answers;
mod check;

pub use check::ControllerRefusal;

use crate::settings::{FeePayer, LossBearer, RequirementCollector};

/// The terms that an account is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Controller {
    /// `fees.payer`: who pays the operator's fees.
    pub fees: FeesPayer,
    /// `losses.payments`: who bears what it cannot pay back. Connect's `stripe` is our operator.
    pub losses: LossBearer,
    /// `requirement_collection`: who collects what it must provide.
    pub requirements: RequirementCollector,
    /// `stripe_dashboard.type`: what its holder sees.
    pub dashboard: Dashboard,
}

/// Who pays the operator's fees on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeesPayer {
    /// The account pays them all.
    Account,
    /// The platform pays them all.
    Application,
    /// As of a custom account: the account pays for its payments, the platform for products.
    ApplicationCustom,
    /// As of an express account: likewise.
    ApplicationExpress,
}

/// Which of the operator's dashboards the account's holder has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dashboard {
    /// The whole one.
    Full,
    /// The small one.
    Express,
    /// None: the platform builds its own.
    None,
}

/// Connect's older name for a common controller
/// (<https://docs.stripe.com/connect/migrate-to-controller-properties>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountType {
    /// It deals with the operator itself.
    Standard,
    /// The platform answers for it, the operator collects what it must provide.
    Express,
    /// The platform answers for all of it.
    Custom,
}

impl AccountType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Express, Self::Custom];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Express => "express",
            Self::Custom => "custom",
        }
    }

    /// The controller that it stands for (unconfirmed: Connect says that each type has one, and
    /// spells only some of them out).
    #[must_use]
    pub fn controller(self) -> Controller {
        match self {
            Self::Standard => Controller {
                fees: FeesPayer::Account,
                losses: LossBearer::Operator,
                requirements: RequirementCollector::Operator,
                dashboard: Dashboard::Full,
            },
            Self::Express => Controller {
                fees: FeesPayer::ApplicationExpress,
                losses: LossBearer::Platform,
                requirements: RequirementCollector::Operator,
                dashboard: Dashboard::Express,
            },
            Self::Custom => Controller {
                fees: FeesPayer::ApplicationCustom,
                losses: LossBearer::Platform,
                requirements: RequirementCollector::Platform,
                dashboard: Dashboard::None,
            },
        }
    }
}

impl Controller {
    /// The older name of these terms, where they have one.
    #[must_use]
    pub fn account_type(self) -> Option<AccountType> {
        AccountType::ALL.into_iter().find(|kind| kind.controller() == self)
    }

    /// `losses.payments` in Connect's words.
    #[must_use]
    pub fn losses_name(self) -> &'static str {
        match self.losses {
            LossBearer::Platform => "application",
            LossBearer::Operator => "stripe",
        }
    }

    /// `requirement_collection` in Connect's words.
    #[must_use]
    pub fn requirements_name(self) -> &'static str {
        match self.requirements {
            RequirementCollector::Platform => "application",
            RequirementCollector::Operator => "stripe",
        }
    }
}

impl FeesPayer {
    /// Connect's spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Application => "application",
            Self::ApplicationCustom => "application_custom",
            Self::ApplicationExpress => "application_express",
        }
    }

    /// Who pays the processing fee of a direct charge: under the two typed values the account does
    /// (<https://docs.stripe.com/connect/direct-charges-fee-payer-behavior>). The fee of its dispute
    /// is its owner's whoever pays this one.
    #[must_use]
    pub fn of_payments(self) -> FeePayer {
        match self {
            Self::Account | Self::ApplicationCustom | Self::ApplicationExpress => FeePayer::Account,
            Self::Application => FeePayer::Platform,
        }
    }
}

impl Dashboard {
    /// Connect's spelling.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Express => "express",
            Self::None => "none",
        }
    }
}
