//! Agreement: the ledger that events evolved is what the same events come to here.

use std::collections::BTreeMap;

use super::Difference;
use super::holding::Holding;
use super::pending::Bucket;
use super::{Law, Laws};
use crate::account::Wallet;
use crate::books::{Book, State};
use crate::calendar::{Day, Wait};
use crate::id::{AccountId, ReservePlanId, WriteOffId};
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::record::RecordId;

/// Every difference between the laws' own sums and the ledger.
pub(super) fn differences(laws: &Laws, ledger: &Ledger) -> Vec<Law> {
    let mut found = Vec::new();
    let mut compare = |what, ledger: i128, log: i128| {
        if ledger != log {
            found.push(Law::Differs { what, ledger, log });
        }
    };
    compare(Difference::Accounts, ledger.accounts().len() as i128, laws.holdings.accounts() as i128);
    compare(Difference::Time, ledger.now().micros().into(), laws.time.micros().into());
    compare_wallets(laws, ledger, &mut compare);
    compare_pending(laws, ledger, &mut compare);
    compare_holds(laws, ledger, &mut compare);
    compare_write_offs(laws, ledger, &mut compare);
    compare_tallies(laws, ledger, &mut compare);
    compare(Difference::Waiting, waits_apart(laws, ledger), 0);
    found
}

/// How many objects wait in only one of the two, or for something else in each.
fn waits_apart(laws: &Laws, ledger: &Ledger) -> i128 {
    let agenda: BTreeMap<RecordId, Wait> = ledger.agenda().waits().collect();
    let one = agenda.iter().filter(|(id, wait)| laws.waits.get(id) != Some(wait)).count();
    let other = laws.waits.keys().filter(|id| !agenda.contains_key(id)).count();
    (one + other) as i128
}

fn compare_wallets(laws: &Laws, ledger: &Ledger, compare: &mut impl FnMut(Difference, i128, i128)) {
    let nothing = (Wallet::default(), Holding::default());
    let mut both: BTreeMap<(AccountId, Currency), (&Wallet, &Holding)> = BTreeMap::new();
    for (number, account) in (0..).map(AccountId).zip(ledger.accounts()) {
        for (currency, wallet) in &account.wallets {
            both.insert((number, *currency), (wallet, &nothing.1));
        }
    }
    for (account, currency, holding) in laws.holdings.iter() {
        both.entry((account, currency)).or_insert((&nothing.0, holding)).1 = holding;
    }
    for ((account, currency), (wallet, holding)) in both {
        for (state, balance) in [
            (State::Pending(Day::MIN), wallet.pending),
            (State::Available, wallet.available),
            (State::InTransit, wallet.in_transit),
            (State::Reserved, wallet.reserved),
            (State::Prefunded, wallet.prefunded),
            (State::ConnectReserved, wallet.connect_reserved),
        ] {
            let what = Difference::Wallet(account, currency, state.name());
            compare(what, balance.into(), holding.balance(state));
        }
        let what = Difference::Entries(account, currency);
        compare(what, wallet.entries.into(), holding.entries.into());
        // What the ledger would hand to the next payout is all that is open, and no more.
        let ranges = wallet.open_entries(wallet.entries);
        let open = holding.open_within(&ranges);
        compare(Difference::Open(account, currency), open, holding.open_sum());
        let closed = ranges.iter().filter(|range| holding.taken_by(**range).is_some());
        compare(Difference::Closed(account, currency), closed.count() as i128, 0);
    }
}

fn compare_pending(laws: &Laws, ledger: &Ledger, compare: &mut impl FnMut(Difference, i128, i128)) {
    let mut both: BTreeMap<Bucket, (i128, i128)> = BTreeMap::new();
    for (day, account, currency, amount) in ledger.maturities() {
        both.entry((day, account, currency)).or_default().0 = amount.into();
    }
    for (bucket, held) in laws.pending.held() {
        both.entry(bucket).or_default().1 = held;
    }
    for ((day, account, currency), (ledger, log)) in both {
        compare(Difference::Pending(day, account, currency), ledger, log);
    }
}

fn compare_holds(laws: &Laws, ledger: &Ledger, compare: &mut impl FnMut(Difference, i128, i128)) {
    let mut days: BTreeMap<Day, (i128, i128)> = BTreeMap::new();
    for (day, chain) in ledger.reserves().days() {
        days.entry(day).or_default().0 = chain.standing.into();
    }
    for (day, standing) in laws.reserves.of_days() {
        days.entry(day).or_default().1 = standing.into();
    }
    for (day, (ledger, log)) in days {
        compare(Difference::HoldsOfDay(day), ledger, log);
    }
    // Of a plan that ended nothing is kept: its holds wait for their days alone.
    let mut plans: BTreeMap<ReservePlanId, u64> =
        ledger.reserves().plans().map(|(plan, _)| (plan, 0)).collect();
    plans.extend(ledger.reserves().held_by_plans().map(|(plan, chain)| (plan, chain.standing)));
    for (plan, standing) in plans {
        compare(Difference::HoldsOfPlan(plan), standing.into(), laws.reserves.of_plan(plan).into());
    }
}

fn compare_write_offs(laws: &Laws, ledger: &Ledger, compare: &mut impl FnMut(Difference, i128, i128)) {
    let mut both: BTreeMap<WriteOffId, (i128, i128)> = BTreeMap::new();
    for (id, state) in ledger.write_offs().open() {
        both.entry(id).or_default().0 = state.left().into();
    }
    for (id, left) in laws.write_offs.left() {
        both.entry(id).or_default().1 = left;
    }
    for (id, (ledger, log)) in both {
        compare(Difference::WriteOff(id), ledger, log);
    }
}

fn compare_tallies(laws: &Laws, ledger: &Ledger, compare: &mut impl FnMut(Difference, i128, i128)) {
    let mut books: Vec<(Book, Currency)> = laws.tallies.keys().copied().collect();
    let only_in_ledger = ledger.tallies().map(|(book, currency, _)| (book, currency));
    books.extend(only_in_ledger.filter(|key| !laws.tallies.contains_key(key)));
    for (book, currency) in books {
        let (ledger, log) =
            (ledger.tally(book, currency), laws.tallies.get(&(book, currency)).copied().unwrap_or_default());
        compare(Difference::Tally(book, currency), ledger.balance, log.balance);
        compare(Difference::TallyEntries(book, currency), ledger.entries.into(), log.entries.into());
    }
}
