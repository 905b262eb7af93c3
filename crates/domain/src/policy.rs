//! Policy: figures that card networks and Connect set and change, each with its date and source.
//! A verb names them; none stands in a verb.

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
pub const RETURN_DAYS: i32 = 120;
