//! Emitting to many, and to one with options.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::ack::Answer;
use super::broadcast::{Audience, Broadcast};
use super::error::EmitError;
use super::names::{RoomNames, SocketId};
use super::namespace::Namespace;
use super::socket::Socket;
use crate::{Arguments, encode};

/// Emits to many sockets of a namespace: what `to`, `except` and `broadcast` make.
///
/// It describes the recipients and can be used any number of times (protocol B.9). A socket that is
/// in several of the rooms gets an event once.
///
/// ```
/// # fn news(io: &socketio::SocketIo) -> Result<(), socketio::EmitError> {
/// let readers = io.of("/").to("news").except(["muted", "away"]);
/// readers.emit("headline", "…")?;
/// readers.volatile().emit("typing", ())?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "an emitter does nothing until it emits"]
pub struct Emitter {
    namespace: Namespace,
    audience: Audience,
}

impl Emitter {
    pub(crate) fn new(namespace: &Namespace, sender: Option<SocketId>) -> Self {
        let audience = Audience {
            sender,
            ..Audience::default()
        };
        Self {
            namespace: namespace.clone(),
            audience,
        }
    }

    /// Adds rooms whose members get it; without any, everyone does.
    pub fn to(mut self, rooms: impl RoomNames) -> Self {
        rooms.append_to(&mut self.audience.rooms);
        self
    }

    /// Adds rooms whose members do not get it.
    pub fn except(mut self, rooms: impl RoomNames) -> Self {
        rooms.append_to(&mut self.audience.except);
        self
    }

    /// Only for those who can take it at once.
    pub fn volatile(mut self) -> Self {
        self.audience.volatile = true;
        self
    }

    /// Only for the sockets of this process.
    pub fn local(mut self) -> Self {
        self.audience.local = true;
        self
    }

    /// Emits; answers how many sockets of this process took it into their outboxes. A socket that does
    /// not, because it is closed or reads too slowly, concerns nobody else.
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<usize, EmitError> {
        let unit = encode::event(self.namespace.name(), None, event, &args)?;
        Ok(self.namespace.adapter().deliver(Broadcast {
            namespace: self.namespace.wire_name(),
            audience: self.audience.clone(),
            unit: Arc::new(unit),
        }))
    }
}

impl fmt::Debug for Emitter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Emitter")
            .field("namespace", &self.namespace.name())
            .field("audience", &self.audience)
            .finish()
    }
}

/// Emits to one socket, with options.
#[derive(Debug, Clone)]
#[must_use = "an emitter does nothing until it emits"]
pub struct SocketEmitter {
    socket: Socket,
    volatile: bool,
    deadline: Duration,
}

impl SocketEmitter {
    pub(crate) fn new(socket: Socket) -> Self {
        let deadline = socket.namespace().config().ack_timeout;
        Self {
            socket,
            volatile: false,
            deadline,
        }
    }

    /// Drops events that the client cannot take at once.
    pub fn volatile(mut self) -> Self {
        self.volatile = true;
        self
    }

    /// Waits that long for answers.
    pub fn timeout(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Emits; false if the event was volatile and was dropped.
    ///
    /// # Errors
    /// As for [`Socket::emit`].
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<bool, EmitError> {
        if self.volatile {
            return self.socket.send_volatile(event, &args);
        }
        self.socket.send_event(None, event, &args).map(|()| true)
    }

    /// Emits and waits for the answer. An event that wants an answer is never volatile.
    pub fn emit_with_ack(&self, event: &str, args: impl Arguments) -> Answer {
        let socket = &self.socket;
        Answer::request(socket, self.deadline, |id| {
            socket.send_event(Some(id), event, &args)
        })
    }
}
