//! The rules of a client's session, whatever its transport.
//!
//! ```text
//! client                              server
//!   upgrade, or the first poll    ->
//!                                 <-  '0' open
//!   "40" connect                  ->
//!                                 <-  "40" connected       Notice::Connected
//!   "42[...]"                    <->  "42[...]"            Notice::Event
//!                                 <-  '2' ping
//!   '3' pong                      ->
//! ```

use std::sync::Arc;

use engineio::Transport;
use serde::Deserialize;

use super::polling::Polling;
use super::websocket::WebSocket;
use super::{Address, ClientError, Notice};
use crate::{Arguments, EncodeError, encode};

/// The packet types of Engine.IO and of Socket.IO that a client meets.
mod kind {
    pub(super) const OPEN: u8 = b'0';
    pub(super) const CLOSE: u8 = b'1';
    pub(super) const PING: u8 = b'2';
    pub(super) const PONG: u8 = b'3';
    pub(super) const MESSAGE: u8 = b'4';
    pub(super) const NOOP: u8 = b'6';

    pub(super) const CONNECT: u8 = b'0';
    pub(super) const DISCONNECT: u8 = b'1';
    pub(super) const EVENT: u8 = b'2';
    pub(super) const ACK: u8 = b'3';
    pub(super) const CONNECT_ERROR: u8 = b'4';
}

/// One client's session, without I/O: bytes in, notices and bytes out.
#[derive(Debug)]
pub struct Session {
    core: Core,
    wire: Wire,
    outgoing: Vec<u8>,
}

#[derive(Debug)]
enum Wire {
    WebSocket(WebSocket),
    Polling(Polling),
}

impl Session {
    /// A session that has yet to be opened; its first request is in [`Session::outgoing`].
    #[must_use]
    pub fn new(address: &Arc<Address>, transport: Transport) -> Self {
        let mut outgoing = Vec::new();
        let wire = match transport {
            Transport::WebSocket => {
                address.target().upgrade(&mut outgoing);
                Wire::WebSocket(WebSocket::default())
            }
            Transport::Polling => {
                address.target().open(&mut outgoing);
                Wire::Polling(Polling::default())
            }
        };
        let core = Core {
            address: Arc::clone(address),
            phase: Phase::Opening,
        };
        Self {
            core,
            wire,
            outgoing,
        }
    }

    /// Takes what was read.
    ///
    /// # Errors
    /// The server refuses, breaks the rules, or ends the session. Nothing more is to be read then.
    pub fn on_bytes(
        &mut self,
        input: &[u8],
        on: impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        match &mut self.wire {
            Wire::WebSocket(wire) => wire.on_bytes(&mut self.core, input, &mut self.outgoing, on),
            Wire::Polling(wire) => wire.on_bytes(&mut self.core, input, on),
        }
    }

    /// Sends a Socket.IO packet as it is written: `2["hello"]`.
    ///
    /// Over polling it leaves with the next request: see [`Session::outgoing`].
    pub fn send(&mut self, packet: &[u8]) {
        match &mut self.wire {
            Wire::WebSocket(_) => WebSocket::send(packet, &mut self.outgoing),
            Wire::Polling(wire) => wire.send(packet),
        }
    }

    /// Sends an event; with an id it wants an ack.
    ///
    /// # Errors
    /// As [`encode::event`]; and attachments, which this client does not send.
    pub fn emit(
        &mut self,
        name: &str,
        args: &impl Arguments,
        id: Option<u64>,
    ) -> Result<(), EncodeError> {
        let unit = encode::event(self.core.address.namespace_name(), id, name, args)?;
        if unit.len() > 1 {
            let count = unit.len() - 1;
            return Err(EncodeError::TooManyAttachments { count });
        }
        for frame in unit.frames() {
            self.send(frame.message());
        }
        Ok(())
    }

    /// What is to be written now.
    ///
    /// Over polling a session has one request at a time: what was sent since the last answer is posted before the next poll. What is sent
    /// while a poll waits leaves after the answer to it.
    pub fn outgoing(&mut self) -> &[u8] {
        if let Wire::Polling(wire) = &mut self.wire {
            wire.turn(&self.core, &mut self.outgoing);
        }
        &self.outgoing
    }

    /// So much of [`Session::outgoing`] was written.
    pub fn on_written(&mut self, length: usize) {
        self.outgoing.drain(..length.min(self.outgoing.len()));
    }

    /// Whether the namespace is open.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        matches!(self.core.phase, Phase::Connected)
    }
}

/// How far the session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Opening,
    Connecting,
    Connected,
}

/// What both transports have in common.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) address: Arc<Address>,
    phase: Phase,
}

/// What is to be sent because of a packet.
#[derive(Debug)]
pub(super) enum Reply {
    /// The session is open; this is its id, and the namespace is next.
    Connect { sid: String, packet: String },
    /// A heartbeat is answered.
    Pong,
}

impl Reply {
    /// The Engine.IO packet of a heartbeat's answer.
    pub(super) const PONG: &'static [u8] = &[kind::PONG];
}

/// The part of the handshake that a client needs. Servers differ in how long an id is, so it is any text.
#[derive(Deserialize)]
struct Opened {
    sid: String,
}

impl Core {
    /// Takes one Engine.IO packet as text.
    pub(super) fn on_text(
        &mut self,
        text: &[u8],
        on: &mut impl FnMut(Notice<'_>),
    ) -> Result<Option<Reply>, ClientError> {
        let (&kind, data) = text
            .split_first()
            .ok_or_else(|| ClientError::packet(text))?;
        match (kind, self.phase) {
            (kind::MESSAGE, Phase::Connected) => self.on_packet(data, on)?,
            (kind::MESSAGE, Phase::Connecting) => self.on_answer(data, on)?,
            (kind::PING, _) => return Ok(Some(Reply::Pong)),
            (kind::NOOP, _) => {}
            (kind::CLOSE, _) => return Err(ClientError::Disconnected),
            (kind::OPEN, Phase::Opening) => {
                let opened: Opened =
                    serde_json::from_slice(data).map_err(|_| ClientError::packet(text))?;
                self.phase = Phase::Connecting;
                let packet = self.address.connect();
                let sid = opened.sid;
                return Ok(Some(Reply::Connect { sid, packet }));
            }
            _ => return Err(ClientError::packet(text)),
        }
        Ok(None)
    }

    /// Takes a Socket.IO packet of an open namespace.
    fn on_packet(
        &mut self,
        packet: &[u8],
        on: &mut impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        let Some((&kind, rest)) = packet.split_first() else {
            return Err(ClientError::packet(packet));
        };
        let rest = rest.strip_prefix(self.address.namespace().as_bytes());
        let notice = match (kind, rest) {
            (kind::EVENT, Some(array @ [b'[', ..])) => Notice::Event(array),
            (kind::ACK, Some(rest)) => match split_id(rest) {
                Some((id, args)) => Notice::Ack { id, args },
                None => Notice::Packet(packet),
            },
            (kind::DISCONNECT, Some([])) => return Err(ClientError::Disconnected),
            _ => Notice::Packet(packet),
        };
        on(notice);
        Ok(())
    }

    /// Takes the answer to CONNECT.
    fn on_answer(
        &mut self,
        packet: &[u8],
        on: &mut impl FnMut(Notice<'_>),
    ) -> Result<(), ClientError> {
        let (kind, rest) = packet
            .split_first()
            .ok_or_else(|| ClientError::packet(packet))?;
        let namespace = self.address.namespace().as_bytes();
        match (*kind, rest.strip_prefix(namespace)) {
            (kind::CONNECT, Some(_)) => {
                self.phase = Phase::Connected;
                on(Notice::Connected);
                Ok(())
            }
            (kind::CONNECT_ERROR, Some(json)) => Err(ClientError::connect(json)),
            _ => Err(ClientError::packet(packet)),
        }
    }
}

/// The ack id and the array behind it.
fn split_id(text: &[u8]) -> Option<(u64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, args) = text.split_at(digits);
    let id = str::from_utf8(digits).ok()?.parse().ok()?;
    args.starts_with(b"[").then_some((id, args))
}

#[cfg(test)]
mod tests;
