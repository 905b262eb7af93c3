//! Write-offs: what was written off is what was owed, who bore it has what came back of it, and
//! nothing of either kind is booked without one.

use std::collections::{BTreeMap, BTreeSet};

use super::holding::Holdings;
use super::{Broken, Law};
use crate::books::{Book, Kind, OperatorBook, Posting, State};
use crate::debt::WriteOffState;
use crate::event::{Event, Recorded};
use crate::id::{AccountId, WriteOffId};
use crate::record::{Record, RecordId};
use crate::step::{Moved, Step};

/// Every write-off, with what its postings came to.
#[derive(Clone, Debug, Default)]
pub(super) struct WriteOffs(BTreeMap<WriteOffId, Known>);

/// What is known of one.
#[derive(Clone, Debug)]
struct Known {
    state: WriteOffState,
    /// What its account was given when it was written off, and what it paid of that.
    written: i128,
    paid: i128,
}

impl WriteOffs {
    /// What is left of each, by its postings.
    pub(super) fn left(&self) -> impl Iterator<Item = (WriteOffId, i128)> {
        self.0.iter().map(|(id, known)| (*id, known.written - known.paid))
    }

    /// Adds what the event booked of write-offs, and checks those that it leaves. `operators` are
    /// the accounts whose losses the operator bears; what is held is as the event leaves it.
    pub(super) fn check(
        &mut self,
        recorded: &Recorded,
        operators: &BTreeSet<AccountId>,
        holdings: &mut Holdings,
        broken: &mut Broken,
    ) {
        let Some(entry) = recorded.event.entry() else { return };
        let mut said: BTreeMap<AccountId, i128> = BTreeMap::new();
        if let Event::Moved(moved) = &recorded.event {
            for part in moved.parts() {
                if let Record::WriteOff(id, state) = &part.record {
                    let operators = operators.contains(&state.account);
                    let given = self.part((*id, state), (moved, recorded.position), operators, broken);
                    *said.entry(state.account).or_default() += given;
                    let holding = holdings.of(state.account, state.amount.currency);
                    let owed = holding.map_or(0, |holding| holding.balance(State::Available));
                    if moved.step == Step::DebtCollected && owed != 0 {
                        let what = "what is available after it";
                        broken.push(Law::WriteOff { write_off: *id, what, said: owed, booked: 0 });
                    }
                }
            }
        }
        for posting in entry.postings().iter().filter(|posting| is_of_a_write_off(posting)) {
            let sellers = posting.book.owner().filter(|(account, _)| !account.is_platform());
            if let Some((account, _)) = sellers {
                *said.entry(account).or_default() -= i128::from(posting.owed());
            }
        }
        // What is said of an account and not booked, or booked and not said.
        for said in said.into_values().filter(|said| *said != 0) {
            broken.push(Law::Told { what: "money of write-offs beyond what was booked", said, booked: 0 });
        }
    }

    /// Follows one write-off; says what its account was given by it.
    fn part(
        &mut self,
        (id, state): (WriteOffId, &WriteOffState),
        (moved, position): (&Moved, u64),
        of_operator: bool,
        broken: &mut Broken,
    ) -> i128 {
        let bearer = |book| match book {
            Book::Operator(OperatorBook::Losses) => of_operator,
            Book::Account(AccountId::PLATFORM, State::Available | State::ConnectReserved) => !of_operator,
            Book::Account(..)
            | Book::Rail(_)
            | Book::Operator(_)
            | Book::TaxWithheld(_)
            | Book::Suspense
            | Book::Fx(_) => false,
        };
        let account = Book::Account(state.account, State::Available);
        let written = sum(moved, id, |it| it.kind != Kind::WriteOffRecovery && it.book == account);
        let paid = -sum(moved, id, |it| it.kind == Kind::WriteOffRecovery && it.book == account);
        let borne = -sum(moved, id, |it| bearer(it.book));
        let new = Known { state: state.clone(), written: 0, paid: 0 };
        let is_new = !self.0.contains_key(&id);
        let known = self.0.entry(id).or_insert(new);
        known.written += written;
        known.paid += paid;
        let before = std::mem::replace(&mut known.state, state.clone());
        let same = WriteOffState { recovered: state.recovered, ..before } == *state;
        let begins = moved.step == Step::DebtCollected && id.0.position() == position;
        let (amount, recovered) = (i128::from(state.amount.minor), i128::from(state.recovered));
        for (what, said, booked) in [
            ("the amount", amount, known.written),
            ("what came back", recovered, known.paid),
            ("what came back beyond it", (recovered - amount).max(0) + recovered.min(0), 0),
            ("what whoever bore it bears", borne, written - paid),
            ("whether it keeps its terms", i128::from(same && state.began < id.0.position()), 1),
            ("whether it was written off now", i128::from(is_new), i128::from(begins)),
        ] {
            if said != booked {
                broken.push(Law::WriteOff { write_off: id, what, said, booked });
            }
        }
        written - paid
    }
}

fn is_of_a_write_off(posting: &Posting) -> bool {
    matches!(posting.kind, Kind::ConnectCollection | Kind::Loss | Kind::WriteOffRecovery)
}

/// What postings of a write-off, of its kinds, add to what is owed.
fn sum(moved: &Moved, id: WriteOffId, meant: impl Fn(&Posting) -> bool) -> i128 {
    let postings = moved.books.iter().flat_map(|books| books.entry.postings());
    let own = postings.zip(moved.owners()).filter(|(_, of)| of.id() == RecordId::WriteOff(id));
    let meant = own.filter(|(posting, _)| is_of_a_write_off(posting) && meant(posting));
    meant.map(|(posting, _)| i128::from(posting.owed())).sum()
}
