//! Rails, version 1.

use counterfoil_domain::rail::RailName;
use counterfoil_domain::{Event, RailId};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::shapes::Posted;

/// A rail that was named for the first time.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct RailOpenedV1<'a> {
    rail: u16,
    name: &'a str,
}

/// A rail that settled; its entry stands before it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct RailSettledV1 {
    rail: u16,
}

impl<'a> RailOpenedV1<'a> {
    pub(in crate::codec) fn new(rail: RailId, name: &'a RailName) -> Self {
        Self { rail: rail.0, name: name.as_str() }
    }
}

impl TryFrom<RailOpenedV1<'_>> for Event {
    type Error = Fault;

    fn try_from(shape: RailOpenedV1<'_>) -> Result<Self, Fault> {
        let name = RailName::new(shape.name).map_err(|_| Fault::Text { what: "rail's name" })?;
        Ok(Self::RailOpened { rail: RailId(shape.rail), name })
    }
}

impl RailSettledV1 {
    pub(in crate::codec) fn new(rail: RailId) -> Self {
        Self { rail: rail.0 }
    }
}

impl TryFrom<Posted<RailSettledV1>> for Event {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<RailSettledV1>) -> Result<Self, Fault> {
        Ok(Self::RailSettled { rail: RailId(shape.rail), entry: Box::new(entry) })
    }
}
