//! What can be wrong with bytes that a peer sent.

/// The rule that a peer's bytes broke.
///
/// The engine ends the session with [`CloseReason::ParseError`](crate::CloseReason::ParseError) after any of these; packets that were
/// decoded before the error stay valid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// A packet without even a type: an empty WebSocket text message, or nothing between two separators.
    #[error("packet is empty")]
    Empty,
    /// The first character of a text packet is not a packet type.
    #[error("unknown packet type {found:?}")]
    UnknownType {
        /// What stands where the type belongs.
        found: char,
    },
    /// The text after `b` is not base64.
    #[error("binary message is not base64")]
    Base64,
    /// A packet of a polling body is not UTF-8.
    #[error("packet is not UTF-8")]
    Utf8,
    /// The data of an `open` packet is not a handshake.
    ///
    /// Only clients receive handshakes. A server sees this when a client sends type `0`, which the reference server ignores on an
    /// established WebSocket.
    #[error("open packet does not hold a handshake")]
    Handshake,
    /// A session id is not 20 characters of the URL-safe base64 alphabet.
    #[error("session id is malformed")]
    Sid,
}
