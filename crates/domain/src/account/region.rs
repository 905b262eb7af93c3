//! Regions: between which countries a platform's money may go to its sellers.
//!
//! Connect moves money between accounts of one region, and across regions among five of
//! them: the United States, the United Kingdom, the European Economic Area, Canada and
//! Switzerland (<https://docs.stripe.com/connect/separate-charges-and-transfers>). To us the
//! five are one, since money moves freely in it. Its countries in the European Economic Area
//! are the members of the Union, Iceland, Liechtenstein and Norway
//! (<https://www.efta.int/eea>).

use super::Country;

/// An area in which money moves, as of 2026-11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// The five regions among which it may cross.
    Five,
    /// A country by itself. So is every country of which Connect names no region: our own
    /// rule, and the stricter one (docs/decisions/regions.md).
    Country(Country),
}

/// The countries of the five regions, in the order of their letters.
const FIVE: &[[u8; 2]] = &[
    *b"AT", *b"BE", *b"BG", *b"CA", *b"CH", *b"CY", *b"CZ", *b"DE", *b"DK", *b"EE", *b"ES", *b"FI", *b"FR",
    *b"GB", *b"GR", *b"HR", *b"HU", *b"IE", *b"IS", *b"IT", *b"LI", *b"LT", *b"LU", *b"LV", *b"MT", *b"NL",
    *b"NO", *b"PL", *b"PT", *b"RO", *b"SE", *b"SI", *b"SK", *b"US",
];

impl Country {
    /// Its region.
    #[must_use]
    pub fn region(self) -> Region {
        if FIVE.binary_search(&self.0).is_ok() { Region::Five } else { Region::Country(self) }
    }

    /// Whether money may move between accounts of this country and the other.
    #[must_use]
    pub fn exchanges_with(self, other: Self) -> bool {
        // Nearly every seller is in its platform's country.
        self == other || self.region() == other.region()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_stays_in_its_region_or_crosses_among_the_five() {
        let country = |code| Country::new(code).unwrap();
        for (one, other, may) in [
            ("US", "US", true),
            ("BR", "BR", true),
            ("AE", "AE", true),
            ("DE", "FR", true),
            ("DE", "NO", true),
            ("US", "CH", true),
            ("CA", "GB", true),
            ("US", "BR", false),
            ("DE", "JP", false),
            ("AU", "NZ", false),
            ("AE", "IN", false),
        ] {
            let (one, other) = (country(one), country(other));
            assert_eq!(one.exchanges_with(other), may, "{one} and {other}");
            assert_eq!(other.exchanges_with(one), may, "{other} and {one}");
        }
        assert!(FIVE.is_sorted());
        assert_eq!(FIVE.len(), 27 + 3 + 4);
    }
}
