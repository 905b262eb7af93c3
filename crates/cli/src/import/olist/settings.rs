//! What an import's ledger is opened with.

use counterfoil::domain::Settings;
use counterfoil::domain::account::Country;
use counterfoil::domain::charge::{ChargeType, ProcessingFee};
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::{DayKind, Delay};
use counterfoil::domain::refund::OnShortfall;
use counterfoil::domain::settings::{Clock, FeePayer, LossBearer, Mode, Profile, RequirementCollector};
use uuid::Uuid;

use super::error::ImportError;
use super::plan::DELAY_DAYS;
use super::step::Requests;

/// The settings of a new ledger. Nothing in them is chosen by chance, so that the same
/// import makes the same first event, and the same ids, in every folder.
pub(super) fn new(requests: Requests) -> Settings {
    let namespace = requests.namespace();
    Settings {
        ledger: Uuid::new_v5(&namespace, b"ledger"),
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "counterfoil".into(),
        country: Country::BR,
        currency: Currency::BRL,
        profile: Profile::Marketplace,
        default_charge_type: ChargeType::Separate,
        fee_payer: FeePayer::Platform,
        loss_bearer: LossBearer::Platform,
        requirement_collector: RequirementCollector::Platform,
        processing_fee: ProcessingFee::NONE,
        delay: Delay { days: DELAY_DAYS, kind: DayKind::Calendar },
        minimum_charge: 0,
        overdraft_limit: 0,
        on_shortfall: OnShortfall::Refuse,
        id_key: *Uuid::new_v5(&namespace, b"ids").as_bytes(),
    }
}

/// Refuses a ledger that was opened for something else: what an import does would not
/// come out as it must.
pub(super) fn refuse_other(found: &Settings, wanted: &Settings) -> Result<(), ImportError> {
    let same = [
        ("clock", found.clock == wanted.clock),
        ("country", found.country == wanted.country),
        ("currency", found.currency == wanted.currency),
        ("bearer of losses", found.loss_bearer == wanted.loss_bearer),
        ("processing fee", found.processing_fee == wanted.processing_fee),
        ("delay", found.delay == wanted.delay),
        ("minimum charge", found.minimum_charge == wanted.minimum_charge),
    ];
    match same.into_iter().find(|(_, same)| !same) {
        Some((setting, _)) => Err(ImportError::OtherSettings { setting }),
        None => Ok(()),
    }
}
