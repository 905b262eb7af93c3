//! The body of a transfer: hand-laid, because most of it stands in the entry and the
//! envelope already, and of no event there are more.

use counterfoil_domain::books::{Book, Entry, Posting};
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::Currency;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::transfer::create::Transferred;
use counterfoil_domain::{AccountId, ChargeId};

use super::shapes::v1::TransferredMoreV1;
use super::values::{currency, day, object};
use super::varint::{Reader, put, put_signed};
use super::{Fault, serial};

// What follows, in this order, where it is not what most transfers have.
/// Destination, currency and amount, which are those of the entry's last posting.
const PARTIES: u8 = 1;
/// The day from which the money is available, which is that of the event.
const AVAILABLE_ON: u8 = 1 << 1;
/// What of it was reversed and what of it is pending, which is nothing.
const LEFT: u8 = 1 << 2;
/// The source charge.
const SOURCE: u8 = 1 << 3;
/// The transfer group.
const GROUP: u8 = 1 << 4;
/// The source charge's state and the caller's words.
const MORE: u8 = 1 << 5;

/// Appends the body of a transfer that was made at `time`.
pub(super) fn write(made: &Transferred, time: Timestamp, out: &mut Vec<u8>) -> Result<(), Fault> {
    let transfer = &made.transfer;
    let flags = flags(made, time);
    out.push(flags);
    if flags & PARTIES != 0 {
        put(transfer.destination.0.into(), out);
        put(transfer.currency.number().into(), out);
        put_signed(transfer.amount, out);
    }
    if flags & AVAILABLE_ON != 0 {
        put_signed(transfer.available_on.days().into(), out);
    }
    if flags & LEFT != 0 {
        put_signed(transfer.reversed, out);
        put_signed(transfer.pending_left, out);
    }
    if let Some(ChargeId(source)) = transfer.source_charge {
        put(source.position(), out);
        put(source.ordinal().into(), out);
    }
    if let Some(group) = &transfer.transfer_group {
        put(group.len() as u64, out);
        out.extend_from_slice(group.as_bytes());
    }
    if flags & MORE != 0 {
        serial::append(&TransferredMoreV1::new(made.charge.as_deref(), made.details.as_deref()), out)?;
    }
    Ok(())
}

/// Reads the body of a transfer that was made at `time`.
pub(super) fn read(body: &[u8], entry: Entry, time: Timestamp) -> Result<Box<Transferred>, Fault> {
    let mut reader = Reader::new(body);
    let flags = reader.byte()?;
    let has = |flag: u8| flags & flag != 0;
    let (destination, currency, amount) = if has(PARTIES) {
        (AccountId(reader.narrow()?), currency(reader.narrow()?)?, reader.signed()?)
    } else {
        parties(&entry).ok_or(Fault::EntryMissing)?
    };
    let available_on = if has(AVAILABLE_ON) { day(reader.signed()?)? } else { time.day() };
    let (reversed, pending_left) = if has(LEFT) { (reader.signed()?, reader.signed()?) } else { (0, 0) };
    let source_charge =
        if has(SOURCE) { Some(ChargeId(object(reader.number()?, reader.number()?)?)) } else { None };
    let transfer_group = if has(GROUP) { Some(reader.text("transfer group")?.into()) } else { None };
    let more = reader.rest();
    let (charge, details) = match (has(MORE), more.len()) {
        (true, _) => serial::read::<TransferredMoreV1<'_>>(more)?.parts()?,
        (false, 0) => (None, None),
        (false, bytes) => return Err(Fault::Trailing { bytes }),
    };
    let transfer = TransferState {
        destination,
        currency,
        amount,
        reversed,
        source_charge,
        available_on,
        pending_left,
        transfer_group,
        queue: None,
        held: None,
    };
    let made = Box::new(Transferred { transfer, charge, entry, details });
    // What could have been left out has one form.
    if self::flags(&made, time) == flags {
        Ok(made)
    } else {
        Err(Fault::Number { what: "set of flags of this transfer", found: flags.into() })
    }
}

fn flags(made: &Transferred, time: Timestamp) -> u8 {
    let transfer = &made.transfer;
    let told = (transfer.destination, transfer.currency, transfer.amount);
    let present = [
        (PARTIES, parties(&made.entry) != Some(told)),
        (AVAILABLE_ON, transfer.available_on != time.day()),
        (LEFT, (transfer.reversed, transfer.pending_left) != (0, 0)),
        (SOURCE, transfer.source_charge.is_some()),
        (GROUP, transfer.transfer_group.is_some()),
        (MORE, made.charge.is_some() || made.details.is_some()),
    ];
    present.iter().filter(|(_, is)| *is).fold(0, |flags, (flag, _)| flags | flag)
}

/// Who receives how much by an entry that ends with it.
fn parties(entry: &Entry) -> Option<(AccountId, Currency, i64)> {
    let Posting { book, amount, .. } = entry.postings().last()?;
    let Book::Account(account, _) = book else { return None };
    Some((*account, entry.currency(), amount.checked_neg()?))
}
