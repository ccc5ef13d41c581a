//! WebSocket frames (RFC 6455 section 5.2), as a client writes and reads them.

/// The opcodes of RFC 6455.
pub mod opcode {
    /// A later part of a fragmented message.
    pub const CONTINUATION: u8 = 0;
    /// A text message, or its first part.
    pub const TEXT: u8 = 1;
    /// A binary message, or its first part.
    pub const BINARY: u8 = 2;
    /// The end of the connection.
    pub const CLOSE: u8 = 8;
    /// A WebSocket ping, not an Engine.IO one.
    pub const PING: u8 = 9;
    /// Its answer.
    pub const PONG: u8 = 10;
}

/// Set in the first byte of a message's last frame.
pub const FIN: u8 = 0x80;

/// Set in the second byte of a frame that is masked, as all of a client's are.
const MASKED: u8 = 0x80;

/// A mask that is not zero, so that a server that does not unmask is noticed.
const MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// A whole message or control frame from a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A close with its status, if it has one.
    Close(Option<u16>),
    /// A ping.
    Ping(Vec<u8>),
    /// A pong.
    Pong(Vec<u8>),
}

impl Frame {
    /// A text message.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A masked frame with any first byte, valid or not.
#[must_use]
pub fn encode(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first, MASKED, payload.len());
    bytes.extend(MASK);
    bytes.extend(payload.iter().zip(MASK.iter().cycle()).map(|(a, b)| a ^ b));
    bytes
}

/// The same without a mask, which a server must refuse.
#[must_use]
pub fn encode_unmasked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = header(first, 0, payload.len());
    bytes.extend(payload);
    bytes
}

fn header(first: u8, masked: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < 126 => bytes.push(masked | short),
        (_, Ok(medium)) => {
            bytes.push(masked | 126);
            bytes.extend(medium.to_be_bytes());
        }
        _ => {
            bytes.push(masked | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes
}

/// Decodes the first frame of a server's bytes, and how many of them it takes.
///
/// # Panics
/// When a server breaks the framing: fragments, masks or sets reserved bits.
#[must_use]
pub fn decode(bytes: &[u8]) -> Option<(Frame, usize)> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    assert_eq!(first & FIN, FIN, "the server fragments");
    assert_eq!(second & MASKED, 0, "the server masks");
    let (length, start) = match second {
        126 => (
            u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?) as usize,
            4,
        ),
        127 => {
            let length = u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?);
            (usize::try_from(length).ok()?, 10)
        }
        short => (short as usize, 2),
    };
    let payload = bytes.get(start..start + length)?.to_vec();
    let frame = match first & !FIN {
        opcode::TEXT => Frame::Text(String::from_utf8(payload).expect("text is UTF-8")),
        opcode::BINARY => Frame::Binary(payload),
        opcode::CLOSE => {
            let code = payload.get(..2).and_then(|code| code.try_into().ok());
            Frame::Close(code.map(u16::from_be_bytes))
        }
        opcode::PING => Frame::Ping(payload),
        opcode::PONG => Frame::Pong(payload),
        other => panic!("the server sent a frame of opcode {other}"),
    };
    Some((frame, start + length))
}
