//! The outgoing side of one session: one ordered, bounded queue of shared units.
//!
//! ```text
//!  emit ─┐                 ┌ partial: the rest of a frame that left in part
//!  emit ─┼─▶ queue ─▶ take │ lane:    ping, pong, close; one of each, between frames
//!  emit ─┘  (Arc each)     └ units:   whole units, in order ──▶ one vectored write
//! ```
//!
//! An `Outbox` is plain data behind the session's lock. Who writes is decided by the *claim*: the
//! outgoing side is idle, queued, being written by exactly one worker, or blocked until the socket
//! is writable. The lock is never held through a write: a writer takes units out
//! ([`Outbox::take`]), writes, and settles what left ([`Outbox::settle`]).

use std::{fmt, sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;
use smallvec::SmallVec;

use super::{
    Overflow,
    lane::{Lane, Signal},
};
use crate::Unit;

mod batch;
mod claim;
mod closing;
mod drained;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod payload;
#[cfg(all(test, not(roomcast_model)))]
mod tests;

pub(crate) use batch::{Batch, Form, Settled};
pub(crate) use payload::Payload;

/// How much a session may have queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes that messages may fill.
    pub(crate) normal: usize,
    /// Bytes above it that acks, CONNECT and DISCONNECT may fill as well.
    pub(crate) reserve: usize,
    /// What happens to a message beyond [`normal`](Self::normal).
    pub(crate) overflow: Overflow,
}

/// How urgent a unit is when the queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Priority {
    /// Counts against [`Limits::normal`].
    Normal,
    /// May use the reserve.
    Reserved,
    /// Dropped unless it can leave at once.
    Volatile,
}

/// What a push did, and what the caller owes for it after releasing the lock.
#[derive(Debug)]
pub(crate) enum Push {
    /// Queued; somebody already looks after the queue.
    Queued,
    /// Queued, and the session has to go on its flusher's list.
    Ring,
    /// Queued, and the pending poll has to be woken.
    Wake(Waker),
    /// A volatile unit was dropped.
    Dropped,
    /// The limit is passed: the queue was freed and the session has to be cut.
    Overflow {
        /// Bytes that were freed.
        freed: usize,
    },
    /// The limit is passed and the unit was not queued.
    Full,
    /// The outbox takes nothing any more.
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    Idle,
    Queued,
    Writing,
    Blocked,
}

#[derive(Debug)]
enum Carrier<W> {
    Polling {
        waiting: Option<Waker>,
    },
    WebSocket(Arc<W>),
    /// The session is over; a wire that was here is released.
    Gone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// No more pushes; what is queued leaves, then the closing signal.
    Draining,
    /// Everything is out, the closing signal included.
    Sealed,
    /// Dropped where it stood.
    Aborted,
}

/// See the module's documentation.
pub(crate) struct Outbox<W> {
    carrier: Carrier<W>,
    writer: Writer,
    /// The socket became writable before the writer had said that it is blocked.
    unblocked: bool,
    /// The session's own task is in a turn and flushes at its end.
    turn: bool,
    phase: Phase,
    queue: SmallVec<[Arc<Unit>; 2]>,
    first_frame: usize,
    partial: Option<Bytes>,
    lane: Lane,
    bytes: usize,
    limits: Limits,
    blocked_since: Option<Duration>,
    answered_at_close: bool,
    form: Form,
    /// The session is not read until this outbox has room.
    reader_waits: bool,
    /// The stream took bytes that it has not sent yet.
    unflushed: bool,
    /// Messages that left.
    sent: u64,
    /// Wait until everything is out, or nothing more will leave.
    drain_waiters: Vec<Waker>,
}

impl<W> fmt::Debug for Outbox<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox")
            .field("writer", &self.writer)
            .field("phase", &self.phase)
            .field("units", &self.queue.len())
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl<W> Outbox<W> {
    pub(crate) fn polling(limits: Limits) -> Self {
        Self::new(limits, Carrier::Polling { waiting: None })
    }

    pub(crate) fn websocket(limits: Limits, wire: Arc<W>) -> Self {
        Self::new(limits, Carrier::WebSocket(wire))
    }

    fn new(limits: Limits, carrier: Carrier<W>) -> Self {
        Self {
            carrier,
            writer: Writer::Idle,
            unblocked: false,
            turn: false,
            phase: Phase::Open,
            queue: SmallVec::new(),
            first_frame: 0,
            partial: None,
            lane: Lane::default(),
            bytes: 0,
            limits,
            blocked_since: None,
            answered_at_close: false,
            form: Form::Native,
            reader_waits: false,
            unflushed: false,
            sent: 0,
            drain_waiters: Vec::new(),
        }
    }

    /// Sets the encoding that this session's WebSocket gets; before the first write.
    pub(crate) fn set_form(&mut self, form: Form) {
        self.form = form;
    }

    /// Bytes charged to this session for what is queued.
    pub(crate) fn buffered(&self) -> usize {
        self.bytes
    }

    /// Whether the session should not be read for now, because what it asks for does not get out.
    /// After `true`, [`reader_may_go_on`](Self::reader_may_go_on) says when that is over. While it is not
    /// read, for this or because the layer above `accepts` nothing, no heartbeat notices a polling client
    /// that is gone: it counts as blocked until it [takes](Self::on_taken) something.
    pub(crate) fn is_congested(&mut self, accepts: bool, now: Duration) -> bool {
        self.reader_waits = self.phase == Phase::Open && self.bytes > self.limits.normal / 2;
        if let Carrier::Polling { .. } = self.carrier {
            let unread = self.reader_waits || !accepts && self.bytes > 0;
            let since = self.blocked_since.unwrap_or(now);
            self.blocked_since = unread.then_some(since);
        }
        self.reader_waits
    }

    /// A poll took something: a client that is behind has its time again.
    pub(crate) fn on_taken(&mut self, now: Duration) {
        let still = self.blocked_since.is_some() && self.bytes > 0;
        self.blocked_since = still.then_some(now);
    }

    /// `true` once, when a congested outbox has room again.
    pub(crate) fn reader_may_go_on(&mut self) -> bool {
        let go_on = self.reader_waits && self.bytes <= self.limits.normal / 4;
        self.reader_waits &= !go_on;
        go_on
    }

    pub(crate) fn blocked_since(&self) -> Option<Duration> {
        self.blocked_since
    }

    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self.phase, Phase::Sealed | Phase::Aborted)
    }

    /// Queues a unit. `tight` says that all outboxes together are over their budget: then a
    /// session that is already behind counts as over its own limit.
    pub(crate) fn push(&mut self, unit: &Arc<Unit>, priority: Priority, tight: bool) -> Push {
        if self.phase != Phase::Open {
            return Push::Closed;
        }
        let cost = unit.cost();
        let limit = match priority {
            Priority::Normal => self.limits.normal,
            Priority::Reserved => self.limits.normal.saturating_add(self.limits.reserve),
            Priority::Volatile if self.is_writable() => self.limits.normal,
            Priority::Volatile => return Push::Dropped,
        };
        let behind = self.bytes > 0;
        if behind && (tight || self.bytes.saturating_add(cost) > limit) {
            return match (self.limits.overflow, priority) {
                (Overflow::Refuse, Priority::Normal | Priority::Volatile) => Push::Full,
                (Overflow::Cut, _) | (Overflow::Refuse, Priority::Reserved) => Push::Overflow {
                    freed: self.abort(),
                },
            };
        }
        self.queue.push(Arc::clone(unit));
        self.bytes = self.bytes.saturating_add(cost);
        self.stir()
    }

    /// Puts a signal into the engine lane.
    pub(crate) fn signal(&mut self, signal: Signal) -> Push {
        if matches!(self.phase, Phase::Sealed | Phase::Aborted) {
            return Push::Closed;
        }
        self.lane.put(signal);
        self.stir()
    }

    fn is_writable(&self) -> bool {
        match &self.carrier {
            Carrier::Polling { waiting } => waiting.is_some(),
            Carrier::WebSocket(_) => {
                matches!(self.writer, Writer::Idle)
                    && self.queue.is_empty()
                    && self.partial.is_none()
            }
            Carrier::Gone => false,
        }
    }

    /// Something was queued: finds who has to know.
    fn stir(&mut self) -> Push {
        match &mut self.carrier {
            Carrier::Polling { waiting } => waiting.take().map_or(Push::Queued, Push::Wake),
            Carrier::WebSocket(_) if self.turn || self.writer != Writer::Idle => Push::Queued,
            Carrier::WebSocket(_) => {
                self.writer = Writer::Queued;
                Push::Ring
            }
            Carrier::Gone => Push::Closed,
        }
    }

    fn has_output(&self) -> bool {
        match self.phase {
            Phase::Open | Phase::Draining => {
                !self.queue.is_empty()
                    || self.partial.is_some()
                    || !self.lane.is_empty()
                    || self.unflushed
            }
            Phase::Sealed | Phase::Aborted => false,
        }
    }
}
