//! The trail: heads that the log passed on its way to a checkpoint. By them a log that
//! lost its end is told from one that the checkpoint was never taken of.

use std::collections::BTreeMap;

use counterfoil_log::{Hash, Head};

/// So many heads are kept at the beginning, and a head whose frame number is a multiple of
/// 2^n for so many times 2^n frames.
const KEPT: u64 = 64;

/// Heads that went too far back are dropped when so many have come.
const DROPPED: usize = 4_096;

/// The chain's hash before some frames: before each of the first and of the newest, and
/// before fewer the further back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trail {
    passed: BTreeMap<u64, Hash>,
    /// How many there were when some were dropped last.
    left: usize,
}

impl Trail {
    /// A trail that was stored.
    pub(super) fn stored(passed: Vec<(u64, [u8; 32])>) -> Self {
        let passed: BTreeMap<_, _> = passed.into_iter().map(|(frame, hash)| (frame, Hash(hash))).collect();
        Self { left: passed.len(), passed }
    }

    /// Passes a head.
    pub(super) fn pass(&mut self, head: &Head) {
        self.passed.insert(head.next_frame, head.hash);
        if self.passed.len() >= self.left + DROPPED {
            self.passed = self.kept().collect();
            self.left = self.passed.len();
        }
    }

    /// What is to be stored.
    pub(super) fn to_store(&self) -> Vec<(u64, [u8; 32])> {
        self.kept().map(|(frame, hash)| (frame, hash.0)).collect()
    }

    /// The last head that was passed no later than the frame of this number.
    pub(super) fn before(&self, next_frame: u64) -> Option<(u64, Hash)> {
        self.passed.range(..=next_frame).next_back().map(|(frame, hash)| (*frame, *hash))
    }

    fn kept(&self) -> impl Iterator<Item = (u64, Hash)> + '_ {
        let newest = self.passed.last_key_value().map_or(0, |(frame, _)| *frame);
        let is_kept = move |frame: u64| {
            let step = 1_u64.checked_shl(frame.trailing_zeros()).unwrap_or(u64::MAX);
            frame <= KEPT || newest - frame <= step.saturating_mul(KEPT)
        };
        self.passed.iter().map(|(frame, hash)| (*frame, *hash)).filter(move |(frame, _)| is_kept(*frame))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log that is short of a checkpoint by some frames has a head of its trail that is
    /// not much further back.
    #[test]
    fn heads_are_fewer_the_further_back() {
        const FRAMES: u64 = 100_000;
        let mut trail = Trail::default();
        for next_frame in 1..=FRAMES {
            let hash = Hash([next_frame as u8; 32]);
            trail.pass(&Head { next_frame, next_position: next_frame, hash, epoch: 0 });
        }
        let trail = Trail::stored(trail.to_store());
        assert!(trail.passed.len() < 800, "{} heads", trail.passed.len());
        for next_frame in 1..=FRAMES {
            let (passed, hash) = trail.before(next_frame).unwrap_or((0, Hash([0; 32])));
            assert_eq!(hash, Hash([passed as u8; 32]));
            let missing = FRAMES - next_frame;
            assert!(next_frame - passed <= missing / 31, "{passed} for {next_frame}");
        }
    }
}
