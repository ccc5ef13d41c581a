//! The task of one session: drives the rules, the inbound side and the application's client.
//!
//! There is one task per session, whatever its transport. POSTs and the probe hand it what they
//! read; a WebSocket is read by the task itself. What the client sends during a turn leaves at the
//! turn's end, written by the task; everything else is the flusher's.

use std::{
    cell::Cell,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    thread,
    time::Duration,
};

use tokio::time::{Instant, Sleep};

use super::{
    Client, SessionEvent,
    lane::Signal,
    outbox::Batch,
    session::Session,
    shared::{Ending, Shared},
    websocket::WebSocket,
};
use crate::{CloseReason, session::Action};

mod ending;
mod inbound;

/// Rounds of one turn before other tasks have theirs; a round reads until the socket is empty or
/// the client is full.
const ROUNDS_PER_TURN: usize = 8;

thread_local! {
    /// The batch of whichever session's turn ends on this thread.
    static BATCH: Cell<Batch> = Cell::new(Batch::default());
}

/// Where the session is on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Open,
    /// What is queued leaves, then the closing signal.
    Draining(Peer),
    /// Everything is out; waits for the peer's end of the stream until this moment.
    Lingering {
        peer: Peer,
        until: Duration,
    },
    Done,
}

/// What is still to be read from a peer whose session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Peer {
    /// Its close frame.
    MayClose,
    /// Nothing that can be parsed.
    Unreadable,
    /// Nothing: it has closed already.
    Closed,
}

/// See the module's documentation.
#[derive(Debug)]
pub(crate) struct Connection<C: Client> {
    shared: Arc<Shared>,
    client: C,
    socket: Option<WebSocket>,
    sleep: Pin<Box<Sleep>>,
    stage: Stage,
    paused: bool,
}

// Nothing here is ever pinned in place: the timer is boxed.
impl<C: Client> Unpin for Connection<C> {}

impl<C: Client> Connection<C> {
    pub(crate) fn new(session: &Session, client: C, socket: Option<WebSocket>) -> Self {
        let shared = Arc::clone(session.shared());
        let ping_interval = shared.core().config().ping_interval;
        let first = shared.core().now().saturating_add(ping_interval);
        let sleep = Box::pin(tokio::time::sleep_until(shared.core().instant(first)));
        Self {
            shared,
            client,
            socket,
            sleep,
            stage: Stage::Open,
            paused: false,
        }
    }

    fn turn(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        for _ in 0..ROUNDS_PER_TURN {
            self.obey(cx);
            self.tick(cx);
            let idle = self.client.poll(cx).is_ready();
            let progress = match self.stage {
                Stage::Open => self.receive(cx),
                Stage::Draining(_) | Stage::Lingering { .. } => self.wind_up(cx),
                Stage::Done if idle => return Poll::Ready(()),
                Stage::Done => false,
            };
            if !progress {
                return Poll::Pending;
            }
            self.flush();
            self.shared.outbox().lock().begin_turn();
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Takes over what others left for this task.
    fn obey(&mut self, cx: &mut Context<'_>) {
        if self.stage == Stage::Done {
            return;
        }
        let mut control = self.shared.control();
        control.task = Some(cx.waker().clone());
        if let Some(socket) = control.upgraded.take() {
            drop(control);
            self.socket = Some(*socket);
            if self.stage == Stage::Open {
                self.shared.tell(SessionEvent::Upgraded);
                self.client.upgraded();
            }
            control = self.shared.control();
        }
        let Some(ending) = control.ending else { return };
        if self.stage != Stage::Open && !matches!(ending, Ending::Abort(_)) {
            return;
        }
        // What arrived before the peer was lost is still handled.
        let peer_was_lost = matches!(
            ending,
            Ending::Abort(CloseReason::TransportClose | CloseReason::TransportError)
        );
        if peer_was_lost && !control.inbound.is_empty() {
            return;
        }
        drop(control);
        match ending {
            Ending::Orderly(reason) => {
                self.end(reason);
                self.stage = Stage::Draining(Peer::MayClose);
            }
            Ending::Abort(reason) => {
                self.end(reason);
                self.finish();
            }
        }
    }

    /// Runs what is due and arms the timer for what is next.
    fn tick(&mut self, cx: &mut Context<'_>) {
        loop {
            let now = self.shared.core().now();
            self.run_due(now);
            if self.stage == Stage::Done {
                return;
            }
            let Some(next) = self.next_deadline() else {
                return;
            };
            let next: Instant = self.shared.core().instant(next);
            // A timer that fires early finds nothing due and is armed again: cheaper than moving
            // it for every pong.
            if next < self.sleep.deadline() || self.sleep.is_elapsed() {
                self.sleep.as_mut().reset(next);
            }
            if self.sleep.as_mut().poll(cx).is_pending() {
                return;
            }
        }
    }

    fn run_due(&mut self, now: Duration) {
        loop {
            let action = self.shared.control().rules.on_tick(now);
            match action {
                Action::None | Action::Deliver(_) => break,
                Action::Ping => self.ping(now),
                Action::Noop => {
                    if self.shared.control().rules.is_poll_pending() {
                        self.shared.signal(Signal::Noop);
                    }
                }
                Action::AbandonProbe => {
                    let probe = self.shared.control().probe.take();
                    if let Some(probe) = probe {
                        tracing::info!(
                            session = self.shared.number(),
                            reason = "upgrade_timeout",
                            "upgrade abandoned"
                        );
                        self.shared.core().tally().on_upgrade("upgrade_timeout");
                        probe.abort();
                    }
                }
                Action::Close(reason) => return self.expire(reason),
            }
        }
        if let Stage::Lingering { until, .. } = self.stage
            && now >= until
        {
            return self.finish();
        }
        let stalled = self.shared.outbox().lock().blocked_since();
        let limit = self.shared.core().config().write_timeout;
        if stalled.is_some_and(|since| now >= since.saturating_add(limit)) {
            let reason = "write_stalled";
            tracing::info!(session = self.shared.number(), reason, "session cut");
            self.shared.explain(reason, "writing made no progress");
            self.lose(CloseReason::TransportError);
        }
    }

    fn ping(&self, now: Duration) {
        self.shared.control().pinged = Some(now);
        self.shared.signal(Signal::Ping);
        self.shared.core().tally().on_ping(self.shared.home());
    }

    fn next_deadline(&self) -> Option<Duration> {
        let rules = self.shared.control().rules.deadline();
        let linger = match self.stage {
            Stage::Lingering { until, .. } => Some(until),
            Stage::Open | Stage::Draining(_) | Stage::Done => None,
        };
        let limit = self.shared.core().config().write_timeout;
        let stalled = self.shared.outbox().lock().blocked_since();
        let stalled = stalled.map(|since| since.saturating_add(limit));
        [rules, linger, stalled].into_iter().flatten().min()
    }

    /// Whether the timer has to be set once more, because something came before its moment.
    fn has_earlier_deadline(&self) -> bool {
        let set = self.sleep.deadline();
        let next = self
            .next_deadline()
            .map(|at| self.shared.core().instant(at));
        next.is_some_and(|next| next < set || self.sleep.is_elapsed())
    }

    /// Ends the turn: writes what it queued, as far as the socket takes it.
    fn flush(&mut self) {
        if !self.shared.outbox().lock().end_turn() {
            return;
        }
        let mut batch = BATCH.take();
        let again = self.shared.visit(self.shared.core(), &mut batch);
        let tally = self.shared.core().tally();
        tally.on_departed(self.shared.home(), &mut batch.departed);
        BATCH.set(batch);
        if again {
            self.shared
                .core()
                .flusher()
                .ring_one(Arc::clone(&self.shared));
        }
    }
}

/// The application panicked in a turn: its session must not stay behind as a ghost. When the runtime goes, all goes.
impl<C: Client> Drop for Connection<C> {
    fn drop(&mut self) {
        if self.stage != Stage::Done && thread::panicking() {
            self.abandon();
        }
    }
}

impl<C: Client> Future for Connection<C> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        this.shared.outbox().lock().begin_turn();
        let done = this.turn(cx);
        this.flush();
        done
    }
}
