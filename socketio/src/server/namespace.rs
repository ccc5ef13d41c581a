//! A namespace: its handlers, its sockets, its rooms.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytestring::ByteString;
use parking_lot::RwLock;

use super::adapter::{Adapter, LocalAdapter};
use super::config::Config;
use super::emitter::Emitter;
use super::error::{ConnectError, EmitError, Rejection};
use super::handler::{Erased, EventHandler, Handler, Middleware};
use super::handlers::{Handlers, Occasion};
use super::names::{RoomName, RoomNames, SocketId};
use super::rooms::Rooms;
use super::socket::Socket;
use crate::Arguments;

/// A namespace. Cloning it clones a pointer.
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
    /// Only looked up under the lock; no handler is called under it.
    handlers: RwLock<Handlers>,
    rooms: Arc<Rooms>,
    adapter: Box<dyn Adapter>,
    next_ack: AtomicU64,
}

impl Namespace {
    pub(crate) fn new(name: ByteString, config: Arc<Config>) -> Self {
        let rooms = Arc::new(Rooms::new());
        Self(Arc::new(Inner {
            name,
            config,
            handlers: RwLock::default(),
            adapter: Box::new(LocalAdapter::new(Arc::clone(&rooms))),
            rooms,
            next_ack: AtomicU64::new(0),
        }))
    }

    /// The name, with its slash.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Adds a check that a client has to pass before it is let in. Middlewares run in the order in
    /// which they were added, each after the one before it let the client pass.
    ///
    /// What the refusal holds is sent as CONNECT_ERROR (protocol B.4). The socket is not connected yet:
    /// what it emits leaves before CONNECT, and rooms that it joins take effect with CONNECT.
    pub fn middleware<H, M>(&self, handler: H)
    where
        H: Handler<M, Output = Result<(), ConnectError>>,
        M: 'static,
    {
        self.0
            .handlers
            .write()
            .middlewares
            .push(Arc::new(Erased::new(handler)));
    }

    /// Adds a handler for clients that were let in. CONNECT is in the outbox by then; events that the
    /// client sends wait until the handler is done.
    pub fn on_connect<H, M>(&self, handler: H)
    where
        H: Handler<M, Output: Arguments + Send>,
        M: 'static,
    {
        self.0
            .handlers
            .write()
            .connect
            .push(Arc::new(Erased::new(handler)));
    }

    /// Sets the handler of an event. The events of one socket are handled one at a time, in the order
    /// in which they arrived.
    pub fn on<H, M>(&self, event: &str, handler: H)
    where
        H: Handler<M, Output: Arguments + Send>,
        M: 'static,
    {
        self.0
            .handlers
            .write()
            .events
            .insert(event.into(), Arc::new(Erased::new(handler)));
    }

    /// Removes the handler of an event.
    pub fn off(&self, event: &str) {
        self.0.handlers.write().events.remove(event);
    }

    /// Sets the handler of every event that has none of its own.
    pub fn on_unhandled<H, M>(&self, handler: H)
    where
        H: Handler<M, Output: Arguments + Send>,
        M: 'static,
    {
        self.0.handlers.write().unhandled = Some(Arc::new(Erased::new(handler)));
    }

    /// Adds a handler for sockets that are about to leave: they are still in their rooms, unless the
    /// server disconnected them.
    pub fn on_disconnecting<H, M>(&self, handler: H)
    where
        H: Handler<M, Output: Arguments + Send>,
        M: 'static,
    {
        self.0
            .handlers
            .write()
            .disconnecting
            .push(Arc::new(Erased::new(handler)));
    }

    /// Adds a handler for sockets that have left. [`Socket::rooms`] still tells where they were.
    ///
    /// It runs once for each socket for which the connect handlers ran, after the last event.
    pub fn on_disconnect<H, M>(&self, handler: H)
    where
        H: Handler<M, Output: Arguments + Send>,
        M: 'static,
    {
        self.0
            .handlers
            .write()
            .disconnect
            .push(Arc::new(Erased::new(handler)));
    }

    /// Sets what is told about events that did not get to a handler, or whose handler failed without
    /// anybody waiting for its ack: the socket, the event's name, and why.
    pub fn on_rejection(&self, hook: impl Fn(&Socket, &str, &Rejection) + Send + Sync + 'static) {
        self.0.handlers.write().rejection = Some(Arc::new(hook));
    }

    /// Emits to everyone in the namespace; see [`Emitter::emit`].
    ///
    /// # Errors
    /// It cannot be encoded.
    pub fn emit(&self, event: &str, args: impl Arguments) -> Result<usize, EmitError> {
        self.emitter().emit(event, args)
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

    pub(crate) fn middlewares(&self) -> Vec<Arc<dyn Middleware>> {
        self.0.handlers.read().middlewares.clone()
    }

    /// The handler of an event: its own, or the one for those that have none.
    pub(crate) fn handler(&self, event: &str) -> Option<Arc<dyn EventHandler>> {
        self.0.handlers.read().event(event).cloned()
    }

    /// The handler number `index` for an occasion.
    pub(crate) fn handler_for(
        &self,
        occasion: Occasion,
        index: usize,
    ) -> Option<Arc<dyn EventHandler>> {
        self.0.handlers.read().row(occasion).get(index).cloned()
    }

    /// Tells the hook about a rejection.
    pub(crate) fn reject(&self, socket: &Socket, event: &str, rejection: &Rejection) {
        let hook = self.0.handlers.read().rejection.clone();
        if let Some(hook) = hook {
            hook(socket, event, rejection);
        }
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
