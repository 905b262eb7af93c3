//! The demo's world: what its ledger is opened with, who sells, and the days on which it happens.

use counterfoil::domain::account::{Country, Gates, KeyId, RequirementName};
use counterfoil::domain::calendar::{Day, Timestamp, Weekday};
use counterfoil::domain::charge::ProcessingFee;
use counterfoil::domain::money::{Currency, Money, Rate};
use counterfoil::domain::payout::{PayoutSchedule, Weekdays};
use counterfoil::domain::rail::RailName;
use counterfoil::domain::settings::{Clock, FeePayer, Mode, Settings};
use uuid::Uuid;

use crate::exit::Failure;

/// The currency of everything.
pub(super) const CURRENCY: Currency = Currency::BRL;

/// Names this story. Another story needs another name, so that neither goes on in the
/// other's ledger.
const STORY: &[u8] = b"counterfoil demo: three sellers before Carnival";

/// The day before 1 February 2026, in days since 1970.
const END_OF_JANUARY: i32 = 20_484;

/// A seller as she is onboarded. Everybody here is invented.
pub(super) struct Seller {
    /// The platform's name for her.
    pub(super) name: &'static str,
    /// Her own name.
    pub(super) holder: &'static str,
    /// Her bank account.
    pub(super) bank: &'static str,
    /// What she must provide, what that closes, and until when it need not.
    pub(super) requirement: Option<(RequirementName, Gates, Option<i32>)>,
}

/// She must hand in a tax number within the month.
pub(super) const BAKERY: Seller = Seller {
    name: "bakery",
    holder: "Rosa Alves",
    bank: "0001 30457-4821",
    requirement: Some((RequirementName::TaxId, Gates::PAYOUTS, Some(27))),
};

/// She has just changed banks.
pub(super) const FLORIST: Seller =
    Seller { name: "florist", holder: "Lia Tanaka", bank: "0173 88210-0937", requirement: None };

/// Nobody has checked yet who she is.
pub(super) const POTTER: Seller = Seller {
    name: "potter",
    holder: "Marta Nunes",
    bank: "0042 51993-3310",
    requirement: Some((RequirementName::Identity, Gates::PAYOUTS, None)),
};

/// The florist's new bank account.
pub(super) const NEW_BANK: &str = "0260 70415-5544";

/// What the demo's ledger is opened with.
pub(super) fn settings() -> Result<Settings, Failure> {
    let rate = Rate::from_basis_points(399).map_err(Failure::input)?;
    let settings = Settings::new(ledger(), *name(b"ids").as_bytes(), Country::BR, CURRENCY);
    Ok(Settings {
        mode: Mode::Test,
        clock: Clock::Simulated,
        operator: "counterfoil demo".into(),
        fee_payer: FeePayer::Account,
        processing_fee: ProcessingFee { rate, fixed: 39 },
        ..settings
    })
}

/// The id of the demo's ledger, in every folder the same.
pub(super) fn ledger() -> Uuid {
    name(b"ledger")
}

/// The id of the command with this idempotency key.
pub(super) fn command(key: &str) -> Uuid {
    Uuid::new_v5(&name(b"command"), key.as_bytes())
}

/// Whose personal data is sealed.
pub(super) fn subject(seller: &Seller) -> KeyId {
    KeyId(*Uuid::new_v5(&name(b"subject"), seller.name.as_bytes()).as_bytes())
}

fn name(what: &[u8]) -> Uuid {
    Uuid::new_v5(&Uuid::new_v5(&Uuid::NAMESPACE_OID, STORY), what)
}

/// A day of February 2026. Carnival is from the 16th to the 18th.
pub(super) fn february(day: i32) -> Day {
    Day::from_days(END_OF_JANUARY + day)
}

/// An hour of a day of February 2026, in UTC.
pub(super) fn at(day: i32, hour: i64) -> Timestamp {
    february(day).start().plus_seconds(hour * 3_600)
}

/// So many centavos.
pub(super) fn brl(minor: i64) -> Money {
    Money::new(CURRENCY, minor)
}

/// The rail on which every buyer pays.
pub(super) fn card() -> Result<RailName, Failure> {
    RailName::new("card").map_err(Failure::input)
}

/// Sellers are paid every Friday.
pub(super) fn fridays() -> Result<PayoutSchedule, Failure> {
    Weekdays::new(&[Weekday::Friday]).map(PayoutSchedule::Weekly).map_err(Failure::input)
}

/// The last four characters of a bank account's number.
pub(super) fn last4(number: &str) -> [u8; 4] {
    number.as_bytes().last_chunk().copied().unwrap_or(*b"????")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn february_begins_on_its_first() {
        assert_eq!(february(1).to_string(), "2026-02-01");
        assert_eq!(at(13, 12).to_string(), "2026-02-13T12:00:00Z");
    }
}
