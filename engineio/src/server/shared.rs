//! What the handles, the task, the requests and the flushers of one session share.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use bytes::Bytes;
use tokio::task::AbortHandle;

use super::{
    CloseDetail, SendError,
    core::Core,
    lane::Signal,
    outbox::{Batch, Outbox, Payload, Push, Settled},
    posted::Posted,
    sync::Mutex,
    websocket::{CloseCode, WebSocket},
    wire::WireWriter,
    writer,
};
use crate::{
    CloseReason, Packet, Sid, Transport,
    session::{Action, SessionState},
};

mod telling;

/// What the handles, the session's task, polls, posts and flushers share.
pub(crate) struct Shared {
    sid: Sid,
    /// What the log calls the session: its id is a secret.
    number: u64,
    home: usize,
    core: Arc<Core>,
    /// Taken after `control` when both are needed; nothing is awaited and no foreign code runs
    /// under either.
    outbox: Mutex<Outbox<WireWriter>>,
    control: parking_lot::Mutex<Control>,
}

/// The inbound side and the rules.
pub(crate) struct Control {
    pub(crate) rules: SessionState,
    /// What POSTs brought and the session's task has not taken.
    pub(crate) inbound: Posted,
    /// The WebSocket that took over. Boxed: it is here for a moment, the room for it for ever.
    pub(crate) upgraded: Option<Box<WebSocket>>,
    /// How the session is asked to end.
    pub(crate) ending: Option<Ending>,
    /// What exactly ended it. Boxed: most sessions never have one.
    pub(crate) detail: Option<Box<CloseDetail>>,
    /// Wakes the session's task.
    pub(crate) task: Option<Waker>,
    /// Wakes the POST that waits until its packets are taken.
    pub(crate) post: Option<Waker>,
    /// The task that reads the probing WebSocket.
    pub(crate) probe: Option<AbortHandle>,
    /// The session's task is done with everything inbound.
    pub(crate) finished: bool,
    /// Messages handed to the client.
    pub(crate) received: u64,
    /// When the ping left whose pong has not come.
    pub(crate) pinged: Option<Duration>,
    /// Nothing more is read: the session is about to be closed.
    pub(crate) hushed: bool,
}

impl Control {
    /// Asks the rules about a packet that came over the current transport.
    pub(crate) fn on_packet(&mut self, packet: Packet, now: Duration) -> Action {
        let code = match packet {
            Packet::Close => "close_packet",
            _ => "unexpected_packet",
        };
        let action = self.rules.on_packet(packet, now);
        if matches!(action, Action::Close(_)) && self.detail.is_none() {
            self.detail = Some(Box::new(CloseDetail::new(code, "")));
        }
        self.received += u64::from(matches!(action, Action::Deliver(_)));
        action
    }
}

/// How a session is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// What is queued leaves first.
    Orderly(CloseReason),
    /// The outbox is dropped already.
    Abort(CloseReason),
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Shared {
    pub(crate) fn new(core: &Arc<Core>, sid: Sid, wire: Option<Arc<WireWriter>>) -> Self {
        let transport = match wire {
            Some(_) => Transport::WebSocket,
            None => Transport::Polling,
        };
        let outbox = match wire {
            Some(wire) => Outbox::websocket(core.limits(), wire),
            None => Outbox::polling(core.limits()),
        };
        let rules = SessionState::new(core.config().timing(), transport, core.now());
        let spread = sid.as_str().bytes().fold(0usize, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(usize::from(byte))
        });
        Self {
            sid,
            number: core.number(),
            home: spread % core.flusher().workers(),
            core: Arc::clone(core),
            outbox: Mutex::new(outbox),
            control: parking_lot::Mutex::new(Control {
                rules,
                inbound: Posted::default(),
                upgraded: None,
                ending: None,
                detail: None,
                task: None,
                post: None,
                probe: None,
                finished: false,
                received: 0,
                pinged: None,
                hushed: false,
            }),
        }
    }

    pub(crate) fn home(&self) -> usize {
        self.home
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    pub(crate) fn sid(&self) -> &Sid {
        &self.sid
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn control(&self) -> parking_lot::MutexGuard<'_, Control> {
        self.control.lock()
    }

    pub(crate) fn outbox(&self) -> &Mutex<Outbox<WireWriter>> {
        &self.outbox
    }

    /// Pays what a push or a signal owes. `Ok(false)`: a volatile unit was dropped.
    pub(crate) fn after(self: &Arc<Self>, push: Push) -> Result<bool, SendError> {
        match push {
            Push::Queued => Ok(true),
            Push::Ring => {
                self.core.flusher().ring_one(Arc::clone(self));
                Ok(true)
            }
            Push::Wake(waker) => {
                waker.wake();
                Ok(true)
            }
            Push::Dropped => Ok(false),
            Push::Full => Err(SendError::Full),
            Push::Closed => Err(SendError::Closed),
            Push::Overflow { freed } => {
                self.core.refund(freed);
                tracing::info!(
                    session = self.number,
                    reason = "slow_consumer",
                    "session cut"
                );
                self.explain("slow_consumer", "too much is queued");
                self.cut(CloseReason::SlowConsumer);
                Err(SendError::SlowConsumer)
            }
        }
    }

    /// Puts a signal into the engine lane and sees that it leaves.
    pub(crate) fn signal(self: &Arc<Self>, signal: Signal) {
        let push = self.outbox.lock().signal(signal);
        // A session that is over needs no signal.
        let _ = self.after(push);
    }

    /// Drops what is queued and ends with `close`, for a peer that broke a rule or has closed.
    pub(crate) fn refuse(self: &Arc<Self>, close: Bytes) {
        let (push, freed) = self.outbox.lock().refuse(Signal::Close(close));
        self.core.refund(freed);
        let _ = self.after(push);
    }

    pub(crate) fn close(self: &Arc<Self>, reason: CloseReason) {
        {
            let mut control = self.control();
            if control.ending.is_some() || !control.rules.is_open() {
                return;
            }
            control.ending = Some(Ending::Orderly(reason));
        }
        let push = self
            .outbox
            .lock()
            .drain(Signal::Close(CloseCode::None.frame()));
        let _ = self.after(push);
        self.wake_task();
    }

    /// Ends the session now: the outbox is dropped, its id is forgotten, its task is told.
    pub(crate) fn cut(self: &Arc<Self>, reason: CloseReason) {
        {
            let mut control = self.control();
            if !matches!(control.ending, Some(Ending::Abort(_))) {
                control.ending = Some(Ending::Abort(reason));
            }
        }
        self.release();
        self.wake_task();
    }

    /// Frees what the session holds and forgets its id.
    pub(crate) fn release(&self) {
        let (freed, drained) = {
            let mut outbox = self.outbox.lock();
            (outbox.abort(), outbox.take_drained())
        };
        self.core.refund(freed);
        drained.into_iter().for_each(Waker::wake);
        let probe = self.control().probe.take();
        if let Some(probe) = probe {
            probe.abort();
        }
        self.core.remove(&self.sid);
    }

    pub(crate) fn wake_task(&self) {
        let task = self.control().task.take();
        if let Some(task) = task {
            task.wake();
        }
    }

    /// One visit of a flusher. `true`: more is queued and the session stays on the list.
    pub(crate) fn visit(self: &Arc<Self>, core: &Core, batch: &mut Batch) -> bool {
        let waker = || Waker::from(Arc::clone(self));
        let Some(visit) = writer::visit(&self.outbox, batch, core.now(), &waker) else {
            return false;
        };
        core.refund(visit.freed);
        batch
            .departed
            .note(visit.queued, visit.written, visit.messages);
        visit.drained.into_iter().for_each(Waker::wake);
        self.tell_flushed(visit.freed);
        if let Some(error) = visit.error {
            tracing::debug!(session = self.number, reason = "write_failed", %error, "session cut");
            self.explain("write_failed", error.to_string());
            self.cut(CloseReason::TransportError);
            return false;
        }
        // The task of one that blocks sets its timer for the end of the patience.
        let blocks = visit.settled == Settled::Blocked;
        if visit.reader_may_go_on || blocks || visit.settled == Settled::Sealed {
            self.wake_task();
        }
        match visit.settled {
            Settled::Again => true,
            Settled::Sealed | Settled::Idle | Settled::Blocked | Settled::Aborted => false,
        }
    }

    /// The body for a pending GET.
    pub(crate) fn poll_payload(self: &Arc<Self>, cx: &mut Context<'_>) -> Poll<Vec<u8>> {
        let (payload, tell_task, drained, queued, sent) = {
            let mut outbox = self.outbox.lock();
            let (queued, sent) = (outbox.buffered(), outbox.sent());
            let payload = outbox.poll_payload(cx.waker());
            let tell_task = outbox.is_sealed() || outbox.reader_may_go_on();
            if let Payload::Ready { freed: 1.., .. } = payload {
                outbox.on_taken(self.core.now());
            }
            let sent = outbox.sent().wrapping_sub(sent);
            (payload, tell_task, outbox.take_drained(), queued, sent)
        };
        drained.into_iter().for_each(Waker::wake);
        match payload {
            Payload::Pending => Poll::Pending,
            Payload::Ready { body, freed } => {
                self.core.refund(freed);
                let tally = self.core.tally();
                tally.on_polled(self.home, body.len(), sent, queued);
                self.tell_flushed(freed);
                if tell_task {
                    self.wake_task();
                }
                Poll::Ready(body)
            }
        }
    }

    /// WebSocket takes over. `false`: the session has ended meanwhile, and keeps nothing of it.
    pub(crate) fn switch(self: &Arc<Self>, socket: WebSocket, wire: Arc<WireWriter>) -> bool {
        let (poll, ring) = {
            // One step, so that an end comes before it or finds what it has to free.
            let mut control = self.control();
            let Some(switched) = self.outbox.lock().switch(wire) else {
                return false;
            };
            control.upgraded = Some(Box::new(socket));
            control.probe = None;
            switched
        };
        if let Some(poll) = poll {
            poll.wake();
        }
        if ring {
            self.core.flusher().ring_one(Arc::clone(self));
        }
        self.wake_task();
        true
    }
}

/// A blocked socket is writable again.
impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        let ring = self.outbox.lock().unblock();
        if ring {
            let core = Arc::clone(&self.core);
            core.flusher().ring_one(self);
        }
    }
}
