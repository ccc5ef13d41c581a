//! The life of one socket after CONNECT: its handlers, one at a time, in the order of arrival.
//!
//! ```text
//! connect handlers → events … → disconnecting handlers → out of all rooms → disconnect handlers
//! ```
//!
//! A handler that is not async runs in the turn that read its event. One that is async runs in the
//! session's task; what arrives meanwhile waits in the inbox.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{self, Poll, ready};

use bytestring::ByteString;

use super::error::{DisconnectReason, Rejection};
use super::extract::Context;
use super::gate;
use super::handler::{EventHandler, Running};
use super::namespaces::Guest;
use super::registry::{Entry, Occasion, Plan};
use super::socket::Socket;
use crate::Event;

/// See the module's documentation.
pub(crate) struct Dispatch {
    socket: Socket,
    /// Keeps the namespace.
    _guest: Guest,
    stage: Stage,
    /// Events that arrived while a handler was in flight. Owns no memory while nothing waits.
    inbox: VecDeque<Inbound>,
    /// The sizes of them.
    inbox_bytes: usize,
    running: Option<Running<()>>,
    /// Handlers for one event that had theirs.
    spent: Vec<Arc<dyn EventHandler>>,
    /// What its handler is in flight for.
    current: Current,
    /// Nothing more is accepted; when the inbox is empty the socket leaves.
    end: Option<DisconnectReason>,
}

/// For the log line, and the client that waits, in case the handler panics.
#[derive(Debug, Clone, Default)]
struct Current {
    /// Empty if it is not for an event.
    event: ByteString,
    ack: Option<u64>,
}

#[derive(Debug)]
struct Inbound {
    event: Event,
    ack: Option<u64>,
}

impl Inbound {
    /// What it keeps of the memory, about.
    fn size(&self) -> usize {
        let args = self.event.args();
        let attachments: usize = args.attachments().iter().map(bytes::Bytes::len).sum();
        size_of::<Self>() + self.event.name().len() + args.raw().len() + attachments
    }
}

/// What runs next; the number is that of the handler in its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connect(usize),
    Events,
    Disconnecting(usize),
    Disconnect(usize),
    Over,
}

impl Dispatch {
    /// The dispatch of a socket whose CONNECT was just queued. Its first handler starts at once.
    pub(crate) fn start(socket: Socket, guest: Guest) -> Self {
        let mut dispatch = Self {
            socket,
            _guest: guest,
            stage: Stage::Connect(0),
            inbox: VecDeque::new(),
            inbox_bytes: 0,
            running: None,
            spent: Vec::new(),
            current: Current::default(),
            end: None,
        };
        dispatch.advance();
        dispatch
    }

    pub(crate) fn socket(&self) -> &Socket {
        &self.socket
    }

    /// Whether packets for its namespace are for it.
    pub(crate) fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// Whether everything is done and it can go.
    pub(crate) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    /// How many events wait.
    pub(crate) fn waiting(&self) -> usize {
        self.inbox.len()
    }

    /// The same in bytes.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.inbox_bytes
    }

    /// Takes an event; it is handled now if nothing is in front of it.
    pub(crate) fn on_event(&mut self, event: Event, ack: Option<u64>) {
        let inbound = Inbound { event, ack };
        if self.running.is_none() && self.inbox.is_empty() && self.stage == Stage::Events {
            self.running = self.begin(inbound);
        } else {
            self.inbox_bytes = self.inbox_bytes.saturating_add(inbound.size());
            self.inbox.push_back(inbound);
        }
    }

    /// Closes the inbox: what is in it is still handled, then the socket leaves; at once if nothing is
    /// in flight.
    pub(crate) fn finish(&mut self, reason: DisconnectReason) {
        self.end.get_or_insert(reason);
        self.socket.fail_waits();
        self.advance();
    }

    /// The same for a socket that the server threw out: what no handler has seen is dropped.
    pub(crate) fn drop_out(&mut self) {
        self.inbox.clear();
        self.inbox_bytes = 0;
        self.finish(DisconnectReason::ServerNamespaceDisconnect);
    }

    /// Drives the handler in flight and those behind it; ready when nothing is in flight.
    pub(crate) fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<()> {
        loop {
            if let Some(running) = &mut self.running {
                let polled = catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(cx)));
                match polled {
                    Ok(poll) => ready!(poll),
                    Err(_) => self.report_panic(),
                }
                self.running = None;
            }
            self.advance();
            if self.running.is_none() {
                return Poll::Ready(());
            }
        }
    }

    /// Starts handlers until one is in flight or there is nothing to do.
    fn advance(&mut self) {
        while self.running.is_none() {
            match self.stage {
                Stage::Connect(index) => {
                    self.row(
                        Occasion::Connect,
                        index,
                        Stage::Connect(index + 1),
                        Stage::Events,
                    );
                }
                Stage::Events => match self.inbox.pop_front() {
                    Some(inbound) => {
                        self.inbox_bytes = self.inbox_bytes.saturating_sub(inbound.size());
                        self.running = self.begin(inbound);
                    }
                    None if self.end.is_some() => self.stage = Stage::Disconnecting(0),
                    None => {
                        self.inbox = VecDeque::new();
                        return;
                    }
                },
                Stage::Disconnecting(index) => {
                    let next = Stage::Disconnecting(index + 1);
                    self.row(Occasion::Disconnecting, index, next, Stage::Disconnect(0));
                    if self.stage == Stage::Disconnect(0) {
                        self.socket.namespace().rooms().expel(&self.socket);
                        self.socket.end();
                        // Once more: until here broadcasts reached it.
                        self.socket.fail_waits();
                    }
                }
                Stage::Disconnect(index) => {
                    let next = Stage::Disconnect(index + 1);
                    self.row(Occasion::Disconnect, index, next, Stage::Over);
                }
                Stage::Over => {
                    self.socket.membership().clear();
                    // Also what would keep the socket itself alive.
                    self.socket.values().clear();
                    return;
                }
            }
        }
    }

    /// Starts the handler number `index` of a row, or goes on to what comes after the row.
    fn row(&mut self, occasion: Occasion, index: usize, next: Stage, after: Stage) {
        let Some(handler) = self.socket.namespace().registry().row(occasion, index) else {
            self.stage = after;
            return;
        };
        self.stage = next;
        let socket = self.socket.clone();
        let context = match (occasion, self.end) {
            (Occasion::Disconnecting | Occasion::Disconnect, Some(reason)) => {
                Context::disconnect(socket, reason)
            }
            _ => Context::connect(socket),
        };
        self.current = Current::default();
        self.running = self.call(&*handler, context);
    }

    /// Finds the handler of an event, and what is before it, and calls it.
    fn begin(&mut self, Inbound { event, ack }: Inbound) -> Option<Running<()>> {
        let namespace = self.socket.namespace();
        let too_long = event.name().len() > namespace.config().event_name_length;
        let plan = match too_long {
            true => Plan::default(),
            false => namespace.registry().plan(event.name()),
        };
        let own = plan.entry.filter(|entry| self.is_still_for(entry));
        let handler = match own {
            Some(entry) => Some(entry.handler),
            None if too_long => None,
            None => self.socket.namespace().registry().unhandled(),
        };
        self.current = Current {
            event: event.shared_name(),
            ack,
        };
        let context = Context::event(self.socket.clone(), event, ack);
        if !plan.gates.is_empty() {
            return Some(Box::pin(gate::pass(plan.gates, handler, context)));
        }
        match handler {
            Some(handler) => return self.call(&*handler, context),
            None if too_long => context.reject(Rejection::EventNameTooLong),
            None => context.reject(Rejection::Unhandled),
        }
        None
    }

    /// Whether a handler is for another event of this socket; notes those that are for one only.
    fn is_still_for(&mut self, entry: &Entry) -> bool {
        let is_spent = |spent: &Arc<dyn EventHandler>| Arc::ptr_eq(spent, &entry.handler);
        if !entry.once {
            return true;
        }
        let fresh = !self.spent.iter().any(is_spent);
        if fresh {
            self.spent.push(Arc::clone(&entry.handler));
        }
        fresh
    }

    /// A handler that panics ends its own turn and nothing else.
    fn call(&self, handler: &dyn EventHandler, context: Context) -> Option<Running<()>> {
        let called = catch_unwind(AssertUnwindSafe(|| handler.call(context)));
        called.unwrap_or_else(|_| {
            self.report_panic();
            None
        })
    }

    fn report_panic(&self) {
        let Current { event, ack } = &self.current;
        let (socket, namespace) = (&self.socket, self.socket.namespace());
        tracing::error!(
            socket = %socket.id(), namespace = namespace.name(), event = %event.escape_debug(),
            "handler panicked"
        );
        namespace
            .registry()
            .reject(socket, event, &Rejection::Panicked);
        if let Some(id) = *ack {
            // If it answered before it panicked, clients ignore the second answer.
            let _ = socket.answer(id, &Rejection::Panicked);
        }
    }
}
