//! What is measured: the flags, with the holes filled for the scenario.

use std::time::Duration;

use engineio::Transport;
use serde::Serialize;

use super::BenchArgs;
use super::error::BenchError;
use super::mark;

/// What clients do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scenario {
    /// They are there.
    Idle,
    /// They come.
    Connect,
    /// They ask for acks.
    Echo,
    /// One room.
    Fanout,
    /// Many rooms.
    Rooms,
    /// One room, at a rate.
    Latency,
    /// One room, in which some do not read.
    Slow,
    /// One room of polling clients, at a rate.
    Polling,
}

impl Scenario {
    /// Whether it asks how much a server can do, which only a busy server answers.
    pub(super) fn is_throughput(self) -> bool {
        matches!(self, Self::Echo | Self::Fanout | Self::Rooms)
    }

    fn clients(self) -> usize {
        match self {
            Self::Echo => 64,
            Self::Idle | Self::Connect | Self::Polling => 10_000,
            Self::Fanout | Self::Rooms | Self::Latency | Self::Slow => 1_000,
        }
    }

    fn in_flight(self) -> usize {
        match self {
            Self::Idle | Self::Connect => 200,
            Self::Rooms => 100,
            Self::Echo => 1,
            Self::Fanout | Self::Latency | Self::Slow | Self::Polling => 4,
        }
    }

    fn rate(self) -> Option<f64> {
        match self {
            Self::Latency => Some(20.0),
            Self::Polling => Some(1.0),
            Self::Idle | Self::Connect | Self::Echo | Self::Fanout | Self::Rooms | Self::Slow => {
                None
            }
        }
    }
}

/// A measurement without holes.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) scenario: Scenario,
    pub(super) url: String,
    pub(super) clients: usize,
    pub(super) rooms: usize,
    pub(super) in_flight: usize,
    /// How many members of each room send by turns.
    pub(super) senders: usize,
    pub(super) size: usize,
    pub(super) window: Duration,
    pub(super) warm_up: Duration,
    /// How many messages are sent at least while it is measured.
    pub(super) messages: u64,
    pub(super) rate: Option<f64>,
    pub(super) server: Option<u32>,
    pub(super) transport: Transport,
    pub(super) stalled: usize,
}

impl Plan {
    pub(super) fn new(args: &BenchArgs) -> Result<Self, BenchError> {
        let scenario = args.scenario;
        let clients = args.clients.unwrap_or_else(|| scenario.clients());
        let rooms = match scenario {
            Scenario::Rooms => args.rooms.unwrap_or(100),
            _ => args.rooms.unwrap_or(1),
        };
        let in_flight = args.in_flight.unwrap_or_else(|| scenario.in_flight());
        let senders = match scenario.rate() {
            Some(_) => 1,
            None => (in_flight / rooms.max(1)).clamp(1, MOST_SENDERS),
        };
        let transport = match scenario {
            Scenario::Polling => Transport::Polling,
            _ => args.transport.unwrap_or(Transport::WebSocket),
        };
        let stalled = match scenario {
            Scenario::Slow => args.stalled.unwrap_or_else(|| clients.div_ceil(10)),
            _ => 0,
        };
        let plan = Self {
            scenario,
            url: args.url.clone(),
            clients,
            rooms,
            in_flight: if args.burst { clients } else { in_flight },
            senders: args.senders.unwrap_or(senders),
            size: args.size,
            window: seconds("--seconds", args.seconds)?,
            warm_up: seconds("--warm-up", args.warm_up)?,
            messages: args.messages,
            rate: args.rate.or_else(|| scenario.rate()),
            server: args.server_pid,
            transport,
            stalled,
        };
        plan.check(args)?;
        Ok(plan)
    }

    fn check(&self, args: &BenchArgs) -> Result<(), BenchError> {
        let rules = [
            (self.clients > 0, "--clients is at least 1"),
            (self.rooms > 0, "--rooms is at least 1"),
            (
                self.rooms <= self.clients,
                "there are more --rooms than --clients",
            ),
            (self.in_flight > 0, "--in-flight is at least 1"),
            (
                (1..=MOST_SENDERS).contains(&self.senders),
                "--senders is from 1 to 64",
            ),
            (
                self.size >= mark::LEN,
                "--size is at least 24: a message has its number and its time in it",
            ),
            (
                self.size <= MAX_SIZE,
                "--size is at most 900000: servers refuse messages above one million bytes",
            ),
            (
                self.rate.is_none_or(|rate| rate > 0.0 && rate <= MAX_RATE),
                "--rate is above 0 and at most 1000000",
            ),
            (!self.window.is_zero(), "--seconds is above 0"),
            (
                self.stalled < self.clients,
                "--stalled leaves nobody who reads",
            ),
            (
                !args.burst || self.scenario == Scenario::Connect,
                "--burst belongs to connect",
            ),
            (
                self.scenario != Scenario::Echo || self.transport == Transport::WebSocket,
                "echo is measured over websocket",
            ),
            (
                self.scenario != Scenario::Echo || args.rate.is_none(),
                "echo has no --rate: each client waits for its ack",
            ),
            (
                self.scenario != Scenario::Echo || self.in_flight == 1,
                "echo has one message of each client in flight: set --clients",
            ),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some(&(_, rule)) => Err(BenchError::Flags(rule)),
            None => Ok(()),
        }
    }
}

/// More that send by turns in one room make no difference.
const MOST_SENDERS: usize = 64;

/// Below the payload limit of one million bytes that servers have, with room for what is around the data.
const MAX_SIZE: usize = 900_000;

/// One message in a microsecond; above it, a clock that counts nanoseconds shows steps.
const MAX_RATE: f64 = 1_000_000.0;

/// A day: longer measurements are mistakes.
const MAX_SECONDS: f64 = 86_400.0;

fn seconds(flag: &'static str, value: f64) -> Result<Duration, BenchError> {
    match (0.0..=MAX_SECONDS).contains(&value) {
        true => Ok(Duration::from_secs_f64(value)),
        false => Err(BenchError::Seconds { flag, value }),
    }
}
