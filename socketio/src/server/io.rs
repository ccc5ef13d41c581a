//! The server: from HTTP requests to namespaces.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use engineio::server::{Application, Body, ByTransport, Cors, Engine, Request, Session, Stats};

use super::client::Client;
use super::config::Config;
use super::dynamic::{Admission, DynamicNamespace};
use super::namespace::Namespace;
use super::namespaces::Namespaces;
use super::values::Values;
use crate::packet::DEFAULT_NAMESPACE;

/// A Socket.IO server without a listener: give it the requests that it [`matches`](Self::matches).
///
/// Cloning it clones a pointer. It has to be used in a tokio runtime.
///
/// ```
/// use socketio::{Args, Socket, SocketIo};
///
/// let io = SocketIo::builder().build();
/// io.of("/").on("echo", |socket: Socket, args: Args| socket.emit("echo", args).is_ok());
/// assert!(io.matches("/socket.io/"));
/// ```
#[derive(Clone)]
pub struct SocketIo {
    engine: Engine<Sockets>,
}

impl SocketIo {
    /// A server with default settings to be changed.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A server with these settings.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_state(config, Values::default())
    }

    fn with_state(config: Config, state: Values) -> Self {
        let engine = config.engine.clone();
        let namespaces = Arc::new(Namespaces::new(config, state));
        // Always there, as in the reference.
        namespaces.of(DEFAULT_NAMESPACE);
        Self {
            engine: Engine::new(engine, Sockets(namespaces)),
        }
    }

    /// The namespace of that name; a slash is put in front if it has none. It is created if it is not
    /// there: from then on clients may connect to it.
    #[must_use]
    pub fn of(&self, name: &str) -> Namespace {
        self.namespaces().of(name)
    }

    /// Namespaces that come into being when a client asks for one: those that fit a pattern such as
    /// `"/room-{id}"`, or of which a function of a
    /// [`NamespaceRequest`](super::NamespaceRequest), async or not, says yes. Asked in the order in which
    /// they were added, for names that no namespace has.
    ///
    /// ```
    /// # let io = socketio::SocketIo::builder().build();
    /// use socketio::server::NamespaceRequest;
    ///
    /// let rooms = io.of_dynamic("/room-{id}");
    /// let private = io.of_dynamic(|request: NamespaceRequest| async move {
    ///     let auth: Result<serde_json::Value, _> = request.auth().parse();
    ///     request.name().starts_with("/private/") && auth.is_ok_and(|auth| auth["key"] == "secret")
    /// });
    /// ```
    pub fn of_dynamic<M>(&self, admission: impl Admission<M>) -> DynamicNamespace {
        self.namespaces().add_dynamic(admission)
    }

    /// Adds a function that is told about each new namespace, before any client gets into it. It must
    /// not block. The server keeps it, and would for ever keep itself in it; it gets the namespace.
    pub fn on_new_namespace(&self, hook: impl Fn(&Namespace) + Send + Sync + 'static) {
        self.namespaces().add_hook(hook);
    }

    /// Removes a namespace: its sockets are disconnected, and clients that ask for it are refused unless a
    /// dynamic namespace makes it again. False if there is none of that name.
    pub fn remove(&self, name: &str) -> bool {
        self.namespaces().remove(name)
    }

    /// The namespaces, in no order.
    #[must_use]
    pub fn namespaces_in_use(&self) -> Vec<Namespace> {
        self.namespaces().all()
    }

    fn namespaces(&self) -> &Arc<Namespaces> {
        &self.engine.application().0
    }

    /// Whether a request with this path is for [`serve`](Self::serve).
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.engine.matches(path)
    }

    /// Answers a request: a poll, a POST, a WebSocket upgrade, or an error.
    ///
    /// The accept loop should put a [`Peer`](engineio::server::Peer) into the request's extensions.
    pub async fn serve<B>(&self, request: http::Request<B>) -> http::Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
    {
        self.engine.serve(request).await
    }

    /// Which pages may use the server now.
    #[must_use]
    pub fn cors(&self) -> Arc<Cors> {
        self.engine.cors()
    }

    /// Other pages may from here on. Who is connected stays.
    pub fn set_cors(&self, cors: Cors) {
        self.engine.set_cors(cors);
    }

    /// Other limits for new sessions from here on. Who is connected stays.
    pub fn set_admission(&self, limits: engineio::server::Admission) {
        self.engine.set_admission(limits);
    }

    /// How many sessions there are.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.engine.sessions()
    }

    /// Bytes queued for all sessions together, overhead included.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.engine.queued()
    }

    /// How many sessions are on each transport, counted now.
    #[must_use]
    pub fn residents(&self) -> ByTransport {
        self.engine.residents()
    }

    /// What the engine has done so far: sessions, packets, bytes, and how long things took.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.engine.stats()
    }

    /// How many clients were refused at the door of a namespace, by the word that the log has for it;
    /// `refused` is a middleware of the application.
    #[must_use]
    pub fn refusals(&self) -> Vec<(&'static str, u64)> {
        self.namespaces().refusals()
    }

    /// Refuses new sessions from the call on, and answers those there are, so that they can be closed
    /// one by one.
    #[must_use]
    pub fn stop(&self) -> Vec<Session> {
        self.engine.stop()
    }

    /// Takes new sessions again, after [`stop`](Self::stop).
    pub fn resume(&self) {
        self.engine.resume();
    }

    /// Closes all sessions, in bounded time. Their sockets see `server shutting down`; no DISCONNECT is
    /// sent, so that stock clients reconnect (protocol B.5).
    pub async fn shutdown(&self) {
        self.engine.shutdown().await;
    }
}

impl fmt::Debug for SocketIo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SocketIo")
            .field("sessions", &self.sessions())
            .finish_non_exhaustive()
    }
}

/// Settings of a [`SocketIo`] to be: the common ones by name, the others with
/// [`config`](Self::config).
#[derive(Debug, Clone, Default)]
#[must_use = "a builder does nothing until it builds"]
pub struct Builder {
    config: Config,
    state: Values,
}

impl Builder {
    /// Replaces all settings.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Sets the Engine.IO layer's settings. A path left at Engine.IO's default becomes `/socket.io/`.
    pub fn engine(mut self, mut engine: engineio::server::Config) -> Self {
        if engine.path == engineio::server::Config::default().path {
            engine.path = self.config.engine.path;
        }
        self.config.engine = engine;
        self
    }

    /// Sets [`Config::connect_timeout`].
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.config.connect_timeout = timeout;
        self
    }

    /// Sets [`Config::ack_timeout`].
    pub fn ack_timeout(mut self, timeout: Duration) -> Self {
        self.config.ack_timeout = timeout;
        self
    }

    /// Adds a value that handlers take as [`State<T>`](super::State), one per type.
    pub fn state<T: Any + Send + Sync>(self, value: T) -> Self {
        self.state.insert(value);
        self
    }

    /// The server.
    #[must_use]
    pub fn build(self) -> SocketIo {
        SocketIo::with_state(self.config, self.state)
    }
}

/// The engine's application.
#[derive(Debug)]
struct Sockets(Arc<Namespaces>);

impl Application for Sockets {
    type Client = Client;

    fn open(&self, session: &Session, request: &Arc<Request>) -> Client {
        Client::new(&self.0, session, request)
    }
}
