//! Who writes, and what: the claim on a session's outgoing side.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use smallvec::SmallVec;

use super::{Batch, Carrier, Outbox, Phase, Settled, Writer};

/// How many units one visit takes out at the most; with a header and a body each this stays far
/// below the kernel's limit of 1,024 slices for one vectored write.
const UNITS_PER_TAKE: usize = 64;

impl<W> Outbox<W> {
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
        self.unflushed = batch.unflushed;
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
            self.sent = self.sent.wrapping_add(unit.len() as u64);
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
}
