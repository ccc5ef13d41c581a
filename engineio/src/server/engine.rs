//! The engine: from an HTTP request to the session it concerns.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{Method, Response, StatusCode, request::Parts};
use http_body::Body as HttpBody;
use hyper::upgrade::OnUpgrade;
use tokio::time::timeout;

use super::{
    Admission, Application, BadRequest, Body, ByTransport, Config, Cors, Hooks, HttpError,
    Objection, Peer, Session, Stats, core::Core, cors, outbox::Form, polling, upgrade,
};
use crate::{CloseReason, Query, Transport, query::pairs};

/// An Engine.IO server without a listener: give it the requests below [`Config::path`].
///
/// Cloning it clones a pointer. It has to be used within a tokio runtime.
pub struct Engine<A> {
    pub(super) core: Arc<Core>,
    pub(super) application: Arc<A>,
}

impl<A> Clone for Engine<A> {
    fn clone(&self) -> Self {
        Self {
            core: Arc::clone(&self.core),
            application: Arc::clone(&self.application),
        }
    }
}

impl<A> fmt::Debug for Engine<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("sessions", &self.core.len())
            .finish_non_exhaustive()
    }
}

impl<A: Application> Engine<A> {
    /// An engine that opens a client of `application` for each session.
    pub fn new(config: Config, application: A) -> Self {
        Self {
            core: Arc::new(Core::new(config)),
            application: Arc::new(application),
        }
    }

    /// The layer above.
    pub fn application(&self) -> &A {
        &self.application
    }

    /// Sessions there are now.
    pub fn sessions(&self) -> usize {
        self.core.len()
    }

    /// How many of them are on each transport, counted now.
    pub fn residents(&self) -> ByTransport {
        self.core.residents()
    }

    /// What the engine has done so far.
    pub fn stats(&self) -> Stats {
        self.core.tally().stats()
    }

    /// Bytes queued for all sessions, overhead included.
    pub fn queued(&self) -> usize {
        self.core.queued()
    }

    /// Which pages may use the engine now.
    pub fn cors(&self) -> Arc<Cors> {
        self.core.cors()
    }

    /// Other pages may from here on. Sessions that there are stay.
    pub fn set_cors(&self, cors: Cors) {
        self.core.set_cors(cors);
    }

    /// Other limits for new sessions from here on. Sessions that were let in without a limit per address
    /// do not count towards one.
    pub fn set_admission(&self, limits: Admission) {
        self.core.gate().set_limits(limits);
    }

    /// Whether a request with this path is the engine's.
    pub fn matches(&self, path: &str) -> bool {
        let own = &self.core.config().path;
        path.strip_prefix(own.as_str())
            .is_some_and(|rest| own.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
    }

    /// Refuses new sessions from the call on, and answers those there are. Whoever wants to close them
    /// at a pace of their own does so, and calls [`shutdown`](Self::shutdown) for the rest.
    pub fn stop(&self) -> Vec<Session> {
        self.core.stop()
    }

    /// Takes new sessions again, after [`stop`](Self::stop).
    pub fn resume(&self) {
        self.core.resume();
    }

    /// Closes every session in good order and waits until the last has gone. What is left after
    /// [`Config::shutdown_timeout`] is cut. New sessions are refused from the call on.
    pub async fn shutdown(&self) {
        for session in self.core.stop() {
            session.close(CloseReason::ServerShutdown);
        }
        let limit = self.core.config().shutdown_timeout;
        if timeout(limit, self.core.drained()).await.is_err() {
            let left = self.core.stop();
            let (reason, sessions) = ("shutdown_timeout", left.len());
            tracing::warn!(reason, sessions, "sessions cut");
            self.core.tally().on_limit(reason, sessions as u64);
            for session in left {
                session.abort(CloseReason::ServerShutdown);
            }
        }
    }

    /// Answers a request: a poll, a POST, a WebSocket upgrade, or an error of protocol section
    /// "error table".
    pub async fn serve<B>(&self, request: http::Request<B>) -> Response<Body>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
    {
        self.core.start();
        let (mut parts, body) = request.into_parts();
        let config = self.core.config();
        let cors = self.core.cors();
        if cors::is_preflight(&cors, &parts.method) {
            let mut response = cors::preflight(&parts.headers);
            cors::decorate(&cors, &parts.headers, response.headers_mut());
            return response;
        }
        let upgrade = parts.extensions.remove::<OnUpgrade>();
        let upgrade = upgrade.filter(|_| upgrade::is_upgrade(&parts.headers));
        let is_upgrade = upgrade.is_some();
        let mut response = match self.route(&parts, body, upgrade).await {
            Ok(mut response) => {
                config.hooks.change(response.headers_mut(), &parts);
                response
            }
            Err(error) => refuse(&config.hooks, &parts, is_upgrade, &error),
        };
        cors::decorate(&cors, &parts.headers, response.headers_mut());
        response
    }

    /// The order of the checks is that of the reference: transport, origin, session or method,
    /// version.
    async fn route<B>(
        &self,
        parts: &Parts,
        body: B,
        upgrade: Option<OnUpgrade>,
    ) -> Result<Response<Body>, HttpError>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
    {
        let query = Query::decode(parts.uri.query().unwrap_or_default());
        let config = self.core.config();
        let transport = query
            .transport
            .filter(|transport| config.transports.contains(transport))
            .ok_or_else(|| HttpError::UnknownTransport {
                transport: parameter(parts, "transport"),
            })?;
        if upgrade.is_some() && !self.core.cors().allows(&parts.headers) {
            return Err(HttpError::forbidden(Objection::Origin));
        }
        let Some(sid) = query.sid.clone() else {
            return self.open(parts, &query, transport, upgrade).await;
        };
        let session = sid.parse().ok().and_then(|sid| self.core.find(&sid));
        let session = session.filter(has_something_to_say);
        let session = session.ok_or(HttpError::UnknownSid { sid })?;
        match (transport, upgrade) {
            (Transport::WebSocket, Some(_)) if parts.method != Method::GET => {
                Err(HttpError::BadRequest(BadRequest::TransportHandshake))
            }
            (Transport::WebSocket, Some(on_upgrade)) => {
                let response = upgrade::accept(&parts.headers)?;
                upgrade::probe(&session, form(&query), on_upgrade);
                Ok(response)
            }
            (Transport::WebSocket, None) | (Transport::Polling, Some(_)) => {
                Err(HttpError::BadRequest(BadRequest::TransportMismatch))
            }
            (Transport::Polling, None) => match parts.method {
                Method::GET => polling::poll(&session, &parts.headers).await,
                Method::POST => polling::post(&session, &parts.headers, body).await,
                _ => {
                    tracing::info!(session = session.number(), reason = "bad_method", method = %parts.method, "request refused");
                    Ok(internal_error())
                }
            },
        }
    }
}

fn refuse(hooks: &Hooks, request: &Parts, is_upgrade: bool, error: &HttpError) -> Response<Body> {
    let remote = request.extensions.get::<Peer>();
    let remote = remote.map(|peer| tracing::field::display(peer.addr));
    let (code, reason) = (error.code(), error.reason());
    tracing::info!(remote, code, reason, %error, "request refused");
    hooks.report(request, error);
    if is_upgrade {
        error.upgrade()
    } else {
        error.polling()
    }
}

/// What the request says under this name; of several the last counts.
pub(super) fn parameter(request: &Parts, name: &str) -> Option<String> {
    pairs(request.uri.query().unwrap_or_default())
        .filter(|(key, _)| key == name)
        .last()
        .map(|(_, value)| value.into_owned())
}

pub(super) fn form(query: &Query) -> Form {
    if query.base64 {
        Form::TextOnly
    } else {
        Form::Native
    }
}

/// Any other method on a session's path; the body is empty, as in the reference.
fn internal_error() -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

/// Over polling a session that is over still has its last words for one poll, over WebSocket nothing.
fn has_something_to_say(session: &Session) -> bool {
    let sealed = session.shared().outbox().lock().is_sealed();
    !sealed && (session.is_open() || session.transport() == Transport::Polling)
}
