//! Functions of the program that the engine calls: who may enter, under which id, with which
//! headers, and who was refused.

use std::{borrow::Cow, fmt, future::Future, pin::Pin, sync::Arc};

use http::{HeaderMap, request::Parts};

use super::{HttpError, Request, Session, SessionEvent, observer::Observer};
use crate::Sid;

type Verdict = Result<(), Denied>;
type AllowNow = dyn Fn(&Request) -> Verdict + Send + Sync;
type AllowLater =
    dyn Fn(Arc<Request>) -> Pin<Box<dyn Future<Output = Verdict> + Send>> + Send + Sync;
type MakeId = dyn Fn(&Request) -> Sid + Send + Sync;
type Change = dyn Fn(&mut HeaderMap, &Parts) + Send + Sync;
type Learn = dyn Fn(&ConnectionError<'_>) + Send + Sync;

#[derive(Clone)]
enum Allow {
    Now(Arc<AllowNow>),
    Later(Arc<AllowLater>),
}

/// Functions that the engine calls, all of them optional. None may block.
///
/// ```
/// use engineio::server::{Config, Denied, Hooks};
///
/// let hooks = Hooks::new()
///     .allow_request(|request| match request.header("x-key") {
///         Some(_) => Ok(()),
///         None => Err(Denied::new("a key, please")),
///     })
///     .on_connection_error(|error| eprintln!("{}: {}", error.code(), error.message()));
/// let config = Config { hooks, ..Config::default() };
/// # let _ = config;
/// ```
#[derive(Clone, Default)]
pub struct Hooks {
    allow: Option<Allow>,
    id: Option<Arc<MakeId>>,
    initial_headers: Option<Arc<Change>>,
    headers: Option<Arc<Change>>,
    refused: Option<Arc<Learn>>,
    observer: Option<Observer>,
}

impl Hooks {
    /// No hook at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Decides for each new session whether it may open. Requests that carry a session's id are
    /// not asked for. A refusal is code 4 with the message of [`Denied`]: status 403 over HTTP, 400
    /// with the bare message for a WebSocket. Replaces [`allow_request_async`](Self::allow_request_async).
    #[must_use]
    pub fn allow_request(
        mut self,
        allow: impl Fn(&Request) -> Result<(), Denied> + Send + Sync + 'static,
    ) -> Self {
        self.allow = Some(Allow::Now(Arc::new(allow)));
        self
    }

    /// As [`allow_request`](Self::allow_request), for an answer that has to be waited for, for
    /// [`Config::allow_timeout`](super::Config::allow_timeout) at the most.
    #[must_use]
    pub fn allow_request_async<F>(
        mut self,
        allow: impl Fn(Arc<Request>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Denied>> + Send + 'static,
    {
        self.allow = Some(Allow::Later(Arc::new(move |request| {
            Box::pin(allow(request))
        })));
        self
    }

    /// Makes the ids of sessions. An id that is in use is refused with code 3. Ids are secrets, see
    /// [`Sid`]: what comes out must not be guessable.
    #[must_use]
    pub fn id_generator(mut self, id: impl Fn(&Request) -> Sid + Send + Sync + 'static) -> Self {
        self.id = Some(Arc::new(id));
        self
    }

    /// Changes the headers of a session's first answer, which on WebSocket is the 101.
    #[must_use]
    pub fn initial_headers(
        mut self,
        change: impl Fn(&mut HeaderMap, &Parts) + Send + Sync + 'static,
    ) -> Self {
        self.initial_headers = Some(Arc::new(change));
        self
    }

    /// Changes the headers of every answer that is not an error, the 101 included.
    #[must_use]
    pub fn headers(
        mut self,
        change: impl Fn(&mut HeaderMap, &Parts) + Send + Sync + 'static,
    ) -> Self {
        self.headers = Some(Arc::new(change));
        self
    }

    /// Learns of every request that is refused, and why.
    #[must_use]
    pub fn on_connection_error(
        mut self,
        learn: impl Fn(&ConnectionError<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.refused = Some(Arc::new(learn));
        self
    }

    /// Sees what happens to every session, also what the layer above is not told. It may be called by
    /// several threads at once, and never while one of the server's locks is held. Without it nothing is
    /// spent on any of it.
    #[must_use]
    pub fn observe(
        mut self,
        observer: impl Fn(&Session, &SessionEvent<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    pub(crate) fn observer(&self) -> Option<&Observer> {
        self.observer.as_ref()
    }

    pub(crate) async fn allow(&self, request: &Arc<Request>) -> Result<(), Denied> {
        match &self.allow {
            None => Ok(()),
            Some(Allow::Now(allow)) => allow(request),
            Some(Allow::Later(allow)) => allow(Arc::clone(request)).await,
        }
    }

    pub(crate) fn make_id(&self, request: &Request) -> Option<Sid> {
        self.id.as_ref().map(|id| id(request))
    }

    pub(crate) fn change_initial(&self, headers: &mut HeaderMap, request: &Parts) {
        if let Some(change) = &self.initial_headers {
            change(headers, request);
        }
    }

    pub(crate) fn change(&self, headers: &mut HeaderMap, request: &Parts) {
        if let Some(change) = &self.headers {
            change(headers, request);
        }
    }

    pub(crate) fn report(&self, request: &Parts, error: &HttpError) {
        if let Some(learn) = &self.refused {
            learn(&ConnectionError { request, error });
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("allow_request", &self.allow.is_some())
            .field("id_generator", &self.id.is_some())
            .field("initial_headers", &self.initial_headers.is_some())
            .field("headers", &self.headers.is_some())
            .field("on_connection_error", &self.refused.is_some())
            .field("observe", &self.observer.is_some())
            .finish()
    }
}

/// Why a session may not open. The client sees the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied(Cow<'static, str>);

impl Denied {
    /// With a message for the client.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }
}

/// With the reference's message, `Forbidden`.
impl Default for Denied {
    fn default() -> Self {
        Self::new("Forbidden")
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Denied {}

/// A request that was refused.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ConnectionError<'a> {
    /// The request.
    pub request: &'a Parts,
    /// What was wrong with it.
    pub error: &'a HttpError,
}

impl ConnectionError<'_> {
    /// The number that the client got.
    pub fn code(&self) -> u8 {
        self.error.code()
    }

    /// The text that the client got.
    pub fn message(&self) -> String {
        self.error.to_string()
    }

    /// What exactly was wrong: see [`HttpError::context`].
    pub fn context(&self) -> (&'static str, String) {
        self.error.context()
    }
}
