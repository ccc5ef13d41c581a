//! How values are spread, counted without a lock.

use std::sync::atomic::{AtomicU64, Ordering};

/// Buckets that a histogram has room for, the one without an upper bound included.
pub(crate) const BUCKETS: usize = 16;

/// Values by the first bound that they do not pass. Everything is added with relaxed atomics: a reader
/// sees each value once, perhaps the count a moment before the sum.
#[derive(Debug)]
pub(crate) struct Histogram {
    bounds: &'static [u64],
    counts: [AtomicU64; BUCKETS],
    sum: AtomicU64,
}

/// A histogram that one task fills before it is added to a shared one.
#[derive(Debug, Default)]
pub(crate) struct Pile {
    counts: [u64; BUCKETS],
    sum: u64,
}

/// How values are spread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Distribution {
    /// The upper bounds of the buckets, each included; above the last there is one more.
    pub bounds: &'static [u64],
    /// How many values each bucket has: one count more than there are bounds.
    pub counts: Vec<u64>,
    /// All values added up.
    pub sum: u64,
}

/// Which bucket a value belongs to.
fn bucket(bounds: &[u64], value: u64) -> usize {
    bounds.partition_point(|bound| *bound < value)
}

impl Pile {
    pub(crate) fn observe(&mut self, bounds: &[u64], value: u64) {
        if let Some(count) = self.counts.get_mut(bucket(bounds, value)) {
            *count += 1;
        }
        self.sum += value;
    }
}

impl Histogram {
    /// `bounds` in rising order, fewer than [`BUCKETS`].
    pub(crate) fn new(bounds: &'static [u64]) -> Self {
        Self {
            bounds,
            counts: Default::default(),
            sum: AtomicU64::new(0),
        }
    }

    pub(crate) fn observe(&self, value: u64) {
        if let Some(count) = self.counts.get(bucket(self.bounds, value)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Adds what was piled up, and leaves nothing there.
    pub(crate) fn take(&self, pile: &mut Pile) {
        let Pile { counts, sum } = std::mem::take(pile);
        for (count, more) in self.counts.iter().zip(counts) {
            if more > 0 {
                count.fetch_add(more, Ordering::Relaxed);
            }
        }
        self.sum.fetch_add(sum, Ordering::Relaxed);
    }

    /// Adds what it holds to a distribution of the same bounds.
    pub(crate) fn add_to(&self, all: &mut Distribution) {
        for (sum, count) in all.counts.iter_mut().zip(&self.counts) {
            *sum += count.load(Ordering::Relaxed);
        }
        all.sum += self.sum.load(Ordering::Relaxed);
    }
}

impl Distribution {
    pub(crate) fn empty(bounds: &'static [u64]) -> Self {
        Self {
            bounds,
            counts: vec![0; bounds.len() + 1],
            sum: 0,
        }
    }

    /// How many values there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

#[cfg(all(test, not(roomcast_model)))]
mod tests {
    use super::*;

    const BOUNDS: &[u64] = &[10, 100];

    #[test]
    fn a_bound_belongs_to_its_bucket_and_nothing_is_counted_twice() {
        let (histogram, mut pile) = (Histogram::new(BOUNDS), Pile::default());
        for value in [0, 10, 11, 100] {
            histogram.observe(value);
        }
        for value in [101, 5] {
            pile.observe(BOUNDS, value);
        }
        histogram.take(&mut pile);
        histogram.take(&mut pile);
        let mut all = Distribution::empty(BOUNDS);
        histogram.add_to(&mut all);
        assert_eq!(all.counts, [3, 2, 1]);
        assert_eq!((all.sum, all.count()), (227, 6));
    }
}
