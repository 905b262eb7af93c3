//! Draws: numbers that look like chance and are the same in every run.

use counterfoil::domain::money::Minor;

/// Where every draw begins.
const SEED: u64 = 0x0c0f_fee0_1edb_e9c8;

/// The draws of one command: splitmix64 (Steele, Lea and Flood, 2014), begun at a place
/// that follows from the run, or the seed, and the command's number.
pub(crate) struct Draw {
    state: u64,
}

impl Draw {
    /// The draws of a command of a run.
    pub(crate) fn new(run: u64, number: u64) -> Self {
        let mut run = Self { state: SEED ^ run };
        Self { state: run.next().wrapping_add(number) }
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        // The upper half of a product of 64 bits by 64 fits 64.
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// An amount from `least` to `most`, both included; `least` where that is more.
    pub(crate) fn between(&mut self, least: Minor, most: Minor) -> Minor {
        let room = most.max(least).abs_diff(least).saturating_add(1);
        least.saturating_add(Minor::try_from(self.below(room)).unwrap_or_default())
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_draws_what_its_authors_drew() {
        let mut draw = Draw { state: 1_234_567 };
        assert_eq!([draw.next(), draw.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn draws_follow_from_the_number_and_keep_their_bounds() {
        let drawn = |run, number| Draw::new(run, number).below(1_000);
        assert_eq!(drawn(1, 2), drawn(1, 2));
        let all: Vec<u64> = (0..1_000).map(|number| drawn(1, number)).collect();
        assert!(all.iter().all(|drawn| *drawn < 1_000) && all.iter().any(|drawn| *drawn > 900));
        assert_ne!(all, (0..1_000).map(|number| drawn(2, number)).collect::<Vec<_>>());
        let amounts = (0..10_000).map(|number| Draw::new(1, number).between(100, 10_000));
        assert!(amounts.into_iter().all(|amount| (100..=10_000).contains(&amount)));
        assert_eq!(Draw::new(1, 1).between(5, 4), 5);
    }
}
