//! What comes out of a session's rules.

use crate::{CloseReason, Message};

/// What the driver has to do after an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    None,
    /// Hand the message to the layer above.
    Deliver(Message),
    /// Send a ping on the current transport.
    Ping,
    /// Answer the pending poll, if there is one, with a noop.
    Noop,
    /// Close the probing WebSocket; the session goes on over polling.
    AbandonProbe,
    /// The session is over for this reason; nothing more is delivered.
    Close(CloseReason),
}

/// What the driver has to do with a packet that came over a probing WebSocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeAction {
    /// Answer `3probe` on the probing WebSocket.
    Pong,
    /// Move the session to this WebSocket, at a unit boundary.
    Switch,
    /// Close this WebSocket; the session goes on over polling.
    Abandon,
}

/// Why a request cannot be served in the session's present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A second request of the same kind while one is pending; the session has to be closed.
    #[error("a second request of the same kind while one is pending")]
    Overlap,
    /// The session is not on the transport the request names.
    #[error("the session is on another transport")]
    WrongTransport,
    /// An upgrade is under way, or is done.
    #[error("an upgrade is under way or done")]
    AlreadyUpgrading,
}
