//! What a ledger is opened with, once and for all.

use crate::account::Country;
use crate::charge::{ChargeType, ProcessingFee};
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::money::{Currency, Minor};
use crate::payout::{DayKind, Delay};
use crate::refund::OnShortfall;
use crate::refusal::{Refusal, refusals};

/// What a ledger is opened with; it is the first event and never changes.
///
/// The responsibilities are Connect's controller properties
/// (<https://docs.stripe.com/connect/migrate-to-controller-properties>).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The ledger's own id, also in every frame of its log.
    pub ledger: uuid::Uuid,
    /// Whether the money is real.
    pub mode: Mode,
    /// Where business time comes from.
    pub clock: Clock,
    /// Who runs the ledger.
    pub operator: Box<str>,
    /// The platform's country.
    pub country: Country,
    /// The platform's default currency.
    pub currency: Currency,
    /// What the platform is.
    pub profile: Profile,
    /// The charge type that callers mean where they name none.
    pub default_charge_type: ChargeType,
    /// Who pays the processing fee of a direct charge.
    pub fee_payer: FeePayer,
    /// Who bears what a seller cannot pay back.
    pub loss_bearer: LossBearer,
    /// Who collects what sellers must provide.
    pub requirement_collector: RequirementCollector,
    /// The processing fee of a charge that names none.
    pub processing_fee: ProcessingFee,
    /// When a charge's money becomes available.
    pub delay: Delay,
    /// The smallest charge in the platform's currency; 0 for none.
    pub minimum_charge: Minor,
    /// How far below zero a refund may push its payer's available balance. With 0 its
    /// payer must cover it (docs/decisions/waiting-refunds.md).
    pub overdraft_limit: Minor,
    /// What becomes of a refund that its payer cannot cover and that does not say itself.
    pub on_shortfall: OnShortfall,
    /// Key of the permutation that turns ids into text; it hides the volume from
    /// those who see only ids.
    pub id_key: [u8; 16],
}

impl Settings {
    /// A live marketplace on the machine's clock, whose platform collects requirements,
    /// pays processing fees and bears losses; no fee, no minimum, no overdraft, no
    /// waiting refunds, and money that is available two business days after its charge.
    #[must_use]
    pub fn new(ledger: uuid::Uuid, id_key: [u8; 16], country: Country, currency: Currency) -> Self {
        Self {
            ledger,
            mode: Mode::Live,
            clock: Clock::Wall,
            operator: "platform".into(),
            country,
            currency,
            profile: Profile::Marketplace,
            default_charge_type: ChargeType::Separate,
            fee_payer: FeePayer::Platform,
            loss_bearer: LossBearer::Platform,
            requirement_collector: RequirementCollector::Platform,
            processing_fee: ProcessingFee::NONE,
            delay: Delay { days: 2, kind: DayKind::Business },
            minimum_charge: 0,
            overdraft_limit: 0,
            on_shortfall: OnShortfall::Refuse,
            id_key,
        }
    }
}

/// Whether the money is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It is.
    Live,
    /// It is not.
    Test,
}

/// Where business time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// The machine's clock.
    Wall,
    /// The commands themselves; the machine's clock is never seen.
    Simulated,
}

/// What the platform is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// It sells on behalf of others.
    Marketplace,
    /// Its customers sell for themselves.
    Saas,
}

/// Who pays the processing fee of a direct charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeePayer {
    /// The seller whose charge it is.
    Account,
    /// The platform.
    Platform,
}

/// Who bears what a seller cannot pay back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LossBearer {
    /// The platform.
    Platform,
    /// The operator.
    Operator,
}

/// Who collects what sellers must provide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequirementCollector {
    /// The platform.
    Platform,
    /// The operator.
    Operator,
}

refusals! {
    /// Why a ledger is not opened, or cannot be used.
    LedgerRefusal {
        /// It has its first event.
        AlreadyOpen => "ledger_must_be_new", NoCode, "This ledger is already open; its settings are its first event and never change.";
        /// It has no first event.
        NotOpen => "ledger_must_be_open", NoCode, "This ledger has no first event; open it with its settings.";
        /// A setting is below zero.
        NegativeSetting {
            /// Which.
            setting: &'static str,
        } => "settings_must_not_be_negative", NoCode, "The setting {setting} is below zero.";
    }
}

impl Verb for Settings {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        if ledger.settings().is_some() {
            return Err(LedgerRefusal::AlreadyOpen.into());
        }
        let amounts = [
            ("minimum_charge", self.minimum_charge),
            ("overdraft_limit", self.overdraft_limit),
            ("processing_fee.fixed", self.processing_fee.fixed),
        ];
        if let Some((setting, _)) = amounts.into_iter().find(|(_, amount)| *amount < 0) {
            return Err(LedgerRefusal::NegativeSetting { setting }.into());
        }

        Ok(Events::from_iter([Event::LedgerOpened(Box::new(self.clone()))]))
    }
}
