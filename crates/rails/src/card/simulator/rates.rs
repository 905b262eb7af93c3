//! How often what happens to cards that are drawn.

/// How often what happens to the card `tok_drawn`, in so many of 10,000. The defaults are of
/// our own making, roughly those of a quiet marketplace, and claim nothing about any real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardRates {
    /// Payments that are declined, one of seven ways with equal odds.
    pub declined: u16,
    /// Captured payments that are disputed, 1 to 90 days after.
    pub disputed: u16,
    /// Captured payments that are inquired about, 1 to 90 days after.
    pub inquired: u16,
    /// Captured payments with an early fraud warning; drawn apart from disputes.
    pub warned: u16,
    /// Refunds that are pending at first.
    pub refunds_pending: u16,
    /// Refunds that succeed at first and fail later.
    pub refunds_failing: u16,
    /// Refunds that ask the payer for something. Cards do not, other methods do.
    pub refunds_requiring_action: u16,
    /// Disputes that are won, if evidence was handed in that is none of the test texts.
    pub won: u16,
}

impl Default for CardRates {
    fn default() -> Self {
        Self {
            declined: 300,
            disputed: 50,
            inquired: 20,
            warned: 30,
            refunds_pending: 2_000,
            refunds_failing: 100,
            refunds_requiring_action: 0,
            won: 3_000,
        }
    }
}

impl CardRates {
    /// Nothing but success.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            declined: 0,
            disputed: 0,
            inquired: 0,
            warned: 0,
            refunds_pending: 0,
            refunds_failing: 0,
            refunds_requiring_action: 0,
            won: 0,
        }
    }
}
