//! A naive model: vectors of postings, summed from scratch by code that anyone can check.

use std::collections::BTreeMap;

use counterfoil_domain::books::{Book, OperatorBook};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, RailId, Recorded};

/// What each account is owed in one currency over all its states, what each rail holds, and
/// what the operator earned.
pub(crate) type Sums = (BTreeMap<u32, i128>, BTreeMap<u16, i128>, i128);

/// Sums every posting of a log.
pub(crate) fn sums(log: &[Recorded], currency: Currency) -> Sums {
    let (mut accounts, mut rails, mut earned) = (BTreeMap::new(), BTreeMap::new(), 0);
    for entry in log.iter().filter_map(|recorded| recorded.event.entry()) {
        for posting in entry.postings().iter().filter(|_| entry.currency() == currency) {
            match posting.book {
                Book::Account(AccountId(account), _) => {
                    *accounts.entry(account).or_default() -= i128::from(posting.amount);
                }
                Book::Rail(RailId(rail)) => *rails.entry(rail).or_default() += i128::from(posting.amount),
                Book::Operator(OperatorBook::Fees) => earned -= i128::from(posting.amount),
                // Nothing posts to these yet; when something does, the model must know.
                other @ (Book::Operator(OperatorBook::Losses)
                | Book::TaxWithheld(_)
                | Book::Suspense
                | Book::Fx(_)) => {
                    panic!("the model does not know {other:?}")
                }
            }
        }
    }
    (accounts, rails, earned)
}

/// `whole × part / of` to the nearest unit, halves to the even one, by searching.
pub(crate) fn nearest_even(whole: Minor, part: Minor, of: Minor) -> Minor {
    let (exact, of) = (i128::from(whole) * i128::from(part), i128::from(of));
    let below = exact / of;
    let (to_below, to_above) = (exact - below * of, (below + 1) * of - exact);
    let up = to_above < to_below || (to_above == to_below && below % 2 == 1);
    Minor::try_from(below + i128::from(up)).unwrap()
}
