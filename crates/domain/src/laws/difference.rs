//! A difference: what a ledger has otherwise than its log comes to.

use std::fmt;

use crate::books::Book;
use crate::calendar::Day;
use crate::id::{AccountId, ReservePlanId, WriteOffId};
use crate::money::Currency;

/// What of a ledger differs from its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The number of accounts.
    Accounts,
    /// Business time, in microseconds since 1970.
    Time,
    /// A state of an account's wallet; of pending the sum over all days.
    Wallet(AccountId, Currency, &'static str),
    /// How many entries an account has.
    Entries(AccountId, Currency),
    /// What of an account's open entries the next payout would take.
    Open(AccountId, Currency),
    /// How many ranges of closed entries the next payout would take.
    Closed(AccountId, Currency),
    /// The pending money of one day.
    Pending(Day, AccountId, Currency),
    /// How many holds stand that are released at the start of a day.
    HoldsOfDay(Day),
    /// How many holds of a plan stand, where the plan is active or releases them.
    HoldsOfPlan(ReservePlanId),
    /// What did not come back of a write-off.
    WriteOff(WriteOffId),
    /// The balance of a book that is not an account's.
    Tally(Book, Currency),
    /// The entries of a book that is not an account's.
    TallyEntries(Book, Currency),
    /// How many objects wait for something else than their latest events say.
    Waiting,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accounts => f.write_str("the number of accounts"),
            Self::Waiting => f.write_str("the number of objects that wait for something else"),
            Self::Time => f.write_str("business time in microseconds"),
            Self::Wallet(account, currency, state) => write!(f, "{state} of account {account} in {currency}"),
            Self::Entries(account, currency) => {
                write!(f, "the entry count of account {account} in {currency}")
            }
            Self::Open(account, currency) => {
                write!(f, "the sum of open entries of account {account} in {currency}")
            }
            Self::Closed(account, currency) => {
                write!(
                    f,
                    "the number of closed entries among the open ones of account {account} in {currency}"
                )
            }
            Self::Pending(day, account, currency) => {
                write!(f, "pending of {day} of account {account} in {currency}")
            }
            Self::HoldsOfDay(day) => write!(f, "the number of holds that stand until {day}"),
            Self::HoldsOfPlan(plan) => write!(f, "the number of holds that stand of plan {plan}"),
            Self::WriteOff(id) => write!(f, "what did not come back of write-off {id}"),
            Self::Tally(book, currency) => write!(f, "the balance of {book:?} in {currency}"),
            Self::TallyEntries(book, currency) => write!(f, "the entry count of {book:?} in {currency}"),
        }
    }
}
