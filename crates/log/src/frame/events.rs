//! Walking over the events of a frame.

use crate::layout::Fields;

/// The events of one frame with their positions, in order.
#[derive(Clone, Debug)]
pub struct Events<'a> {
    position: u64,
    lengths: &'a [u8],
    events: &'a [u8],
}

impl<'a> Events<'a> {
    pub(super) fn new(position: u64, count: u32, payload: &'a [u8]) -> Self {
        let table = usize::try_from(count).unwrap_or(usize::MAX).saturating_mul(4);
        let (lengths, events) = payload.split_at_checked(table).unwrap_or_default();
        Self { position, lengths, events }
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut lengths = Fields(self.lengths);
        let length = usize::try_from(lengths.u32()?).ok()?;
        let mut events = Fields(self.events);
        let event = events.bytes(length)?;
        self.lengths = lengths.0;
        self.events = events.0;
        let position = self.position;
        self.position = position.saturating_add(1);
        Some((position, event))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.lengths.len() / 4;
        (left, Some(left))
    }
}
