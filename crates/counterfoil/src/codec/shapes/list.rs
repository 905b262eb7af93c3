//! Lists: read without believing their length.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// Room made before an element is read. serde would make up to a mebibyte for a length
/// that nothing backs; from here on room grows with what was really read.
const FIRST_ROOM: usize = 8;

struct Elements<T>(PhantomData<T>);

/// Reads a list; for `#[serde(deserialize_with)]`.
pub(super) fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    from.deserialize_seq(Elements(PhantomData))
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Vec<T>, A::Error> {
        let mut elements = Vec::with_capacity(from.size_hint().unwrap_or(0).min(FIRST_ROOM));
        while let Some(element) = from.next_element()? {
            elements.push(element);
        }
        Ok(elements)
    }
}
