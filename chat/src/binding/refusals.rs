//! How much is logged of what one socket is refused: a flood must not fill the disk.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Lines for one socket in each [`SPAN`].
const LINES: u32 = 10;

/// How long the lines are counted.
const SPAN: Duration = Duration::from_secs(1);

/// The refusals of one socket.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<Logged>);

#[derive(Debug, Default)]
struct Logged {
    since: Option<Instant>,
    lines: u32,
    left_out: u64,
}

impl Refusals {
    /// Whether this one gets a line, and how many before it had none.
    pub(super) fn line(&self, now: Instant) -> Option<u64> {
        let mut logged = self.0.lock();
        let is_over = |since| now.saturating_duration_since(since) >= SPAN;
        if logged.since.is_none_or(is_over) {
            logged.since = Some(now);
            logged.lines = 0;
        }
        if logged.lines == LINES {
            logged.left_out = logged.left_out.saturating_add(1);
            return None;
        }
        logged.lines += 1;
        Some(std::mem::take(&mut logged.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_gets_ten_lines_a_second_and_its_size() {
        let refusals = Refusals::default();
        let begun = Instant::now();
        let lines = (0..1000).filter_map(|_| refusals.line(begun));
        assert_eq!(lines.collect::<Vec<_>>(), [0; 10]);
        assert_eq!(refusals.line(begun + SPAN), Some(990));
        assert_eq!(refusals.line(begun + SPAN), Some(0));
    }
}
