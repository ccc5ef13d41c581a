//! The probe of a polling session over a new WebSocket.

use std::time::Duration;

use super::{NOOP_INTERVAL, ProbeAction};
use crate::Packet;

/// Which probe of a session is meant.
///
/// A probe that ends late, when another has taken its place already, must not end that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProbeId(u64);

/// How far the upgrade of one session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Upgrade {
    stage: Stage,
    /// Probes there were, which is the id of the last one.
    probes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    None,
    Probing {
        until: Duration,
        noop_at: Option<Duration>,
    },
    Done,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    Noop,
    Expired,
}

impl Upgrade {
    pub(super) const fn new() -> Self {
        Self {
            stage: Stage::None,
            probes: 0,
        }
    }

    /// `None` while another probe is under way, and after the switch.
    pub(super) fn open(&mut self, until: Duration) -> Option<ProbeId> {
        if self.stage != Stage::None {
            return None;
        }
        let noop_at = None;
        self.stage = Stage::Probing { until, noop_at };
        self.probes = self.probes.wrapping_add(1);
        Some(ProbeId(self.probes))
    }

    pub(super) fn deadline(self) -> Option<Duration> {
        match self.stage {
            Stage::Probing { until, noop_at } => Some(noop_at.map_or(until, |at| at.min(until))),
            Stage::None | Stage::Done => None,
        }
    }

    pub(super) fn on_tick(&mut self, now: Duration) -> Due {
        let Stage::Probing { until, noop_at } = self.stage else {
            return Due::Nothing;
        };
        if now >= until {
            self.stage = Stage::None;
            return Due::Expired;
        }
        if noop_at.is_some_and(|at| now >= at) {
            let noop_at = Some(now.saturating_add(NOOP_INTERVAL));
            self.stage = Stage::Probing { until, noop_at };
            return Due::Noop;
        }
        Due::Nothing
    }

    pub(super) fn on_packet(
        &mut self,
        probe: ProbeId,
        packet: &Packet,
        now: Duration,
    ) -> ProbeAction {
        let Stage::Probing { until, .. } = self.stage else {
            return ProbeAction::Abandon;
        };
        if !self.is_last(probe) {
            return ProbeAction::Abandon;
        }
        match packet {
            Packet::Ping(data) if data == "probe" => {
                let noop_at = Some(now.saturating_add(NOOP_INTERVAL));
                self.stage = Stage::Probing { until, noop_at };
                ProbeAction::Pong
            }
            Packet::Upgrade => {
                self.stage = Stage::Done;
                ProbeAction::Switch
            }
            Packet::Ping(_)
            | Packet::Pong(_)
            | Packet::Open(_)
            | Packet::Close
            | Packet::Message(_)
            | Packet::Noop => {
                self.stage = Stage::None;
                ProbeAction::Abandon
            }
        }
    }

    pub(super) fn on_lost(&mut self, probe: ProbeId) {
        if self.is_last(probe) {
            self.abandon();
        }
    }

    /// Ends the probe that is under way, whichever it is.
    pub(super) fn abandon(&mut self) {
        if let Stage::Probing { .. } = self.stage {
            self.stage = Stage::None;
        }
    }

    fn is_last(self, probe: ProbeId) -> bool {
        probe == ProbeId(self.probes)
    }
}
