//! The newest frames, kept for readers: who follows the log asks for what was appended a moment ago.

use std::collections::VecDeque;

use crate::{Frame, Head};

/// Durable frames without a gap, up to a bound of bytes; the oldest go first.
pub(super) struct Recent {
    frames: VecDeque<Frame>,
    bytes: usize,
    limit: usize,
}

/// What a frame takes in memory.
fn memory_bytes(frame: &Frame) -> usize {
    frame.bytes().len().saturating_add(size_of::<Frame>())
}

impl Recent {
    pub(super) fn new(limit: usize) -> Self {
        Self { frames: VecDeque::new(), bytes: 0, limit }
    }

    /// Keeps a frame that is durable and follows the last one kept.
    pub(super) fn push(&mut self, frame: Frame) {
        debug_assert!(self.frames.back().is_none_or(|last| last.hash() == frame.previous()));
        self.bytes = self.bytes.saturating_add(memory_bytes(&frame));
        self.frames.push_back(frame);
        while self.bytes > self.limit
            && let Some(oldest) = self.frames.pop_front()
        {
            self.bytes = self.bytes.saturating_sub(memory_bytes(&oldest));
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.limit);
    }

    /// The frames from a number to before a head, at least one, within `max_bytes` unless the first
    /// alone exceeds it; none where that number is not kept.
    pub(super) fn read(&self, from: u64, max_bytes: usize, head: &Head) -> Option<Vec<Frame>> {
        let skip = from.checked_sub(self.frames.front()?.number())?;
        let kept = self.frames.range(usize::try_from(skip).ok().filter(|skip| *skip < self.frames.len())?..);
        let mut taken = 0_usize;
        let mut frames = Vec::new();
        for frame in kept.take_while(|frame| frame.number() < head.next_frame) {
            taken = taken.saturating_add(frame.bytes().len());
            if taken > max_bytes && !frames.is_empty() {
                break;
            }
            frames.push(frame.clone());
        }
        Some(frames).filter(|frames| !frames.is_empty())
    }

    /// The frame that holds the event at a position before the head. A control frame shares its
    /// position with the frame after it, so the last one is the one.
    pub(super) fn holding(&self, position: u64) -> Option<Frame> {
        let after = self.frames.partition_point(|frame| frame.first_position() <= position);
        let frame = self.frames.get(after.checked_sub(1)?)?;
        frame.holds(position).then(|| frame.clone())
    }
}
