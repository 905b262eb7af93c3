//! Patience: how often and how long a rail is asked.

use std::time::Duration;

/// How often a rail is asked in one go, and how long between. Waits double, and no wait is
/// longer than the longest, whatever the rail wishes: so the whole is bounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often it is asked before it is out of reach; at least once.
    pub tries: u32,
    /// How long an answer is waited for.
    pub answer: Duration,
    /// How long it waits before the second try.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
}

impl Default for Patience {
    /// Five tries of 30 seconds, waits of 0.2 to 1.6 seconds: our own choice.
    fn default() -> Self {
        Self {
            tries: 5,
            answer: Duration::from_secs(30),
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
        }
    }
}

impl Patience {
    /// How long to wait after the so-manieth try, counted from 1.
    pub(super) fn wait(&self, tried: u32, wished: Option<u32>) -> Duration {
        let doubled = 1_u32.checked_shl(tried.saturating_sub(1)).unwrap_or(u32::MAX);
        let own = self.first_wait.saturating_mul(doubled);
        let wished = wished.map_or(Duration::ZERO, |seconds| Duration::from_secs(seconds.into()));
        own.max(wished).min(self.longest_wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let patience = Patience::default();
        let millis = |tried, wished| patience.wait(tried, wished).as_millis();
        let waits: Vec<u128> = (1..=7).map(|tried| millis(tried, None)).collect();
        assert_eq!(waits, [200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        assert_eq!(
            (millis(u32::MAX, None), millis(1, Some(2)), millis(1, Some(9_999))),
            (5_000, 2_000, 5_000)
        );
    }
}
