//! A ledger's state as bytes, in sections of a bounded size.

use counterfoil_domain::AccountId;
use counterfoil_domain::account::Account;
use counterfoil_domain::parts::Rest;
use serde::{Serialize, Serializer};

use super::shapes::ledger::{AccountShape, ExternalIdShape, RestShape};
use super::{CodecError, Fault, serial};

/// Appends everything but the accounts.
pub(crate) fn encode_rest(rest: &Rest, out: &mut Vec<u8>) -> Result<(), CodecError> {
    serial::append(&RestShape::from(rest), out).map_err(CodecError::state)
}

/// Reads everything but the accounts.
pub(crate) fn decode_rest(bytes: &[u8]) -> Result<Rest, CodecError> {
    serial::read_state::<RestShape<'_>>(bytes).and_then(Rest::try_from).map_err(CodecError::state)
}

/// Appends some accounts.
pub(crate) fn encode_accounts(accounts: &[Account], out: &mut Vec<u8>) -> Result<(), CodecError> {
    let shapes = Each(accounts, AccountShape::from);
    serial::append(&shapes, out).map_err(CodecError::state)
}

/// Reads accounts and adds them to `accounts`.
pub(crate) fn decode_accounts(bytes: &[u8], accounts: &mut Vec<Account>) -> Result<(), CodecError> {
    let shapes: Vec<AccountShape<'_>> = serial::read_state(bytes).map_err(CodecError::state)?;
    for shape in shapes {
        accounts.push(shape.try_into().map_err(CodecError::state)?);
    }
    Ok(())
}

/// Appends some external ids.
pub(crate) fn encode_external_ids(ids: &[(&str, AccountId)], out: &mut Vec<u8>) -> Result<(), CodecError> {
    let shapes = Each(ids, ExternalIdShape::of);
    serial::append(&shapes, out).map_err(CodecError::state)
}

/// Reads external ids and adds them to `ids`.
pub(crate) fn decode_external_ids(
    bytes: &[u8],
    ids: &mut Vec<(Box<str>, AccountId)>,
) -> Result<(), CodecError> {
    let shapes: Vec<ExternalIdShape<'_>> = serial::read_state(bytes).map_err(CodecError::state)?;
    ids.extend(shapes.iter().map(ExternalIdShape::pair));
    Ok(())
}

/// A list of shapes, each of which is made when it is written: all at once they would not
/// stay near the processor.
struct Each<'a, T, F>(&'a [T], F);

impl<'a, T, S: Serialize, F: Fn(&'a T) -> S> Serialize for Each<'a, T, F> {
    fn serialize<W: Serializer>(&self, serializer: W) -> Result<W::Ok, W::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

/// The fault of a section that should not be where it is.
pub(crate) fn misplaced(section: u8) -> CodecError {
    CodecError::state(Fault::Number { what: "section of a ledger's state", found: section.into() })
}
