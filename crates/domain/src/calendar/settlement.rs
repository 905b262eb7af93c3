//! Settlement delays: how soon a country's payments are available at Connect, by default and at
//! the earliest (<https://docs.stripe.com/payouts#payout-speed>).
//!
//! The page is of each account's own dashboard, and its numbers move: all of these are
//! unconfirmed, as of 2026-11 (docs/decisions/controllers.md).

use crate::account::{Country, Region};
use crate::payout::{DayKind, Delay};

/// Countries with a delay of their own, in the order of their letters.
const OWN: &[([u8; 2], Delay)] = &[
    (*b"AE", calendar(7)),
    (*b"AU", business(2)),
    (*b"BR", calendar(30)),
    (*b"HK", business(4)),
    (*b"IN", business(4)),
    (*b"JP", business(4)),
    (*b"MX", business(4)),
    (*b"MY", calendar(7)),
    (*b"NZ", business(4)),
    (*b"SG", calendar(4)),
    (*b"TH", calendar(7)),
    (*b"US", business(2)),
];

/// That of Canada, the United Kingdom, Switzerland and the European Economic Area.
const EUROPE_AND_CANADA: Delay = business(3);

const fn business(days: u16) -> Delay {
    Delay { days, kind: DayKind::Business }
}

const fn calendar(days: u16) -> Delay {
    Delay { days, kind: DayKind::Calendar }
}

impl Country {
    /// How long a payment to an account of this country is pending, by default and at least;
    /// nothing where Connect has no such accounts.
    #[must_use]
    pub fn settlement_delay(self) -> Option<Delay> {
        let own = OWN.binary_search_by_key(&self.code().as_bytes(), |(code, _)| code);
        let own = own.ok().and_then(|place| OWN.get(place)).map(|(_, delay)| *delay);
        own.or_else(|| (self.region() == Region::Five).then_some(EUROPE_AND_CANADA))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_has_its_delay() {
        let delay = |code| Country::new(code).unwrap().settlement_delay();
        for (code, days, kind) in [
            ("US", 2, DayKind::Business),
            ("AU", 2, DayKind::Business),
            ("GB", 3, DayKind::Business),
            ("DE", 3, DayKind::Business),
            ("NO", 3, DayKind::Business),
            ("CH", 3, DayKind::Business),
            ("CA", 3, DayKind::Business),
            ("NZ", 4, DayKind::Business),
            ("SG", 4, DayKind::Calendar),
            ("TH", 7, DayKind::Calendar),
            ("BR", 30, DayKind::Calendar),
        ] {
            assert_eq!(delay(code), Some(Delay { days, kind }), "{code}");
        }
        assert_eq!(delay("AQ"), None);
        assert!(OWN.is_sorted_by_key(|(code, _)| *code));
    }
}
