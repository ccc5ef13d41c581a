//! How often one user may send: at most so many in any window, burst included.

use std::collections::VecDeque;
use std::hash::Hash;
use std::time::Instant;

use rustc_hash::FxHashMap;

use crate::config::RateLimit;

/// Senders that are remembered before the idle ones are forgotten for the first time.
const FIRST_SWEEP: usize = 1024;

/// The sends of every sender within the last window.
#[derive(Debug)]
pub(crate) struct Limiter<K> {
    limit: Option<RateLimit>,
    senders: FxHashMap<K, VecDeque<Instant>>,
    sweep_at: usize,
}

impl<K: Clone + Eq + Hash> Limiter<K> {
    pub(crate) fn new(limit: Option<RateLimit>) -> Self {
        Self {
            limit,
            senders: FxHashMap::default(),
            sweep_at: FIRST_SWEEP,
        }
    }

    /// Another limit from here on; what was counted stays counted.
    pub(crate) fn change(&mut self, limit: Option<RateLimit>) {
        self.limit = limit;
    }

    /// Counts a send, or says in how many milliseconds the next one will be taken.
    pub(crate) fn admit(&mut self, user: &K, now: Instant) -> Result<(), u64> {
        let Some(limit) = self.limit else {
            return Ok(());
        };
        if self.senders.len() >= self.sweep_at {
            self.sweep(limit, now);
        }
        let sends = self.senders.entry(user.clone()).or_default();
        while sends
            .front()
            .is_some_and(|sent| now.duration_since(*sent) >= limit.window)
        {
            sends.pop_front();
        }
        match sends.front() {
            Some(oldest) if sends.len() >= limit.messages => {
                let wait = limit.window.saturating_sub(now.duration_since(*oldest));
                Err(u64::try_from(wait.as_micros().div_ceil(1000)).unwrap_or(u64::MAX))
            }
            _ => {
                sends.push_back(now);
                Ok(())
            }
        }
    }

    /// Takes back a send that did not happen.
    pub(crate) fn refund(&mut self, user: &K) {
        if let Some(sends) = self.senders.get_mut(user) {
            sends.pop_back();
        }
    }

    /// Forgets who has not sent within a window. The next sweep comes when twice as many are there again, so that
    /// a sweep costs each send a constant.
    fn sweep(&mut self, limit: RateLimit, now: Instant) {
        self.senders.retain(|_, sends| {
            sends
                .back()
                .is_some_and(|sent| now.duration_since(*sent) < limit.window)
        });
        self.sweep_at = FIRST_SWEEP.max(self.senders.len() * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use std::time::Duration;

    const LIMIT: RateLimit = RateLimit {
        messages: 3,
        window: Duration::from_secs(10),
    };

    #[test]
    fn a_burst_is_allowed_and_then_the_window_has_to_move_on() {
        let mut limiter = Limiter::new(Some(LIMIT));
        let (anna, start) = (UserId::from("anna"), Instant::now());
        for second in 0..3 {
            assert_eq!(
                limiter.admit(&anna, start + Duration::from_secs(second)),
                Ok(())
            );
        }
        assert_eq!(
            limiter.admit(&anna, start + Duration::from_secs(4)),
            Err(6000)
        );
        assert_eq!(
            limiter.admit(&UserId::from("ben"), start),
            Ok(()),
            "others are not concerned"
        );
        assert_eq!(
            limiter.admit(&anna, start + Duration::from_secs(10)),
            Ok(())
        );
        assert_eq!(
            limiter.admit(&anna, start + Duration::from_secs(10)),
            Err(1000)
        );
    }

    #[test]
    fn a_refunded_send_does_not_count() {
        let mut limiter = Limiter::new(Some(RateLimit {
            messages: 1,
            ..LIMIT
        }));
        let (anna, now) = (UserId::from("anna"), Instant::now());
        assert_eq!(limiter.admit(&anna, now), Ok(()));
        limiter.refund(&anna);
        assert_eq!(limiter.admit(&anna, now), Ok(()));
        assert!(limiter.admit(&anna, now).is_err());
    }

    #[test]
    fn another_limit_counts_what_was_sent_before() {
        let mut limiter = Limiter::new(Some(LIMIT));
        let (anna, now) = (UserId::from("anna"), Instant::now());
        assert_eq!(limiter.admit(&anna, now), Ok(()));
        let messages = 1;
        limiter.change(Some(RateLimit { messages, ..LIMIT }));
        assert_eq!(limiter.admit(&anna, now), Err(10_000));
        limiter.change(None);
        assert_eq!(limiter.admit(&anna, now), Ok(()));
    }

    #[test]
    fn idle_senders_are_forgotten() {
        let mut limiter = Limiter::new(Some(LIMIT));
        let start = Instant::now();
        for user in 0..5000_u64 {
            let now = start + Duration::from_secs(user);
            assert_eq!(limiter.admit(&UserId::from(user.to_string()), now), Ok(()));
        }
        assert!(limiter.senders.len() <= FIRST_SWEEP);
    }
}
