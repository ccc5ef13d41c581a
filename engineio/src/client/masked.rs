//! WebSocket frames as a client writes them.

/// "Defines whether the payload data is masked": the highest bit of the second byte.
const MASKED: u8 = 0x80;

/// The last frame of a message, and the only one: this client never fragments.
const FINAL: u8 = 0x80;

/// The payload lengths that one byte, and then two bytes, can say (RFC 6455, section 5.2).
const SHORT: usize = 125;
const LENGTH_16: u8 = 126;
const LENGTH_64: u8 = 127;

/// A key that leaves the payload as it is.
const ZERO_KEY: [u8; 4] = [0; 4];

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// A text message.
    Text = 0x1,
    /// A binary message.
    Binary = 0x2,
    /// The end of the connection.
    Close = 0x8,
    /// The answer to a ping of WebSocket itself.
    Pong = 0xa,
}

/// Appends one whole frame, its payload given in parts.
///
/// The masking key is zero, so the payload is copied as it is: a server has to unmask all the same, and a client that measures it spends
/// nothing on it. Masking protects old proxies from pages that choose what is on the wire ("the masking key needs to be unpredictable");
/// this is no client for a browser.
///
/// ```
/// use engineio::client::{Opcode, encode_masked};
///
/// let mut out = Vec::new();
/// encode_masked(Opcode::Text, &[b"3"], &mut out);
/// assert_eq!(out, [0x81, 0x81, 0, 0, 0, 0, b'3']);
/// ```
pub fn encode_masked(opcode: Opcode, payload: &[&[u8]], out: &mut Vec<u8>) {
    let length = payload.iter().map(|part| part.len()).sum::<usize>();
    out.push(FINAL | opcode as u8);
    if let Some(len) = u8::try_from(length)
        .ok()
        .filter(|&len| usize::from(len) <= SHORT)
    {
        out.push(MASKED | len);
    } else if let Ok(len) = u16::try_from(length) {
        out.push(MASKED | LENGTH_16);
        out.extend_from_slice(&len.to_be_bytes());
    } else {
        out.push(MASKED | LENGTH_64);
        out.extend_from_slice(&(length as u64).to_be_bytes());
    }
    out.extend_from_slice(&ZERO_KEY);
    for part in payload {
        out.extend_from_slice(part);
    }
}
