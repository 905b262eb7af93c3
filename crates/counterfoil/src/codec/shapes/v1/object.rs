//! Object ids, version 1: position and ordinal apart, which is shorter than together.

use counterfoil_domain::ObjectId;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::values::object;

/// An object's id.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ObjectV1 {
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
        object(shape.position, shape.ordinal)
    }
}
