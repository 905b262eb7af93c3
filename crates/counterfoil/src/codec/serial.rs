//! The only calls to bincode: one configuration, bounded, nothing left over.
//!
//! bincode takes a limit on what decoding claims, as a constant: eight bytes for a
//! `u64` that takes one. So a limit of sixteen times the input lets every honest input
//! through (its widest number is an `i128`) and bounds what a lying length allocates.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::enc::write::Writer;
use bincode::error::{DecodeError, EncodeError};
use serde::{Deserialize, Serialize};

use super::Fault;

/// The most bytes of a view's state: it is written and read in one piece.
pub const LARGEST_STATE: usize = 4 << 30;

/// Claims per byte of input.
const CLAIMS: usize = 16;

/// An event's body is read under one small limit.
const SMALL: usize = 64 << 10;

/// A view's state up to these sizes is read under limits between.
const MIDDLE: usize = 4 << 20;
const LARGE: usize = 256 << 20;

type Bounded<const LIMIT: usize> = Configuration<LittleEndian, Varint, Limit<LIMIT>>;

/// bincode's port to a vector: a third of the time of its port to `io::Write`.
struct Appended<'a>(&'a mut Vec<u8>);

impl Writer for Appended<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// Appends the bytes of `value` to `out`.
#[expect(clippy::disallowed_methods, reason = "the one place that encodes with bincode")]
pub(super) fn append<T: Serialize>(value: &T, out: &mut Vec<u8>) -> Result<(), Fault> {
    let configuration = bincode::config::standard();
    bincode::serde::encode_into_writer(value, Appended(out), configuration)
        .map_err(|error| Fault::Body(error.to_string().into()))
}

/// Appends the bytes of a view's state to `out`, of which there may be so many.
pub(super) fn append_state<T: Serialize>(state: &T, most: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let start = out.len();
    append(state, out)?;
    refuse_beyond(most, out.len() - start)
}

/// Reads all of an event's body.
pub(super) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Fault> {
    refuse_beyond(SMALL, bytes.len())?;
    read_within::<T, { SMALL * CLAIMS }>(bytes)
}

/// Reads all of a view's state.
pub(super) fn read_state<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Fault> {
    refuse_beyond(LARGEST_STATE, bytes.len())?;
    if bytes.len() <= SMALL {
        read_within::<T, { SMALL * CLAIMS }>(bytes)
    } else if bytes.len() <= MIDDLE {
        read_within::<T, { MIDDLE * CLAIMS }>(bytes)
    } else if bytes.len() <= LARGE {
        read_within::<T, { LARGE * CLAIMS }>(bytes)
    } else {
        read_within::<T, { LARGEST_STATE * CLAIMS }>(bytes)
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that decodes with bincode")]
fn read_within<'a, T: Deserialize<'a>, const LIMIT: usize>(bytes: &'a [u8]) -> Result<T, Fault> {
    let configuration: Bounded<LIMIT> = bincode::config::standard().with_limit::<LIMIT>();
    let (value, read) = bincode::serde::borrow_decode_from_slice(bytes, configuration).map_err(fault)?;
    match bytes.len() - read {
        0 => Ok(value),
        left => Err(Fault::Trailing { bytes: left }),
    }
}

fn fault(error: DecodeError) -> Fault {
    if matches!(error, DecodeError::UnexpectedEnd { .. }) {
        return Fault::Truncated;
    }
    Fault::Body(error.to_string().into())
}

fn refuse_beyond(most: usize, bytes: usize) -> Result<(), Fault> {
    if bytes > most { Err(Fault::TooLarge { bytes, most }) } else { Ok(()) }
}
