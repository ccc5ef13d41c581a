//! WebSocket frames in: tungstenite parses, over a pipe whose reading side is a scratch buffer and
//! whose writing side is the session's engine lane.

use std::{
    cell::Cell,
    io::{self, Read},
    task::{Context, Poll},
};

use bytes::Bytes;
use bytestring::ByteString;
use tokio_tungstenite::tungstenite::{
    self, Error,
    error::{CapacityError, ProtocolError},
    protocol::{Role, WebSocketConfig, WebSocketContext},
};

use super::wire::WireReader;
use crate::{DecodeError, Packet};

/// What the kernel hands over in one read. Lives with the worker thread, not with the session.
const SCRATCH: usize = 64 * 1024;

/// The parser's own buffer per connection; it grows for a large frame only.
const PARSER_BUFFER: usize = 256;

thread_local! {
    static SCRATCH_BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

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

/// The inbound side of one WebSocket.
#[derive(Debug)]
pub(crate) struct WebSocket {
    reader: WireReader,
    parser: WebSocketContext,
    /// Bytes read from the stream that the parser has not seen.
    stash: Bytes,
    /// The parser may hold whole frames of its own: it was stopped before it ran dry.
    stopped: bool,
    control: Option<Bytes>,
}

impl WebSocket {
    /// `ahead` is what hyper had read beyond the upgrade request.
    pub(crate) fn new(reader: WireReader, ahead: Bytes, max_payload: usize) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(PARSER_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(max_payload))
            .max_frame_size(Some(max_payload));
        let parser = WebSocketContext::new(Role::Server, Some(config));
        Self {
            reader,
            parser,
            stash: ahead,
            stopped: false,
            control: None,
        }
    }

    /// A pong, or the echo of a close, that the parser wants said.
    pub(crate) fn take_control(&mut self) -> Option<Bytes> {
        self.control.take()
    }

    pub(crate) fn has_control(&self) -> bool {
        self.control.is_some()
    }

    /// Reads packets and hands each to `each` until the stream has no more for now (`Pending`),
    /// `each` answers `false` (`Ready(Ok)`, call again later), or nothing more can come.
    pub(crate) fn poll_packets(
        &mut self,
        cx: &mut Context<'_>,
        each: &mut dyn FnMut(Packet) -> bool,
    ) -> Poll<Result<(), ReadEnd>> {
        if self.stopped || !self.stash.is_empty() {
            let stash = std::mem::take(&mut self.stash);
            let (outcome, rest) = self.parse(&stash, each);
            self.stash = stash.slice(stash.len() - rest..);
            match outcome {
                Ok(true) => {}
                Ok(false) => return Poll::Ready(Ok(())),
                Err(end) => return Poll::Ready(Err(end)),
            }
        }
        // Taken, not borrowed: `each` runs foreign code that may come back here.
        let mut scratch = SCRATCH_BUFFER.take();
        scratch.resize(SCRATCH, 0);
        let outcome = self.poll_stream(cx, &mut scratch, each);
        SCRATCH_BUFFER.set(scratch);
        outcome
    }

    fn poll_stream(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut [u8],
        each: &mut dyn FnMut(Packet) -> bool,
    ) -> Poll<Result<(), ReadEnd>> {
        loop {
            let read = match self.reader.poll_read(cx, scratch) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(ReadEnd::Io(error))),
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(ReadEnd::Eof)),
                Poll::Ready(Ok(read)) => read,
            };
            let input = scratch.get(..read).unwrap_or_default();
            let (outcome, rest) = self.parse(input, each);
            match outcome {
                Ok(true) => {}
                Ok(false) => {
                    let rest = input.get(read - rest..).unwrap_or_default();
                    self.stash = Bytes::copy_from_slice(rest);
                    return Poll::Ready(Ok(()));
                }
                Err(end) => return Poll::Ready(Err(end)),
            }
        }
    }

    /// Parses `input`. Answers whether `each` wants more, and how many bytes were not seen.
    fn parse(
        &mut self,
        input: &[u8],
        each: &mut dyn FnMut(Packet) -> bool,
    ) -> (Result<bool, ReadEnd>, usize) {
        let mut pipe = Pipe {
            input,
            output: Vec::new(),
        };
        let outcome = loop {
            match self.parser.read(&mut pipe) {
                Ok(message) => match packet(message).map(|packet| packet.is_none_or(&mut *each)) {
                    Ok(true) => {}
                    Ok(false) => break Ok(false),
                    Err(end) => break Err(end),
                },
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {
                    break Ok(true);
                }
                Err(error) => break Err(ReadEnd::from(error)),
            }
        };
        self.stopped = matches!(outcome, Ok(false));
        if !pipe.output.is_empty() {
            self.control = Some(pipe.output.into());
        }
        (outcome, pipe.input.len())
    }

    /// Reads and forgets until the peer is done; for the time between our close frame and its.
    pub(crate) fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0u8; 1024];
        loop {
            match self.reader.poll_read(cx, &mut scratch) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(_)) => {}
            }
        }
    }
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
    output: Vec<u8>,
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
