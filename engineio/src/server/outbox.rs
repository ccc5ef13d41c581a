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

use super::lane::{Lane, Signal};
use crate::{Frame, Unit, payload};

#[cfg(all(test, not(roomcast_model)))]
mod tests;

/// How many units one visit takes out at the most; with a header and a body each this stays far
/// below the kernel's limit of 1,024 slices for one vectored write.
const UNITS_PER_TAKE: usize = 64;

/// How many packets of units one poll is answered with at the most. The stock Python client gives
/// up on a body of more than 16 packets; a ping, a noop and the close packet may come on top.
const PACKETS_PER_POLL: usize = 13;

/// How much a session may have queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes that messages may fill.
    pub(crate) normal: usize,
    /// Bytes above it that acks, CONNECT and DISCONNECT may fill as well.
    pub(crate) reserve: usize,
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

/// What a pending poll gets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// The body of the answer, and how many bytes of the queue it freed.
    Ready {
        /// Packets joined by the record separator.
        body: Vec<u8>,
        /// Bytes of the queue it freed.
        freed: usize,
    },
    /// Nothing to say yet; the waker is registered.
    Pending,
}

/// What a writer took out of the outbox; a worker reuses one for all its visits.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    partial: Option<Bytes>,
    lane: Option<Bytes>,
    units: Vec<Arc<Unit>>,
    first_frame: usize,
    form: Form,
}

/// Which encoding of a frame a session gets on WebSocket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// Binary messages as binary frames.
    #[default]
    Native,
    /// Binary messages as base64: the client asked for it with `b64`.
    TextOnly,
}

impl Form {
    fn of(self, frame: &Frame) -> &Bytes {
        match self {
            Self::Native => frame.websocket(),
            Self::TextOnly => frame.websocket_text(),
        }
    }
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.partial.is_none() && self.lane.is_none() && self.units.is_empty()
    }

    /// The bytes to write, in order.
    pub(crate) fn slices<'a>(&'a self, into: &mut SmallVec<[std::io::IoSlice<'a>; 64]>) {
        let loose = self
            .partial
            .iter()
            .chain(&self.lane)
            .map(|bytes| &bytes[..]);
        into.extend(loose.map(std::io::IoSlice::new));
        let mut skip = self.first_frame;
        for unit in &self.units {
            into.extend(
                unit.frames()
                    .skip(skip)
                    .map(|frame| std::io::IoSlice::new(self.form.of(frame))),
            );
            skip = 0;
        }
    }
}

/// What a writer does next, once its write is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing is left: the claim is given back.
    Idle,
    /// More is queued: the claim stays `Queued`, and the session goes to the end of the list.
    Again,
    /// The socket takes nothing: its waker puts the session back on the list.
    Blocked,
    /// The closing signal has left.
    Sealed,
    /// The outbox was aborted meanwhile; nothing more is written.
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
    /// After `true`, [`reader_may_go_on`](Self::reader_may_go_on) says when that is over.
    pub(crate) fn is_congested(&mut self) -> bool {
        self.reader_waits = self.phase == Phase::Open && self.bytes > self.limits.normal / 2;
        self.reader_waits
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
            return Push::Overflow {
                freed: self.abort(),
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

    /// The session's task begins a turn: what is pushed until its end leaves then.
    pub(crate) fn begin_turn(&mut self) {
        self.turn = true;
    }

    /// The turn ends. `true`: something is queued and the caller has the claim.
    pub(crate) fn end_turn(&mut self) -> bool {
        self.turn = false;
        let claim = self.writer == Writer::Idle
            && matches!(self.carrier, Carrier::WebSocket(_))
            && self.has_output();
        if claim {
            self.writer = Writer::Queued;
        }
        claim
    }

    fn has_output(&self) -> bool {
        match self.phase {
            Phase::Open | Phase::Draining => {
                !self.queue.is_empty() || self.partial.is_some() || !self.lane.is_empty()
            }
            Phase::Sealed | Phase::Aborted => false,
        }
    }

    /// The claim: takes up to `quantum` bytes (and at least one unit) out for writing.
    ///
    /// `None` when there is nothing to do, or somebody else writes.
    pub(crate) fn take(&mut self, batch: &mut Batch, quantum: usize) -> Option<Arc<W>> {
        let Carrier::WebSocket(wire) = &self.carrier else {
            return None;
        };
        if self.writer != Writer::Queued {
            return None;
        }
        if !self.has_output() {
            self.writer = Writer::Idle;
            return None;
        }
        let wire = Arc::clone(wire);
        self.writer = Writer::Writing;
        self.unblocked = false;
        self.fill(batch, quantum);
        Some(wire)
    }

    fn fill(&mut self, batch: &mut Batch, quantum: usize) {
        batch.partial = self.partial.take();
        let mut bytes = 0usize;
        let count = self
            .queue
            .iter()
            .take(UNITS_PER_TAKE)
            .take_while(|unit| {
                let more = bytes < quantum;
                bytes = bytes.saturating_add(unit.cost());
                more
            })
            .count();
        batch.units.extend(self.queue.drain(..count));
        batch.first_frame = self.first_frame;
        batch.form = self.form;
        self.first_frame = 0;
        let last = self.queue.is_empty() && self.phase == Phase::Draining;
        // A close frame ends the stream, so it waits for the take after the last unit.
        batch.lane = self.lane.take(last && batch.units.is_empty());
    }

    /// Gives back what did not leave. `written` bytes left; `blocked` since `now` when the socket
    /// took no more. Answers what the writer does next and how many bytes of the queue were freed.
    pub(crate) fn settle(
        &mut self,
        batch: &mut Batch,
        written: usize,
        blocked: Option<Duration>,
    ) -> (Settled, usize) {
        if self.phase == Phase::Aborted {
            batch.partial = None;
            batch.lane = None;
            batch.units.clear();
            self.writer = Writer::Idle;
            return (Settled::Aborted, 0);
        }
        // After `refuse` nothing is charged any more, whatever a writer still held.
        let freed = self.restore(batch, written).min(self.bytes);
        self.bytes = self.bytes.saturating_sub(freed);
        if self.queue.is_empty() && self.queue.spilled() {
            self.queue = SmallVec::new();
        }
        (self.release(written, blocked), freed)
    }

    fn release(&mut self, written: usize, blocked: Option<Duration>) -> Settled {
        if written > 0 {
            self.blocked_since = None;
        }
        if blocked.is_some() && self.has_output() {
            if self.blocked_since.is_none() {
                self.blocked_since = blocked;
            }
            if !self.unblocked {
                self.writer = Writer::Blocked;
                return Settled::Blocked;
            }
        } else {
            self.blocked_since = None;
        }
        if self.has_output() {
            self.writer = Writer::Queued;
            return Settled::Again;
        }
        self.writer = Writer::Idle;
        if self.phase == Phase::Draining && self.lane.said_close() {
            self.phase = Phase::Sealed;
            return Settled::Sealed;
        }
        Settled::Idle
    }

    /// Puts back what `written` bytes did not cover; answers the cost of the units that left.
    fn restore(&mut self, batch: &mut Batch, written: usize) -> usize {
        let mut left = written;
        for loose in [batch.partial.take(), batch.lane.take()]
            .into_iter()
            .flatten()
        {
            self.leave_or_keep(&loose, &mut left);
        }
        let mut freed = 0usize;
        let mut frame = batch.first_frame;
        let mut gone = 0;
        'units: for unit in &batch.units {
            while let Some(next) = unit.frame(frame) {
                if left == 0 {
                    break 'units;
                }
                self.leave_or_keep(batch.form.of(next), &mut left);
                frame = frame.saturating_add(1);
            }
            freed = freed.saturating_add(unit.cost());
            gone += 1;
            frame = 0;
        }
        self.queue.insert_many(0, batch.units.drain(..).skip(gone));
        self.first_frame = frame;
        freed
    }

    /// One frame of the batch: gone, gone in part (the rest goes first next time), or untouched.
    fn leave_or_keep(&mut self, frame: &Bytes, left: &mut usize) {
        if *left >= frame.len() {
            *left -= frame.len();
            return;
        }
        let rest = frame.slice(*left..);
        *left = 0;
        match self.partial.take() {
            // The lane was untouched behind a partial frame: both go first, in this order.
            Some(first) => self.partial = Some([first, rest].concat().into()),
            None => self.partial = Some(rest),
        }
    }

    /// The socket is writable again. `true`: the session has to go on its flusher's list.
    pub(crate) fn unblock(&mut self) -> bool {
        match self.writer {
            Writer::Blocked => {
                self.writer = Writer::Queued;
                true
            }
            Writer::Writing => {
                self.unblocked = true;
                false
            }
            Writer::Idle | Writer::Queued => false,
        }
    }

    /// WebSocket takes over at a unit boundary: polling has handed out whole units only.
    /// Answers the pending poll's waker, and whether something is queued for the WebSocket.
    pub(crate) fn switch(&mut self, wire: Arc<W>) -> (Option<Waker>, bool) {
        let waiting = match std::mem::replace(&mut self.carrier, Carrier::WebSocket(wire)) {
            Carrier::Polling { waiting } => waiting,
            Carrier::WebSocket(_) | Carrier::Gone => None,
        };
        self.lane.drop_noop();
        let ring = matches!(self.stir_if_output(), Push::Ring);
        (waiting, ring)
    }

    fn stir_if_output(&mut self) -> Push {
        if self.has_output() {
            self.stir()
        } else {
            Push::Queued
        }
    }

    /// An orderly close: no more pushes, what is queued leaves, then `close`.
    pub(crate) fn drain(&mut self, close: Signal) -> Push {
        if self.phase != Phase::Open {
            return Push::Closed;
        }
        self.answered_at_close = matches!(&self.carrier, Carrier::Polling { waiting: Some(_) });
        self.phase = Phase::Draining;
        self.lane.put(close);
        self.stir()
    }

    /// Like [`drain`](Self::drain), but what is queued is dropped: only the frame that left in
    /// part is completed. Answers the freed bytes too.
    pub(crate) fn refuse(&mut self, close: Signal) -> (Push, usize) {
        let freed = self.clear();
        (self.drain(close), freed)
    }

    /// Drops everything, now, and wakes a pending poll, which gets its farewell. Answers the freed
    /// bytes.
    pub(crate) fn abort(&mut self) -> usize {
        self.partial = None;
        self.phase = Phase::Aborted;
        let carrier = std::mem::replace(&mut self.carrier, Carrier::Gone);
        if let Carrier::Polling {
            waiting: Some(waker),
        } = carrier
        {
            waker.wake();
        }
        self.clear()
    }

    fn clear(&mut self) -> usize {
        self.first_frame = 0;
        self.queue = SmallVec::new();
        std::mem::take(&mut self.bytes)
    }

    /// The body for a pending GET: what is queued, in whole units, up to [`PACKETS_PER_POLL`]; what
    /// it freed is charged no more. After [`drain`](Self::drain) the close packet is the last of it.
    pub(crate) fn poll_payload(&mut self, waker: &Waker) -> Payload {
        if !matches!(self.carrier, Carrier::Polling { .. }) {
            return self.farewell();
        }
        if !self.has_output() {
            if self.phase == Phase::Sealed {
                return self.farewell();
            }
            self.carrier = Carrier::Polling {
                waiting: Some(waker.clone()),
            };
            return Payload::Pending;
        }
        let mut body = Vec::new();
        let draining = self.phase == Phase::Draining;
        if !draining {
            self.lane
                .drain_packets(|packet| payload::push(&mut body, packet));
        }
        let freed = self.hand_out(&mut body);
        if draining && self.queue.is_empty() {
            // Without anything buffered a poll that comes after the close gets a noop first, as
            // the reference has it.
            if body.is_empty() && !self.answered_at_close {
                payload::push(&mut body, b"6");
            }
            payload::push(&mut body, b"1");
            self.phase = Phase::Sealed;
        }
        Payload::Ready { body, freed }
    }

    /// Moves units into `body`, at least one, and no more than the client takes in one answer.
    fn hand_out(&mut self, body: &mut Vec<u8>) -> usize {
        let mut packets = 0usize;
        let mut count = 0;
        let mut freed = 0usize;
        for unit in &self.queue {
            packets = packets.saturating_add(unit.len());
            if count > 0 && packets > PACKETS_PER_POLL {
                break;
            }
            for frame in unit.frames() {
                payload::push(body, frame.polling());
            }
            freed = freed.saturating_add(unit.cost());
            count += 1;
        }
        self.queue.drain(..count);
        if self.queue.is_empty() {
            return self.clear();
        }
        self.bytes = self.bytes.saturating_sub(freed);
        freed
    }

    /// What a poll gets that is still pending when its session has gone, or has moved to
    /// WebSocket: a noop if one was left for it, else the close packet.
    fn farewell(&self) -> Payload {
        let body = if self.lane.has_noop() {
            b"6".to_vec()
        } else {
            b"1".to_vec()
        };
        Payload::Ready { body, freed: 0 }
    }
}
