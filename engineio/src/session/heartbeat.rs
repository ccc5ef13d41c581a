//! When the server pings, and how long a pong may take.

use std::time::Duration;

use super::Timing;

/// How late a ping may leave without the client getting that much longer for its pong: what timers
/// and tasks usually take. It keeps the advertised sum of interval and time-out exact.
const TIMER_SLACK: Duration = Duration::from_millis(10);

/// Where the heartbeat of one session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heartbeat {
    Interval {
        ping_at: Duration,
    },
    AwaitingPong {
        until: Duration,
    },
    /// Reading is paused by the layer above, so a pong could not be seen: no deadline runs.
    Suspended,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beat {
    Nothing,
    Ping,
    /// No pong came in time.
    Missed,
}

impl Heartbeat {
    /// The next ping is a whole interval away.
    pub(super) fn resting(timing: &Timing, now: Duration) -> Self {
        Self::Interval {
            ping_at: now.saturating_add(timing.ping_interval),
        }
    }

    fn awaiting(timing: &Timing, now: Duration) -> Self {
        Self::AwaitingPong {
            until: now.saturating_add(timing.ping_timeout),
        }
    }

    pub(super) fn deadline(self) -> Option<Duration> {
        match self {
            Self::Interval { ping_at } => Some(ping_at),
            Self::AwaitingPong { until } => Some(until),
            Self::Suspended => None,
        }
    }

    pub(super) fn on_tick(&mut self, timing: &Timing, now: Duration) -> Beat {
        match *self {
            Self::Interval { ping_at } if now >= ping_at => {
                // A timer is always a little late; only a server that was held up owes the client more.
                let punctual = now.saturating_sub(ping_at) <= TIMER_SLACK;
                *self = Self::awaiting(timing, if punctual { ping_at } else { now });
                Beat::Ping
            }
            Self::AwaitingPong { until } if now >= until => Beat::Missed,
            Self::Interval { .. } | Self::AwaitingPong { .. } | Self::Suspended => Beat::Nothing,
        }
    }

    pub(super) fn on_pong(&mut self, timing: &Timing, now: Duration) {
        if *self != Self::Suspended {
            *self = Self::resting(timing, now);
        }
    }

    pub(super) fn on_resume(&mut self, timing: &Timing, now: Duration) {
        if *self == Self::Suspended {
            *self = Self::resting(timing, now);
        }
    }

    /// A ping may have left on the old transport: its pong gets a whole time-out from here, so that
    /// a lost one still ends the session and a slow one does not.
    pub(super) fn on_switch(&mut self, timing: &Timing, now: Duration) {
        if let Self::AwaitingPong { .. } = self {
            *self = Self::awaiting(timing, now);
        }
    }
}
