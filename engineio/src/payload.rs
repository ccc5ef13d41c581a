//! The body of a polling request or answer: packets joined by [`SEPARATOR`].
//!
//! ```text
//! "4hello" 0x1e "2" 0x1e "bAQID"      a message, a ping, a binary message
//! ```

use bytes::{Buf, Bytes};
use bytestring::ByteString;

use crate::{DecodeError, Frame, Packet};

/// Stands between two packets. JSON escapes it, so no Socket.IO packet contains it.
pub const SEPARATOR: u8 = 0x1e;

/// Writes a body. No packets give an empty body, which [`Decoder`] refuses, so answer a poll with at least a noop.
///
/// A text message that contains [`SEPARATOR`] arrives in pieces; the format has no escape.
///
/// ```
/// use engineio::{Packet, payload};
///
/// assert_eq!(payload::encode(&[Packet::Noop, Packet::Close]), b"6\x1e1");
/// ```
#[must_use]
pub fn encode(packets: &[Packet]) -> Vec<u8> {
    let mut body = Vec::new();
    for (i, packet) in packets.iter().enumerate() {
        if i > 0 {
            body.push(SEPARATOR);
        }
        packet.encode_text(&mut body);
    }
    body
}

/// Writes a body of frames that are encoded already, in one allocation of the exact size.
#[must_use]
pub fn join<'a>(frames: impl Iterator<Item = &'a Frame> + Clone) -> Vec<u8> {
    let len = frames.clone().map(|frame| frame.polling().len() + 1).sum();
    let mut body = Vec::with_capacity(len);
    for (i, frame) in frames.enumerate() {
        if i > 0 {
            body.push(SEPARATOR);
        }
        body.extend_from_slice(frame.polling());
    }
    body
}

/// Appends one packet that is encoded already.
#[cfg(feature = "server")]
pub(crate) fn push(body: &mut Vec<u8>, packet: &[u8]) {
    if !body.is_empty() {
        body.push(SEPARATOR);
    }
    body.extend_from_slice(packet);
}

/// Reads a body, packet by packet. Ends after the first error; what came before it is to be delivered.
///
/// Text is a slice of the body, not a copy.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// What is not read yet; `None` after the last packet. `Some` of nothing is an empty packet, which is an error.
    rest: Option<Bytes>,
}

impl Decoder {
    /// A decoder of the whole body of one request or answer.
    #[must_use]
    pub fn new(body: Bytes) -> Self {
        Self { rest: Some(body) }
    }

    /// Whether nothing more comes.
    #[cfg(feature = "server")]
    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_none()
    }
}

impl Iterator for Decoder {
    type Item = Result<Packet, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut segment = self.rest.take()?;
        let mut after = None;
        if let Some(end) = memchr::memchr(SEPARATOR, &segment) {
            let mut rest = segment.split_off(end);
            rest.advance(1);
            after = Some(rest);
        }
        let packet = ByteString::try_from(segment)
            .map_err(|_| DecodeError::Utf8)
            .and_then(Packet::decode_text);
        if packet.is_ok() {
            self.rest = after;
        }
        Some(packet)
    }
}

impl std::iter::FusedIterator for Decoder {}

#[cfg(test)]
mod tests;
