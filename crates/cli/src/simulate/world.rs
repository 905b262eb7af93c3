//! The simulation's world: what its ledger is opened with, and how its rails behave.

use counterfoil::domain::AccountId;
use counterfoil::domain::account::{AttachBankAccount, Country, KeyId, OnboardAccount, Sealed};
use counterfoil::domain::account::{BankAccount, Details};
use counterfoil::domain::calendar::{Timestamp, Weekday};
use counterfoil::domain::charge::ProcessingFee;
use counterfoil::domain::money::{Currency, Minor, Money, Rate};
use counterfoil::domain::payout::{PayoutSchedule, Weekdays};
use counterfoil::domain::rail::RailName;
use counterfoil::domain::settings::{Clock, Mode, Settings};
use counterfoil::rails;
use counterfoil::rails::bank::simulator::BankRates;
use counterfoil::rails::card::simulator::CardRates;
use counterfoil::rails::{Delays, Wait};
use uuid::Uuid;

use crate::exit::Failure;

/// The currency of everything.
pub(super) const CURRENCY: Currency = Currency::USD;

/// Monday, 5 January 2026, eight in the morning.
const OPENING: i64 = 1_767_600_000;

/// When the ledger is opened.
pub(super) fn opening() -> Timestamp {
    Timestamp::from_micros(OPENING * 1_000_000)
}

/// What the ledger of a seed is opened with.
pub(super) fn settings(seed: u64) -> Result<Settings, Failure> {
    let rate = Rate::from_basis_points(290).map_err(Failure::input)?;
    let named = |what: &str| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{what} of seed {seed}").as_bytes());
    let (ledger, ids) = (named("counterfoil simulate: ledger"), named("counterfoil simulate: ids"));
    let settings = Settings::new(ledger, *ids.as_bytes(), Country::US, CURRENCY);
    Ok(Settings {
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "counterfoil simulate".into(),
        processing_fee: ProcessingFee { rate, fixed: 30 },
        ..settings
    })
}

/// How the rails of a seed behave: more fails and is disputed than at real ones, and sooner, so that it
/// shows in some weeks.
pub(super) fn rails(seed: u64) -> rails::Settings {
    let banks = BankRates { payouts_failed: 300, payouts_returned: 200, ..BankRates::default() };
    let cards = CardRates { refunds_failing: 1_000, ..CardRates::default() };
    let delays = Delays {
        evidence_due: Wait::Days(7),
        dispute_decided: Wait::Days(9),
        inquiry_closes: Wait::Days(12),
        refund_fails: Wait::Days(4),
        ..Delays::default()
    };
    rails::Settings { delays, cards, banks, ..rails::Settings::seeded(seed) }
}

/// The rail on which every buyer pays.
pub(super) fn card() -> Result<RailName, Failure> {
    RailName::new("card").map_err(Failure::input)
}

/// So many cents.
pub(super) fn usd(minor: Minor) -> Money {
    Money::new(CURRENCY, minor)
}

/// A seller, by its number from 1: paid daily, on Fridays, or when it asks.
pub(super) fn seller(number: u32) -> Result<OnboardAccount, Failure> {
    let schedule = match number % 3 {
        0 => PayoutSchedule::Manual,
        1 => PayoutSchedule::Daily,
        _ => PayoutSchedule::Weekly(Weekdays::new(&[Weekday::Friday]).map_err(Failure::input)?),
    };
    let bank = BankAccount { number: number_of(AccountId(number), 0), last4: *b"0001" };
    Ok(OnboardAccount {
        schedule,
        bank_account: Some(bank),
        details: Details::external_id(&format!("seller-{number}")),
        ..OnboardAccount::new(Country::US, CURRENCY)
    })
}

/// A bank account in the place of one at which a payout failed.
pub(super) fn new_bank(account: AccountId, time: u64) -> AttachBankAccount {
    AttachBankAccount { account, currency: CURRENCY, number: number_of(account, time), last4: *b"0002" }
}

/// A bank account's number that nobody can open: nothing here is personal, and a real sealing
/// draws a nonce by chance, which would make each log another.
fn number_of(account: AccountId, time: u64) -> Sealed {
    let mut fingerprint = [0; 8];
    let bits = u64::from(account.0) << 32 | (time & u64::from(u32::MAX));
    fingerprint.copy_from_slice(&bits.to_be_bytes());
    Sealed { key: KeyId([0; 16]), fingerprint, ciphertext: Box::new([]) }
}
