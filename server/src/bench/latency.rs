//! A histogram of times.

use hdrhistogram::Histogram;
use serde::Serialize;

/// Longer than anything that is waited for, in nanoseconds: ten minutes.
const LONGEST: u64 = 600_000_000_000;

/// Digits that are kept of a time: a thousandth is more than a machine repeats.
const DIGITS: u8 = 3;

/// How long things took.
#[derive(Debug)]
pub(super) struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST, DIGITS).expect("the bounds are in order"))
    }
}

impl Latency {
    /// Counts a time in nanoseconds.
    pub(super) fn record(&mut self, nanoseconds: u64) {
        self.0.saturating_record(nanoseconds);
    }

    /// Below it is that part of all times; in microseconds.
    pub(super) fn quantile(&self, part: f64) -> f64 {
        micros(self.0.value_at_quantile(part))
    }

    /// The usual quantiles, if there were times at all.
    pub(super) fn summary(&self) -> Option<Summary> {
        (!self.0.is_empty()).then(|| Summary {
            p50: self.quantile(0.5),
            p90: self.quantile(0.9),
            p99: self.quantile(0.99),
            p999: self.quantile(0.999),
            max: micros(self.0.max()),
        })
    }
}

/// Quantiles in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Summary {
    pub(super) p50: f64,
    pub(super) p90: f64,
    pub(super) p99: f64,
    pub(super) p999: f64,
    pub(super) max: f64,
}

fn micros(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e3
}
