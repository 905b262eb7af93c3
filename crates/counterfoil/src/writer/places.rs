//! Places in the bounded queue: one for each request that waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many requests wait, and how many may.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    taken: Arc<AtomicUsize>,
    most: usize,
}

/// Places that were taken; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    taken: Arc<AtomicUsize>,
    count: usize,
}

impl Places {
    pub(crate) fn new(most: usize) -> Self {
        Self { taken: Arc::default(), most }
    }

    /// Takes so many places, where there are as many. A submission that is larger than the
    /// queue takes all of it.
    pub(crate) fn take(&self, count: usize) -> Option<Taken> {
        let count = count.clamp(1, self.most.max(1));
        let fits = |taken: usize| taken.checked_add(count).filter(|taken| *taken <= self.most);
        let order = Ordering::Relaxed;
        self.taken.fetch_update(order, order, fits).ok()?;
        Some(Taken { taken: self.taken.clone(), count })
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.taken.fetch_sub(self.count, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_taken_and_given_back() {
        let places = Places::new(3);
        let two = places.take(2).unwrap();
        assert!(places.take(2).is_none());
        let one = places.take(0).unwrap();
        assert!(places.take(1).is_none());
        drop((two, one));
        let all = places.take(9).unwrap();
        assert!(places.take(1).is_none());
        drop(all);
        assert!(Places::new(0).take(1).is_none());
    }
}
