//! The lineage: of which log a state is, so that one of another log is told apart.

/// Of which log a state is, and where that log was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// The ledger's id.
    pub ledger: [u8; 16],
    /// The number of the frame that comes next.
    pub next_frame: u64,
    /// The chain's hash before that frame: of the frame that ends where the state does.
    pub chain: [u8; 32],
    /// The chain's hash before some earlier frames, by their numbers. A log that is shorter
    /// than the state has come to some of them, if it is the same.
    pub trail: Vec<(u64, [u8; 32])>,
}

impl Lineage {
    /// Its bytes, but for the hash that stands in the header.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = self.ledger.to_vec();
        bytes.extend_from_slice(&self.next_frame.to_le_bytes());
        bytes.extend_from_slice(&(self.trail.len() as u64).to_le_bytes());
        for (frame, hash) in &self.trail {
            bytes.extend_from_slice(&frame.to_le_bytes());
            bytes.extend_from_slice(hash);
        }
        bytes
    }

    /// From its bytes, and what stands behind them.
    pub(super) fn decode(chain: [u8; 32], bytes: &[u8]) -> Option<(Self, &[u8])> {
        let (ledger, bytes) = bytes.split_first_chunk()?;
        let (next_frame, bytes) = bytes.split_first_chunk()?;
        let (count, mut bytes) = bytes.split_first_chunk()?;
        let mut trail = Vec::new();
        for _ in 0..u64::from_le_bytes(*count) {
            let (frame, rest) = bytes.split_first_chunk()?;
            let (hash, rest) = rest.split_first_chunk()?;
            trail.push((u64::from_le_bytes(*frame), *hash));
            bytes = rest;
        }
        Some((Self { ledger: *ledger, next_frame: u64::from_le_bytes(*next_frame), chain, trail }, bytes))
    }
}
