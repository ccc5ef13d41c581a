//! The clients come, and join.

use std::time::Duration;

use engineio::Transport;
use socketio::client::{ClientError, Notice};

use super::clients::Clients;
use super::crowd::Crowd;
use super::error::BenchError;
use super::latency::{Latency, Summary};
use super::place::Place;
use super::progress::Progress;
use super::scene::Scene;

/// How long a first client waits, which is alone with the server.
const ALONE: Duration = Duration::from_secs(5);

/// How long nothing may happen while many come: a connection for which the server's backlog had no room is tried again by the system 1, 3,
/// 7, 15, 31 and 63 seconds after the first time.
const PATIENCE: Duration = Duration::from_secs(40);

/// How long one poll may take.
const TICK: Duration = Duration::from_millis(50);

/// The ack that a client waits for before it counts as there.
const JOINED: u64 = 0;

/// Who is to come.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    pub(super) place: &'a Place,
    pub(super) url: &'a str,
    /// How many clients.
    pub(super) clients: usize,
    /// How many of them may be on their way at once.
    pub(super) at_once: usize,
    /// What each speaks.
    pub(super) transport: &'a dyn Fn(usize) -> Transport,
    /// The room that each joins.
    pub(super) room: &'a dyn Fn(usize) -> Option<String>,
}

/// Clients on their way.
pub(super) struct Opening<'a> {
    order: Order<'a>,
    /// When each began.
    begun: Vec<u64>,
    ready: usize,
    cut: usize,
    error: Option<String>,
    /// The one that reads now has just been let in.
    is_in: bool,
    /// Somebody was let in at all.
    was_in: bool,
    active: u64,
    latency: Latency,
}

impl<'a> Opening<'a> {
    pub(super) fn new(order: Order<'a>) -> Self {
        Self {
            order,
            begun: Vec::with_capacity(order.clients),
            ready: 0,
            cut: 0,
            error: None,
            is_in: false,
            was_in: false,
            active: 0,
            latency: Latency::default(),
        }
    }

    /// Sends one client there and back, to see whether the server speaks as expected.
    pub(super) fn probe(order: Order<'a>) -> Result<(), BenchError> {
        let mut crowd = Crowd::new()?;
        let mut probe = Self::new(Order {
            clients: 1,
            ..order
        });
        probe.start(&mut crowd)?;
        while probe.ready == 0 {
            crowd.turn(TICK, &mut probe)?;
            let url = || order.url.to_owned();
            if let Some(reason) = probe.error.take() {
                return Err(BenchError::NotSocketIo { url: url(), reason });
            }
            if crowd.now() > nanos(ALONE) {
                return Err(BenchError::NoAnswer {
                    url: url(),
                    asked: if probe.was_in { "`join`" } else { "CONNECT" },
                    seconds: ALONE.as_secs(),
                });
            }
        }
        Ok(())
    }

    /// Lets all of them come. Some may fail: the crowd knows how many.
    pub(super) fn run(
        mut self,
        crowd: &mut Crowd,
        progress: &mut Progress,
    ) -> Result<Opened, BenchError> {
        let wanted = self.order.clients;
        progress.begin("connect", wanted as u64, "clients");
        let from = crowd.now();
        self.active = from;
        while self.ready + self.cut < wanted {
            self.start(crowd)?;
            crowd.turn(TICK, &mut self)?;
            progress.at(self.ready as u64);
            if crowd.now().saturating_sub(self.active) > nanos(PATIENCE) {
                return Err(BenchError::Stuck {
                    ready: self.ready,
                    wanted,
                    cut: self.cut,
                    reason: self.error,
                    seconds: PATIENCE.as_secs(),
                });
            }
        }
        progress.end();
        if self.ready == 0 {
            let url = self.order.url.to_owned();
            let reason = self.error.unwrap_or_default();
            return Err(BenchError::NotSocketIo { url, reason });
        }
        Ok(Opened {
            clients: self.ready,
            latency: self.latency.summary(),
        })
    }

    /// Sends out as many as may be on their way.
    fn start(&mut self, crowd: &mut Crowd) -> Result<(), BenchError> {
        while self.begun.len() < self.order.clients
            && self.begun.len() < self.ready + self.cut + self.order.at_once
        {
            let transport = (self.order.transport)(self.begun.len());
            self.begun.push(crowd.now());
            crowd.add(self.order.place, transport)?;
        }
        Ok(())
    }
}

/// Those who came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    pub(super) clients: usize,
    /// From the first packet of TCP until the namespace is open.
    pub(super) latency: Option<Summary>,
}

impl Scene for Opening<'_> {
    fn on_notice(&mut self, who: usize, notice: Notice<'_>, now: u64) {
        self.active = now;
        match notice {
            Notice::Connected => {
                self.is_in = true;
                self.was_in = true;
                let begun = self.begun.get(who).copied().unwrap_or(now);
                self.latency.record(now.saturating_sub(begun));
            }
            Notice::Ack { id: JOINED, .. } => self.ready += 1,
            _ => {}
        }
    }

    fn on_read(&mut self, who: usize, _: u64, clients: &mut Clients) {
        if !std::mem::take(&mut self.is_in) {
            return;
        }
        match (self.order.room)(who) {
            Some(room) => {
                clients.send(who, format!(r#"2{JOINED}["join","{room}"]"#).as_bytes());
            }
            None => self.ready += 1,
        }
    }

    fn on_end(&mut self, _: usize, error: &ClientError) {
        self.cut += 1;
        let told = || super::error::told(error);
        self.error.get_or_insert_with(told);
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
