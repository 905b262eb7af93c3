//! Policy: figures that card networks and Connect set and change, each with its date and source.
//! A verb names them; none stands in a verb.

use crate::account::Country;
use crate::money::{Currency, Minor};

/// How many days an authorisation stays open where its command does not say: 7 as of 2026-11,
/// <https://docs.stripe.com/payments/place-a-hold-on-a-payment-method>. In person it is 2, and
/// networks differ by kind of payment (unconfirmed): then the command says until when.
pub const AUTHORISATION_DAYS: i64 = 7;

/// How many days an authorisation may stay open at most: 30 as of 2026-11 (unconfirmed),
/// <https://docs.stripe.com/payments/extended-authorization>.
pub const MOST_AUTHORISATION_DAYS: i64 = 30;

/// For how many days after a payment its payer may be given it back, by a refund or a dispute,
/// in a reckoning of what may still go back: 120 as of 2026-11, the time within which most card
/// networks let a payment be disputed (unconfirmed; for some reasons and methods it is shorter
/// or longer), <https://docs.stripe.com/disputes/how-disputes-work>. No refund is refused by it.
pub const RETURN_DAYS: u16 = 120;

/// What the processor charges for a dispute where the fact does not say: 15.00 in US dollars as
/// of 2026-11, <https://stripe.com/pricing>, not returned unless the fact of a win says so. It differs by country and contract
/// (unconfirmed): in any other currency the fact says it, or there is none.
#[must_use]
pub fn dispute_fee(currency: Currency) -> Minor {
    if currency == Currency::USD { 1_500 } else { 0 }
}

/// What it charges for answering one: likewise, since June 2025,
/// <https://support.stripe.com/questions/dispute-fees>.
#[must_use]
pub fn counter_fee(currency: Currency) -> Minor {
    dispute_fee(currency)
}

/// Whether that comes back with a dispute that is won: everywhere but in Mexico and Japan as of
/// 2026-11 (unconfirmed).
#[must_use]
pub fn counter_fee_is_returned(country: Country) -> bool {
    !matches!(country.code(), "MX" | "JP")
}
