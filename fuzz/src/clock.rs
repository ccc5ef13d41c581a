//! When a session has to do something next.

use std::time::Duration;

use engineio::session::{NOOP_INTERVAL, Timing};

/// A ping that leaves so late still counts from when it was due.
const SLACK: Duration = Duration::from_millis(10);

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing.
    Nothing,
    /// The probe is given up.
    Abandon,
    /// A poll is answered so that the client can stop polling.
    Noop,
    /// A ping.
    Ping,
    /// The end: no pong came, or the close has taken too long.
    End,
}

#[derive(Debug, Clone, Copy)]
enum Beat {
    Off,
    PingAt(Duration),
    PongUntil(Duration),
}

#[derive(Debug, Clone, Copy)]
struct Probe {
    until: Duration,
    noop_at: Option<Duration>,
}

/// The deadlines of one session.
#[derive(Debug)]
pub struct Clock {
    timing: Timing,
    beat: Beat,
    probe: Option<Probe>,
    closing: Option<Duration>,
}

impl Clock {
    /// Of a session that opens now.
    pub fn new(timing: Timing, now: Duration) -> Self {
        Self {
            timing,
            beat: Beat::PingAt(now + timing.ping_interval),
            probe: None,
            closing: None,
        }
    }

    /// When something is due.
    pub fn next(&self) -> Option<Duration> {
        let beat = match (self.closing, self.beat) {
            (Some(until), _) => Some(until),
            (None, Beat::PingAt(at) | Beat::PongUntil(at)) => Some(at),
            (None, Beat::Off) => None,
        };
        let probe = self
            .probe
            .map(|probe| probe.until.min(probe.noop_at.unwrap_or(probe.until)));
        [beat, probe].into_iter().flatten().min()
    }

    /// What is due now; it counts as done.
    pub fn tick(&mut self, now: Duration) -> Due {
        if let Some(probe) = self.probe {
            if probe.until <= now {
                self.probe = None;
                return Due::Abandon;
            }
            if probe.noop_at.is_some_and(|at| at <= now) {
                self.on_probed(now);
                return Due::Noop;
            }
        }
        match (self.closing, self.beat) {
            (Some(until), _) if until <= now => Due::End,
            (None, Beat::PongUntil(until)) if until <= now => Due::End,
            (None, Beat::PingAt(at)) if at <= now => {
                let from = if now <= at + SLACK { at } else { now };
                self.beat = Beat::PongUntil(from + self.timing.ping_timeout);
                Due::Ping
            }
            _ => Due::Nothing,
        }
    }

    /// A pong came.
    pub fn on_pong(&mut self, now: Duration) {
        if !matches!(self.beat, Beat::Off) {
            self.beat = Beat::PingAt(now + self.timing.ping_interval);
        }
    }

    /// Reading stops.
    pub fn on_pause(&mut self) {
        self.beat = Beat::Off;
    }

    /// Reading goes on.
    pub fn on_resume(&mut self, now: Duration) {
        if matches!(self.beat, Beat::Off) {
            self.beat = Beat::PingAt(now + self.timing.ping_interval);
        }
    }

    /// A probe opened.
    pub fn on_probe_open(&mut self, now: Duration) {
        self.probe = Some(Probe {
            until: now + self.timing.upgrade_timeout,
            noop_at: None,
        });
    }

    /// The probe was answered.
    pub fn on_probed(&mut self, now: Duration) {
        if let Some(probe) = &mut self.probe {
            probe.noop_at = Some(now + NOOP_INTERVAL);
        }
    }

    /// The probe has ended.
    pub fn on_probe_end(&mut self) {
        self.probe = None;
    }

    /// The transport was switched: a pong that is awaited has its whole time from now.
    pub fn on_switch(&mut self, now: Duration) {
        self.probe = None;
        if let Beat::PongUntil(_) = self.beat {
            self.beat = Beat::PongUntil(now + self.timing.ping_timeout);
        }
    }

    /// An orderly close begins.
    pub fn on_close(&mut self, now: Duration) {
        self.closing = Some(now + self.timing.close_timeout);
    }
}
