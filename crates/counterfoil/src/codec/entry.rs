//! The journal entry of an event: hand-laid, so that it is short and anyone can check it.

use counterfoil_domain::books::{Book, Entry, FxBook, OperatorBook, Posting, Postings, State};
use counterfoil_domain::{AccountId, RailId};

use super::Fault;
use super::numbers::Numbered;
use super::values::{currency, day};
use super::varint::{Reader, put, put_signed};

// Books by number, an account's by its state. Never used for another book.
const RAIL: u8 = 0;
const ACCOUNT_AVAILABLE: u8 = 1;
const ACCOUNT_PENDING: u8 = 2;
const ACCOUNT_IN_TRANSIT: u8 = 3;
const ACCOUNT_RESERVED: u8 = 4;
const ACCOUNT_PREFUNDED: u8 = 5;
const ACCOUNT_CONNECT_RESERVED: u8 = 6;
const OPERATOR_FEES: u8 = 7;
const OPERATOR_LOSSES: u8 = 8;
const TAX_WITHHELD: u8 = 9;
const SUSPENSE: u8 = 10;
const FX_POSITION: u8 = 11;
const FX_ROUNDING: u8 = 12;

/// Book, kind, amount and entry number take a byte each at least.
const SHORTEST_POSTING: usize = 4;

/// Appends currency, count and postings.
pub(super) fn write(entry: &Entry, out: &mut Vec<u8>) {
    out.extend_from_slice(&entry.currency().number().to_le_bytes());
    put(entry.postings().len() as u64, out);
    for posting in entry.postings() {
        let (book, holder, day) = parts(posting.book);
        out.extend_from_slice(&[book, posting.kind.number()]);
        if let Some(holder) = holder {
            put(holder.into(), out);
        }
        if let Some(day) = day {
            put_signed(day.into(), out);
        }
        put_signed(posting.amount, out);
        put(posting.number, out);
    }
}

/// The numbers of a book that has no day, and is no account's.
pub(super) fn numbers(book: Book) -> (u8, u32) {
    let (number, holder, _) = parts(book);
    (number, holder.unwrap_or_default())
}

/// The book of those numbers.
pub(super) fn of_numbers(number: u8, holder: u32) -> Result<Book, Fault> {
    let mut bytes = Vec::new();
    if matches!(number, RAIL | TAX_WITHHELD) {
        put(holder.into(), &mut bytes);
    }
    book(number, &mut Reader::new(&bytes))
}

/// A book's number, its holder (account, rail or authority) and its day.
fn parts(book: Book) -> (u8, Option<u32>, Option<i32>) {
    match book {
        Book::Rail(RailId(rail)) => (RAIL, Some(rail.into()), None),
        Book::Account(AccountId(account), state) => {
            let (number, day) = match state {
                State::Available => (ACCOUNT_AVAILABLE, None),
                State::Pending(day) => (ACCOUNT_PENDING, Some(day.days())),
                State::InTransit => (ACCOUNT_IN_TRANSIT, None),
                State::Reserved => (ACCOUNT_RESERVED, None),
                State::Prefunded => (ACCOUNT_PREFUNDED, None),
                State::ConnectReserved => (ACCOUNT_CONNECT_RESERVED, None),
            };
            (number, Some(account), day)
        }
        Book::Operator(OperatorBook::Fees) => (OPERATOR_FEES, None, None),
        Book::Operator(OperatorBook::Losses) => (OPERATOR_LOSSES, None, None),
        Book::TaxWithheld(authority) => (TAX_WITHHELD, Some(authority.into()), None),
        Book::Suspense => (SUSPENSE, None, None),
        Book::Fx(FxBook::Position) => (FX_POSITION, None, None),
        Book::Fx(FxBook::Rounding) => (FX_ROUNDING, None, None),
    }
}

/// Reads an entry and checks again that it balances.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Entry, Fault> {
    let currency = currency(reader.u16()?)?;
    let count = reader.narrow::<usize>()?;
    if count > reader.left() / SHORTEST_POSTING {
        return Err(Fault::Truncated);
    }
    let mut postings = Postings::with_capacity(count);
    for _ in 0..count {
        postings.push(posting(reader)?);
    }
    Entry::new(currency, postings).map_err(Fault::Unbalanced)
}

fn posting(reader: &mut Reader<'_>) -> Result<Posting, Fault> {
    let (number, kind) = (reader.byte()?, Numbered::numbered(reader.byte()?)?);
    let book = book(number, reader)?;
    Ok(Posting { book, kind, amount: reader.signed()?, number: reader.number()? })
}

fn book(number: u8, reader: &mut Reader<'_>) -> Result<Book, Fault> {
    Ok(match number {
        RAIL => Book::Rail(RailId(reader.narrow()?)),
        ACCOUNT_AVAILABLE..=ACCOUNT_CONNECT_RESERVED => {
            let account = AccountId(reader.narrow()?);
            Book::Account(account, state(number, reader)?)
        }
        OPERATOR_FEES => Book::Operator(OperatorBook::Fees),
        OPERATOR_LOSSES => Book::Operator(OperatorBook::Losses),
        TAX_WITHHELD => Book::TaxWithheld(reader.narrow()?),
        SUSPENSE => Book::Suspense,
        FX_POSITION => Book::Fx(FxBook::Position),
        FX_ROUNDING => Book::Fx(FxBook::Rounding),
        other => return Err(Fault::Number { what: "book", found: other.into() }),
    })
}

fn state(number: u8, reader: &mut Reader<'_>) -> Result<State, Fault> {
    Ok(match number {
        ACCOUNT_AVAILABLE => State::Available,
        ACCOUNT_PENDING => State::Pending(day(reader.signed()?)?),
        ACCOUNT_IN_TRANSIT => State::InTransit,
        ACCOUNT_RESERVED => State::Reserved,
        ACCOUNT_PREFUNDED => State::Prefunded,
        ACCOUNT_CONNECT_RESERVED => State::ConnectReserved,
        other => return Err(Fault::Number { what: "book", found: other.into() }),
    })
}
