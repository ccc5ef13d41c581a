//! A socket that may be gone.

use std::fmt;
use std::sync::{Arc, Weak};

use super::{Inner, Socket};
use crate::server::names::SocketId;

/// A [`Socket`] that does not keep it alive: what to store in tables, tasks and the data of other sockets.
///
/// ```
/// # fn example(socket: &socketio::Socket) {
/// let stored = socket.downgrade();
/// // Later, elsewhere:
/// if let Some(socket) = stored.upgrade() {
///     let _ = socket.emit("still there?", ());
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct WeakSocket {
    id: SocketId,
    socket: Weak<Inner>,
}

impl WeakSocket {
    pub(super) fn new(id: SocketId, socket: &Arc<Inner>) -> Self {
        Self {
            id,
            socket: Arc::downgrade(socket),
        }
    }

    /// Its id, also when it is gone.
    #[must_use]
    pub fn id(&self) -> SocketId {
        self.id
    }

    /// The socket, if it has not left.
    #[must_use]
    pub fn upgrade(&self) -> Option<Socket> {
        let socket = self.socket.upgrade().map(Socket)?;
        (!socket.has_ended()).then_some(socket)
    }
}

impl fmt::Debug for WeakSocket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("WeakSocket").field(&self.id).finish()
    }
}
