//! Terms: what the words about ledgers and accounts become in commands.

use counterfoil_domain::account::{BankAccount, Details, KeyId, OnboardAccount, Sealed};
use counterfoil_domain::charge::{ChargeType, ProcessingFee};
use counterfoil_domain::money::Money;
use counterfoil_domain::payout::SetPayoutSchedule;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::settings::{Clock, Mode, Profile, RequirementCollector};
use counterfoil_domain::{AccountId, Settings};
use uuid::Uuid;

use super::phrase::{Opening, Term};
use super::words::Complaint;

pub(super) fn settings(opening: &Opening) -> Settings {
    let (rate, fixed) = opening.processing_fee;
    Settings {
        ledger: Uuid::from_u128(1),
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "operator".into(),
        country: opening.country,
        currency: opening.currency,
        profile: Profile::Marketplace,
        default_charge_type: ChargeType::Separate,
        fee_payer: opening.fee_payer,
        loss_bearer: opening.loss_bearer,
        requirement_collector: RequirementCollector::Platform,
        processing_fee: ProcessingFee { rate, fixed },
        delay: opening.delay,
        minimum_charge: opening.minimum_charge,
        overdraft_limit: opening.overdraft_limit,
        on_shortfall: opening.on_shortfall,
        id_key: [7; 16],
    }
}

pub(super) fn onboarding(line: usize, terms: &[Term], command: &mut OnboardAccount) -> Result<(), Complaint> {
    let mut told: Option<Box<Details>> = None;
    for term in terms {
        match term {
            Term::Schedule(schedule) => command.schedule = *schedule,
            Term::Needing(name, gates, deadline) => command.requirements.push((*name, *gates, *deadline)),
            Term::Controller(controller) => command.controller = Some(*controller),
            Term::Processing(rate, fixed) => {
                command.processing_fee = Some(ProcessingFee { rate: *rate, fixed: *fixed });
            }
            Term::Bank(last4) => {
                command.bank_account = Some(BankAccount { number: sealed(*last4), last4: *last4 });
            }
            Term::Known(name) => told.get_or_insert_default().external_id = Some(name.as_str().into()),
            Term::Described(letters) => {
                told.get_or_insert_default().description = Some("d".repeat(*letters).into());
            }
            Term::Delay(_) | Term::Minimum(..) => {
                return Err(Complaint::new(line, "a delay or minimum is set with \"has\", after onboarding"));
            }
        }
    }
    command.details = told;
    Ok(())
}

pub(super) fn schedule(
    line: usize,
    account: AccountId,
    terms: &[Term],
) -> Result<SetPayoutSchedule, Complaint> {
    let mut command = SetPayoutSchedule { account, schedule: None, delay: None, minimum_balance: None };
    for term in terms {
        match term {
            Term::Schedule(schedule) => command.schedule = Some(*schedule),
            Term::Delay(delay) => command.delay = Some(*delay),
            Term::Minimum(minor, currency) => command.minimum_balance = Some(Money::new(*currency, *minor)),
            Term::Controller(_)
            | Term::Processing(..)
            | Term::Needing(..)
            | Term::Bank(_)
            | Term::Known(_)
            | Term::Described(_) => {
                return Err(Complaint::new(line, "this is said when an account is onboarded"));
            }
        }
    }
    Ok(command)
}

pub(super) fn details(described: Option<usize>) -> Option<Box<Details>> {
    described.and_then(|letters| Details::description(&"d".repeat(letters)))
}

pub(super) fn sealed(last4: [u8; 4]) -> Sealed {
    let [a, b, c, d] = last4;
    Sealed { key: KeyId([1; 16]), fingerprint: [a, b, c, d, 0, 0, 0, 0], ciphertext: Box::new(last4) }
}

pub(super) fn rail(line: usize, name: &str) -> Result<RailName, Complaint> {
    RailName::new(name).map_err(|error| Complaint::new(line, format!("\"{name}\": {error}")))
}
