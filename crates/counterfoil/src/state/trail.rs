//! The trail: heads that the log passed on its way to a checkpoint, or to the snapshot of a
//! view. By them a log that lost its end is told from one that it was never taken of.

use std::collections::BTreeMap;

use counterfoil_log::{EventLog, Frame, Hash, Head, LedgerId, ReadError};

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

/// How what was taken of a log stands to a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It was taken of this log.
    OfThis,
    /// It was taken of a log of which this one is the beginning, as far as can be seen.
    Ahead,
    /// It was taken of another ledger's log, or of another history of this ledger.
    OfAnother,
}

impl Trail {
    /// A trail that was stored.
    pub(crate) fn stored(passed: Vec<(u64, [u8; 32])>) -> Self {
        let passed: BTreeMap<_, _> = passed.into_iter().map(|(frame, hash)| (frame, Hash(hash))).collect();
        Self { left: passed.len(), passed }
    }

    /// Passes a head.
    pub(crate) fn pass(&mut self, head: &Head) {
        self.passed.insert(head.next_frame, head.hash);
        if self.passed.len() >= self.left + DROPPED {
            self.passed = self.kept().collect();
            self.left = self.passed.len();
        }
    }

    /// What is to be stored.
    pub(crate) fn to_store(&self) -> Vec<(u64, [u8; 32])> {
        self.kept().map(|(frame, hash)| (frame, hash.0)).collect()
    }

    /// The last head that was passed no later than the frame of this number.
    fn before(&self, next_frame: u64) -> Option<(u64, Hash)> {
        self.passed.range(..=next_frame).next_back().map(|(frame, hash)| (*frame, *hash))
    }

    /// How what was taken at a head, to which this is the trail, stands to a log. Of a log
    /// that does not reach it only the trail can tell.
    pub(crate) async fn standing(
        &self,
        ledger: LedgerId,
        head: &Head,
        log: &dyn EventLog,
    ) -> Result<Standing, ReadError> {
        if ledger != log.ledger() {
            return Ok(Standing::OfAnother);
        }
        let end = log.head();
        let is_ahead = head.next_frame > end.next_frame;
        let passed = if is_ahead { self.before(end.next_frame) } else { Some((head.next_frame, head.hash)) };
        let agrees = match passed {
            None | Some((0, _)) => true,
            Some((frame, hash)) => hash_before(log, frame).await? == Some(hash),
        };
        Ok(match (agrees, is_ahead) {
            (true, false) => Standing::OfThis,
            (true, true) if head.next_position > end.next_position => Standing::Ahead,
            (true, true) | (false, _) => Standing::OfAnother,
        })
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

/// The chain's hash before a frame that is not the log's first.
async fn hash_before(log: &dyn EventLog, next_frame: u64) -> Result<Option<Hash>, ReadError> {
    // One byte asks for one frame.
    let frames = log.read(next_frame.saturating_sub(1), 1).await?;
    Ok(frames.first().map(|frame| Frame::head_after(frame).hash))
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
