//! When the next message leaves.

use std::time::Duration;

/// What decides it.
#[derive(Debug)]
pub(super) enum Pace {
    /// So many are on their way: the next leaves when as many deliveries have come as it will be, whichever messages they are
    /// of. Waiting until one message has reached everybody would let the server stand still at the end of each.
    InFlight(usize),
    /// A clock.
    Clock(Schedule),
}

/// Times at equal distances, in nanoseconds.
///
/// They do not move when one is missed: whoever is late sends all that is due, with the time at which it was. Counting latency from then is
/// what keeps a server that stands still from looking fast, because the messages that nobody could send meanwhile would be missing from
/// the figures (coordinated omission).
#[derive(Debug)]
pub(super) struct Schedule {
    start: u64,
    interval: f64,
    taken: u64,
}

impl Schedule {
    pub(super) fn new(start: u64, per_second: f64) -> Self {
        Self {
            start,
            interval: 1e9 / per_second,
            taken: 0,
        }
    }

    /// The time of the next one, which is no time to send yet.
    pub(super) fn next(&self) -> u64 {
        self.start + (self.taken as f64 * self.interval) as u64
    }

    /// Takes the next one if it is due; when it was due.
    pub(super) fn take(&mut self, now: u64) -> Option<u64> {
        let next = self.next();
        if now < next {
            return None;
        }
        self.taken += 1;
        Some(next)
    }

    /// How long to wait for events. A poll wakes up a millisecond late, so the last one is not waited but spent looking.
    pub(super) fn patience(&self, now: u64) -> Duration {
        let left = Duration::from_nanos(self.next().saturating_sub(now));
        let whole = left.as_millis().saturating_sub(1);
        Duration::from_millis(u64::try_from(whole).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::super::latency::Latency;
    use super::*;

    const MS: u64 = 1_000_000;

    #[test]
    fn nothing_leaves_before_its_time_and_nothing_is_left_out() {
        let mut schedule = Schedule::new(5 * MS, 100.0);
        assert_eq!(schedule.take(5 * MS - 1), None);
        assert_eq!(schedule.take(6 * MS), Some(5 * MS));
        assert_eq!(schedule.take(6 * MS), None);
        let late: Vec<_> = std::iter::from_fn(|| schedule.take(40 * MS)).collect();
        assert_eq!(late, [15 * MS, 25 * MS, 35 * MS]);
        assert_eq!(schedule.patience(40 * MS), Duration::from_millis(4));
        assert_eq!(schedule.patience(44 * MS), Duration::ZERO);
    }

    /// A server that answers in 1 ms and stands still for one second in ten: a client that waits for it before sending the next one would
    /// see one slow answer in a thousand.
    #[test]
    fn a_server_that_stands_still_is_slow_for_all_who_waited() {
        let mut schedule = Schedule::new(0, 100.0);
        let mut latency = Latency::default();
        let mut now = 0;
        while schedule.next() < 10_000 * MS {
            now = now.max(schedule.next());
            // It stands still from second 5 to 6, and the sender with it.
            if now == 5_000 * MS {
                now += 1_000 * MS;
            }
            while let Some(due) = schedule.take(now) {
                latency.record(now + MS - due);
            }
        }
        let told = latency.summary().unwrap();
        assert!((990.0..1_010.0).contains(&told.p50), "{told:?}");
        assert!(
            (90_000.0..110_000.0).contains(&latency.quantile(0.91)),
            "{told:?}"
        );
        assert!(told.p99 > 890_000.0, "{told:?}");
        assert!((1_000_000.0..1_002_500.0).contains(&told.max), "{told:?}");
    }
}
