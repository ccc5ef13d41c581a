//! Emitting to one socket, with options.

use std::time::Duration;

use super::ack::Answer;
use super::error::EmitError;
use super::socket::Socket;
use crate::{Arguments, event};

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

    /// See [`Emitter::compress`](super::Emitter::compress).
    pub fn compress(self, _compress: bool) -> Self {
        self
    }

    /// Emits `message`, as `send` in the stock clients; see [`emit`](Self::emit).
    ///
    /// # Errors
    /// As for [`Socket::emit`].
    pub fn send(&self, args: impl Arguments) -> Result<bool, EmitError> {
        self.emit(event::MESSAGE, args)
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
