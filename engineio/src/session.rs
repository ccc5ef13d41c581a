//! The rules of one session: heartbeat, upgrade and close, as a plain state machine.
//!
//! Nothing here reads a clock, owns a socket or takes a lock. Time comes in as the [`Duration`]
//! since any fixed moment, events come in as `on_*` calls, and what has to be done comes out as an
//! [`Action`]. A driver (see `engineio::server`) turns actions into I/O; a test turns them into
//! assertions.
//!
//! ```text
//!            polling                 WebSocket (probe)
//!  client ── GET, POST ──▶ session ◀── 2probe ── client
//!                             │ ───── 3probe ──▶
//!  client ◀─ 6 every 100 ms ──┤        (client pauses polling)
//!                             │ ◀────── 5 ──────
//!            gone          WebSocket carries everything from here
//! ```

use std::time::Duration;

use crate::{CloseReason, Packet, Transport};

mod action;
mod heartbeat;
#[cfg(test)]
mod tests;
mod upgrade;

pub use action::{Action, ProbeAction, Refusal};
pub use upgrade::ProbeId;

use heartbeat::{Beat, Heartbeat};
use upgrade::{Due, Upgrade};

/// How often a noop answers the pending poll while a probe is under way, so that the client can
/// pause polling (the reference server uses the same figure).
pub const NOOP_INTERVAL: Duration = Duration::from_millis(100);

/// The intervals a session lives by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// From open, or from the last pong, to the next ping.
    pub ping_interval: Duration,
    /// How long a pong may take.
    pub ping_timeout: Duration,
    /// How long a probing WebSocket may take from its opening to its `5`.
    pub upgrade_timeout: Duration,
    /// How long a graceful close may take to hand over what is queued.
    pub close_timeout: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_millis(25_000),
            ping_timeout: Duration::from_millis(20_000),
            upgrade_timeout: Duration::from_millis(10_000),
            close_timeout: Duration::from_millis(30_000),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Closing {
        until: Duration,
        reason: CloseReason,
    },
    Closed(CloseReason),
}

/// The state of one Engine.IO session, version 4.
///
/// Use it when you drive a session over your own I/O; `engineio::server` does so for hyper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionState {
    timing: Timing,
    transport: Transport,
    heartbeat: Heartbeat,
    upgrade: Upgrade,
    phase: Phase,
    poll_pending: bool,
    post_pending: bool,
}

impl SessionState {
    /// A session that opened at `now` on `transport`.
    pub fn new(timing: Timing, transport: Transport, now: Duration) -> Self {
        Self {
            timing,
            transport,
            heartbeat: Heartbeat::resting(&timing, now),
            upgrade: Upgrade::new(),
            phase: Phase::Open,
            poll_pending: false,
            post_pending: false,
        }
    }

    /// The transport that carries the session's packets now.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// Whether packets are delivered and accepted.
    pub fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    /// Why the session is closing or closed, if it is.
    pub fn close_reason(&self) -> Option<CloseReason> {
        match self.phase {
            Phase::Open => None,
            Phase::Closing { reason, .. } | Phase::Closed(reason) => Some(reason),
        }
    }

    /// When [`on_tick`](Self::on_tick) has to be called next, at the latest.
    pub fn deadline(&self) -> Option<Duration> {
        let own = match self.phase {
            Phase::Closed(_) => return None,
            Phase::Closing { until, .. } => Some(until),
            Phase::Open => self.heartbeat.deadline(),
        };
        match (own, self.upgrade.deadline()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    /// Time has passed. Call again until it answers [`Action::None`].
    pub fn on_tick(&mut self, now: Duration) -> Action {
        match self.upgrade.on_tick(now) {
            Due::Expired => return Action::AbandonProbe,
            Due::Noop => return Action::Noop,
            Due::Nothing => {}
        }
        match self.phase {
            Phase::Open => match self.heartbeat.on_tick(&self.timing, now) {
                Beat::Ping => Action::Ping,
                Beat::Missed => self.finish(CloseReason::PingTimeout),
                Beat::Nothing => Action::None,
            },
            Phase::Closing { until, reason } if now >= until => self.finish(reason),
            Phase::Closing { .. } | Phase::Closed(_) => Action::None,
        }
    }

    /// A packet came over the session's current transport.
    pub fn on_packet(&mut self, packet: Packet, now: Duration) -> Action {
        if !self.is_open() {
            return Action::None;
        }
        match packet {
            Packet::Message(message) => Action::Deliver(message),
            Packet::Pong(_) => {
                self.heartbeat.on_pong(&self.timing, now);
                Action::None
            }
            // The server pings in version 4; also `2probe` on an established WebSocket.
            Packet::Ping(_) => self.finish(CloseReason::TransportError),
            Packet::Close => self.finish(CloseReason::TransportClose),
            Packet::Open(_) | Packet::Upgrade | Packet::Noop => Action::None,
        }
    }

    /// Bytes that do not decode came over the session's current transport.
    pub fn on_malformed(&mut self) -> Action {
        if self.is_open() {
            self.finish(CloseReason::ParseError)
        } else {
            Action::None
        }
    }

    /// The layer above stopped taking messages, so reading stops: a pong could not be seen.
    pub fn on_pause(&mut self) {
        self.heartbeat = Heartbeat::Suspended;
    }

    /// Reading goes on; the next ping is a whole interval away.
    pub fn on_resume(&mut self, now: Duration) {
        self.heartbeat.on_resume(&self.timing, now);
    }

    /// A polling GET arrived. After `Ok`, [`on_poll_end`](Self::on_poll_end) has to follow.
    ///
    /// # Errors
    /// [`Refusal::WrongTransport`] after the switch, [`Refusal::Overlap`] while one is pending.
    pub fn on_poll_start(&mut self) -> Result<(), Refusal> {
        if self.transport != Transport::Polling {
            return Err(Refusal::WrongTransport);
        }
        if self.poll_pending {
            return Err(Refusal::Overlap);
        }
        self.poll_pending = true;
        Ok(())
    }

    /// Whether a GET waits for its answer.
    pub fn is_poll_pending(&self) -> bool {
        self.poll_pending
    }

    /// The pending GET was answered, or its connection is gone.
    pub fn on_poll_end(&mut self) {
        self.poll_pending = false;
    }

    /// A polling POST arrived. After `Ok`, [`on_post_end`](Self::on_post_end) has to follow.
    ///
    /// # Errors
    /// As [`on_poll_start`](Self::on_poll_start).
    pub fn on_post_start(&mut self) -> Result<(), Refusal> {
        if self.transport != Transport::Polling {
            return Err(Refusal::WrongTransport);
        }
        if self.post_pending {
            return Err(Refusal::Overlap);
        }
        self.post_pending = true;
        Ok(())
    }

    /// The POST was answered, or its connection is gone.
    pub fn on_post_end(&mut self) {
        self.post_pending = false;
    }

    /// A WebSocket opened that names this session.
    ///
    /// # Errors
    /// [`Refusal::AlreadyUpgrading`] when another one probes or carries it; the session itself is
    /// untouched.
    pub fn on_probe_open(&mut self, now: Duration) -> Result<ProbeId, Refusal> {
        let closed = matches!(self.phase, Phase::Closed(_));
        if closed || self.transport == Transport::WebSocket {
            return Err(Refusal::AlreadyUpgrading);
        }
        let until = now.saturating_add(self.timing.upgrade_timeout);
        self.upgrade.open(until).ok_or(Refusal::AlreadyUpgrading)
    }

    /// A packet came over a probing WebSocket.
    pub fn on_probe_packet(
        &mut self,
        probe: ProbeId,
        packet: &Packet,
        now: Duration,
    ) -> ProbeAction {
        let action = self.upgrade.on_packet(probe, packet, now);
        if action == ProbeAction::Switch {
            self.transport = Transport::WebSocket;
            self.heartbeat.on_switch(&self.timing, now);
        }
        action
    }

    /// A probing WebSocket is gone; the session goes on over polling.
    pub fn on_probe_lost(&mut self, probe: ProbeId) {
        self.upgrade.on_lost(probe);
    }

    /// The transport is gone, or failed.
    pub fn on_transport_lost(&mut self, reason: CloseReason) -> Action {
        match self.phase {
            Phase::Open => self.finish(reason),
            Phase::Closing { reason, .. } => self.finish(reason),
            Phase::Closed(_) => Action::None,
        }
    }

    /// The application asks for an orderly close: what is queued leaves first, within
    /// [`Timing::close_timeout`]. From here nothing is delivered.
    pub fn on_close(&mut self, reason: CloseReason, now: Duration) {
        if self.is_open() {
            let until = now.saturating_add(self.timing.close_timeout);
            self.phase = Phase::Closing { until, reason };
        }
    }

    /// What was queued has left; an orderly close is complete.
    pub fn on_flushed(&mut self) -> Action {
        match self.phase {
            Phase::Closing { reason, .. } => self.finish(reason),
            Phase::Open | Phase::Closed(_) => Action::None,
        }
    }

    fn finish(&mut self, reason: CloseReason) -> Action {
        self.phase = Phase::Closed(reason);
        // A `5` that is already on its way must not switch a session that is over.
        self.upgrade.abandon();
        Action::Close(reason)
    }
}
