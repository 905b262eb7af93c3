//! The codec: one recorded event as bytes and back, and the only caller of bincode.
//!
//! The layout of one event under [`CODEC`] 7. Numbers without a width are varints:
//! seven bits a byte, the lowest first, the top bit set on all but the last byte;
//! signed ones are zigzagged. What is in brackets is there where its flag is set.
//!
//! ```text
//! head      2  event type, little-endian          never used for another event
//!           1  version of the event's shape
//!           1  flags: bits 0-1 actor (0 platform, 1 time, 2 operator; 3 is kept
//!              free to announce a longer head), and what follows:
//!              bit 2 command, 3 events, 4 stamp, 5 acting, 6 cause, 7 entry
//! envelope  …  business time, signed microseconds since 1970
//!          [16 command id; a nil one is left out]
//!          […  how many events the command has; on its first event]
//!          [16 idempotency key, 8 fingerprint of the request]
//!          […  acting account]
//!          […  position of the causing event]
//! entry    [2  currency by ISO 4217 number, little-endian
//!           …  count of postings, and for each:
//!           1  book and state    1  kind
//!           …  account, rail or authority of the book, where it has one
//!           …  day, signed, where the money is pending
//!           …  amount, signed    …  entry number]
//! body      …  bincode (varint, little-endian) of the shape of (type, version); to the end.
//!              Those of a transfer, a charge and a split are hand-laid.
//!
//! transfer  1  flags of what follows
//!          [bit 0  …  destination, ISO 4217 number, signed amount; else those of the
//!                     entry's last posting, which credits an account]
//!          [bit 1  …  signed day of availability; else the day of the business time]
//!          [bit 2  …  reversed, pending: both signed; else nothing of either]
//!          [bit 3  …  position and ordinal of the source charge]
//!          [bit 4  …  length and text of the transfer group]
//!          [bit 5  …  bincode of the source charge's state and the caller's details]
//!
//! charge    …  its state   1  flags of what follows
//!          [bit 0  …  who paid the processing fee; else the platform]
//!          [bit 1  …  bincode of its own transfer and the caller's details]
//!
//! state     1  flags of what follows the first four   …  rail   …  amount, signed
//!           …  day of availability, signed, counted from that of the business time
//!           …  processing fee, signed
//!          [bit 0  1 type  …  owner  …  one more than the seller, or 0; else a separate
//!                     charge of the platform]
//!          [bit 1  …  ISO 4217 number; else the entry's]
//!          [bit 2  …  application fee, left of it in pending: both signed, as all that follow]
//!          [bit 3  …  transferred]
//!          [bit 4  …  refunded, of it with reversal, of it with fee, fee refunded]
//!          [bit 5  …  left in pending]
//!          [bit 6  …  length and text of the transfer group]
//!          [bit 7  …  length, and bincode of how it stands, where it did not simply succeed]
//!
//! split     1  flags of what follows   …  count of charges, and for each:
//!           …  position   …  ordinal   …  its state
//!           unless bit 0 is set, for each of the entry's postings to sellers, which made a
//!           transfer of the same amount, day and group, where there are several charges:
//!           …  place of its charge
//!           and for each share, which consecutive transfers to one seller are:
//!           …  commission, signed
//!          [bit 0 or 1  …  bincode of shares and transfers, which are none unless bit 0 is
//!                     set, and of the caller's details, which are there where bit 1 is]
//! ```
//!
//! The entry stands outside the body, so that who knows no event can still check that
//! the books balance. The position is not stored: it is where the bytes stand.
//!
//! Bytes are broken by: an unknown type, version, flag or number; a number longer than
//! its type or, outside of bincode, than it needs; an end too early or too late; postings that do not
//! balance; an entry where the type has none, or none where it has one. Each is a
//! [`Fault`] in a [`CodecError`]; no bytes make decoding panic or allocate more than a
//! small multiple of their length.

mod body;
mod charge;
mod entry;
mod error;
mod head;
mod kinds;
pub(crate) mod ledger;
mod numbers;
mod serial;
mod shapes;
mod split;
mod transfer;
mod values;
mod varint;

#[cfg(test)]
mod draw;
#[cfg(test)]
mod draw_charge;
#[cfg(test)]
mod draw_disputes;
#[cfg(test)]
mod draw_inflows;
#[cfg(test)]
mod draw_rules;
#[cfg(test)]
mod entries;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_disputes;
#[cfg(test)]
mod hostile_refunds;
#[cfg(test)]
mod hostile_reserves;
#[cfg(test)]
mod hostile_rules;
#[cfg(test)]
mod hot;
#[cfg(test)]
mod onboardings;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod sample_disputes;
#[cfg(test)]
mod sample_reserves;
#[cfg(test)]
mod sample_rules;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod standings;
#[cfg(test)]
mod topups;

pub use error::{CodecError, Fault};
pub use serial::LARGEST_STATE;

use counterfoil_domain::Recorded;
use counterfoil_log::Frame;

use head::Head;
use varint::Reader;

/// The codec's id, stored in the header of every frame. Under 1 the stamps of idempotency
/// keys were others, so that a retry would not be known again; under 2 a transfer's body
/// was bincode, under 3 those of a charge and a split were; under 4 commands had no numbers
/// of their own in the fingerprints of requests; under 6 disputes had no reference, and a payout
/// that came back was stored as one that was refused, and what was written off left no object.
pub const CODEC: u16 = 7;

/// The most bytes that one event may have: a command's events fit 48 KiB.
pub const LARGEST_EVENT: usize = 48 * 1024;

/// What the first event of a command with an idempotency key carries, besides the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The hash of the key within its acting account.
    pub key: [u8; 16],
    /// The keyed fingerprint of the request.
    pub request: [u8; 8],
}

/// An event with what was stored beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The event with its envelope.
    pub recorded: Recorded,
    /// How many events its command has, on the first of them; 0 on the later ones.
    pub command_events: u16,
    /// The idempotency key and the request, where the command had a key.
    pub stamp: Option<Stamp>,
}

/// Appends the bytes of one event to `out`; after an error `out` is as it was.
///
/// `command_events` is how many events the command has, on its first event; 0 on the
/// later ones.
///
/// # Errors
/// [`Fault::TooLarge`] for an event beyond [`LARGEST_EVENT`].
pub fn encode(
    recorded: &Recorded,
    command_events: u16,
    stamp: Option<&Stamp>,
    out: &mut Vec<u8>,
) -> Result<(), CodecError> {
    let start = out.len();
    let (kind, version) = kinds::of(&recorded.event);
    let entry = recorded.event.entry();
    Head { kind, version, recorded, command_events, stamp, has_entry: entry.is_some() }.write(out);
    if let Some(entry) = entry {
        entry::write(entry, out);
    }
    let written = body::write(recorded, out).and_then(|()| match out.len() - start {
        bytes if bytes > LARGEST_EVENT => Err(Fault::TooLarge { bytes, most: LARGEST_EVENT }),
        _ => Ok(()),
    });
    written.map_err(|fault| {
        out.truncate(start);
        CodecError::event(recorded.position, Some((kind, version)), fault)
    })
}

/// Reads the bytes of the event at `position`.
///
/// # Errors
/// Bytes that are no event, of a type or version that this release does not know, or
/// whose entry does not balance; with the position, the type and what was wrong.
pub fn decode(position: u64, bytes: &[u8]) -> Result<Decoded, CodecError> {
    let mut shape = None;
    read(position, bytes, &mut shape).map_err(|fault| CodecError::event(position, shape, fault))
}

/// Reads every event of a frame, in order.
///
/// # Errors
/// Those of [`decode`], and a frame that another codec wrote.
pub fn decode_frame(frame: &Frame) -> impl Iterator<Item = Result<Decoded, CodecError>> + '_ {
    frame.events().map(|(position, bytes)| decode_of(frame, position, bytes))
}

/// Reads the event of a frame at a position; `None` where the frame does not hold it.
///
/// # Errors
/// Those of [`decode`], and a frame that another codec wrote.
pub fn decode_at(frame: &Frame, position: u64) -> Result<Option<Decoded>, CodecError> {
    frame.event(position).map(|bytes| decode_of(frame, position, bytes)).transpose()
}

fn decode_of(frame: &Frame, position: u64, bytes: &[u8]) -> Result<Decoded, CodecError> {
    match frame.codec() {
        CODEC => decode(position, bytes),
        found => Err(CodecError::event(position, None, Fault::Codec { found })),
    }
}

fn read(position: u64, bytes: &[u8], shape: &mut Option<(u16, u8)>) -> Result<Decoded, Fault> {
    if bytes.len() > LARGEST_EVENT {
        return Err(Fault::TooLarge { bytes: bytes.len(), most: LARGEST_EVENT });
    }
    let mut reader = Reader::new(bytes);
    let (kind, version) = (reader.u16()?, reader.byte()?);
    *shape = Some((kind, version));
    kinds::check(kind, version)?;
    let (envelope, has_entry) = head::read_envelope(&mut reader)?;
    let entry = if has_entry { Some(entry::read(&mut reader)?) } else { None };
    let event = body::read((kind, version), reader.rest(), entry, envelope.time())?;
    Ok(envelope.around(position, event))
}

/// Appends the bytes of a view's state to `out`, in the same configuration of bincode.
///
/// # Errors
/// A state beyond [`LARGEST_STATE`], or one whose `Serialize` fails.
pub fn encode_state<T: serde::Serialize>(state: &T, out: &mut Vec<u8>) -> Result<(), CodecError> {
    encode_state_within(LARGEST_STATE, state, out)
}

/// The same where fewer bytes are allowed.
pub(crate) fn encode_state_within<T: serde::Serialize>(
    most: usize,
    state: &T,
    out: &mut Vec<u8>,
) -> Result<(), CodecError> {
    let start = out.len();
    serial::append_state(state, most, out).map_err(|fault| {
        out.truncate(start);
        CodecError::state(fault)
    })
}

/// Reads the bytes of a view's state; all of them, and none may be left.
///
/// # Errors
/// Bytes that are no such state.
pub fn decode_state<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    serial::read_state(bytes).map_err(CodecError::state)
}
