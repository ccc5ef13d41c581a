//! Why a session ended.

use std::fmt;

/// Why a session ended, by the name that Socket.IO gives it on the JavaScript side.
///
/// A normal end is not an error, so this is not one either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseReason {
    /// The peer closed its WebSocket or sent a `close` packet.
    TransportClose,
    /// The connection broke, or the peer used a transport in a way that it does not allow (overlapping polls, an oversized message).
    TransportError,
    /// No pong arrived in time.
    PingTimeout,
    /// The peer sent a packet that cannot be decoded.
    ParseError,
    /// This side closed the session.
    ForcedClose,
    /// The peer did not read fast enough and its outbox reached the limit. Ours: the reference buffers without limit.
    SlowConsumer,
    /// The server is going away; clients reconnect after this one.
    ServerShutdown,
}

impl CloseReason {
    /// The name that handlers, logs and metrics show.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TransportClose => "transport close",
            Self::TransportError => "transport error",
            Self::PingTimeout => "ping timeout",
            Self::ParseError => "parse error",
            Self::ForcedClose => "forced close",
            Self::SlowConsumer => "slow consumer",
            Self::ServerShutdown => "server shutting down",
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
