//! Object ids, version 1: position and ordinal apart, which is shorter than together.

use counterfoil_domain::ObjectId;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;

/// An object's id.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ObjectV1 {
    position: u64,
    ordinal: u16,
}

impl From<ObjectId> for ObjectV1 {
    fn from(id: ObjectId) -> Self {
        Self { position: id.position(), ordinal: id.ordinal() }
    }
}

impl TryFrom<ObjectV1> for ObjectId {
    type Error = Fault;

    fn try_from(shape: ObjectV1) -> Result<Self, Fault> {
        let ObjectV1 { position, ordinal } = shape;
        // The domain's id has 52 bits of position and 12 of ordinal.
        let bits = position.checked_mul(1 << 12).filter(|_| ordinal < 1 << 12 && position < 1 << 52);
        bits.map(|bits| Self::from_bits(bits | u64::from(ordinal)))
            .ok_or(Fault::Number { what: "object's position", found: position.into() })
    }
}
