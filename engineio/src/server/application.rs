//! What the layer above implements.

use std::{
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
};

use super::{Request, Session};
use crate::{CloseReason, Message};

/// The layer above the engine: makes a [`Client`] for each session.
pub trait Application: Send + Sync + 'static {
    /// The application's side of one session.
    type Client: Client;

    /// A session opened. Its open packet is queued already; what is sent here follows it.
    fn open(&self, session: &Session, request: &Arc<Request>) -> Self::Client;
}

/// The application's side of one session. Owned by the session's task and never called by two
/// threads at once. No method may block.
pub trait Client: Send + 'static {
    /// A message arrived. Called in arrival order, and only while [`accepts`](Self::accepts).
    fn message(&mut self, message: Message);

    /// Whether another message may be handed over. While it answers `false` the session is not
    /// read, so that the peer's TCP pushes back, and its ping deadline is suspended.
    fn accepts(&self) -> bool {
        true
    }

    /// Drives what is in flight. Called in every turn of the session's task; `Pending` promises
    /// that the waker is registered, `Ready` that nothing is in flight.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }

    /// The session has moved to WebSocket.
    fn upgraded(&mut self) {}

    /// A pong has come.
    fn heartbeat(&mut self) {}

    /// The session is over. Called once; no message follows, but [`poll`](Self::poll) is driven
    /// until it answers `Ready`.
    fn closed(&mut self, reason: CloseReason);
}

/// Who is at the other end of a connection. The accept loop puts it into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The remote address.
    pub addr: SocketAddr,
    /// Whether the connection is encrypted.
    pub secure: bool,
}

/// Which listener a connection came by, where one engine serves several: a number that its owner gives
/// a meaning. The accept loop puts it into the request's extensions beside [`Peer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Entrance(pub u16);
