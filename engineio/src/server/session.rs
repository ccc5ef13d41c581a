//! A session as the rest of the program holds it: a cheap handle, good from any thread.

use std::{
    borrow::Cow,
    fmt,
    future::poll_fn,
    sync::{Arc, Weak},
};

use super::{
    CloseDetail,
    core::Core,
    outbox::{Priority, Push},
    shared::{Ending, Shared},
    wire::WireWriter,
};
use crate::{CloseReason, Sid, Transport, Unit};

/// One Engine.IO session. Cloning it clones a pointer.
///
/// Keep a [`WeakSession`] where a strong one would keep the session's memory alive after its end.
#[derive(Clone)]
pub struct Session(Arc<Shared>);

/// A [`Session`] that does not keep it alive.
#[derive(Debug, Clone)]
pub struct WeakSession(Weak<Shared>);

/// Why a unit was not queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The session is closing or closed.
    #[error("the session is closed")]
    Closed,
    /// The outbox limit is passed and the unit was not queued; see
    /// [`Overflow::Refuse`](super::Overflow::Refuse).
    #[error("too much is queued for the session")]
    Full,
    /// The outbox limit is passed; the session is being cut.
    #[error("the session does not read what is sent to it")]
    SlowConsumer,
}

/// Messages of one session so far; pings and pongs do not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Traffic {
    /// Handed to the layer above.
    pub received: u64,
    /// Sent to the client, the open packet and attachments included.
    pub sent: u64,
}

impl Session {
    /// A new session of `core`. `wire` is there when it opens on WebSocket.
    pub(crate) fn new(core: &Arc<Core>, sid: Sid, wire: Option<Arc<WireWriter>>) -> Self {
        Self(Arc::new(Shared::new(core, sid, wire)))
    }

    /// The session's id. It is a secret between this client and the server: who knows it can speak
    /// as the client.
    pub fn id(&self) -> &Sid {
        self.0.sid()
    }

    /// The session's number, counted from 1 by its engine: what log lines call it.
    pub fn number(&self) -> u64 {
        self.0.number()
    }

    /// The transport that carries the session now.
    pub fn transport(&self) -> Transport {
        self.0.control().rules.transport()
    }

    /// Bytes queued for this session, overhead included.
    pub fn buffered(&self) -> usize {
        self.0.outbox().lock().buffered()
    }

    /// Waits until everything queued is out: taken by the kernel, or by a poll.
    ///
    /// Use it to produce no faster than the client reads.
    ///
    /// # Errors
    /// [`SendError::Closed`] when the session ended with something queued.
    pub async fn drained(&self) -> Result<(), SendError> {
        poll_fn(|cx| self.0.outbox().lock().poll_drained(cx.waker())).await
    }

    /// Messages that went to and fro.
    pub fn traffic(&self) -> Traffic {
        Traffic {
            received: self.0.control().received,
            sent: self.0.outbox().lock().sent(),
        }
    }

    /// Why the session is closing or closed, if it is.
    pub fn close_reason(&self) -> Option<CloseReason> {
        let control = self.0.control();
        let ending = control.ending.map(|ending| match ending {
            Ending::Orderly(reason) | Ending::Abort(reason) => reason,
        });
        control.rules.close_reason().or(ending)
    }

    /// What exactly ended the session, if it is known: no one has to say anything of a session that was
    /// closed on purpose.
    pub fn close_detail(&self) -> Option<CloseDetail> {
        self.0.control().detail.as_deref().cloned()
    }

    /// Notes for [`close_detail`](Self::close_detail) why the session is about to be closed. The first
    /// note counts, and none after the end.
    pub fn explain(&self, code: &'static str, text: impl Into<Cow<'static, str>>) {
        self.0.explain(code, text);
    }

    /// Whether the session takes messages.
    pub fn is_open(&self) -> bool {
        let control = self.0.control();
        control.rules.is_open() && control.ending.is_none()
    }

    /// Queues a unit behind everything sent before.
    ///
    /// # Errors
    /// [`SendError::Closed`] after the end; [`SendError::SlowConsumer`] when the outbox limit is
    /// passed, in which case the session is cut with [`CloseReason::SlowConsumer`].
    pub fn send(&self, unit: &Arc<Unit>) -> Result<(), SendError> {
        self.push(unit, Priority::Normal).map(drop)
    }

    /// Like [`send`](Self::send) for acks, CONNECT and DISCONNECT, which may use a reserve above
    /// the limit.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_reserved(&self, unit: &Arc<Unit>) -> Result<(), SendError> {
        self.push(unit, Priority::Reserved).map(drop)
    }

    /// Queues a unit if it can leave at once; answers whether it did.
    pub fn send_volatile(&self, unit: &Arc<Unit>) -> bool {
        self.push(unit, Priority::Volatile).unwrap_or(false)
    }

    fn push(&self, unit: &Arc<Unit>, priority: Priority) -> Result<bool, SendError> {
        let shared = &self.0;
        let push = shared
            .outbox()
            .lock()
            .push(unit, priority, shared.core().is_tight());
        if matches!(push, Push::Queued | Push::Ring | Push::Wake(_)) {
            shared.core().charge(unit.cost());
            if shared.is_observed() {
                shared.core().flusher().note(shared, unit);
            }
        }
        shared.after(push)
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }

    /// Counts that its client has passed a limit of the layer above, so many times, and stays: for
    /// [`Stats::limits`](super::Stats::limits).
    pub fn count_limit(&self, limit: &'static str, times: u64) {
        self.0.core().tally().on_limit(limit, times);
    }

    /// Reads nothing more of it, so that what it has asked for can be answered before it is closed.
    /// Nobody tells the client; only closing follows.
    pub fn hush(&self) {
        self.0.control().hushed = true;
        self.0.wake_task();
    }

    /// Closes the session in good order: what is queued leaves first, within a deadline. Nothing
    /// more is received or sent.
    pub fn close(&self, reason: CloseReason) {
        self.0.close(reason);
    }

    /// Closes the session at once and drops what is queued.
    pub fn abort(&self, reason: CloseReason) {
        self.0.cut(reason);
    }

    /// A handle that does not keep the session alive.
    pub fn downgrade(&self) -> WeakSession {
        WeakSession(Arc::downgrade(&self.0))
    }
}

impl WeakSession {
    /// The session, if anybody still holds it.
    pub fn upgrade(&self) -> Option<Session> {
        self.0.upgrade().map(Session)
    }
}

impl From<Arc<Shared>> for Session {
    fn from(shared: Arc<Shared>) -> Self {
        Self(shared)
    }
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Session {}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.0.number()).finish()
    }
}
