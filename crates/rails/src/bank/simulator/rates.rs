//! How often what happens at banks that are drawn.

/// How often what happens to the bank account `bank_drawn`, in so many of 10,000. The defaults
/// are of our own making and claim nothing about any real bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankRates {
    /// Payouts that do not arrive.
    pub payouts_failed: u16,
    /// Payouts that arrive and come back.
    pub payouts_returned: u16,
    /// Debits that fail.
    pub debits_failed: u16,
    /// Debits that succeed and come back.
    pub debits_returned: u16,
    /// Top-ups that fail.
    pub topups_failed: u16,
    /// Top-ups that succeed and come back.
    pub topups_returned: u16,
}

impl Default for BankRates {
    fn default() -> Self {
        Self {
            payouts_failed: 40,
            payouts_returned: 20,
            debits_failed: 300,
            debits_returned: 60,
            topups_failed: 100,
            topups_returned: 10,
        }
    }
}
