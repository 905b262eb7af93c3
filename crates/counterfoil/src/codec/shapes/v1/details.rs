//! Details, version 1.

use std::collections::BTreeMap;

use counterfoil_domain::account::Details;
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::shapes::list;

/// A caller's own words about an object.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DetailsV1<'a> {
    #[serde(borrow)]
    external_id: Option<&'a str>,
    description: Option<&'a str>,
    /// Keys ascending, so that one value has one form.
    #[serde(deserialize_with = "list::read")]
    metadata: Vec<(&'a str, &'a str)>,
}

impl<'a> From<&'a Details> for DetailsV1<'a> {
    fn from(details: &'a Details) -> Self {
        Self {
            external_id: details.external_id.as_deref(),
            description: details.description.as_deref(),
            metadata: details.metadata.iter().map(|(key, value)| (&**key, &**value)).collect(),
        }
    }
}

impl TryFrom<DetailsV1<'_>> for Details {
    type Error = Fault;

    fn try_from(shape: DetailsV1<'_>) -> Result<Self, Fault> {
        let keys = || shape.metadata.iter().map(|(key, _)| key);
        if keys().zip(keys().skip(1)).any(|(key, next)| key >= next) {
            return Err(Fault::Text { what: "metadata with ascending keys" });
        }
        let pairs = shape.metadata.into_iter();
        Ok(Self {
            external_id: shape.external_id.map(Into::into),
            description: shape.description.map(Into::into),
            metadata: pairs.map(|(key, value)| (key.into(), value.into())).collect::<BTreeMap<_, _>>(),
        })
    }
}

/// Details that may be absent, boxed as the domain holds them.
pub(super) fn details(shape: Option<DetailsV1<'_>>) -> Result<Option<Box<Details>>, Fault> {
    shape.map(|details| details.try_into().map(Box::new)).transpose()
}
