//! Details: what a caller attaches to an object for itself.

use std::collections::BTreeMap;
use std::fmt;

/// A caller's own words about an object. Most objects have none, so it is held as
/// `Option<Box<Details>>` and an absent one costs a byte.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Details {
    /// The caller's id of the object, 1 to 255 bytes.
    pub external_id: Option<Box<str>>,
    /// What it is, at most 500 bytes.
    pub description: Option<Box<str>>,
    /// Keys (at most 50, 40 bytes each) with values (500 bytes each), the bounds of
    /// Connect (<https://docs.stripe.com/api/metadata>).
    pub metadata: BTreeMap<Box<str>, Box<str>>,
}

/// Details that exceed their bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetailsError {
    /// A text holds a control character, which would break a line of any report.
    Control,
    /// The external id is empty or longer than 255 bytes.
    ExternalId,
    /// The description is longer than 500 bytes.
    Description,
    /// More than 50 keys.
    Keys,
    /// A key is empty or longer than 40 bytes, or its value longer than 500.
    Pair {
        /// The start of the key.
        key: Box<str>,
    },
}

impl Details {
    /// Details with nothing but an external id.
    #[must_use]
    pub fn external_id(id: &str) -> Option<Box<Self>> {
        Some(Box::new(Self { external_id: Some(id.into()), ..Self::default() }))
    }

    /// Details with nothing but a description.
    #[must_use]
    pub fn description(text: &str) -> Option<Box<Self>> {
        Some(Box::new(Self { description: Some(text.into()), ..Self::default() }))
    }

    /// Checks the bounds.
    pub(crate) fn check(details: Option<&Self>) -> Result<(), DetailsError> {
        let Some(details) = details else {
            return Ok(());
        };
        let pairs = details.metadata.iter().flat_map(|(key, value)| [key, value]);
        let texts = details.external_id.iter().chain(&details.description).chain(pairs);
        if texts.into_iter().any(|text| text.chars().any(char::is_control)) {
            return Err(DetailsError::Control);
        }
        if details.external_id.as_ref().is_some_and(|id| id.is_empty() || id.len() > 255) {
            return Err(DetailsError::ExternalId);
        }
        if details.description.as_ref().is_some_and(|text| text.len() > 500) {
            return Err(DetailsError::Description);
        }
        if details.metadata.len() > 50 {
            return Err(DetailsError::Keys);
        }
        let too_long = |key: &str, value: &str| key.is_empty() || key.len() > 40 || value.len() > 500;
        match details.metadata.iter().find(|(key, value)| too_long(key, value)) {
            Some((key, _)) => {
                Err(DetailsError::Pair { key: key.chars().take(40).collect::<String>().into() })
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for DetailsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control => {
                f.write_str("External ids, descriptions and metadata hold no control characters")
            }
            Self::ExternalId => f.write_str("An external id has 1 to 255 bytes"),
            Self::Description => f.write_str("A description has at most 500 bytes"),
            Self::Keys => f.write_str("Metadata has at most 50 keys"),
            Self::Pair { key } => {
                write!(f, "The metadata key \"{key}\" must have 1 to 40 bytes and a value of at most 500")
            }
        }
    }
}
