//! A requirement: something an account must provide, and what it closes meanwhile.
//!
//! ```text
//!            provide                verify
//!   due ───────────────▶ pending ───────────▶ verified
//!    ▲ │ deadline           │ ▲
//!    │ ▼                    │ │
//!    │ past due ──provide───┼─┘ (without a deadline any more)
//!    └────────reject────────┘   (to past due, where a deadline has passed meanwhile)
//! ```
//!
//! A small honest version of Connect's requirements
//! (<https://docs.stripe.com/connect/handling-api-verification>): one without a
//! deadline closes its gates until it is verified; one with a deadline closes them
//! from the deadline on, and not while what was provided in time is being verified.

use std::fmt;

use crate::calendar::Timestamp;

/// What must be provided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequirementName {
    /// Who the person is.
    Identity,
    /// What the business is and does.
    BusinessProfile,
    /// A tax number.
    TaxId,
    /// Where to pay.
    BankAccount,
    /// Consent to the terms of service.
    TermsOfService,
}

/// What an account may be kept from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// Taking charges and receiving transfers.
    Charges,
    /// Being paid out.
    Payouts,
}

/// Which gates a requirement closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gates {
    /// Taking charges and receiving transfers.
    pub charges: bool,
    /// Being paid out.
    pub payouts: bool,
}

/// How a requirement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Not provided, with the deadline if there is one.
    Due(Option<Timestamp>),
    /// Provided, and being verified; with the deadline it was provided before.
    Pending(Option<Timestamp>),
    /// Verified.
    Verified,
    /// Not provided, and its deadline has passed.
    PastDue,
}

/// What happens to a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is provided.
    Provide,
    /// What was provided holds.
    Verify,
    /// What was provided does not hold.
    Reject,
    /// Its deadline passes.
    Lapse,
}

/// A requirement of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    /// What must be provided.
    pub name: RequirementName,
    /// What it closes.
    pub gates: Gates,
    /// How it stands.
    pub standing: Standing,
}

impl Gates {
    /// Both gates.
    pub const BOTH: Self = Self { charges: true, payouts: true };
    /// Payouts only.
    pub const PAYOUTS: Self = Self { charges: false, payouts: true };
    /// Charges only.
    pub const CHARGES: Self = Self { charges: true, payouts: false };
}

impl Requirement {
    /// Whether it closes `gate` now.
    #[must_use]
    pub fn closes(&self, gate: Gate) -> bool {
        let covers = match gate {
            Gate::Charges => self.gates.charges,
            Gate::Payouts => self.gates.payouts,
        };
        covers
            && match self.standing {
                Standing::Due(None) | Standing::Pending(None) | Standing::PastDue => true,
                Standing::Due(Some(_)) | Standing::Pending(Some(_)) | Standing::Verified => false,
            }
    }

    /// The deadline that it is still running against.
    #[must_use]
    pub fn deadline(&self) -> Option<Timestamp> {
        match self.standing {
            Standing::Due(deadline) => deadline,
            Standing::Pending(_) | Standing::Verified | Standing::PastDue => None,
        }
    }
}

impl Standing {
    /// How a requirement stands after `step` at `now`; `None` where the lifecycle has
    /// no such step.
    #[must_use]
    pub fn after(self, step: Step, now: Timestamp) -> Option<Self> {
        match (self, step) {
            (Self::Due(deadline), Step::Provide) => Some(Self::Pending(deadline)),
            (Self::PastDue, Step::Provide) => Some(Self::Pending(None)),
            (Self::Pending(_), Step::Verify) => Some(Self::Verified),
            (Self::Pending(Some(deadline)), Step::Reject) if deadline <= now => Some(Self::PastDue),
            (Self::Pending(deadline), Step::Reject) => Some(Self::Due(deadline)),
            (Self::Due(Some(_)), Step::Lapse) => Some(Self::PastDue),
            (Self::Due(None), Step::Lapse)
            | (Self::Due(_), Step::Verify | Step::Reject)
            | (Self::Pending(_), Step::Provide | Step::Lapse)
            | (Self::PastDue, Step::Verify | Step::Reject | Step::Lapse)
            | (Self::Verified, _) => None,
        }
    }
}

impl RequirementName {
    /// Every requirement.
    pub const ALL: [Self; 5] =
        [Self::Identity, Self::BusinessProfile, Self::TaxId, Self::BankAccount, Self::TermsOfService];

    /// Its name in text.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::BusinessProfile => "business_profile",
            Self::TaxId => "tax_id",
            Self::BankAccount => "bank_account",
            Self::TermsOfService => "terms_of_service",
        }
    }
}

impl fmt::Display for RequirementName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Due(None) => f.write_str("due"),
            Self::Due(Some(deadline)) => write!(f, "due by {deadline}"),
            Self::Pending(_) => f.write_str("being verified"),
            Self::Verified => f.write_str("verified"),
            Self::PastDue => f.write_str("past due"),
        }
    }
}
