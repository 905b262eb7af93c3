//! A queue: the streams of several runs, by the row that each stands at.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::run::Stream;
use crate::{Run, RunError};

/// Streams in the order of their rows; of rows with one key the newest comes first.
pub(super) struct Queue<'a> {
    /// The oldest first.
    streams: Vec<Stream<'a>>,
    /// Their places, those that come first at the end.
    order: Vec<usize>,
}

impl<'a> Queue<'a> {
    /// The streams of runs, of which the oldest is the first.
    pub(super) fn of(runs: &'a [Arc<Run>]) -> Result<Self, RunError> {
        let mut streams = Vec::new();
        for run in runs {
            streams.extend(Stream::of(run)?);
        }
        let mut queue = Self { streams, order: Vec::new() };
        (0..queue.streams.len()).for_each(|place| queue.insert(place));
        Ok(queue)
    }

    /// The stream whose row comes first.
    #[inline]
    pub(super) fn first(&self) -> Option<&Stream<'a>> {
        self.streams.get(*self.order.last()?)
    }

    /// Takes the first stream to its next row, and with it those that stand at the same key.
    pub(super) fn go_on(&mut self) -> Result<(), RunError> {
        let Some(first) = self.order.pop() else { return Ok(()) };
        while let Some(other) = self.order.last().copied().filter(|other| self.is_same(first, *other)) {
            self.order.pop();
            self.advance(other)?;
        }
        self.advance(first)
    }

    /// Takes a stream that is not in order to its next row, and puts it where it belongs.
    #[inline]
    fn advance(&mut self, place: usize) -> Result<(), RunError> {
        if self.streams.get_mut(place).map_or(Ok(false), Stream::advance)? {
            self.insert(place);
        }
        Ok(())
    }

    #[inline]
    fn insert(&mut self, place: usize) {
        // A run's rows often follow each other.
        let still_first = self.order.last().is_none_or(|other| self.compare(place, *other).is_lt());
        let at = if still_first {
            self.order.len()
        } else {
            self.order.partition_point(|other| self.compare(place, *other).is_lt())
        };
        self.order.insert(at, place);
    }

    #[inline]
    fn is_same(&self, one: usize, other: usize) -> bool {
        self.both(one, other)
            .is_some_and(|(one, other)| one.start() == other.start() && one.key() == other.key())
    }

    #[inline]
    fn compare(&self, one: usize, other: usize) -> Ordering {
        let rows = self
            .both(one, other)
            .map(|(one, other)| one.start().cmp(&other.start()).then_with(|| one.key().cmp(other.key())));
        rows.unwrap_or(Ordering::Equal).then(other.cmp(&one))
    }

    #[inline]
    fn both(&self, one: usize, other: usize) -> Option<(&Stream<'a>, &Stream<'a>)> {
        self.streams.get(one).zip(self.streams.get(other))
    }
}
