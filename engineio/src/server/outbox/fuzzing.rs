//! The outbox of one session without its lock and its stream, for fuzz targets. No part of the API.

use std::{io::IoSlice, sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;
use smallvec::SmallVec;

use super::{Batch, Limits, Outbox, Payload, Priority, Push, Settled};
use crate::{
    Unit,
    server::{Overflow, lane::Signal},
};

/// See the module's documentation.
#[derive(Debug)]
pub struct Outgoing {
    outbox: Outbox<()>,
    batch: Batch,
}

/// What the caller owes for what it has queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owed {
    /// Nothing: somebody looks after the queue.
    Nothing,
    /// A visit.
    Visit,
    /// A call of [`Outgoing::poll`] for the poll that waits.
    Poll,
    /// Nothing: it was not queued, because the session is over.
    Refused,
    /// Nothing: it was not queued, because there is no room.
    Full,
}

/// What became of the claim after a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It was given back.
    Free,
    /// Another visit is owed.
    Again,
    /// [`Outgoing::unblock`] has to be called.
    Blocked,
}

impl Outgoing {
    /// At the start of a session that polls.
    pub fn polling() -> Self {
        Self::new(Outbox::polling(limits()))
    }

    /// At the start of a session on WebSocket.
    pub fn websocket() -> Self {
        Self::new(Outbox::websocket(limits(), Arc::new(())))
    }

    fn new(outbox: Outbox<()>) -> Self {
        Self {
            outbox,
            batch: Batch::default(),
        }
    }

    /// Queues a unit.
    pub fn push(&mut self, unit: &Arc<Unit>) -> Owed {
        self.outbox.push(unit, Priority::Normal, false).into()
    }

    /// Queues a ping.
    pub fn ping(&mut self) -> Owed {
        self.outbox.signal(Signal::Ping).into()
    }

    /// Queues a noop.
    pub fn noop(&mut self) -> Owed {
        self.outbox.signal(Signal::Noop).into()
    }

    /// An orderly close, with this as the last frame.
    pub fn drain(&mut self, close: &'static [u8]) -> Owed {
        let close = Signal::Close(Bytes::from_static(close));
        self.outbox.drain(close).into()
    }

    /// Drops everything.
    pub fn abort(&mut self) {
        self.outbox.abort();
    }

    /// The body for a poll; `None` when it waits.
    pub fn poll(&mut self, now: Duration) -> Option<Vec<u8>> {
        match self.outbox.poll_payload(Waker::noop()) {
            Payload::Ready { body, freed } => {
                if freed > 0 {
                    self.outbox.on_taken(now);
                }
                Some(body)
            }
            Payload::Pending => None,
        }
    }

    /// Whether the session should not be read, by a layer above that `accepts` something or not.
    pub fn is_congested(&mut self, accepts: bool, now: Duration) -> bool {
        self.outbox.is_congested(accepts, now)
    }

    /// Whether the session's task, which does not read, has to look again.
    pub fn reader_may_go_on(&mut self) -> bool {
        self.outbox.reader_may_go_on()
    }

    /// Since when the client has taken nothing of what is there for it.
    pub fn blocked_since(&self) -> Option<Duration> {
        self.outbox.blocked_since()
    }

    /// WebSocket takes over. Whether a poll that waits has to be called, and whether a visit is owed.
    pub fn switch(&mut self) -> (bool, bool) {
        let switched = self.outbox.switch(Arc::new(()));
        switched.map_or((false, false), |(poll, ring)| (poll.is_some(), ring))
    }

    /// The first half of a visit: the bytes to write. `None` when there is nothing to do, or another visit is not over.
    pub fn begin_visit(&mut self, quantum: usize) -> Option<Vec<u8>> {
        self.outbox.take(&mut self.batch, quantum)?;
        let mut slices: SmallVec<[IoSlice<'_>; 64]> = SmallVec::new();
        self.batch.slices(&mut slices);
        Some(slices.iter().flat_map(|slice| slice.to_vec()).collect())
    }

    /// The second half: so many bytes were written, and when the stream took no more.
    pub fn end_visit(&mut self, written: usize, blocked: Option<Duration>) -> Claim {
        match self.outbox.settle(&mut self.batch, written, blocked).0 {
            Settled::Again => Claim::Again,
            Settled::Blocked => Claim::Blocked,
            Settled::Idle | Settled::Sealed | Settled::Aborted => Claim::Free,
        }
    }

    /// The stream takes bytes again. Whether a visit is owed.
    pub fn unblock(&mut self) -> bool {
        self.outbox.unblock()
    }

    /// Whether everything is out, the last frame included.
    pub fn is_sealed(&self) -> bool {
        self.outbox.is_sealed()
    }

    /// Bytes charged for what is queued.
    pub fn buffered(&self) -> usize {
        self.outbox.buffered()
    }
}

impl From<Push> for Owed {
    fn from(push: Push) -> Self {
        match push {
            Push::Queued => Self::Nothing,
            Push::Ring => Self::Visit,
            Push::Wake(_) => Self::Poll,
            Push::Closed => Self::Refused,
            Push::Full => Self::Full,
            Push::Dropped | Push::Overflow { .. } => panic!("neither volatile nor cut"),
        }
    }
}

/// So little that a few messages fill it.
const fn limits() -> Limits {
    Limits {
        normal: 1500,
        reserve: 0,
        overflow: Overflow::Refuse,
    }
}
