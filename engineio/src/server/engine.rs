//! The engine: from an HTTP request to the session it concerns.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{Method, Response, StatusCode, request::Parts};
use http_body::Body as HttpBody;
use hyper::upgrade::OnUpgrade;
use uuid::Uuid;

use super::{
    Application, Body, Config, Peer, Request, Session, connection::Connection, core::Core, cors,
    http_error::HttpError, outbox::Form, polling, upgrade, websocket::WebSocket, wire::WireWriter,
};
use crate::{CloseReason, Handshake, Packet, Protocol, Query, Sid, Transport, Unit};

/// An Engine.IO server without a listener: give it the requests below [`Config::path`].
///
/// Cloning it clones a pointer. It has to be used within a tokio runtime.
pub struct Engine<A> {
    core: Arc<Core>,
    application: Arc<A>,
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

    /// Bytes queued for all sessions, overhead included.
    pub fn queued(&self) -> usize {
        self.core.queued()
    }

    /// Whether a request with this path is the engine's.
    pub fn matches(&self, path: &str) -> bool {
        path.starts_with(&self.core.config().path)
    }

    /// Closes every session in good order and waits until the last has gone, which each session's
    /// deadlines bound. New sessions are refused from the call on.
    pub async fn shutdown(&self) {
        for session in self.core.stop() {
            session.close(CloseReason::ServerShutdown);
        }
        self.core.drained().await;
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
        if cors::is_preflight(&config.cors, &parts.method) {
            let mut response = cors::preflight(&parts.headers);
            cors::decorate(&config.cors, &parts.headers, response.headers_mut());
            return response;
        }
        let upgrade = parts.extensions.remove::<OnUpgrade>();
        let upgrade = upgrade.filter(|_| upgrade::is_upgrade(&parts.headers));
        let is_upgrade = upgrade.is_some();
        let outcome = self.route(&parts, body, upgrade).await;
        let mut response = outcome.unwrap_or_else(|error| {
            let remote = parts.extensions.get::<Peer>().map(|peer| peer.addr);
            tracing::info!(?remote, code = error.code(), %error, "request refused");
            if is_upgrade {
                error.upgrade()
            } else {
                error.polling()
            }
        });
        cors::decorate(&config.cors, &parts.headers, response.headers_mut());
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
            .ok_or(HttpError::UnknownTransport)?;
        if upgrade.is_some() && !config.cors.allows(&parts.headers) {
            return Err(HttpError::Forbidden);
        }
        let Some(sid) = &query.sid else {
            return self.open(parts, &query, transport, upgrade).await;
        };
        let sid: Sid = sid.parse().map_err(|_| HttpError::UnknownSid)?;
        let session = self.core.find(&sid).filter(has_something_to_say);
        let session = session.ok_or(HttpError::UnknownSid)?;
        match (transport, upgrade) {
            (Transport::WebSocket, Some(on_upgrade)) => {
                let response = upgrade::accept(&parts.headers)?;
                upgrade::probe(&session, form(&query), on_upgrade);
                Ok(response)
            }
            (Transport::WebSocket, None) | (Transport::Polling, Some(_)) => {
                Err(HttpError::BadRequest)
            }
            (Transport::Polling, None) => match parts.method {
                Method::GET => polling::poll(&session, &parts.headers).await,
                Method::POST => polling::post(&session, &parts.headers, body).await,
                _ => Ok(internal_error()),
            },
        }
    }

    async fn open(
        &self,
        parts: &Parts,
        query: &Query,
        transport: Transport,
        upgrade: Option<OnUpgrade>,
    ) -> Result<Response<Body>, HttpError> {
        if parts.method != Method::GET {
            return Err(HttpError::BadHandshakeMethod);
        }
        if query.protocol != Protocol::V4 {
            return Err(HttpError::UnsupportedProtocolVersion);
        }
        if self.core.is_stopping() {
            return Err(HttpError::Forbidden);
        }
        let request = Arc::new(Request::new(parts));
        match (transport, upgrade) {
            (Transport::Polling, None) => {
                let session = self
                    .start(&request, Form::Native, None)
                    .ok_or(HttpError::Forbidden)?;
                polling::poll(&session, &parts.headers).await
            }
            (Transport::WebSocket, Some(on_upgrade)) => {
                let response = upgrade::accept(&parts.headers)?;
                self.open_websocket(request, form(query), on_upgrade);
                Ok(response)
            }
            (Transport::Polling, Some(_)) | (Transport::WebSocket, None) => {
                Err(HttpError::BadRequest)
            }
        }
    }

    fn open_websocket(&self, request: Arc<Request>, form: Form, on_upgrade: OnUpgrade) {
        let engine = self.clone();
        tokio::spawn(async move {
            if let Some(websocket) = upgrade::open(&engine.core, on_upgrade).await {
                // `None` only when the engine stopped meanwhile.
                let _ = engine.start(&request, form, Some(websocket));
            }
        });
    }

    /// Makes a session and starts its task. `None` when the engine is stopping.
    fn start(
        &self,
        request: &Arc<Request>,
        form: Form,
        websocket: Option<(WebSocket, Arc<WireWriter>)>,
    ) -> Option<Session> {
        let (socket, wire) = websocket.unzip();
        let sid = new_sid();
        let handshake = self.handshake(sid, wire.is_some());
        let session = Session::new(&self.core, sid, wire);
        session.shared().outbox().lock().set_form(form);
        self.core.insert(&session)?;
        // A new outbox takes one packet.
        let _ = session.send(&Arc::new(Unit::from(&Packet::Open(handshake))));
        let client = self.application.open(&session, request);
        tokio::spawn(Connection::new(&session, client, socket));
        Some(session)
    }

    fn handshake(&self, sid: Sid, on_websocket: bool) -> Handshake {
        let config = self.core.config();
        let may_upgrade = config.allow_upgrades
            && !on_websocket
            && config.transports.contains(&Transport::WebSocket);
        Handshake {
            sid,
            upgrades: if may_upgrade {
                vec![Transport::WebSocket]
            } else {
                Vec::new()
            },
            ping_interval: config.ping_interval,
            ping_timeout: config.ping_timeout,
            max_payload: u64::try_from(config.max_payload).unwrap_or(u64::MAX),
        }
    }
}

fn form(query: &Query) -> Form {
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

/// 15 random bytes of two UUIDs' 244 random bits.
fn new_sid() -> Sid {
    let (a, b) = (Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes());
    let mut random = [0u8; 15];
    for (i, byte) in random.iter_mut().enumerate() {
        // The version and variant bits of one are covered by random bits of the other.
        *byte = a.get(i).unwrap_or(&0) ^ b.get(15 - i).unwrap_or(&0);
    }
    Sid::from_random(random)
}
