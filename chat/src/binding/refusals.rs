//! How much is logged of what one socket is refused: a flood must not fill the disk.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Lines that a socket has at once: a program with a mistake in each of its requests still gets all of them.
const BURST: u32 = 100;

/// Another line each tenth of a second: a flood writes 2 KB a second, and is still seen to go on.
const REFILL: Duration = Duration::from_millis(100);

/// The refusals of one socket.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Logged>);

#[derive(Debug, Default)]
struct Logged {
    spent: u32,
    /// Until when what is spent has been refilled.
    refilled: Option<Instant>,
    left_out: u64,
}

impl Refusals {
    /// Whether this one gets a line, and how many before it had none.
    pub(super) fn line(&self, now: Instant) -> Option<u64> {
        let mut logged = self.0.lock();
        logged.refill(now);
        if logged.spent == BURST {
            logged.left_out = logged.left_out.saturating_add(1);
            return None;
        }
        logged.spent += 1;
        Some(std::mem::take(&mut logged.left_out))
    }
}

impl Logged {
    fn refill(&mut self, now: Instant) {
        let since = *self.refilled.get_or_insert(now);
        let lines = now.saturating_duration_since(since).as_millis() / REFILL.as_millis();
        let lines = u32::try_from(lines).unwrap_or(u32::MAX);
        self.spent = self.spent.saturating_sub(lines);
        self.refilled = if self.spent == 0 {
            Some(now)
        } else {
            since.checked_add(REFILL.saturating_mul(lines))
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many refusals at one moment get a line.
    fn lines(refusals: &Refusals, count: usize, now: Instant) -> usize {
        (0..count).filter_map(|_| refusals.line(now)).count()
    }

    #[test]
    fn a_hundred_refusals_at_once_all_get_their_line() {
        let (refusals, begun) = (Refusals::default(), Instant::now());
        let left_out = (0..100).map(|_| refusals.line(begun));
        assert_eq!(left_out.collect::<Vec<_>>(), [Some(0); 100]);
        assert_eq!(refusals.line(begun), None);
    }

    #[test]
    fn a_flood_that_goes_on_gets_ten_lines_a_second() {
        let (refusals, begun) = (Refusals::default(), Instant::now());
        assert_eq!(lines(&refusals, 1000, begun), 100);
        let later = (1..=1000).map(|step| begun + Duration::from_millis(step * 10));
        assert_eq!(
            later.map(|now| lines(&refusals, 7, now)).sum::<usize>(),
            100
        );
    }

    #[test]
    fn the_next_line_tells_how_many_were_left_out() {
        let (refusals, begun) = (Refusals::default(), Instant::now());
        assert_eq!(lines(&refusals, 1000, begun), 100);
        let next = begun + REFILL;
        assert_eq!(refusals.line(next - Duration::from_millis(1)), None);
        assert_eq!(refusals.line(next), Some(901));
        assert_eq!(refusals.line(next), None);
        assert_eq!(refusals.line(next + REFILL), Some(1));
    }

    #[test]
    fn however_long_it_was_quiet_a_burst_is_a_hundred_lines() {
        let (refusals, begun) = (Refusals::default(), Instant::now());
        assert_eq!(lines(&refusals, 3, begun), 3);
        assert_eq!(
            lines(&refusals, 1000, begun + Duration::from_secs(86_400)),
            100
        );
    }

    #[test]
    fn who_is_refused_ten_times_a_second_gets_every_line() {
        let (refusals, begun) = (Refusals::default(), Instant::now());
        for step in 0..500 {
            assert_eq!(refusals.line(begun + REFILL * step), Some(0), "{step}");
        }
    }
}
