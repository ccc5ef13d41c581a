//! From a handshake to a running session.

use std::{sync::Arc, thread};

use http::{
    Method, Response,
    header::{HeaderValue, SET_COOKIE},
    request::Parts,
};
use hyper::upgrade::OnUpgrade;
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    Application, BadRequest, Body, Engine, HttpError, Objection, Request, Session,
    admission::Place,
    connection::Connection,
    engine::{form, parameter},
    outbox::Form,
    polling,
    upgrade::{self, Opened},
};
use crate::{CloseReason, Handshake, Packet, Protocol, Query, Sid, Transport, Unit};

/// A session that was let in and has no transport yet.
struct Opening {
    sid: Sid,
    place: Place,
    request: Arc<Request>,
    form: Form,
}

impl<A: Application> Engine<A> {
    pub(super) async fn open(
        &self,
        parts: &Parts,
        query: &Query,
        transport: Transport,
        upgrade: Option<OnUpgrade>,
    ) -> Result<Response<Body>, HttpError> {
        if parts.method != Method::GET {
            let method = parts.method.clone();
            return Err(HttpError::BadHandshakeMethod { method });
        }
        match (transport, &upgrade) {
            (Transport::Polling, None) | (Transport::WebSocket, Some(_)) => {}
            (Transport::Polling, Some(_)) => {
                return Err(HttpError::BadRequest(BadRequest::TransportMismatch));
            }
            (Transport::WebSocket, None) => {
                return Err(HttpError::BadRequest(BadRequest::TransportHandshake));
            }
        }
        let opening = self.admit(parts, query).await?;
        let hooks = &self.core.config().hooks;
        let Some(on_upgrade) = upgrade else {
            let session = self.start(opening, None)?;
            let mut response = polling::poll(&session, &parts.headers).await?;
            let headers = response.headers_mut();
            if let Some(cookie) = self.cookie(session.id()) {
                headers.append(SET_COOKIE, cookie);
            }
            hooks.change_initial(headers, parts);
            return Ok(response);
        };
        let mut response = upgrade::accept(&parts.headers)?;
        hooks.change_initial(response.headers_mut(), parts);
        self.open_websocket(opening, on_upgrade);
        Ok(response)
    }

    /// Who may enter, in the order of the reference: the limits, which it does not have, then the
    /// hook, the protocol, the id.
    async fn admit(&self, parts: &Parts, query: &Query) -> Result<Opening, HttpError> {
        let core = &self.core;
        let config = core.config();
        if core.is_stopping() {
            return Err(HttpError::forbidden(Objection::Stopping));
        }
        let request = Arc::new(Request::new(parts));
        let place = core
            .gate()
            .admit(request.remote(), core.now())
            .map_err(HttpError::Limited)?;
        match timeout(config.allow_timeout, config.hooks.allow(&request)).await {
            Ok(Ok(())) => {}
            Ok(Err(denied)) => return Err(HttpError::Forbidden(Objection::Hook, denied)),
            Err(_) => return Err(HttpError::forbidden(Objection::HookTimeout)),
        }
        if query.protocol != Protocol::V4 {
            let protocol = parameter(parts, "EIO");
            return Err(HttpError::UnsupportedProtocolVersion { protocol });
        }
        let sid = config.hooks.make_id(&request).unwrap_or_else(new_sid);
        // Before a WebSocket gets its 101; what the table itself says when the session starts counts.
        if core.find(&sid).is_some() {
            return Err(HttpError::BadRequest(BadRequest::IdGeneration));
        }
        let form = form(query);
        Ok(Opening {
            sid,
            place,
            request,
            form,
        })
    }

    fn cookie(&self, sid: &Sid) -> Option<HeaderValue> {
        self.core.config().cookie.as_ref()?.header(sid)
    }

    fn open_websocket(&self, opening: Opening, on_upgrade: OnUpgrade) {
        let engine = self.clone();
        tokio::spawn(async move {
            let opened = match upgrade::open(&engine.core, on_upgrade).await {
                Ok(opened) => opened,
                Err(reason) => {
                    tracing::info!(reason, "session not opened");
                    if reason == upgrade::TOO_LATE {
                        engine.core.tally().on_limit(reason, 1);
                    }
                    return;
                }
            };
            // Only when the engine stopped meanwhile, or two handshakes got one id at once.
            if let Err(error) = engine.start(opening, Some(opened)) {
                tracing::info!(reason = error.reason(), %error, "session not opened");
            }
        });
    }

    /// Makes a session and starts its task.
    fn start(&self, opening: Opening, opened: Option<Opened>) -> Result<Session, HttpError> {
        let Opening {
            sid,
            place,
            request,
            form,
        } = opening;
        let (socket, wire) = opened.unzip();
        let handshake = self.handshake(sid, wire.is_some());
        let form = wire.as_ref().map_or(Form::Native, |_| form);
        let session = Session::new(&self.core, sid, wire);
        session.shared().outbox().lock().set_form(form);
        self.core.insert(&session, place)?;
        self.core.tally().on_opened(session.transport());
        tracing::debug!(session = session.number(), "session opened");
        // A new outbox takes these.
        let _ = session.send(&Arc::new(Unit::from(&Packet::Open(handshake))));
        if let Some(message) = &self.core.config().initial_message {
            let packet = Packet::Message(message.clone());
            let _ = session.send(&Arc::new(Unit::from(&packet)));
        }
        let newborn = Newborn(&session);
        let client = self.application.open(&session, &request);
        drop(newborn);
        tokio::spawn(Connection::new(&session, client, socket));
        Ok(session)
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

/// A session without a client: an application that panics while it makes one leaves no session behind.
struct Newborn<'a>(&'a Session);

impl Drop for Newborn<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let (session, reason) = (self.0.number(), "panicked");
            tracing::error!(session, reason, "the application panicked");
            self.0.explain(reason, "the application panicked");
            self.0.abort(CloseReason::ForcedClose);
            let tally = self.0.shared().core().tally();
            tally.on_closed(CloseReason::ForcedClose, reason);
        }
    }
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
