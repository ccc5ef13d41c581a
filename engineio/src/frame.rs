//! One message, encoded once for everybody who receives it.
//!
//! ```text
//! text     [ head room ][ WebSocket header ]['4'][ text ]
//!                        ^ websocket()      ^     ^ message()
//!                                           polling()
//! binary   [ head room ][ WebSocket header ][ data ]
//!                        ^ websocket()      ^ message()          polling() is 'b' and base64, made when first asked for,
//!                                                              as is websocket_text()
//! ```
//!
//! A server does not mask its WebSocket frames, so the same bytes serve every recipient. The header's length depends on the length of
//! what follows; it is written last, right-aligned in room left for the longest one.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use bytes::{Buf, Bytes};

use crate::{Message, Packet, base64, packet::kind};

/// The longest header of an unmasked WebSocket frame: two bytes and a 64-bit length.
const HEAD_ROOM: usize = 10;

/// Where a WebSocket header has its parts (RFC 6455, section 5.2).
mod header {
    /// The last frame of a text message, and the only one.
    pub(super) const TEXT: u8 = 0x80 | 0x1;
    /// The same for a binary message.
    pub(super) const BINARY: u8 = 0x80 | 0x2;
    /// "126: the following 2 bytes interpreted as a 16-bit unsigned integer are the payload length"; below it is the length itself.
    pub(super) const LENGTH_16: u8 = 126;
    /// "127: the following 8 bytes interpreted as a 64-bit unsigned integer".
    pub(super) const LENGTH_64: u8 = 127;
}

/// One Engine.IO packet as the bytes that leave: for WebSocket as they are, for polling as a part of them.
///
/// Cloning shares the bytes, also those of the base64 form.
///
/// ```
/// let frame = engineio::Frame::text(5, |out| out.extend_from_slice(b"hello"));
/// assert_eq!(&frame.websocket()[..], b"\x81\x064hello");
/// assert_eq!(frame.polling(), b"4hello");
/// assert_eq!(frame.message(), b"hello");
/// ```
#[derive(Clone)]
pub struct Frame {
    /// Header and payload.
    bytes: Bytes,
    /// Where the payload begins.
    header: usize,
    body: Body,
}

/// What the payload is, and what of it polling needs.
#[derive(Clone)]
enum Body {
    /// Type and text, the same on both transports.
    Text,
    /// Data, and once somebody needs it, its base64 form as a text frame. Shared, so that clones compute it once.
    Binary(Arc<OnceLock<Frame>>),
}

impl Frame {
    /// A text message. `capacity` is a guess of its length in bytes: if exact, there is one allocation; if not, it is made exact.
    ///
    /// `write` appends the text, which must be UTF-8, and leaves alone what the buffer already holds.
    ///
    /// # Panics
    ///
    /// When `write` makes the buffer shorter than it got it; in debug builds also when it appended what is not UTF-8.
    #[must_use]
    pub fn text(capacity: usize, write: impl FnOnce(&mut Vec<u8>)) -> Self {
        Self::packet(kind::MESSAGE, capacity, write)
    }

    /// A binary message. The data is copied, so that no buffer of another connection is kept alive by it.
    #[must_use]
    pub fn binary(data: &[u8]) -> Self {
        let mut buffer = head_room(data.len());
        buffer.extend_from_slice(data);
        Self::finish(buffer, header::BINARY, Body::Binary(Arc::default()))
    }

    /// A text packet of any type.
    fn packet(kind: u8, capacity: usize, write: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut buffer = head_room(1 + capacity);
        buffer.push(kind);
        let start = buffer.len();
        write(&mut buffer);
        let text = buffer.get(start..).expect("the writer only appends");
        debug_assert!(str::from_utf8(text).is_ok(), "the writer appends UTF-8");
        Self::finish(buffer, header::TEXT, Body::Text)
    }

    fn finish(mut buffer: Vec<u8>, opcode: u8, body: Body) -> Self {
        let (room, payload) = buffer.split_at_mut(HEAD_ROOM);
        let header = encode_header(opcode, payload.len(), room);
        // A boxed slice has no spare capacity: what is charged for the frame is what it takes.
        let mut bytes = Bytes::from(buffer.into_boxed_slice());
        bytes.advance(HEAD_ROOM - header);
        Self {
            bytes,
            header,
            body,
        }
    }

    /// Header and payload: one whole WebSocket frame.
    #[must_use]
    pub fn websocket(&self) -> &Bytes {
        &self.bytes
    }

    /// The same for a client that asked for text only (`b64`): of a binary message the base64 form, as a text frame.
    #[must_use]
    pub fn websocket_text(&self) -> &Bytes {
        self.text_form().websocket()
    }

    /// The packet as one part of a polling body.
    #[must_use]
    pub fn polling(&self) -> &[u8] {
        self.text_form().payload()
    }

    fn text_form(&self) -> &Self {
        match &self.body {
            Body::Text => self,
            Body::Binary(text) => text.get_or_init(|| {
                let data = self.payload();
                Self::packet(kind::BASE64, base64::encoded_len(data), |out| {
                    base64::encode(data, out);
                })
            }),
        }
    }

    /// What the layer above sent: the text without its type, or the data. Of a packet that is no message, what follows its type.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        let kind = usize::from(!self.is_binary());
        self.payload().get(kind..).unwrap_or_default()
    }

    /// Whether this is a binary message.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        matches!(self.body, Body::Binary(_))
    }

    fn payload(&self) -> &[u8] {
        self.bytes.get(self.header..).unwrap_or_default()
    }
}

impl From<&Packet> for Frame {
    fn from(packet: &Packet) -> Self {
        if let Packet::Message(Message::Binary(data)) = packet {
            return Self::binary(data);
        }
        let (kind, data) = packet.parts();
        Self::packet(kind, data.len(), |out| {
            out.extend_from_slice(data.as_bytes())
        })
    }
}

/// Shows lengths only: what people say to each other does not belong in a log.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("is_binary", &self.is_binary())
            .field("len", &self.payload().len())
            .finish()
    }
}

fn head_room(payload: usize) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(HEAD_ROOM + payload);
    buffer.resize(HEAD_ROOM, 0);
    buffer
}

/// Writes the header at the end of `room` and returns its length.
fn encode_header(opcode: u8, payload: usize, room: &mut [u8]) -> usize {
    let mut header = [0; HEAD_ROOM];
    let len = if let Some(short) = u8::try_from(payload)
        .ok()
        .filter(|&len| len < header::LENGTH_16)
    {
        header[..2].copy_from_slice(&[opcode, short]);
        2
    } else if let Ok(medium) = u16::try_from(payload) {
        header[..2].copy_from_slice(&[opcode, header::LENGTH_16]);
        header[2..4].copy_from_slice(&medium.to_be_bytes());
        4
    } else {
        header[..2].copy_from_slice(&[opcode, header::LENGTH_64]);
        header[2..].copy_from_slice(&(payload as u64).to_be_bytes());
        HEAD_ROOM
    };
    room[HEAD_ROOM - len..].copy_from_slice(&header[..len]);
    len
}

#[cfg(test)]
mod tests;
