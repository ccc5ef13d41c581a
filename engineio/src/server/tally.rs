//! What an engine has done so far.
//!
//! Everything that happens often is counted by the worker at which a session is at home, on cache lines that no other
//! worker writes to, and once for a read, a write or a broadcast, not for each packet in it. Whoever asks adds
//! up. Nothing here counts down: how many sessions there are is asked of their table.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use super::histogram::{Distribution, Histogram, Pile};
use super::stats::{ByTransport, Stats};
use crate::{CloseReason, Packet, Transport};

/// Bytes that were queued for a session when a writer came by. The last one is the default limit.
const QUEUE_BYTES: &[u64] = &[
    256,
    1 << 10,
    4 << 10,
    16 << 10,
    64 << 10,
    256 << 10,
    1 << 20,
];

/// Microseconds from the end of a broadcast until its last recipient was written to.
const LAG_MICROS: &[u64] = &[
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000,
];

/// Microseconds from a ping to its pong.
const RTT_MICROS: &[u64] = &[
    1_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
    5_000_000, 10_000_000,
];

/// The types of packets, in the order of their numbers on the wire.
const TYPES: [&str; 7] = [
    "open", "close", "ping", "pong", "message", "upgrade", "noop",
];

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Tally {
    shares: Box<[Share]>,
    opened: Pair,
    /// What is told in words and happens to a session a few times at most; taken alone.
    words: Mutex<Words>,
}

/// A counter for each transport.
type Pair = [AtomicU64; 2];

/// Reasons come from code, never from a peer: there is a bounded number of them.
#[derive(Debug, Default)]
struct Words {
    closed: BTreeMap<(&'static str, &'static str), u64>,
    upgrades: BTreeMap<&'static str, u64>,
    limits: BTreeMap<&'static str, u64>,
}

/// What one worker counts. Two cache lines apart, since processors fetch them in pairs.
#[derive(Debug)]
#[repr(align(128))]
struct Share {
    bytes_in: Pair,
    bytes_out: Pair,
    packets_in: [AtomicU64; TYPES.len()],
    messages_out: AtomicU64,
    pings_out: AtomicU64,
    dropped: AtomicU64,
    queue: Histogram,
    lag: Histogram,
    rtt: Histogram,
}

/// What one read brought.
#[derive(Debug, Default)]
pub(crate) struct Arrived {
    packets: [u64; TYPES.len()],
    /// Of frames or bodies.
    pub(crate) bytes: usize,
}

/// What one or more visits of a writer took away. Its owner adds it to the tally.
#[derive(Debug, Default)]
pub(crate) struct Departed {
    bytes: u64,
    messages: u64,
    queue: Pile,
}

impl Arrived {
    /// So many bytes, whose packets are counted as they are taken.
    pub(crate) fn of(bytes: usize) -> Self {
        Self {
            bytes,
            ..Self::default()
        }
    }

    pub(crate) fn note(&mut self, packet: &Packet) {
        let number = match packet {
            Packet::Open(_) => 0,
            Packet::Close => 1,
            Packet::Ping(_) => 2,
            Packet::Pong(_) => 3,
            Packet::Message(_) => 4,
            Packet::Upgrade => 5,
            Packet::Noop => 6,
        };
        if let Some(count) = self.packets.get_mut(number) {
            *count += 1;
        }
    }
}

impl Departed {
    /// One visit: so many bytes were queued, so many and so many messages left.
    pub(crate) fn note(&mut self, queued: usize, written: usize, messages: u64) {
        self.bytes += written as u64;
        self.messages += messages;
        self.queue.observe(QUEUE_BYTES, queued as u64);
    }
}

impl Share {
    fn new() -> Self {
        Self {
            bytes_in: Pair::default(),
            bytes_out: Pair::default(),
            packets_in: Default::default(),
            messages_out: AtomicU64::new(0),
            pings_out: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            queue: Histogram::new(QUEUE_BYTES),
            lag: Histogram::new(LAG_MICROS),
            rtt: Histogram::new(RTT_MICROS),
        }
    }
}

fn add(counter: &AtomicU64, more: u64) {
    if more > 0 {
        counter.fetch_add(more, Ordering::Relaxed);
    }
}

const fn of(pair: &Pair, transport: Transport) -> &AtomicU64 {
    let [polling, websocket] = pair;
    match transport {
        Transport::Polling => polling,
        Transport::WebSocket => websocket,
    }
}

fn sum(pairs: impl Iterator<Item = [u64; 2]>) -> ByTransport {
    pairs.fold(ByTransport::default(), |sum, [polling, websocket]| {
        ByTransport {
            polling: sum.polling + polling,
            websocket: sum.websocket + websocket,
        }
    })
}

fn load(pair: &Pair) -> [u64; 2] {
    pair.each_ref().map(|count| count.load(Ordering::Relaxed))
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Tally {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            shares: (0..workers.max(1)).map(|_| Share::new()).collect(),
            opened: Pair::default(),
            words: Mutex::default(),
        }
    }

    pub(crate) fn on_opened(&self, transport: Transport) {
        add(of(&self.opened, transport), 1);
    }

    /// A session is over, for this reason and for what exactly was noted.
    pub(crate) fn on_closed(&self, reason: CloseReason, detail: &'static str) {
        let mut words = self.words.lock();
        *words.closed.entry((reason.as_str(), detail)).or_default() += 1;
    }

    /// A probe of a polling session has come to an end.
    pub(crate) fn on_upgrade(&self, outcome: &'static str) {
        *self.words.lock().upgrades.entry(outcome).or_default() += 1;
    }

    /// A limit was passed so many times, and nothing else that is counted tells of it.
    pub(crate) fn on_limit(&self, reason: &'static str, times: u64) {
        *self.words.lock().limits.entry(reason).or_default() += times;
    }

    pub(crate) fn on_arrived(&self, home: usize, transport: Transport, arrived: &Arrived) {
        let Some(share) = self.shares.get(home) else {
            return;
        };
        add(of(&share.bytes_in, transport), arrived.bytes as u64);
        for (count, more) in share.packets_in.iter().zip(arrived.packets) {
            add(count, more);
        }
    }

    /// Takes over what left by WebSocket.
    pub(crate) fn on_departed(&self, home: usize, departed: &mut Departed) {
        let Some(share) = self.shares.get(home) else {
            return;
        };
        add(of(&share.bytes_out, Transport::WebSocket), departed.bytes);
        add(&share.messages_out, departed.messages);
        share.queue.take(&mut departed.queue);
        (departed.bytes, departed.messages) = (0, 0);
    }

    /// A poll was answered.
    pub(crate) fn on_polled(&self, home: usize, bytes: usize, messages: u64, queued: usize) {
        if let Some(share) = self.shares.get(home) {
            add(of(&share.bytes_out, Transport::Polling), bytes as u64);
            add(&share.messages_out, messages);
            share.queue.observe(queued as u64);
        }
    }

    pub(crate) fn on_ping(&self, home: usize) {
        if let Some(share) = self.shares.get(home) {
            add(&share.pings_out, 1);
        }
    }

    pub(crate) fn on_pong(&self, home: usize, took: Duration) {
        if let Some(share) = self.shares.get(home) {
            share.rtt.observe(micros(took));
        }
    }

    /// So many did not get something that they may miss.
    pub(crate) fn on_dropped(&self, home: usize, count: u64) {
        if let Some(share) = self.shares.get(home) {
            add(&share.dropped, count);
        }
    }

    /// The last session of a ring was written to.
    pub(crate) fn on_rung_out(&self, home: usize, took: Duration) {
        if let Some(share) = self.shares.get(home) {
            share.lag.observe(micros(took));
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        let all = |one: fn(&Share) -> &AtomicU64| -> u64 {
            self.shares
                .iter()
                .map(|share| one(share).load(Ordering::Relaxed))
                .sum()
        };
        let pairs = |one: fn(&Share) -> &Pair| sum(self.shares.iter().map(|s| load(one(s))));
        let spread = |bounds, one: fn(&Share) -> &Histogram| {
            let mut all = Distribution::empty(bounds);
            self.shares.iter().for_each(|s| one(s).add_to(&mut all));
            all
        };
        let types = TYPES.into_iter().enumerate();
        let packets_in = types.map(|(number, name)| {
            let counts = self.shares.iter().filter_map(|s| s.packets_in.get(number));
            (name, counts.map(|c| c.load(Ordering::Relaxed)).sum())
        });
        let words = self.words.lock();
        let closed = words.closed.iter();
        Stats {
            opened: sum([load(&self.opened)].into_iter()),
            bytes_in: pairs(|share| &share.bytes_in),
            bytes_out: pairs(|share| &share.bytes_out),
            packets_in: packets_in.collect(),
            packets_out: vec![
                ("message", all(|share| &share.messages_out)),
                ("ping", all(|share| &share.pings_out)),
            ],
            dropped: all(|share| &share.dropped),
            closed: closed.map(|(&(why, how), &n)| (why, how, n)).collect(),
            upgrades: words.upgrades.iter().map(|(&k, &n)| (k, n)).collect(),
            limits: words.limits.iter().map(|(&k, &n)| (k, n)).collect(),
            queue_bytes: spread(QUEUE_BYTES, |share| &share.queue),
            lag_micros: spread(LAG_MICROS, |share| &share.lag),
            rtt_micros: spread(RTT_MICROS, |share| &share.rtt),
        }
    }
}
