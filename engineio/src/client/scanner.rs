//! WebSocket frames of a server, found in what was read.
//!
//! ```text
//! read buffer  [head|payload][head|payload][head|pay
//!               each given where it lies     ^ kept, until the next read completes it
//! ```
//!
//! A frame that lies whole in the buffer costs its header: no copy, no look at the payload, no allocation. What is left of the last one is
//! kept, so that one buffer can serve every connection.

/// A payload longer than this is refused rather than kept: no server sends it, so the stream is not what it seems.
const MAX_PAYLOAD: u64 = 64 * 1024 * 1024;

/// A buffer larger than this is not kept for the next frame that is cut in two.
const KEPT: usize = 16 * 1024;

/// Where a header has its parts (RFC 6455, section 5.2).
mod header {
    pub(super) const FINAL: u8 = 0x80;
    pub(super) const RESERVED: u8 = 0x70;
    pub(super) const OPCODE: u8 = 0x0f;
    pub(super) const MASKED: u8 = 0x80;
    pub(super) const LENGTH: u8 = 0x7f;
    pub(super) const LENGTH_16: u8 = 126;
    pub(super) const LENGTH_64: u8 = 127;
}

mod opcode {
    pub(super) const CONTINUATION: u8 = 0x0;
    pub(super) const TEXT: u8 = 0x1;
    pub(super) const BINARY: u8 = 0x2;
    pub(super) const CLOSE: u8 = 0x8;
    pub(super) const PING: u8 = 0x9;
    pub(super) const PONG: u8 = 0xa;
}

/// One message or control frame, where it lies in the read buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// A text message; not checked to be UTF-8.
    Text(&'a [u8]),
    /// A binary message.
    Binary(&'a [u8]),
    /// A ping of WebSocket itself, which wants its payload back.
    Ping(&'a [u8]),
    /// An answer to a ping of WebSocket itself.
    Pong(&'a [u8]),
    /// The server ends the connection: a status of two bytes and a reason, or nothing.
    Close(&'a [u8]),
}

/// What breaks the rules of WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// "A server MUST NOT mask any frames that it sends to the client."
    #[error("a frame of the server is masked")]
    Masked,
    /// "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values."
    #[error("a reserved bit is set, without an extension")]
    Reserved,
    /// A type that does not exist.
    #[error("unknown opcode {0:#x}")]
    Opcode(u8),
    /// A continuation of nothing, or a new message within another.
    #[error("a fragment out of place")]
    Fragment,
    /// Longer than anything a server sends.
    #[error("a payload of {0} bytes")]
    TooLong(u64),
}

/// Finds frames in a stream that comes in pieces.
///
/// ```
/// use engineio::client::{FrameError, Incoming, Scanner};
///
/// let mut scanner = Scanner::default();
/// let mut texts = Vec::new();
/// for piece in [&b"\x81\x012\x81\x06"[..], b"4hel", b"lo"] {
///     scanner.scan(piece, |incoming| {
///         if let Incoming::Text(text) = incoming {
///             texts.push(String::from_utf8_lossy(text).into_owned());
///         }
///         Ok::<_, FrameError>(())
///     })?;
/// }
/// assert_eq!(texts, ["2", "4hello"]);
/// # Ok::<(), FrameError>(())
/// ```
#[derive(Debug, Default)]
pub struct Scanner {
    /// The beginning of a frame whose end was not read yet.
    partial: Vec<u8>,
    /// The message of which the last fragment was not read yet.
    message: Option<Fragments>,
}

#[derive(Debug)]
struct Fragments {
    opcode: u8,
    payload: Vec<u8>,
}

impl Scanner {
    /// Hands on every message and control frame that is complete, and returns how many frames those were.
    ///
    /// # Errors
    /// A frame breaks the rules, or `on` refuses one. Nothing more can be read from this connection then.
    pub fn scan<E: From<FrameError>>(
        &mut self,
        mut input: &[u8],
        mut on: impl FnMut(Incoming<'_>) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut frames = 0;
        if !self.partial.is_empty() {
            if !self.complete(&mut input)? {
                return Ok(0);
            }
            let mut whole = std::mem::take(&mut self.partial);
            self.take(&whole, &mut on)?;
            frames += 1;
            whole.clear();
            whole.shrink_to(KEPT);
            self.partial = whole;
        }
        loop {
            let wanted = wanted(input)?;
            let Some((frame, rest)) = input.split_at_checked(wanted) else {
                break;
            };
            self.take(frame, &mut on)?;
            frames += 1;
            input = rest;
        }
        self.partial.extend_from_slice(input);
        Ok(frames)
    }

    /// Moves what belongs to the partial frame to it; whether it is whole now.
    fn complete(&mut self, input: &mut &[u8]) -> Result<bool, FrameError> {
        loop {
            let missing = wanted(&self.partial)?.saturating_sub(self.partial.len());
            if missing == 0 {
                return Ok(true);
            }
            let (piece, rest) = input.split_at(missing.min(input.len()));
            if piece.is_empty() {
                return Ok(false);
            }
            self.partial.extend_from_slice(piece);
            *input = rest;
        }
    }

    /// Reads one whole frame.
    fn take<E: From<FrameError>>(
        &mut self,
        frame: &[u8],
        on: &mut impl FnMut(Incoming<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let &[first, second, ..] = frame else {
            return Ok(());
        };
        let payload = frame.get(header_len(second)..).unwrap_or_default();
        if first & header::RESERVED != 0 {
            return Err(FrameError::Reserved.into());
        }
        let is_final = first & header::FINAL != 0;
        match (first & header::OPCODE, is_final, &mut self.message) {
            (opcode::TEXT, true, None) => on(Incoming::Text(payload)),
            (opcode::BINARY, true, None) => on(Incoming::Binary(payload)),
            (opcode::PING, true, _) => on(Incoming::Ping(payload)),
            (opcode::PONG, true, _) => on(Incoming::Pong(payload)),
            (opcode::CLOSE, true, _) => on(Incoming::Close(payload)),
            (opcode @ (opcode::TEXT | opcode::BINARY), false, message @ None) => {
                let payload = payload.to_vec();
                *message = Some(Fragments { opcode, payload });
                Ok(())
            }
            (opcode::CONTINUATION, _, Some(message)) => {
                message.payload.extend_from_slice(payload);
                let len = message.payload.len() as u64;
                if len > MAX_PAYLOAD {
                    return Err(FrameError::TooLong(len).into());
                }
                if is_final {
                    return self.finish(on);
                }
                Ok(())
            }
            (opcode::TEXT | opcode::BINARY | opcode::CONTINUATION, ..) => {
                Err(FrameError::Fragment.into())
            }
            (other, ..) => Err(FrameError::Opcode(other).into()),
        }
    }

    /// Hands on the message whose last fragment has come.
    fn finish<E>(&mut self, on: &mut impl FnMut(Incoming<'_>) -> Result<(), E>) -> Result<(), E> {
        match self.message.take() {
            Some(Fragments { opcode, payload }) if opcode == opcode::BINARY => {
                on(Incoming::Binary(&payload))
            }
            Some(Fragments { payload, .. }) => on(Incoming::Text(&payload)),
            None => Ok(()),
        }
    }
}

/// How long a header is, by its second byte.
fn header_len(second: u8) -> usize {
    match second & header::LENGTH {
        header::LENGTH_16 => 4,
        header::LENGTH_64 => 10,
        _ => 2,
    }
}

/// How many bytes the frame has, as far as its beginning tells; always more than there are while the header is incomplete.
fn wanted(beginning: &[u8]) -> Result<usize, FrameError> {
    let &[_, second, ref rest @ ..] = beginning else {
        return Ok(2);
    };
    if second & header::MASKED != 0 {
        return Err(FrameError::Masked);
    }
    let header = header_len(second);
    let payload = match second & header::LENGTH {
        header::LENGTH_16 => rest
            .first_chunk()
            .map(|&len| u64::from(u16::from_be_bytes(len))),
        header::LENGTH_64 => rest.first_chunk().map(|&len| u64::from_be_bytes(len)),
        short => Some(u64::from(short)),
    };
    match payload {
        None => Ok(header),
        Some(len) if len > MAX_PAYLOAD => Err(FrameError::TooLong(len)),
        Some(len) => Ok(header + usize::try_from(len).map_err(|_| FrameError::TooLong(len))?),
    }
}

#[cfg(test)]
mod tests;
