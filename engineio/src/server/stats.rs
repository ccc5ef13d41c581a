//! What an engine has done so far, as its owner gets to see it.

use super::histogram::Distribution;

/// A number for each transport.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByTransport {
    /// Of long-polling.
    pub polling: u64,
    /// Of WebSocket.
    pub websocket: u64,
}

impl ByTransport {
    /// Both with their names on the wire.
    #[must_use]
    pub const fn named(self) -> [(&'static str, u64); 2] {
        use crate::Transport::{Polling, WebSocket};
        [
            (Polling.as_str(), self.polling),
            (WebSocket.as_str(), self.websocket),
        ]
    }
}

/// What an engine has done since it was made. Every number only grows; how many sessions there are now is
/// [`Engine::residents`](super::Engine::residents).
///
/// Words are those of the log lines that tell the same; there is a bounded number of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Sessions that opened.
    pub opened: ByTransport,
    /// Bytes of WebSocket frames and polling bodies that came.
    pub bytes_in: ByTransport,
    /// Bytes of WebSocket frames and polling bodies that left.
    pub bytes_out: ByTransport,
    /// Packets that came, by type.
    pub packets_in: Vec<(&'static str, u64)>,
    /// Packets that left, by type; what only belongs to a transport (noop, close) is not counted.
    pub packets_out: Vec<(&'static str, u64)>,
    /// Messages that were dropped because their recipient may miss them and was not writable.
    pub dropped: u64,
    /// Sessions that ended: [`CloseReason`](crate::CloseReason), code of the
    /// [`CloseDetail`](super::CloseDetail) or nothing, how many.
    pub closed: Vec<(&'static str, &'static str, u64)>,
    /// How probes of polling sessions ended; `upgraded` is the good end.
    pub upgrades: Vec<(&'static str, u64)>,
    /// Limits that were passed beside those that are the detail of an end, the outcome of an upgrade or the
    /// reason of a refused request; what the layer above [counts](super::Session::count_limit) is among them.
    pub limits: Vec<(&'static str, u64)>,
    /// Bytes that were queued for a session when something of it was written.
    pub queue_bytes: Distribution,
    /// Microseconds from a broadcast, or a single send, until its last recipient was written to or blocked.
    pub lag_micros: Distribution,
    /// Microseconds from a ping to its pong.
    pub rtt_micros: Distribution,
}
