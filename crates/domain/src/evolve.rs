//! Evolve: an event becomes part of the ledger. It only adds, and cannot fail.

use crate::account::{Account, PendingDay, RequirementName, Standing, Wallet};
use crate::bank_debit;
use crate::bookmark::Bookmark;
use crate::books::{Book, Entry, State};
use crate::calendar::Wait;
use crate::debt::Began;
use crate::event::{Actor, Event, Recorded};
use crate::id::{AccountId, ChargeId};
use crate::ledger::Ledger;
use crate::money::{Currency, Money};
use crate::payout::{Delay, PayoutMoved, PayoutSchedule, PayoutState, PayoutStatus};
use crate::rail::RailName;
use crate::record::{Record, RecordId, RecordKey};
use crate::reserve::note_sales;
use crate::settings::Settings;
use crate::step::{Moved, Step};

/// Adds a recorded event to the ledger.
pub fn evolve(ledger: &mut Ledger, recorded: &Recorded) {
    assert!(recorded.time >= ledger.now, "business time never goes backwards");
    ledger.now = recorded.time;
    if let Some(entry) = recorded.event.entry() {
        post(ledger, entry, recorded.position);
    }
    if recorded.actor != Actor::Time {
        ledger.payday_over = Some(recorded.time.day());
    }
    match &recorded.event {
        Event::LedgerOpened(settings) => open(ledger, settings),
        Event::TimeAdvanced { to } => ledger.now = *to,
        Event::AccountOnboarded(onboarded) => {
            let external_id = onboarded.details.as_ref().and_then(|details| details.external_id.clone());
            onboard(ledger, onboarded.account, external_id, onboarded.account());
        }
        Event::RequirementChanged { account, name, standing } => {
            change_requirement(ledger, *account, *name, *standing);
        }
        Event::BankAccountAttached { account, currency, bank } => {
            if let Some(holder) = ledger.accounts.get_mut(account.index()) {
                holder.bank_accounts.retain(|(of, _)| of != currency);
                holder.bank_accounts.push((*currency, (**bank).clone()));
                holder.errored_banks.retain(|of| of != currency);
            }
            ledger.refresh_payable(*account, *currency);
        }
        Event::PayoutScheduleSet { account, schedule, delay, minimum_balance } => {
            set_schedule(ledger, *account, *schedule, *delay, *minimum_balance);
        }
        Event::RailOpened { rail, name } => {
            assert_eq!(rail.index(), ledger.rails.len(), "rails are numbered without a gap");
            ledger.rails.push(name.clone());
        }
        Event::PayoutCreated(moved) => take_entries(ledger, moved),
        Event::PayoutPaid(moved) => {
            with_wallet(ledger, moved, |wallet, moved| wallet.paid_out += moved.payout.amount);
        }
        Event::PayoutFailed(moved) => fail_payout(ledger, moved),
        Event::SuccessorNamed { account, successor } => {
            ledger.successors.insert(*account, *successor);
        }
        Event::BookmarkSet { name, source, cursor } => {
            ledger.bookmarks.insert(name.clone(), Bookmark { source: *source, cursor: *cursor });
        }
        Event::ChargeSucceeded(charged) => {
            *ledger.taken_in.entry(charged.charge.currency).or_default() += i128::from(charged.charge.amount);
        }
        // Their whole effect on the ledger is their entry.
        Event::ChargesSplit(_)
        | Event::TransferCreated(_)
        | Event::TransferReversed(_)
        | Event::ChargeRefunded(_)
        | Event::RailSettled { .. }
        | Event::ConnectReserveMoved { .. } => {}
        Event::FundsMatured { account, day, entry } => {
            ledger.maturities.mature(*day, (*account, entry.currency()));
        }
        Event::DebitNegativeBalancesSet { account, on } => set_bank_debits(ledger, *account, *on),
        Event::Moved(moved) => step(ledger, moved),
    }
    if ledger.reserves.has_plans() {
        note_sales(ledger, recorded);
    }
    if let Some(entry) = recorded.event.entry() {
        refresh_touched(ledger, entry);
    }
}

/// Takes in what the objects of a step wait for now, and what the step itself adds.
fn step(ledger: &mut Ledger, moved: &Moved) {
    // It counts from when it is asked: that it came is never refused for its size.
    let asked = [
        Step::TopupCreated,
        Step::ChargeAuthorised,
        Step::ChargeBegun,
        Step::ChargeAsked,
        Step::BankDebitCreated,
    ];
    if asked.contains(&moved.step) {
        let Money { currency, minor } = moved.subject.record.kept().money();
        *ledger.taken_in.entry(currency).or_default() += i128::from(minor);
    }
    ledger.reserves.take_in(moved);
    ledger.write_offs.take_in(moved);
    // What leaves a rail by a dispute may be more than ever came in by its charge.
    if let (Record::Dispute(..), Some(books)) = (&moved.subject.record, &moved.books) {
        let rails = books.entry.postings().iter().filter(|it| matches!(it.book, Book::Rail(_)));
        let left: i128 = rails.map(|posting| i128::from(posting.amount.min(0))).sum();
        *ledger.taken_in.entry(books.entry.currency()).or_default() -= left;
    }
    if let (Step::ChargeFailed, RecordId::Charge(charge)) = (moved.step, moved.subject.record.id()) {
        ledger.agenda.call_off(charge);
    }
    if let Record::BankDebit(_, debit) = &moved.subject.record {
        bank_debit::take_in(ledger, debit);
    }
    for part in moved.parts() {
        let (wait, with) = (part.record.kept().wait(), part.record.kept().waits_with());
        let before = ledger.agenda.set(part.record.id(), wait, with);
        // Who leaves a queue lets the next one come, who may need more or less.
        for queue in [before, wait] {
            if let Some(Wait::Funds(account, currency, _)) = queue {
                ledger.refresh_queue(account, currency);
                ledger.refresh_payable(account, currency);
            }
        }
    }
    call_off_disputed(ledger, moved);
}

/// A refund that waits while a dispute takes so much of its charge that the payer would have more
/// than was paid can only fail: at once, and not when its turn comes, so that nobody waits behind
/// it. Once there is room again the others wait in their turn.
fn call_off_disputed(ledger: &mut Ledger, moved: &Moved) {
    for (id, charge) in moved.parts().filter_map(|part| ChargeId::of(&part.record)) {
        if !ledger.agenda.waits_with_charge(id) {
            continue;
        }
        if charge.refunded.saturating_add(charge.disputed()) > charge.amount {
            ledger.agenda.call_off(id);
        } else if charge.refuse_unless_succeeded().is_ok() {
            ledger.agenda.call_on(id);
        }
    }
}

fn set_bank_debits(ledger: &mut Ledger, account: AccountId, on: bool) {
    if let Some(holder) = ledger.accounts.get_mut(account.index()) {
        bank_debit::set(holder, on);
    }
    refresh_all(ledger, account);
}

fn open(ledger: &mut Ledger, settings: &Settings) {
    assert!(ledger.settings.is_none(), "a ledger is opened once");
    ledger.accounts.push(Account::new(settings.country, settings.currency));
    ledger.rails.extend(RailName::new(RailName::BANK));
    ledger.settings = Some(Box::new(settings.clone()));
}

fn onboard(ledger: &mut Ledger, number: AccountId, external_id: Option<Box<str>>, account: Account) {
    assert_eq!(number.index(), ledger.accounts.len(), "accounts are numbered without a gap");
    if let Some(external_id) = external_id {
        ledger.external_ids.insert(external_id, number);
    }
    let deadlines = account.requirements.iter().filter_map(|req| Some((req.deadline()?, number, req.name)));
    ledger.deadlines.extend(deadlines);
    ledger.accounts.push(account);
}

fn change_requirement(ledger: &mut Ledger, account: AccountId, name: RequirementName, standing: Standing) {
    let Some(holder) = ledger.accounts.get_mut(account.index()) else {
        return;
    };
    if let Some(requirement) = holder.requirements.iter_mut().find(|requirement| requirement.name == name) {
        if let Some(deadline) = requirement.deadline() {
            ledger.deadlines.remove(&(deadline, account, name));
        }
        requirement.standing = standing;
        ledger.deadlines.extend(requirement.deadline().map(|deadline| (deadline, account, name)));
    }
    refresh_all(ledger, account);
}

fn set_schedule(
    ledger: &mut Ledger,
    account: AccountId,
    schedule: Option<PayoutSchedule>,
    delay: Option<Delay>,
    minimum_balance: Option<Money>,
) {
    let Some(holder) = ledger.accounts.get_mut(account.index()) else {
        return;
    };
    let before = holder.schedule;
    holder.schedule = schedule.unwrap_or(before);
    holder.delay = delay.or(holder.delay);
    // Those of the old schedule are taken out below, all at once.
    holder.wallets.iter_mut().for_each(|(_, wallet)| wallet.listed = false);
    if let Some(Money { currency, minor }) = minimum_balance {
        holder.minimum_balance.retain(|(of, _)| *of != currency);
        holder.minimum_balance.push((currency, minor));
    }
    if let Some(payable) = ledger.payable.get_mut(&before) {
        payable.retain(|(of, _)| *of != account);
        if payable.is_empty() {
            ledger.payable.remove(&before);
        }
    }
    refresh_all(ledger, account);
}

/// Posts an entry: every book that it names moves.
fn post(ledger: &mut Ledger, entry: &Entry, position: u64) {
    let currency = entry.currency();
    for posting in entry.postings() {
        match posting.book.owner() {
            None => {
                let tally = ledger.tallies.entry((posting.book, currency)).or_default();
                assert_eq!(posting.number, tally.entries + 1, "entry numbers have no gap");
                tally.add(posting.amount);
            }
            Some((account, state)) => {
                let wallet = wallet(ledger, account, currency);
                let before = wallet.available;
                let pending = wallet.add(posting, state);
                let after = wallet.available;
                if before | after < 0 && before != after && !account.is_platform() {
                    let now = Began { at: ledger.now, position };
                    ledger.note_debt(account, currency, (before, after), now);
                }
                if state == State::ConnectReserved {
                    ledger.note_reserve(currency);
                }
                if let State::Pending(day) = state {
                    match pending {
                        PendingDay::Began => ledger.maturities.begin(day, (account, currency)),
                        PendingDay::Ended => ledger.maturities.end(day),
                        PendingDay::Unchanged => {}
                    }
                }
            }
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "decide names only accounts that exist: law 3 of the log holds before this"
)]
fn wallet(ledger: &mut Ledger, account: AccountId, currency: Currency) -> &mut Wallet {
    let holder = ledger.accounts.get_mut(account.index()).expect("a posting names an account that exists");
    let index = match holder.wallets.iter().position(|(of, _)| *of == currency) {
        Some(index) => index,
        None => {
            holder.wallets.push((currency, Wallet::default()));
            holder.wallets.len() - 1
        }
    };
    &mut holder.wallets.get_mut(index).expect("it was found or pushed").1
}

fn with_wallet(ledger: &mut Ledger, moved: &PayoutMoved, change: impl FnOnce(&mut Wallet, &PayoutMoved)) {
    change(wallet(ledger, moved.payout.account, moved.payout.currency), moved);
}

fn take_entries(ledger: &mut Ledger, moved: &PayoutMoved) {
    // What follows the payout's own movement (a release) is open.
    with_wallet(ledger, moved, |wallet, moved| wallet.take_entries(moved.payout.own.last));
}

fn fail_payout(ledger: &mut Ledger, moved: &PayoutMoved) {
    let returned = matches!(moved.payout.status, PayoutStatus::Returned(_));
    with_wallet(ledger, moved, |wallet, moved| {
        wallet.reopen_entries(&moved.payout.entries, moved.payout.own);
        if returned {
            wallet.paid_out -= moved.payout.amount;
        }
    });
    let PayoutState { account, currency, bank, .. } = moved.payout;
    if let Some(holder) = ledger.accounts.get_mut(account.index()) {
        holder.note_errored(currency, bank);
    }
}

fn refresh_all(ledger: &mut Ledger, account: AccountId) {
    let currencies: Vec<Currency> = ledger
        .account(account)
        .into_iter()
        .flat_map(|holder| holder.wallets.iter().map(|(of, _)| *of))
        .collect();
    for currency in currencies {
        ledger.refresh_payable(account, currency);
    }
}

fn refresh_touched(ledger: &mut Ledger, entry: &Entry) {
    for posting in entry.postings() {
        if let Some((account, state @ (State::Available | State::Prefunded))) = posting.book.owner() {
            let has = || ledger.prefunded(account, entry.currency()) > 0;
            if state == State::Prefunded || !ledger.prefunding.is_empty() && has() {
                ledger.note_prefunding(account, entry.currency());
            }
            ledger.refresh_payable(account, entry.currency());
            if !ledger.debts.is_empty() {
                ledger.settle_debt(account, entry.currency());
            }
            if ledger.agenda.has_queues() {
                ledger.refresh_queue(account, entry.currency());
            }
        }
    }
}
