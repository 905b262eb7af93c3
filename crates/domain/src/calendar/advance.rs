//! Letting time pass: the work that falls due, in a fixed order.
//!
//! At each due instant first requirements lapse, then pending money matures (one entry
//! per account, currency and day), then scheduled payouts are made; accounts in order
//! of their numbers. Each decision records one piece of work, so a run of any length
//! is a series that can stop and go on.
//!
//! | book (maturity) | debit | credit |
//! |---|---|---|
//! | account, pending of the day | what is left of it | |
//! | account, available | | what is left of it |

use super::{Day, Timestamp};
use crate::account::Standing;
use crate::books::{Book, Draft, Kind, State};
use crate::decide::{Context, Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::payout::plan;
use crate::refusal::{Refusal, refusals};

/// Lets time pass up to an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdvanceTo {
    /// The instant.
    pub to: Timestamp,
}

refusals! {
    /// Why time does not pass.
    TimeRefusal {
        /// It would go back.
        Backwards {
            /// What was asked.
            asked: Timestamp,
            /// The ledger's time.
            now: Timestamp,
        } => "time_must_not_go_backwards", NoCode, "The ledger's time is {now}; it does not go back to {asked}.";
    }
}

/// One piece of work that falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Lapse(AccountId, crate::account::RequirementName),
    Maturity(Day),
    Payout(AccountId, Currency),
}

/// The next piece of work due by `until`, as the event that records it and the instant
/// at which it is due. `None` where nothing is due.
#[must_use]
pub fn next_due(ledger: &Ledger, until: Timestamp, position: u64) -> Option<(Timestamp, Event)> {
    let (at, due) = earliest(ledger)?;
    if at > until {
        return None;
    }
    // Work found late (a bank account put on file after its payout day began) is done
    // at the ledger's own time: business time never goes backwards.
    let context = Context { now: at.max(ledger.now()), position };
    Some((context.now, record(ledger, due, &context)))
}

impl Verb for AdvanceTo {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        let (asked, now) = (self.to, ledger.now());
        if asked < now {
            return Err(TimeRefusal::Backwards { asked, now }.into());
        }

        Ok(Events::from_iter([Event::TimeAdvanced { to: asked }]))
    }
}

fn earliest(ledger: &Ledger) -> Option<(Timestamp, Due)> {
    let lapse = ledger.deadlines().next().map(|(at, account, name)| (at, Due::Lapse(account, name)));
    let maturity = ledger.maturities.first_day().map(|day| (day.start(), Due::Maturity(day)));
    let payout =
        ledger.next_payout().map(|(day, account, currency)| (day.start(), Due::Payout(account, currency)));
    [lapse, maturity, payout].into_iter().flatten().min()
}

#[expect(clippy::expect_used, reason = "a day is dropped with its last pending money")]
fn record(ledger: &Ledger, due: Due, context: &Context) -> Event {
    match due {
        Due::Lapse(account, name) => Event::RequirementChanged { account, name, standing: Standing::PastDue },
        Due::Maturity(day) => {
            let first = ledger.first_maturity(day);
            let (account, currency, amount) = first.expect("a day that is listed has money");
            let mut draft = Draft::new(currency);
            draft.debit(Book::Account(account, State::Pending(day)), Kind::Maturity, amount).credit(
                Book::Account(account, State::Available),
                Kind::Maturity,
                amount,
            );
            Event::FundsMatured { account, day, entry: Box::new(draft.number(ledger)) }
        }
        Due::Payout(account, currency) => {
            let holder = ledger.account(account);
            let amount = holder.map_or(0, |holder| holder.available(currency) - holder.minimum(currency));
            plan(ledger, account, currency, amount, true, context)
        }
    }
}
