//! Chance from a seed: what is drawn for an ask depends on the seed and its key alone.
//!
//! So unrelated asks may come in any order, and a lot that is added changes no other.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::AskKey;

/// What is drawn. A number is never used for another lot, or old seeds would tell new stories.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lot {
    Decline = 1,
    DeclineCode = 2,
    Dispute = 3,
    DisputeReason = 4,
    DisputeDay = 5,
    Warning = 6,
    Refund = 7,
    Verdict = 8,
    Order = 9,
    OrderCode = 10,
}

/// All rates are in so many of this many.
pub(crate) const ALL: u64 = 10_000;

/// The draws for one key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    seed: u64,
    key: AskKey,
}

impl Draw {
    pub(crate) fn new(seed: u64, key: AskKey) -> Self {
        Self { seed, key }
    }

    /// A number below `count`, or 0 where there is none.
    pub(crate) fn below(self, lot: Lot, count: u64) -> u64 {
        let mut bytes = [0; 9];
        let (key, kind) = bytes.split_at_mut(8);
        key.copy_from_slice(&self.key.id().to_bits().to_le_bytes());
        kind.copy_from_slice(&[lot as u8]);
        let drawn = xxh3_64_with_seed(&bytes, self.seed);
        // The upper half of the product is below the count.
        ((u128::from(drawn) * u128::from(count)) >> 64) as u64
    }

    /// One of these.
    pub(crate) fn one<T: Copy>(self, lot: Lot, of: &[T], or: T) -> T {
        let at = self.below(lot, of.len() as u64);
        usize::try_from(at).ok().and_then(|at| of.get(at)).copied().unwrap_or(or)
    }

    /// Which of the rates hits, each in so many of 10,000; `None` where none does. Rates that
    /// sum to more hit in their order.
    pub(crate) fn hit<const N: usize>(self, lot: Lot, rates: [u16; N]) -> Option<usize> {
        let drawn = self.below(lot, ALL);
        let mut sum = 0;
        rates.iter().position(|rate| {
            sum += u64::from(*rate);
            drawn < sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_domain::ObjectId;

    fn draw(seed: u64, position: u64) -> Draw {
        Draw::new(seed, AskKey::of(ObjectId::new(position, 0)))
    }

    #[test]
    fn a_rate_hits_as_often_as_it_says() {
        let hits = |rate| (0..20_000).filter(|at| draw(7, *at).hit(Lot::Decline, [rate]).is_some()).count();
        assert_eq!((hits(0), hits(10_000), hits(u16::MAX)), (0, 20_000, 20_000));
        assert!((5_700..6_300).contains(&hits(3_000)), "{}", hits(3_000));
    }

    #[test]
    fn rates_share_one_draw() {
        let hits = |which| {
            (0..20_000).filter(|at| draw(7, *at).hit(Lot::Dispute, [1_000, 2_000]) == Some(which)).count()
        };
        assert!((1_850..2_150).contains(&hits(0)), "{}", hits(0));
        assert!((3_800..4_200).contains(&hits(1)), "{}", hits(1));
    }

    #[test]
    fn lots_keys_and_seeds_are_drawn_apart() {
        let many = |of: fn(u64) -> u64| (0..1_000).map(of).collect::<Vec<_>>();
        let first = many(|at| draw(1, at).below(Lot::Decline, ALL));
        assert_ne!(first, many(|at| draw(2, at).below(Lot::Decline, ALL)));
        assert_ne!(first, many(|at| draw(1, at).below(Lot::Refund, ALL)));
        assert_ne!(first, many(|at| draw(1, at + 1).below(Lot::Decline, ALL)));
        assert_eq!(draw(1, 1).below(Lot::Decline, 0), 0);
        assert_eq!(draw(1, 1).one(Lot::Decline, &[], 5), 5);
    }
}
