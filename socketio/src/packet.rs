//! The Socket.IO packet and its text form (protocol B.1).
//!
//! ```text
//! <type>[<attachments>-][<namespace>,][<ack id>][<json>]
//!
//! 2["hello",1]                                              event in "/"
//! 2/admin,12["hello"]                                       event in "/admin", wants ack 12
//! 51-["file",{"_placeholder":true,"num":0}] + 1 binary      event with an attachment
//! ```
//!
//! A payload is kept as the text it came in: what only passes through is never parsed into a tree,
//! and numbers, key order and escapes leave exactly as they arrived. That includes escaped lone
//! surrogates (`"\ud800"`), which JavaScript can send: they pass through untouched and are refused
//! only by whoever asks for a Rust string.

use std::fmt;
use std::io::Write;

use bytes::Bytes;
use bytestring::ByteString;
use engineio::{Frame, Unit};

use crate::DecodeError;
use crate::json;

/// The namespace that is not written on the wire.
pub const DEFAULT_NAMESPACE: &str = "/";

/// How many attachments a stock client accepts in one packet (its decoder's default since 4.2.6).
pub const MAX_ATTACHMENTS: usize = 10;

/// What a packet is for. Binary events and acks are events and acks with attachments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `0`: join a namespace; the server's answer has the same kind.
    Connect,
    /// `1`: leave a namespace.
    Disconnect,
    /// `2` and `5`: an event.
    Event,
    /// `3` and `6`: the answer to an event that asked for one.
    Ack,
    /// `4`: the server refuses a [`Kind::Connect`].
    ConnectError,
}

impl Kind {
    /// The digit on the wire.
    fn digit(self, binary: bool) -> u8 {
        match (self, binary) {
            (Self::Connect, _) => b'0',
            (Self::Disconnect, _) => b'1',
            (Self::Event, false) => b'2',
            (Self::Ack, false) => b'3',
            (Self::ConnectError, _) => b'4',
            (Self::Event, true) => b'5',
            (Self::Ack, true) => b'6',
        }
    }

    /// The kind of a digit, and whether an attachment count follows it.
    fn from_digit(digit: u8) -> Option<(Self, bool)> {
        Some(match digit {
            b'0' => (Self::Connect, false),
            b'1' => (Self::Disconnect, false),
            b'2' => (Self::Event, false),
            b'3' => (Self::Ack, false),
            b'4' => (Self::ConnectError, false),
            b'5' => (Self::Event, true),
            b'6' => (Self::Ack, true),
            _ => return None,
        })
    }
}

/// One Socket.IO packet, complete with its attachments.
///
/// ```
/// use socketio::{Kind, Packet};
///
/// let packet = Packet {
///     namespace: "/admin".into(),
///     id: Some(12),
///     data: Some(r#"["hello"]"#.into()),
///     ..Packet::new(Kind::Event)
/// };
/// let unit = packet.encode();
/// let head = unit.frame(0).expect("a unit is never empty");
/// assert_eq!(head.message(), br#"2/admin,12["hello"]"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// What the packet is for.
    pub kind: Kind,
    /// The namespace, with its slash; `/` when the wire names none.
    pub namespace: ByteString,
    /// The ack id: of the wanted answer in an event, of the answered event in an ack.
    pub id: Option<u64>,
    /// The payload: JSON text as it was on the wire.
    pub data: Option<ByteString>,
    /// The binary values which the placeholders in `data` stand for.
    pub attachments: Vec<Bytes>,
}

impl Packet {
    /// An empty packet for the default namespace.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            namespace: ByteString::from_static(DEFAULT_NAMESPACE),
            id: None,
            data: None,
            attachments: Vec::new(),
        }
    }

    /// The packet as Engine.IO messages: the text, then one binary message per attachment.
    #[must_use]
    pub fn encode(&self) -> Unit {
        let data = self.data.as_deref().unwrap_or_default();
        let head = Head {
            kind: self.kind,
            attachments: self.attachments.len(),
            namespace: &self.namespace,
            id: self.id,
        };
        let attachments = self.attachments.iter().map(|bytes| Frame::binary(bytes));
        Unit::with_attachments(head.frame(data.as_bytes()), attachments.collect())
    }
}

/// Everything of an outgoing packet that precedes the JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) kind: Kind,
    pub(crate) attachments: usize,
    pub(crate) namespace: &'a str,
    pub(crate) id: Option<u64>,
}

impl Head<'_> {
    /// The text frame of a packet; `json` is UTF-8 because only encoders and checked text get here.
    pub(crate) fn frame(self, json: &[u8]) -> Frame {
        Frame::text(self.len() + json.len(), |buffer| {
            self.write(buffer);
            buffer.extend_from_slice(json);
        })
    }

    /// Exactly how many bytes [`write`](Self::write) appends: a frame is allocated once.
    fn len(self) -> usize {
        let digits = |number: u64| number.checked_ilog10().map_or(1, |log| log as usize + 1);
        let attachments = match self.attachments {
            0 => 0,
            count => digits(count as u64) + 1,
        };
        let namespace = match self.namespace {
            DEFAULT_NAMESPACE => 0,
            name => name.len() + 1,
        };
        1 + attachments + namespace + self.id.map_or(0, digits)
    }

    fn write(self, buffer: &mut Vec<u8>) {
        let binary = self.attachments > 0;
        buffer.push(self.kind.digit(binary));
        if binary {
            append(buffer, format_args!("{}-", self.attachments));
        }
        if self.namespace != DEFAULT_NAMESPACE {
            buffer.extend_from_slice(self.namespace.as_bytes());
            // "the comma is mandatory when encoding"
            buffer.push(b',');
        }
        if let Some(id) = self.id {
            append(buffer, format_args!("{id}"));
        }
    }
}

fn append(buffer: &mut Vec<u8>, text: fmt::Arguments<'_>) {
    buffer
        .write_fmt(text)
        .expect("a vector takes all that is written to it");
}

/// The text of a packet, decoded; its attachments follow as binary messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The packet, its attachments still missing.
    pub packet: Packet,
    /// How many binary messages belong to it.
    pub attachments: usize,
}

/// Decodes the text of a packet and checks its payload: JSON, nesting, shape (protocol B.3).
///
/// `max_attachments` and `max_nesting` are those of [`Limits`](crate::Limits). Runs in one pass per
/// check, copies nothing and never recurses. Where the reference coerces (a space as a digit, an
/// empty attachment count), this refuses; a bare `2` without a payload is refused too.
///
/// ```
/// use socketio::{Kind, packet};
///
/// let decoded = packet::decode_text("2/admin,12[\"hello\"]".into(), 10, 128)?;
/// assert_eq!(decoded.packet.kind, Kind::Event);
/// assert_eq!(decoded.packet.namespace, "/admin");
/// assert_eq!(decoded.packet.id, Some(12));
/// # Ok::<(), socketio::DecodeError>(())
/// ```
///
/// # Errors
/// The first rule that the packet breaks.
pub fn decode_text(
    text: ByteString,
    max_attachments: usize,
    max_nesting: usize,
) -> Result<Decoded, DecodeError> {
    let first = text.chars().next().ok_or(DecodeError::Empty)?;
    let (kind, binary) = u8::try_from(first)
        .ok()
        .and_then(Kind::from_digit)
        .ok_or(DecodeError::UnknownType(first))?;
    let (_, mut rest) = text.split_at(1);

    let mut attachments = 0;
    if binary {
        let (count, tail) = split_digits(&rest);
        let tail = tail
            .strip_prefix('-')
            .ok_or(DecodeError::IllegalAttachments)?;
        if count.is_empty() {
            return Err(DecodeError::IllegalAttachments);
        }
        attachments = match count.parse() {
            Ok(count) if count <= max_attachments => count,
            // Only digits, so the one way to fail is a number beyond usize.
            _ => {
                return Err(DecodeError::TooManyAttachments {
                    max: max_attachments,
                });
            }
        };
        rest = rest.slice_ref(tail);
    }

    let mut namespace = ByteString::from_static(DEFAULT_NAMESPACE);
    if rest.starts_with('/') {
        // "the comma is optional when decoding if nothing follows"
        let (name, tail) = rest.split_once(',').unwrap_or((&rest, ""));
        namespace = rest.slice_ref(name);
        rest = rest.slice_ref(tail);
    }

    let (digits, tail) = split_digits(&rest);
    let id = match digits {
        "" => None,
        digits => Some(digits.parse().map_err(|_| DecodeError::InvalidId)?),
    };
    let data = (!tail.is_empty()).then(|| rest.slice_ref(tail));
    json::check(kind, data.as_deref(), max_nesting)?;

    let packet = Packet {
        kind,
        namespace,
        id,
        data,
        attachments: Vec::new(),
    };
    Ok(Decoded {
        packet,
        attachments,
    })
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at(end)
}

#[cfg(test)]
mod tests;
