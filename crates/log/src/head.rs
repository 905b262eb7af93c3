//! A head: where the next frame goes, and the hash it must build on.

use std::fmt;

use crate::{Hash, LedgerId};

/// Separates the genesis hash from every other use of BLAKE3 over sixteen bytes.
const GENESIS_TAG: &[u8] = b"counterfoil ledger genesis v0";

/// The end of a log. Two logs with equal heads hold the same frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number that the next frame takes.
    pub next_frame: u64,
    /// The position that the next event takes.
    pub next_position: u64,
    /// The chain hash of the last frame, or the genesis hash.
    pub hash: Hash,
    /// The epoch of the writer that may append.
    pub epoch: u64,
}

impl Head {
    /// The head of a ledger's log that holds nothing yet.
    #[must_use]
    pub fn genesis(ledger: LedgerId) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(GENESIS_TAG);
        hasher.update(&ledger.0);
        Self { next_frame: 0, next_position: 0, hash: Hash(*hasher.finalize().as_bytes()), epoch: 0 }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "frame {}, position {}, epoch {}, hash {}",
            self.next_frame, self.next_position, self.epoch, self.hash
        )
    }
}
