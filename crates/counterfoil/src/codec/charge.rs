//! The body of a charge, and a charge as it stands after a split: hand-laid, because most of
//! their numbers are nothing, or stand in the entry and the envelope already.

use counterfoil_domain::AccountId;
use counterfoil_domain::RailId;
use counterfoil_domain::books::Entry;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::charge::{ChargeMore, ChargeState, ChargeType};
use counterfoil_domain::money::Currency;

use super::numbers::Numbered;
use super::shapes::v1::{ChargeMoreV1, ChargedMoreV1};
use super::values::{currency, day};
use super::varint::{Reader, put, put_signed};
use super::{Fault, serial};

// What follows the state of a charge's event, in this order.
/// Who paid the processing fee, which is the platform.
const FEE_PAYER: u8 = 1;
/// The charge's own transfer and the caller's words.
const MORE: u8 = 1 << 1;

// What follows in a charge's state, in this order, where it is not what most charges have.
/// Type, owner and seller: a separate charge of the platform.
const PARTIES: u8 = 1;
/// The currency, which is that of the entry.
const CURRENCY: u8 = 1 << 1;
/// The application fee and what is left of it in pending, which is nothing.
const FEE: u8 = 1 << 2;
/// What was moved on, which is nothing.
const TRANSFERRED: u8 = 1 << 3;
/// What was returned in each way, which is nothing.
const RETURNED: u8 = 1 << 4;
/// What is left in pending, which is nothing.
const PENDING_LEFT: u8 = 1 << 5;
/// The transfer group.
const GROUP: u8 = 1 << 6;
/// How it stands and what it keeps, where it did not simply succeed.
const STANDING: u8 = 1 << 7;

/// What stands before a charge's state: its entry's currency and the day of its event.
#[derive(Clone, Copy)]
pub(super) struct Told {
    currency: Currency,
    today: Day,
}

impl Told {
    /// Told by the entry and the time of an event.
    pub(super) fn by(entry: &Entry, time: Timestamp) -> Self {
        Self { currency: entry.currency(), today: time.day() }
    }
}

/// Appends the body of a charge that was made at `time`.
pub(super) fn write(made: &Charged, time: Timestamp, out: &mut Vec<u8>) -> Result<(), Fault> {
    put_state(&made.charge, Told::by(&made.entry, time), out)?;
    let flags = flags(made);
    out.push(flags);
    if flags & FEE_PAYER != 0 {
        put(made.fee_payer.0.into(), out);
    }
    if flags & MORE != 0 {
        serial::append(&ChargedMoreV1::new(made.transfer.as_ref(), made.details.as_deref()), out)?;
    }
    Ok(())
}

/// Reads the body of a charge that was made at `time`.
pub(super) fn read(body: &[u8], entry: Entry, time: Timestamp) -> Result<Box<Charged>, Fault> {
    let mut reader = Reader::new(body);
    let charge = read_state(&mut reader, Told::by(&entry, time))?;
    let flags = reader.byte()?;
    let has = |flag: u8| flags & flag != 0;
    let fee_payer = if has(FEE_PAYER) { AccountId(reader.narrow()?) } else { AccountId::PLATFORM };
    let more = reader.rest();
    let (transfer, details) = match (has(MORE), more.len()) {
        (true, _) => serial::read::<ChargedMoreV1<'_>>(more)?.parts()?,
        (false, 0) => (None, None),
        (false, bytes) => return Err(Fault::Trailing { bytes }),
    };
    let made = Box::new(Charged { charge, transfer, fee_payer, entry, details });
    one_form("set of flags of this charge", flags, self::flags(&made))?;
    Ok(made)
}

/// Refuses flags that were not needed: what could have been left out has one form.
pub(super) fn one_form(what: &'static str, found: u8, needed: u8) -> Result<(), Fault> {
    if found == needed { Ok(()) } else { Err(Fault::Number { what, found: found.into() }) }
}

fn flags(made: &Charged) -> u8 {
    let fee_payer = if made.fee_payer.is_platform() { 0 } else { FEE_PAYER };
    let more = if made.transfer.is_some() || made.details.is_some() { MORE } else { 0 };
    fee_payer | more
}

/// Appends a charge as it stands.
pub(super) fn put_state(charge: &ChargeState, told: Told, out: &mut Vec<u8>) -> Result<(), Fault> {
    let flags = state_flags(charge, told);
    out.push(flags);
    put(charge.rail.0.into(), out);
    put_signed(charge.amount, out);
    put_signed(i64::from(charge.available_on.days()) - i64::from(told.today.days()), out);
    put_signed(charge.processing_fee, out);
    if flags & PARTIES != 0 {
        out.push(charge.charge_type.number());
        put(charge.owner.0.into(), out);
        put(charge.seller.map_or(0, |seller| u64::from(seller.0) + 1), out);
    }
    if flags & CURRENCY != 0 {
        put(charge.currency.number().into(), out);
    }
    let numbers = |numbers: &[i64], out: &mut Vec<u8>| numbers.iter().for_each(|it| put_signed(*it, out));
    if flags & FEE != 0 {
        numbers(&[charge.application_fee, charge.fee_pending_left], out);
    }
    if flags & TRANSFERRED != 0 {
        numbers(&[charge.transferred], out);
    }
    if flags & RETURNED != 0 {
        numbers(&returned(charge), out);
    }
    if flags & PENDING_LEFT != 0 {
        numbers(&[charge.pending_left], out);
    }
    if let Some(group) = &charge.transfer_group {
        put(group.len() as u64, out);
        out.extend_from_slice(group.as_bytes());
    }
    if let Some(more) = &charge.more {
        let mut bytes = Vec::new();
        serial::append(&ChargeMoreV1::from(&**more), &mut bytes)?;
        put(bytes.len() as u64, out);
        out.extend_from_slice(&bytes);
    }
    Ok(())
}

/// Reads a charge as it stands.
pub(super) fn read_state(reader: &mut Reader<'_>, told: Told) -> Result<ChargeState, Fault> {
    let flags = reader.byte()?;
    let has = |flag: u8| flags & flag != 0;
    let (rail, amount) = (RailId(reader.narrow()?), reader.signed()?);
    let days = reader.signed()?.checked_add(told.today.days().into()).ok_or(Fault::Varint)?;
    let (available_on, processing_fee) = (day(days)?, reader.signed()?);
    let (charge_type, owner, seller) = if has(PARTIES) { parties(reader)? } else { SEPARATE };
    let currency = if has(CURRENCY) { currency(reader.narrow()?)? } else { told.currency };
    let [application_fee, fee_pending_left] = numbers(reader, has(FEE))?;
    let [transferred] = numbers(reader, has(TRANSFERRED))?;
    let [refunded, refunded_reversing, refunded_with_fee, fee_refunded] = numbers(reader, has(RETURNED))?;
    let [pending_left] = numbers(reader, has(PENDING_LEFT))?;
    let transfer_group = if has(GROUP) { Some(reader.text("transfer group")?.into()) } else { None };
    let more = if has(STANDING) { Some(Box::new(standing(reader)?)) } else { None };
    let charge = ChargeState {
        charge_type,
        owner,
        seller,
        rail,
        currency,
        amount,
        available_on,
        processing_fee,
        application_fee,
        transferred,
        refunded,
        refunded_reversing,
        refunded_with_fee,
        fee_refunded,
        pending_left,
        fee_pending_left,
        transfer_group,
        more,
    };
    one_form("set of flags of this charge's state", flags, state_flags(&charge, told))?;
    Ok(charge)
}

fn standing(reader: &mut Reader<'_>) -> Result<ChargeMore, Fault> {
    let length = reader.narrow::<usize>()?;
    serial::read::<ChargeMoreV1>(reader.bytes(length)?)?.try_into()
}

/// Type, owner and seller of most charges.
const SEPARATE: Parties = (ChargeType::Separate, AccountId::PLATFORM, None);

type Parties = (ChargeType, AccountId, Option<AccountId>);

fn parties(reader: &mut Reader<'_>) -> Result<Parties, Fault> {
    let charge_type = Numbered::numbered(reader.byte()?)?;
    let owner = AccountId(reader.narrow()?);
    let seller = match reader.number()?.checked_sub(1) {
        Some(number) => Some(AccountId(u32::try_from(number).map_err(|_| Fault::Varint)?)),
        None => None,
    };
    Ok((charge_type, owner, seller))
}

/// Signed numbers that are there, or nothing.
fn numbers<const N: usize>(reader: &mut Reader<'_>, there: bool) -> Result<[i64; N], Fault> {
    let mut numbers = [0; N];
    if there {
        for number in &mut numbers {
            *number = reader.signed()?;
        }
    }
    Ok(numbers)
}

fn returned(charge: &ChargeState) -> [i64; 4] {
    [charge.refunded, charge.refunded_reversing, charge.refunded_with_fee, charge.fee_refunded]
}

fn state_flags(charge: &ChargeState, told: Told) -> u8 {
    let present = [
        (PARTIES, (charge.charge_type, charge.owner, charge.seller) != SEPARATE),
        (CURRENCY, charge.currency != told.currency),
        (FEE, (charge.application_fee, charge.fee_pending_left) != (0, 0)),
        (TRANSFERRED, charge.transferred != 0),
        (RETURNED, returned(charge) != [0; 4]),
        (PENDING_LEFT, charge.pending_left != 0),
        (GROUP, charge.transfer_group.is_some()),
        (STANDING, charge.more.is_some()),
    ];
    present.iter().filter(|(_, is)| *is).fold(0, |flags, (flag, _)| flags | flag)
}
