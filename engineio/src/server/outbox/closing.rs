//! What changes an outbox's course: the transport switch, the orderly close, the abort.

use std::{sync::Arc, task::Waker};

use smallvec::SmallVec;

use super::{Carrier, Outbox, Phase, Push};
use crate::server::lane::Signal;

impl<W> Outbox<W> {
    /// WebSocket takes over at a unit boundary: polling has handed out whole units only.
    /// Answers the pending poll's waker, and whether something is queued for the WebSocket. `None` when
    /// the session ended meanwhile: what is over must not hold a stream.
    pub(crate) fn switch(&mut self, wire: Arc<W>) -> Option<(Option<Waker>, bool)> {
        if self.is_sealed() {
            return None;
        }
        let waiting = match std::mem::replace(&mut self.carrier, Carrier::WebSocket(wire)) {
            Carrier::Polling { waiting } => waiting,
            Carrier::WebSocket(_) | Carrier::Gone => None,
        };
        self.lane.drop_noop();
        self.blocked_since = None;
        let ring = matches!(self.stir_if_output(), Push::Ring);
        Some((waiting, ring))
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

    /// Drops everything, now. Answers the freed bytes. A pending poll, which gets its farewell, is among
    /// those whom [`take_drained`](Self::take_drained) has to be asked for: nobody is woken under the lock.
    pub(crate) fn abort(&mut self) -> usize {
        self.partial = None;
        self.phase = Phase::Aborted;
        let carrier = std::mem::replace(&mut self.carrier, Carrier::Gone);
        if let Carrier::Polling {
            waiting: Some(waker),
        } = carrier
        {
            self.drain_waiters.push(waker);
        }
        self.clear()
    }

    pub(super) fn clear(&mut self) -> usize {
        self.first_frame = 0;
        self.queue = SmallVec::new();
        std::mem::take(&mut self.bytes)
    }
}
