//! The outgoing side of one session: its outbox, those who take from it, and the client that hears it.

use std::{sync::Arc, time::Duration};

use engineio::{
    Frame, Message, Unit,
    server::outgoing::{Claim, Outgoing, Owed},
};

use crate::listener::Listener;

/// What the server ends a WebSocket with.
const CLOSE: &[u8] = &[0x88, 0x00];

/// See the module's documentation.
pub struct Carrier {
    outgoing: Outgoing,
    listener: Listener,
    emitted: u32,
    on_websocket: bool,
    poll: Poll,
    writer: Writer,
    /// Whether the outbox still takes something.
    open: bool,
    aborted: bool,
    /// The session's task has to run.
    woken: bool,
}

/// The poll of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// There is none.
    None,
    /// It waits.
    Waits,
    /// It was told to look again.
    Woken,
}

/// Who looks after the bytes for the WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Writer {
    Nobody,
    Owed,
    Writes(Vec<u8>),
    Blocked,
}

impl Carrier {
    /// At the start of a session.
    pub fn new(websocket: bool) -> Self {
        Self {
            outgoing: match websocket {
                true => Outgoing::websocket(),
                false => Outgoing::polling(),
            },
            listener: Listener::default(),
            emitted: 0,
            on_websocket: websocket,
            poll: Poll::None,
            writer: Writer::Nobody,
            open: true,
            aborted: false,
            woken: false,
        }
    }

    /// The application says the next number, with so many attachments.
    pub fn emit(&mut self, attachments: u8) {
        let text = self.emitted.to_string();
        let parts: Vec<String> = (0..attachments)
            .map(|part| format!("{text}.{part}"))
            .collect();
        let head = Frame::text(text.len(), |out| out.extend_from_slice(text.as_bytes()));
        let binary = parts.iter().map(|part| Frame::binary(part.as_bytes()));
        let unit = Arc::new(Unit::with_attachments(head, binary.collect()));
        let owed = self.outgoing.push(&unit);
        assert_eq!(owed != Owed::Refused, self.open);
        if self.open && owed != Owed::Full {
            self.emitted += 1;
            let binary = parts.into_iter().map(|part| Message::Binary(part.into()));
            let head = std::iter::once(Message::Text(text.into()));
            self.listener.say(head.chain(binary));
        }
        self.pay(owed);
    }

    /// The session pings.
    pub fn ping(&mut self) {
        let owed = self.outgoing.ping();
        self.pay(owed);
    }

    /// The session answers the poll, if there is one, so that the client can stop polling.
    pub fn noop(&mut self) {
        if self.poll != Poll::None {
            let owed = self.outgoing.noop();
            self.pay(owed);
        }
    }

    /// WebSocket takes over.
    pub fn switch(&mut self) {
        self.on_websocket = true;
        self.woken = true;
        let (woken, ring) = self.outgoing.switch();
        // The waker of a poll that is lost may be there still.
        assert!(
            woken || self.poll != Poll::Waits,
            "a poll that waits is told"
        );
        self.wake_poll();
        if ring {
            self.pay(Owed::Visit);
        }
    }

    /// An orderly close begins.
    pub fn drain(&mut self) {
        self.open = false;
        let owed = self.outgoing.drain(CLOSE);
        self.pay(owed);
    }

    /// Everything is dropped.
    pub fn abort(&mut self) {
        self.open = false;
        self.aborted = true;
        self.outgoing.abort();
        self.wake_poll();
    }

    /// The poll of the client.
    pub fn poll(&self) -> Poll {
        self.poll
    }

    /// The connection of the poll is gone.
    pub fn lose_poll(&mut self) {
        self.poll = Poll::None;
    }

    /// The poll looks for its answer. Whether it has one.
    pub fn look(&mut self, now: Duration) -> bool {
        let Some(body) = self.outgoing.poll(now) else {
            self.poll = Poll::Waits;
            return false;
        };
        self.woken |= self.outgoing.reader_may_go_on() || self.outgoing.is_sealed();
        self.listener.hear_body(&body);
        self.poll = Poll::None;
        true
    }

    /// A writer takes what there is, up to so many bytes.
    pub fn begin_visit(&mut self, quantum: usize) {
        if let Some(bytes) = self.outgoing.begin_visit(quantum) {
            assert_eq!(self.writer, Writer::Owed, "only who was told to writes");
            self.writer = Writer::Writes(bytes);
        } else if self.writer == Writer::Owed {
            self.writer = Writer::Nobody;
        }
    }

    /// The stream has taken so many bytes, or all that the writer has.
    pub fn end_visit(&mut self, most: usize, now: Duration) {
        let Writer::Writes(bytes) = &self.writer else {
            return;
        };
        let written = most.min(bytes.len());
        if !self.aborted {
            self.listener.hear_bytes(&bytes[..written]);
        }
        let blocked = (written < bytes.len()).then_some(now);
        self.writer = match self.outgoing.end_visit(written, blocked) {
            Claim::Free => Writer::Nobody,
            Claim::Again => Writer::Owed,
            Claim::Blocked => Writer::Blocked,
        };
        let blocked = self.writer == Writer::Blocked;
        self.woken |= self.outgoing.reader_may_go_on() || self.outgoing.is_sealed() || blocked;
    }

    /// The stream takes nothing any more, and whoever should write finds out.
    pub fn stall(&mut self, now: Duration) {
        self.end_visit(0, now);
        self.begin_visit(usize::MAX);
        self.end_visit(0, now);
    }

    /// Whether the session's task was woken, once.
    pub fn take_wake(&mut self) -> bool {
        std::mem::take(&mut self.woken)
    }

    /// Whether the session should not be read, by an application that `accepts` something or not.
    pub fn is_congested(&mut self, accepts: bool, now: Duration) -> bool {
        self.outgoing.is_congested(accepts, now)
    }

    /// Since when the client has taken nothing of what is there for it.
    pub fn blocked_since(&self) -> Option<Duration> {
        self.outgoing.blocked_since()
    }

    /// The stream takes bytes again.
    pub fn on_writable(&mut self) {
        if self.outgoing.unblock() {
            assert_eq!(self.writer, Writer::Blocked);
            self.writer = Writer::Owed;
        }
    }

    /// Whether an orderly close is complete.
    pub fn is_flushed(&self) -> bool {
        self.outgoing.is_sealed()
    }

    /// Whether the client has heard all that was said, as far as it can.
    pub fn is_done(&self) -> bool {
        self.aborted || self.listener.has_heard_all()
    }

    /// Somebody looks after what is not heard yet.
    pub fn check(&self) {
        if self.is_done() {
            return;
        }
        match self.on_websocket {
            true => assert_ne!(self.writer, Writer::Nobody, "somebody writes"),
            false => assert_ne!(self.poll, Poll::Waits, "a poll that waits is told"),
        }
    }

    /// A writer that has begun ends; nothing stays charged.
    pub fn rest(&mut self) {
        self.end_visit(usize::MAX, Duration::ZERO);
        assert_eq!(self.outgoing.buffered(), 0, "nothing stays charged");
    }

    fn pay(&mut self, owed: Owed) {
        match owed {
            Owed::Visit => {
                assert_eq!(self.writer, Writer::Nobody, "one writer");
                self.writer = Writer::Owed;
            }
            Owed::Poll => self.wake_poll(),
            Owed::Nothing | Owed::Refused | Owed::Full => {}
        }
    }

    fn wake_poll(&mut self) {
        if self.poll == Poll::Waits {
            self.poll = Poll::Woken;
        }
    }
}
