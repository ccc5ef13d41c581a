//! What there is to know about a socket, wherever in a cluster it is.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::emitter::Emitter;
use super::error::EmitError;
use super::handshake::Handshake;
use super::names::{RoomName, RoomNames, SocketId};
use super::namespace::Namespace;
use super::socket::Socket;
use super::values::Values;
use crate::Arguments;

/// A socket as it was when it was fetched. It keeps nothing of the connection alive; what is done with
/// it, is done by the socket's id.
#[derive(Clone)]
pub struct RemoteSocket {
    id: SocketId,
    namespace: Namespace,
    handshake: Handshake,
    rooms: Vec<RoomName>,
    values: Arc<Values>,
}

impl RemoteSocket {
    pub(crate) fn new(socket: &Socket) -> Self {
        Self {
            id: socket.id(),
            namespace: socket.namespace().clone(),
            handshake: socket.handshake().clone(),
            rooms: socket.rooms(),
            values: Arc::new(socket.values().clone()),
        }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> SocketId {
        self.id
    }

    /// Its first request, and what the client sent with CONNECT.
    #[must_use]
    pub fn handshake(&self) -> &Handshake {
        &self.handshake
    }

    /// The rooms it was in, its own among them.
    #[must_use]
    pub fn rooms(&self) -> &[RoomName] {
        &self.rooms
    }

    /// The application's value of that type.
    #[must_use]
    pub fn data<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.values.find()
    }

    /// Emits to it; see [`Emitter::emit`].
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<usize, EmitError> {
        self.target().emit(event, args)
    }

    /// Makes it join rooms.
    pub fn join(&self, rooms: impl RoomNames) {
        self.target().join(rooms);
    }

    /// Makes it leave rooms.
    pub fn leave(&self, rooms: impl RoomNames) {
        self.target().leave(rooms);
    }

    /// Disconnects it; see [`Socket::disconnect`].
    pub fn disconnect(&self, close: bool) {
        self.target().disconnect(close);
    }

    /// An emitter to it alone.
    pub fn target(&self) -> Emitter {
        self.namespace.to(self.id)
    }
}

impl fmt::Debug for RemoteSocket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RemoteSocket")
            .field("id", &self.id)
            .field("rooms", &self.rooms)
            .finish_non_exhaustive()
    }
}
