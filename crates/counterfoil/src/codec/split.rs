//! The body of a split: hand-laid, because its transfers follow from its entry and its
//! charges, and its shares from its transfers.

use counterfoil_domain::books::{Book, Entry, Posting, State};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::id::MOST_OBJECTS;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::split::{Share, SplitMade};
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{AccountId, ChargeId};

use super::charge::{Told, one_form, put_state, read_state};
use super::shapes::v1::SplitMoreV1;
use super::values::object;
use super::varint::{Reader, put, put_signed};
use super::{Fault, LARGEST_EVENT, serial};

/// Shares and transfers stand apart: they do not follow.
const APART: u8 = 1;
/// The caller's words.
const DETAILS: u8 = 1 << 1;

/// Room made before a charge is read.
const FIRST_ROOM: usize = 4;

/// A charge with its id.
type Charge = (ChargeId, ChargeState);

/// Appends the body of a split that was made at `time`.
pub(super) fn write(made: &SplitMade, time: Timestamp, out: &mut Vec<u8>) -> Result<(), Fault> {
    let flags = flags(made, time.day());
    let apart = flags & APART != 0;
    out.push(flags);
    put(made.charges.len() as u64, out);
    for (ChargeId(id), charge) in &made.charges {
        put(id.position(), out);
        put(id.ordinal().into(), out);
        put_state(charge, Told::by(&made.entry, time), out)?;
    }
    if !apart {
        let sources = made.transfers.iter().filter(|_| made.charges.len() > 1);
        let sources = sources.filter_map(|transfer| source(transfer, &made.charges));
        sources.for_each(|(place, _)| put(place as u64, out));
        made.shares.iter().for_each(|share| put_signed(share.commission, out));
    }
    if flags != 0 {
        let (shares, transfers) = if apart { (&*made.shares, &*made.transfers) } else { (&[][..], &[][..]) };
        serial::append(&SplitMoreV1::new(shares, transfers, made.details.as_deref()), out)?;
    }
    Ok(())
}

/// Reads the body of a split that was made at `time`.
pub(super) fn read(body: &[u8], entry: Entry, time: Timestamp) -> Result<Box<SplitMade>, Fault> {
    let mut reader = Reader::new(body);
    let flags = reader.byte()?;
    let charges = read_charges(&mut reader, Told::by(&entry, time))?;
    let (mut shares, mut transfers, mut details) = (Vec::new(), Vec::new(), None);
    if flags & APART == 0 {
        transfers = read_transfers(&mut reader, &entry, &charges, time.day())?;
        shares = read_shares(&mut reader, &transfers)?;
    }
    let more = reader.rest();
    if flags != 0 {
        let more = serial::read::<SplitMoreV1<'_>>(more)?.parts()?;
        details = more.details;
        if flags & APART != 0 {
            (shares, transfers) = (more.shares, more.transfers);
        } else if !more.shares.is_empty() || !more.transfers.is_empty() {
            return Err(Fault::Body("shares or transfers of a split that need not be told".into()));
        }
    } else if !more.is_empty() {
        return Err(Fault::Trailing { bytes: more.len() });
    }
    if transfers.len() >= MOST_OBJECTS {
        return Err(Fault::Number { what: "number of transfers of a split", found: transfers.len() as i128 });
    }
    let made = Box::new(SplitMade { shares, charges, transfers, entry, details });
    if flags != 0 {
        one_form("set of flags of this split", flags, self::flags(&made, time.day()))?;
    }
    Ok(made)
}

fn read_charges(reader: &mut Reader<'_>, told: Told) -> Result<Vec<Charge>, Fault> {
    let count = reader.narrow::<usize>()?;
    let mut charges = Vec::with_capacity(count.min(FIRST_ROOM));
    for _ in 0..count {
        let id = ChargeId(object(reader.number()?, reader.number()?)?);
        charges.push((id, read_state(reader, told)?));
    }
    Ok(charges)
}

/// The transfers that follow from an entry, each of the one charge or of that which is named.
fn read_transfers(
    reader: &mut Reader<'_>,
    entry: &Entry,
    charges: &[Charge],
    today: Day,
) -> Result<Vec<TransferState>, Fault> {
    let mut transfers = Vec::with_capacity(sellers(entry).count());
    let mut group_bytes = 0;
    for seller in sellers(entry) {
        let place = if charges.len() > 1 { reader.narrow::<usize>()? } else { 0 };
        let unknown = Fault::Number { what: "place of a charge", found: place as i128 };
        let charge = charges.get(place).ok_or(unknown.clone())?;
        let mut transfer = follow(seller, entry.currency(), charge, today).ok_or(Fault::EntryMissing)?;
        transfer.transfer_group = charge.1.transfer_group.clone();
        // A charge that stands twice has the place of the first.
        if charges.len() > 1 && source(&transfer, charges).is_none_or(|(first, _)| first != place) {
            return Err(unknown);
        }
        group_bytes += charge.1.transfer_group.as_ref().map_or(0, |group| group.len());
        refuse_groups(group_bytes)?;
        transfers.push(transfer);
    }
    Ok(transfers)
}

/// The shares that follow from transfers: those to one seller, which stand together, are one.
fn read_shares(reader: &mut Reader<'_>, transfers: &[TransferState]) -> Result<Vec<Share>, Fault> {
    let mut shares = Vec::with_capacity(transfers.len());
    for (account, net) in nets(transfers) {
        let commission = reader.signed()?;
        let gross = net.and_then(|net| net.checked_add(commission));
        let gross = gross.ok_or(Fault::Number { what: "commission", found: commission.into() })?;
        shares.push(Share { account, gross, commission });
    }
    Ok(shares)
}

fn flags(made: &SplitMade, today: Day) -> u8 {
    let apart = if transfers_follow(made, today) && shares_follow(made) { 0 } else { APART };
    if made.details.is_some() { apart | DETAILS } else { apart }
}

fn transfers_follow(made: &SplitMade, today: Day) -> bool {
    let SplitMade { charges, transfers, entry, .. } = made;
    let mut sellers = sellers(entry);
    let mut group_bytes = 0;
    let follows = |transfer: &TransferState| {
        let (Some(seller), Some((_, charge))) = (sellers.next(), source(transfer, charges)) else {
            return false;
        };
        let group = &charge.1.transfer_group;
        group_bytes += group.as_ref().map_or(0, |group| group.len());
        let told = follow(seller, entry.currency(), charge, today);
        told.is_some_and(|told| facts(&told) == facts(transfer)) && transfer.transfer_group == *group
    };
    transfers.iter().all(follows) && sellers.next().is_none() && refuse_groups(group_bytes).is_ok()
}

fn shares_follow(made: &SplitMade) -> bool {
    let mut nets = nets(&made.transfers);
    let follows = |share: &Share| {
        let net = share.gross.checked_sub(share.commission);
        net.is_some() && nets.next() == Some((share.account, net))
    };
    made.shares.iter().all(follows) && nets.next().is_none()
}

/// The postings of an entry to sellers: where, and how much they are owed.
fn sellers(entry: &Entry) -> impl Iterator<Item = (AccountId, State, Minor)> + '_ {
    entry.postings().iter().filter_map(|Posting { book, amount, .. }| match book {
        Book::Account(account, state) if !account.is_platform() => {
            Some((*account, *state, amount.checked_neg()?))
        }
        Book::Account(..) | Book::Rail(_) | Book::Operator(_) | Book::TaxWithheld(_) => None,
        Book::Suspense | Book::Fx(_) => None,
    })
}

/// The transfer that a posting to a seller made, but for its group.
fn follow(
    (destination, state, amount): (AccountId, State, Minor),
    currency: Currency,
    (id, charge): &Charge,
    today: Day,
) -> Option<TransferState> {
    let pending_left = match state {
        State::Pending(_) => amount,
        State::Available => 0,
        State::InTransit | State::Reserved | State::Prefunded | State::ConnectReserved => return None,
    };
    let (source_charge, available_on) = (Some(*id), charge.available_on.max(today));
    let (reversed, transfer_group, queue) = (0, None, None);
    Some(TransferState {
        destination,
        currency,
        amount,
        reversed,
        source_charge,
        available_on,
        pending_left,
        transfer_group,
        queue,
        held: None,
    })
}

/// All of a transfer but its group and its source.
fn facts(transfer: &TransferState) -> (AccountId, Currency, [Minor; 3], Day) {
    let TransferState { destination, currency, amount, reversed, available_on, pending_left, .. } = transfer;
    (*destination, *currency, [*amount, *reversed, *pending_left], *available_on)
}

/// The charge that a transfer names, with its place.
fn source<'a>(transfer: &TransferState, charges: &'a [Charge]) -> Option<(usize, &'a Charge)> {
    charges.iter().enumerate().find(|(_, (id, _))| Some(*id) == transfer.source_charge)
}

/// What moved to each seller, of transfers that stand together; `None` beyond any amount.
fn nets(transfers: &[TransferState]) -> impl Iterator<Item = (AccountId, Option<Minor>)> + '_ {
    transfers.chunk_by(|one, next| one.destination == next.destination).filter_map(|to_one| {
        let net = to_one.iter().try_fold(0, |net: Minor, transfer| net.checked_add(transfer.amount));
        Some((to_one.first()?.destination, net))
    })
}

/// Refuses groups that together are longer than an event: few bytes would take much memory.
fn refuse_groups(bytes: usize) -> Result<(), Fault> {
    if bytes > LARGEST_EVENT { Err(Fault::TooLarge { bytes, most: LARGEST_EVENT }) } else { Ok(()) }
}
