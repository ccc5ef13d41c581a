//! From bytes to packets: the inbound side of a WebSocket without its stream.

use std::{
    cell::Cell,
    io::{self, Read},
};

use bytes::Bytes;
use bytestring::ByteString;
use tokio_tungstenite::tungstenite::{
    self, Error,
    error::{CapacityError, ProtocolError},
    protocol::{Role, WebSocketConfig, WebSocketContext},
};

use super::intake::{Intake, Portion};
use crate::{DecodeError, Packet};

/// The buffer of a context; it grows for a large frame only.
const PARSER_BUFFER: usize = 256;

/// WebSocket close codes (RFC 6455, section 7.4.1) that the server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloseCode {
    /// A close frame without a status: a normal end.
    None,
    Protocol,
    InvalidPayload,
    TooBig,
}

impl CloseCode {
    /// The close frame as it goes on the wire.
    pub(crate) fn frame(self) -> Bytes {
        Bytes::from_static(match self {
            Self::None => &[0x88, 0x00],
            Self::Protocol => &[0x88, 0x02, 0x03, 0xea],
            Self::InvalidPayload => &[0x88, 0x02, 0x03, 0xef],
            Self::TooBig => &[0x88, 0x02, 0x03, 0xf1],
        })
    }
}

/// Why no more packets come.
#[derive(Debug)]
pub(crate) enum ReadEnd {
    /// The peer sent a close frame; the echo, if any, is among the control frames.
    Closed,
    /// The stream ended without a close frame.
    Eof,
    /// The stream failed.
    Io(io::Error),
    /// The peer broke a rule; this is what the close frame says.
    Violation(CloseCode, String),
    /// A frame whose text is no Engine.IO packet.
    Malformed(DecodeError),
}

thread_local! {
    /// A context between two frames knows nothing of its peer, so all WebSockets that are read on
    /// this thread use one, made for this payload limit.
    static SPARE: Cell<Option<(usize, Box<WebSocketContext>)>> = const { Cell::new(None) };
}

/// What the parser knows of one WebSocket.
#[derive(Debug)]
pub(crate) struct Parser {
    max_payload: usize,
    intake: Intake,
    /// The context, while it holds a part of a frame or of a message.
    context: Option<Box<WebSocketContext>>,
    /// Bytes that this context was fed, and at least how many of them are in what it gave back.
    /// When they are equal it holds nothing. A peer that writes lengths longer than need be keeps
    /// its context, which is harmless.
    fed: usize,
    given: usize,
    /// There may be whole frames in the context: it was stopped before it ran dry.
    pub(super) stopped: bool,
    /// A pong, or the echo of a close, that wants to be said.
    pub(super) control: Option<Bytes>,
}

impl Parser {
    pub(crate) fn new(max_payload: usize) -> Self {
        Self {
            max_payload,
            intake: Intake::default(),
            context: None,
            fed: 0,
            given: 0,
            stopped: false,
            control: None,
        }
    }

    /// Parses `input`. Answers whether `each` wants more, and how many bytes were not seen.
    pub(crate) fn parse(
        &mut self,
        input: &[u8],
        each: &mut dyn FnMut(Packet) -> bool,
    ) -> (Result<bool, ReadEnd>, usize) {
        let mut output = Vec::new();
        let mut rest = input;
        let mut outcome = match self.stopped {
            true => self.feed(&[], &mut output, each).0,
            false => Ok(true),
        };
        while matches!(outcome, Ok(true)) {
            match self.intake.next(&mut rest, self.max_payload) {
                Portion::Nothing => break,
                Portion::Held(frame) => outcome = self.feed(&frame, &mut output, each).0,
                Portion::Input(portion) => {
                    let unseen;
                    (outcome, unseen) = self.feed(portion, &mut output, each);
                    let seen = portion.len().saturating_sub(unseen);
                    self.intake.took(seen);
                    rest = rest.get(seen..).unwrap_or_default();
                }
            }
        }
        self.stopped = matches!(outcome, Ok(false));
        if !output.is_empty() {
            self.control = Some(output.into());
        }
        (outcome, rest.len())
    }

    /// Hands bytes to the context: what came of it, and how many it did not look at.
    fn feed(
        &mut self,
        input: &[u8],
        output: &mut Vec<u8>,
        each: &mut dyn FnMut(Packet) -> bool,
    ) -> (Result<bool, ReadEnd>, usize) {
        let mut context = match self.context.take() {
            Some(context) => context,
            None => spare(self.max_payload),
        };
        let mut pipe = Pipe { input, output };
        let outcome = loop {
            match context.read(&mut pipe) {
                Ok(message) => {
                    self.given = self.given.saturating_add(least_size(message.len()));
                    match packet(message).map(|packet| packet.is_none_or(&mut *each)) {
                        Ok(true) => {}
                        Ok(false) => break Ok(false),
                        Err(end) => break Err(end),
                    }
                }
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    break Ok(true);
                }
                Err(error) => break Err(ReadEnd::from(error)),
            }
        };
        let unseen = pipe.input.len();
        self.fed = self.fed.saturating_add(input.len().saturating_sub(unseen));
        if self.fed == self.given && matches!(outcome, Ok(true)) {
            (self.fed, self.given) = (0, 0);
            SPARE.set(Some((self.max_payload, context)));
        } else {
            self.context = Some(context);
        }
        (outcome, unseen)
    }
}

/// A context that holds nothing.
fn spare(max_payload: usize) -> Box<WebSocketContext> {
    if let Some((limit, context)) = SPARE.take()
        && limit == max_payload
    {
        return context;
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(PARSER_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(max_payload))
        .max_frame_size(Some(max_payload));
    Box::new(WebSocketContext::new(Role::Server, Some(config)))
}

/// The bytes of the shortest masked frame with so much payload (RFC 6455, section 5.2); several
/// frames with the same payload are not shorter.
fn least_size(payload: usize) -> usize {
    let length = match payload {
        0..=125 => 0,
        126..=0xffff => 2,
        _ => 8,
    };
    payload.saturating_add(2 + 4 + length)
}

fn packet(message: tungstenite::Message) -> Result<Option<Packet>, ReadEnd> {
    match message {
        tungstenite::Message::Text(text) => {
            let text = ByteString::try_from(Bytes::from(text)).map_err(|error| {
                ReadEnd::Violation(CloseCode::InvalidPayload, error.to_string())
            })?;
            Packet::decode_text(text)
                .map(Some)
                .map_err(ReadEnd::Malformed)
        }
        tungstenite::Message::Binary(data) => Ok(Some(Packet::decode_binary(data))),
        tungstenite::Message::Ping(_)
        | tungstenite::Message::Pong(_)
        | tungstenite::Message::Close(_)
        | tungstenite::Message::Frame(_) => Ok(None),
    }
}

impl From<Error> for ReadEnd {
    fn from(error: Error) -> Self {
        match error {
            Error::ConnectionClosed | Error::AlreadyClosed => Self::Closed,
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Self::Eof,
            Error::Io(error) => Self::Io(error),
            Error::Capacity(error @ CapacityError::MessageTooLong { .. }) => {
                Self::Violation(CloseCode::TooBig, error.to_string())
            }
            Error::Utf8(error) => Self::Violation(CloseCode::InvalidPayload, error),
            error => Self::Violation(CloseCode::Protocol, error.to_string()),
        }
    }
}

/// Bytes in, control frames out. An empty input means "nothing more for now", not the end.
struct Pipe<'a> {
    input: &'a [u8],
    output: &'a mut Vec<u8>,
}

impl Read for Pipe<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.input.is_empty() {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.input.read(buffer)
    }
}

impl io::Write for Pipe<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.output.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
