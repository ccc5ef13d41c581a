//! A socket: one client in one namespace.

mod internal;
mod outgoing;
mod weak;

pub use weak::WeakSocket;

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::time::Duration;

use engineio::CloseReason;
use engineio::server::Session;
use parking_lot::Mutex;

use super::ack::{Answer, Owed};
use super::emitter::Emitter;
use super::error::{EmitError, RoomError};
use super::handshake::Handshake;
use super::link::Link;
use super::names::{RoomName, RoomNames, SocketId};
use super::namespace::Namespace;
use super::room::Slot;
use super::rooms::Membership;
use super::socket_emitter::SocketEmitter;
use super::values::Values;
use crate::{Arguments, event};

/// One client in one namespace. Cloning it clones a pointer.
///
/// A socket is a strong handle: one that is stored somewhere keeps its memory after the client has gone,
/// until it is dropped: some hundred bytes, the head of the session's first request, and what the client
/// sent with CONNECT. The values stored with [`set_data`](Self::set_data) go when its last disconnect
/// handler has run, so a socket among its own values keeps nothing. To address a socket later, store its
/// [`id`](Self::id): `namespace.to(id)`, or a [`WeakSocket`], which [`downgrade`](Self::downgrade) makes.
#[derive(Clone)]
pub struct Socket(Arc<Inner>);

struct Inner {
    id: SocketId,
    namespace: Namespace,
    session: Session,
    link: Arc<Link>,
    handshake: Handshake,
    slot: Slot,
    phase: AtomicU8,
    owed: Owed,
    /// Where it is. See `rooms.rs` for the order of locks.
    membership: Mutex<Membership>,
    values: Values,
}

/// How far the life of a socket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Phase {
    /// Middlewares run; CONNECT is not sent.
    Connecting,
    Connected,
    /// DISCONNECT was sent or received, or the session was lost.
    Disconnected,
}

impl Socket {
    pub(crate) fn new(
        namespace: Namespace,
        session: Session,
        link: Arc<Link>,
        handshake: Handshake,
    ) -> Self {
        let id = SocketId::random();
        let slot = namespace.rooms().take_slot(id);
        Self(Arc::new(Inner {
            id,
            namespace,
            session,
            link,
            handshake,
            slot,
            phase: AtomicU8::new(Phase::Connecting as u8),
            owed: Owed::default(),
            membership: Mutex::default(),
            values: Values::default(),
        }))
    }

    /// The id: random, not secret, and the name of a room with this socket alone.
    #[must_use]
    pub fn id(&self) -> SocketId {
        self.0.id
    }

    /// The namespace it is in.
    #[must_use]
    pub fn namespace(&self) -> &Namespace {
        &self.0.namespace
    }

    /// The Engine.IO session that carries it.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.0.session
    }

    /// The first request, and what the client sent with CONNECT.
    #[must_use]
    pub fn handshake(&self) -> &Handshake {
        &self.0.handshake
    }

    /// Whether CONNECT was sent and neither side has left. False in middlewares.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.phase() == Phase::Connected as u8 && self.0.session.is_open()
    }

    /// Sends an event to this client. In a middleware it leaves before CONNECT (protocol B.4).
    ///
    /// # Errors
    /// It cannot be encoded, the socket is gone, or the client reads too slowly and is cut.
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<(), EmitError> {
        self.send_event(None, event, &args)
    }

    /// Emits `message`, as `send` in the stock clients.
    ///
    /// # Errors
    /// As for [`emit`](Self::emit).
    pub fn send(&self, args: impl Arguments) -> Result<(), EmitError> {
        self.emit(event::MESSAGE, args)
    }

    /// Sends an event and waits for the answer, at most for
    /// [`Config::ack_timeout`](crate::Config::ack_timeout); [`timeout`](Self::timeout) sets another deadline.
    ///
    /// The event is sent at once, not when the future is polled. Has to be called in a tokio runtime.
    ///
    /// ```
    /// # async fn ask(socket: socketio::Socket) -> Result<(), socketio::AckError> {
    /// let name: String = socket.emit_with_ack("your name?", ()).await?.parse()?;
    /// # Ok(()) }
    /// ```
    pub fn emit_with_ack(&self, event: &str, args: impl Arguments) -> Answer {
        SocketEmitter::new(self.clone()).emit_with_ack(event, args)
    }

    /// An emitter to everyone in these rooms except this socket.
    pub fn to(&self, rooms: impl RoomNames) -> Emitter {
        self.broadcast().to(rooms)
    }

    /// An emitter to everyone in the namespace except this socket and the members of these rooms.
    pub fn except(&self, rooms: impl RoomNames) -> Emitter {
        self.broadcast().except(rooms)
    }

    /// An emitter to everyone in the namespace except this socket.
    pub fn broadcast(&self) -> Emitter {
        Emitter::new(&self.0.namespace, Some(self.0.id))
    }

    /// An emitter to this client whose events are dropped when it cannot take them at once.
    pub fn volatile(&self) -> SocketEmitter {
        SocketEmitter::new(self.clone()).volatile()
    }

    /// An emitter to this client that waits that long for answers.
    pub fn timeout(&self, deadline: Duration) -> SocketEmitter {
        SocketEmitter::new(self.clone()).timeout(deadline)
    }

    /// An emitter to this client; see [`Emitter::compress`].
    pub fn compress(&self, compress: bool) -> SocketEmitter {
        SocketEmitter::new(self.clone()).compress(compress)
    }

    /// An emitter to everyone connected to this process except this socket.
    pub fn local(&self) -> Emitter {
        self.broadcast().local()
    }

    /// A handle that keeps nothing alive: the one to store.
    #[must_use]
    pub fn downgrade(&self) -> WeakSocket {
        WeakSocket::new(self.0.id, &self.0)
    }

    /// Joins rooms; those it is in already do not matter. Before CONNECT it takes effect with CONNECT,
    /// after the disconnect it does nothing.
    ///
    /// # Errors
    /// A name is too long, or there are too many rooms; the ones before it are joined.
    pub fn join(&self, rooms: impl RoomNames) -> Result<(), RoomError> {
        let mut names = Vec::with_capacity(1);
        rooms.append_to(&mut names);
        names.into_iter().try_for_each(|name| self.join_one(name))
    }

    fn join_one(&self, name: RoomName) -> Result<(), RoomError> {
        let config = self.0.namespace.config();
        let joined = if name.as_str().len() > config.room_name_length {
            Err(RoomError::NameTooLong {
                max: config.room_name_length,
            })
        } else if !self
            .0
            .namespace
            .rooms()
            .join(self, name, config.rooms_per_socket)
        {
            Err(RoomError::TooManyRooms {
                max: config.rooms_per_socket,
            })
        } else {
            Ok(())
        };
        joined.inspect_err(|error| {
            let reason = error.code();
            tracing::info!(socket = %self.0.id, reason, "room refused");
            self.0.session.count_limit(reason, 1);
        })
    }

    /// Leaves rooms. The room of its own id cannot be left.
    pub fn leave(&self, rooms: impl RoomNames) {
        let mut names = Vec::with_capacity(1);
        rooms.append_to(&mut names);
        names
            .iter()
            .for_each(|name| self.0.namespace.rooms().leave(self, name));
    }

    /// The rooms it is in, its own among them; in disconnect handlers those it was in.
    #[must_use]
    pub fn rooms(&self) -> Vec<RoomName> {
        let mut names = vec![RoomName::from(self.0.id)];
        names.extend(self.membership().names());
        names
    }

    /// Leaves the namespace on the server's side, at once: what the client sent but no handler has
    /// seen is dropped, and it hears no more broadcasts.
    ///
    /// `close` also ends the other namespaces of the client, and then its session, in good order. In a
    /// middleware, return an error instead.
    pub fn disconnect(&self, close: bool) {
        if !close {
            self.0.link.kick(self);
            return;
        }
        for socket in self.0.link.sockets() {
            self.0.link.kick(&socket);
        }
        self.0.session.close(CloseReason::ForcedClose);
    }

    /// The application's value of that type for this socket; none once its disconnect handlers have run.
    #[must_use]
    pub fn data<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.0.values.find()
    }

    /// Stores a value for this socket; the previous one of the same type comes back.
    pub fn set_data<T: Any + Send + Sync>(&self, value: T) -> Option<Arc<T>> {
        self.0.values.insert(value)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Not before: the slot of a socket that is still addressed must not be anybody else's.
        self.namespace.rooms().free_slot(self.slot);
    }
}

impl PartialEq for Socket {
    fn eq(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl Eq for Socket {}

impl fmt::Debug for Socket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Socket")
            .field("id", &self.0.id)
            .field("namespace", &self.0.namespace.name())
            .finish_non_exhaustive()
    }
}
