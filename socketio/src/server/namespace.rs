//! A namespace: its handlers, its sockets, its rooms.

mod weak;

pub use weak::WeakNamespace;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bytestring::ByteString;

use super::adapter::{Adapter, LocalAdapter};
use super::answers::Answers;
use super::config::Config;
use super::dynamic::Parent;
use super::emitter::Emitter;
use super::error::EmitError;
use super::gathering::Gatherings;
use super::names::{RoomName, RoomNames, SocketId};
use super::registry::Registry;
use super::remote::RemoteSocket;
use super::rooms::Rooms;
use super::socket::Socket;
use super::values::Values;
use crate::{Arguments, event};

/// A namespace. Cloning it clones a pointer.
///
/// It owns its handlers and hooks: one that captured its own namespace would keep both for ever. Handlers
/// have [`Socket::namespace`], hooks what [`downgrade`](Self::downgrade) makes, which keeps nothing.
///
/// Handlers live here, once for all sockets: a connection costs nothing for them, and no event can
/// arrive before its handler. A handler that is registered later also serves the sockets that are
/// there already.
///
/// ```
/// use socketio::{ConnectError, Data, Socket, SocketIo};
/// use socketio::server::Auth;
///
/// let io = SocketIo::builder().build();
/// let chat = io.of("/chat");
/// chat.middleware(|auth: Auth| async move {
///     match auth.parse::<serde_json::Value>() {
///         Ok(auth) if auth["token"] == "secret" => Ok(()),
///         _ => Err(ConnectError::new("not authorized")),
///     }
/// });
/// chat.on("join", |socket: Socket, Data(room): Data<String>| {
///     socket.join(&room).map_err(|error| error.to_string())
/// });
/// chat.on("say", |socket: Socket, Data((room, text)): Data<(String, String)>| async move {
///     socket.to(room).emit("said", (socket.id(), text)).ok();
///     "delivered"
/// });
/// ```
#[derive(Clone)]
pub struct Namespace(Arc<Inner>);

struct Inner {
    name: ByteString,
    config: Arc<Config>,
    /// The application's values, which all namespaces share.
    state: Arc<Values>,
    registry: Arc<Registry>,
    rooms: Arc<Rooms>,
    adapter: Box<dyn Adapter>,
    next_ack: AtomicU64,
    gatherings: Gatherings,
    parent: Option<Parent>,
    life: Life,
}

/// How far the life of a namespace is; see `namespaces.rs`.
#[derive(Debug, Default)]
pub(crate) struct Life {
    /// Clients that are in it or at its door.
    pub(crate) guests: AtomicUsize,
    /// The hooks for new namespaces have seen it.
    pub(crate) ready: AtomicBool,
    /// The application asked for it by name.
    pub(crate) pinned: AtomicBool,
    /// It was removed; nobody is let in any more.
    pub(crate) closed: AtomicBool,
}

impl Namespace {
    pub(crate) fn new(
        name: ByteString,
        config: Arc<Config>,
        state: Arc<Values>,
        parent: Option<Parent>,
    ) -> Self {
        let rooms = Arc::new(Rooms::new());
        let registry = Arc::new(match &parent {
            Some(parent) => Registry::inheriting(&parent.registry),
            None => Registry::default(),
        });
        let adapter = LocalAdapter::new(Arc::clone(&rooms), Arc::clone(&registry));
        Self(Arc::new(Inner {
            name,
            config,
            state,
            registry,
            adapter: Box::new(adapter),
            rooms,
            next_ack: AtomicU64::new(0),
            gatherings: Gatherings::default(),
            parent,
            life: Life::default(),
        }))
    }

    /// The name, with its slash.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What stands in the name for a placeholder of the pattern of the dynamic namespace that it belongs to.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        let pattern = self.0.parent.as_ref()?.pattern.as_deref()?;
        pattern.find(name, &self.0.name)
    }

    /// Emits to everyone in the namespace; see [`Emitter::emit`].
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<usize, EmitError> {
        self.emitter().emit(event, args)
    }

    /// Emits `message`, as `send` in the stock clients.
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn send(&self, args: impl Arguments) -> Result<usize, EmitError> {
        self.emit(event::MESSAGE, args)
    }

    /// Emits to everyone in the namespace and waits for their answers; see [`Emitter::emit_with_ack`].
    pub fn emit_with_ack(&self, event: &str, args: impl Arguments) -> Answers {
        self.emitter().emit_with_ack(event, args)
    }

    /// An emitter to the members of these rooms.
    pub fn to(&self, rooms: impl RoomNames) -> Emitter {
        self.emitter().to(rooms)
    }

    /// An emitter to everyone but the members of these rooms.
    pub fn except(&self, rooms: impl RoomNames) -> Emitter {
        self.emitter().except(rooms)
    }

    /// An emitter to everyone who can take an event at once.
    pub fn volatile(&self) -> Emitter {
        self.emitter().volatile()
    }

    /// An emitter to everyone who is connected to this process.
    pub fn local(&self) -> Emitter {
        self.emitter().local()
    }

    /// An emitter to everyone; see [`Emitter::compress`].
    pub fn compress(&self, compress: bool) -> Emitter {
        self.emitter().compress(compress)
    }

    /// An emitter to everyone that waits that long for answers.
    pub fn timeout(&self, deadline: Duration) -> Emitter {
        self.emitter().timeout(deadline)
    }

    /// Makes everyone join rooms; see [`Emitter::join`].
    pub fn join(&self, rooms: impl RoomNames) {
        self.emitter().join(rooms);
    }

    /// Makes everyone leave rooms; see [`Emitter::leave`].
    pub fn leave(&self, rooms: impl RoomNames) {
        self.emitter().leave(rooms);
    }

    /// Disconnects everyone; see [`Emitter::disconnect`].
    pub fn disconnect(&self, close: bool) {
        self.emitter().disconnect(close);
    }

    /// What there is to know about everyone; see [`Emitter::fetch_sockets`].
    pub async fn fetch_sockets(&self) -> Vec<RemoteSocket> {
        self.emitter().fetch_sockets().await
    }

    /// A handle that does not keep the namespace: for its own hooks.
    #[must_use]
    pub fn downgrade(&self) -> WeakNamespace {
        WeakNamespace::new(&self.0)
    }

    fn emitter(&self) -> Emitter {
        Emitter::new(self, None)
    }

    /// The connected socket of that id.
    #[must_use]
    pub fn socket(&self, id: SocketId) -> Option<Socket> {
        self.0.rooms.socket(id)
    }

    /// The connected sockets, in no order.
    #[must_use]
    pub fn sockets(&self) -> Vec<Socket> {
        self.0.rooms.sockets()
    }

    /// How many sockets are connected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.rooms.len()
    }

    /// Whether no socket is connected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rooms that somebody is in, in no order; the sockets' own ones are not among them.
    #[must_use]
    pub fn rooms_in_use(&self) -> Vec<RoomName> {
        self.0.rooms.names()
    }
}

/// What the rest of the server does with a namespace.
impl Namespace {
    pub(crate) fn wire_name(&self) -> ByteString {
        self.0.name.clone()
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn rooms(&self) -> &Rooms {
        &self.0.rooms
    }

    pub(crate) fn adapter(&self) -> &dyn Adapter {
        &*self.0.adapter
    }

    /// "one counter per namespace from 0, shared by unicast and broadcast" (protocol B.6)
    pub(crate) fn next_ack(&self) -> u64 {
        self.0.next_ack.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub(crate) fn gatherings(&self) -> &Gatherings {
        &self.0.gatherings
    }

    pub(crate) fn state(&self) -> &Values {
        &self.0.state
    }

    pub(crate) fn parent(&self) -> Option<&Parent> {
        self.0.parent.as_ref()
    }

    pub(crate) fn life(&self) -> &Life {
        &self.0.life
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.life.closed.load(Ordering::SeqCst)
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Namespace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Namespace")
            .field("name", &self.0.name)
            .field("sockets", &self.len())
            .finish_non_exhaustive()
    }
}
