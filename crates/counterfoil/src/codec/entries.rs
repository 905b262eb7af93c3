//! Entries of the samples: every book and every kind once.

use counterfoil_domain::RailId;
use counterfoil_domain::books::{Book, Entry, FxBook, Kind, OperatorBook, Posting, State};
use counterfoil_domain::money::Currency;

use super::samples::{BAKERY, FLORIST, day};

/// An entry of these postings.
pub(super) fn entry(lines: impl IntoIterator<Item = (Book, Kind, i64, u64)>) -> Entry {
    let posting = |(book, kind, amount, number)| Posting { book, kind, amount, number };
    Entry::from_postings(Currency::BRL, lines.into_iter().map(posting)).unwrap()
}

pub(super) fn moved(kind: Kind) -> Entry {
    entry([
        (Book::Account(BAKERY, State::Available), kind, 9_000, 1_001),
        (Book::Account(FLORIST, State::Pending(day())), kind, -9_000, 1),
    ])
}

/// Every book and state once, so that each number is held by golden bytes.
pub(super) fn every_book() -> Entry {
    let account = |state| Book::Account(BAKERY, state);
    let books = [
        Book::Rail(RailId(1)),
        account(State::Available),
        account(State::Pending(day())),
        account(State::InTransit),
        account(State::Reserved),
        account(State::Prefunded),
        account(State::ConnectReserved),
        Book::Operator(OperatorBook::Fees),
        Book::Operator(OperatorBook::Losses),
        Book::TaxWithheld(276),
        Book::Suspense,
        Book::Fx(FxBook::Position),
        Book::Fx(FxBook::Rounding),
    ];
    let signs = [1, -1].into_iter().cycle().take(12).chain([0]);
    entry((1..).zip(signs).zip(books).map(|((number, sign), book)| (book, Kind::Charge, 640 * sign, number)))
}

/// Every kind of the frequent events, and of the first steps; a test names the numbers of all.
pub(super) fn every_kind() -> Entry {
    let kinds = [
        Kind::Charge,
        Kind::ProcessingFee,
        Kind::ApplicationFee,
        Kind::ApplicationFeeRefund,
        Kind::Transfer,
        Kind::TransferReversal,
        Kind::Refund,
        Kind::Maturity,
        Kind::Payout,
        Kind::PayoutPaid,
        Kind::PayoutFailure,
        Kind::PayoutHold,
        Kind::PayoutRelease,
        Kind::Settlement,
        Kind::Topup,
        Kind::TopupReversal,
        Kind::ConnectReserve,
        Kind::ConnectCollection,
        Kind::Loss,
    ];
    // An odd one moves nothing, so that the entry balances.
    let signs = [-1, 1].into_iter().cycle().take(kinds.len() / 2 * 2).chain([0]);
    let book = Book::Account(BAKERY, State::Available);
    entry((1..).zip(signs).zip(kinds).map(|((number, sign), kind)| (book, kind, 30 * sign, number)))
}
