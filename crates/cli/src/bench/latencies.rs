//! Latencies, in order of length.

/// Latencies in microseconds, the shortest first.
pub(super) struct Latencies {
    sorted: Vec<u32>,
}

impl Latencies {
    /// These latencies.
    pub(super) fn of(mut micros: Vec<u32>) -> Self {
        micros.sort_unstable();
        Self { sorted: micros }
    }

    /// The shortest that so many in a hundred do not exceed; 0 of none.
    pub(super) fn percentile(&self, percent: usize) -> u32 {
        let rank = (self.sorted.len() * percent).div_ceil(100).max(1);
        self.sorted.get(rank - 1).copied().unwrap_or_default()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.sorted.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_latency_that_was_seen() {
        let all = Latencies::of((1..=200).rev().collect());
        assert_eq!([50, 99, 100].map(|percent| all.percentile(percent)), [100, 198, 200]);
        let one = Latencies::of(vec![7]);
        assert_eq!([50, 99, 100].map(|percent| one.percentile(percent)), [7, 7, 7]);
        assert_eq!(Latencies::of(Vec::new()).percentile(50), 0);
    }
}
