//! The buckets of the histograms. Each bound is one more line for every combination of labels: few, where it matters.

/// Seconds of things that take from a fraction of a millisecond to seconds: events, requests, the store.
pub(super) const SECONDS: [f64; 12] = [
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Seconds of handing an event to all its recipients: microseconds, unless the room is large.
pub(super) const FAN_OUT_SECONDS: [f64; 9] = [
    0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.25,
];

/// How many sockets got an event.
pub(super) const RECIPIENTS: [f64; 8] = [0.0, 1.0, 5.0, 10.0, 50.0, 100.0, 1_000.0, 10_000.0];

/// Rows in one transaction.
pub(super) const BATCH: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
