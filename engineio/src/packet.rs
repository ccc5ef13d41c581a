//! Engine.IO packets: a type and what belongs to it.
//!
//! ```text
//! text message     '0'..'6' | data          '4' | "hello"   '2' | "probe"
//! binary message   data                     no type: binary is always a message
//! text message     'b' | base64 of data     the same where only text can travel
//! ```

use bytes::Bytes;
use bytestring::ByteString;

use crate::{DecodeError, Handshake, base64};

/// The first byte of each type of packet: the one table of them.
pub(crate) mod kind {
    pub(crate) const OPEN: u8 = b'0';
    pub(crate) const CLOSE: u8 = b'1';
    pub(crate) const PING: u8 = b'2';
    pub(crate) const PONG: u8 = b'3';
    pub(crate) const MESSAGE: u8 = b'4';
    pub(crate) const UPGRADE: u8 = b'5';
    pub(crate) const NOOP: u8 = b'6';
    /// Not a type of its own: a binary message in base64.
    pub(crate) const BASE64: u8 = b'b';
}

/// What one side says to the other: text or bytes.
///
/// It is also the form of every packet on a WebSocket, as a text or a binary message of that protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A string.
    Text(ByteString),
    /// Bytes.
    Binary(Bytes),
}

impl Message {
    /// The bytes of either kind.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(data) => data,
        }
    }
}

/// One protocol unit of Engine.IO.
///
/// ```
/// use engineio::{Message, Packet};
///
/// let packet = Packet::decode_text("4hello".into())?;
/// assert_eq!(packet, Packet::Message(Message::Text("hello".into())));
/// assert_eq!(packet.encode(), Message::Text("4hello".into()));
/// # Ok::<(), engineio::DecodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    /// The server opens the session.
    Open(Handshake),
    /// The session ends.
    Close,
    /// A heartbeat, with no data; or the first packet of a transport that wants to take over, with `probe`.
    Ping(ByteString),
    /// The answer to a ping, with the same data.
    Pong(ByteString),
    /// Data for the layer above.
    Message(Message),
    /// The client moves to this transport now.
    Upgrade,
    /// Nothing, so that a waiting poll can be answered.
    Noop,
}

impl Packet {
    /// Reads one WebSocket text message, or one part of a polling body.
    ///
    /// The data is a slice of `text`, not a copy. Data behind a type that has none is ignored.
    ///
    /// # Errors
    ///
    /// When there is no type or an unknown one, or when the data of `open` or `b` is malformed.
    pub fn decode_text(text: ByteString) -> Result<Self, DecodeError> {
        let mut rest = text.chars();
        let found = rest.next().ok_or(DecodeError::Empty)?;
        let data = rest.as_str();
        let unknown = DecodeError::UnknownType { found };
        match u8::try_from(found).map_err(|_| unknown.clone())? {
            kind::OPEN => Handshake::decode(data).map(Self::Open),
            kind::CLOSE => Ok(Self::Close),
            kind::PING => Ok(Self::Ping(text.slice_ref(data))),
            kind::PONG => Ok(Self::Pong(text.slice_ref(data))),
            kind::MESSAGE => Ok(Self::Message(Message::Text(text.slice_ref(data)))),
            kind::UPGRADE => Ok(Self::Upgrade),
            kind::NOOP => Ok(Self::Noop),
            kind::BASE64 => base64::decode(data).map(Self::decode_binary),
            _ => Err(unknown),
        }
    }

    /// Reads one WebSocket binary message, which is always a message of this protocol too.
    #[must_use]
    pub fn decode_binary(data: Bytes) -> Self {
        Self::Message(Message::Binary(data))
    }

    /// The type as it is on the wire; `b` where a binary message is written as text.
    #[must_use]
    pub fn kind(&self) -> char {
        match self {
            Self::Message(Message::Binary(_)) => char::from(kind::BASE64),
            other => char::from(other.parts().0),
        }
    }

    /// Writes the packet as one WebSocket message.
    #[must_use]
    pub fn encode(&self) -> Message {
        if let Self::Message(Message::Binary(data)) = self {
            return Message::Binary(data.clone());
        }
        let (kind, data) = self.parts();
        let mut text = String::with_capacity(1 + data.len());
        text.push(char::from(kind));
        text.push_str(&data);
        Message::Text(text.into())
    }

    /// Appends the packet as text: one part of a polling body.
    pub(crate) fn encode_text(&self, out: &mut Vec<u8>) {
        if let Self::Message(Message::Binary(data)) = self {
            out.push(kind::BASE64);
            return base64::encode(data, out);
        }
        let (kind, data) = self.parts();
        out.push(kind);
        out.extend_from_slice(data.as_bytes());
    }

    /// The type and the text behind it; of a binary message, which has neither, `b` and nothing.
    pub(crate) fn parts(&self) -> (u8, ByteString) {
        match self {
            Self::Open(handshake) => (kind::OPEN, handshake.encode().into()),
            Self::Close => (kind::CLOSE, ByteString::new()),
            Self::Ping(data) => (kind::PING, data.clone()),
            Self::Pong(data) => (kind::PONG, data.clone()),
            Self::Message(Message::Text(data)) => (kind::MESSAGE, data.clone()),
            Self::Message(Message::Binary(_)) => (kind::BASE64, ByteString::new()),
            Self::Upgrade => (kind::UPGRADE, ByteString::new()),
            Self::Noop => (kind::NOOP, ByteString::new()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
