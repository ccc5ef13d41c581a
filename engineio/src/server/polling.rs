//! HTTP long-polling: a GET waits on the outbox, a POST brings packets to the session's task.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, USER_AGENT},
};
use http_body::Body as HttpBody;
use http_body_util::BodyExt;
use tokio::time::{sleep, timeout};

use super::{BadRequest, Body, HttpError, session::Session, shared::Shared, tally::Arrived};
use crate::{CloseReason, Transport, session::Refusal};

/// How much of an oversized body is read and thrown away behind the 413, in multiples of the limit,
/// so that a client that is still sending gets to see the answer instead of a reset.
const DISCARDED_BODIES: usize = 16;

/// After so many of them the server pauses: whoever sends too much waits, not the clients beside.
const DISCARDED_AT_ONCE: usize = 64 * 1024;

/// How long it pauses.
const DISCARD_PAUSE: Duration = Duration::from_millis(10);

/// Answers a GET: at once if something is queued, else when something is.
pub(crate) async fn poll(
    session: &Session,
    request: &HeaderMap,
) -> Result<Response<Body>, HttpError> {
    let shared = session.shared();
    let started = shared.control().rules.on_poll_start();
    match started {
        Ok(()) => {}
        Err(Refusal::Overlap) => return Ok(overlap(shared, "a second poll")),
        Err(Refusal::WrongTransport | Refusal::AlreadyUpgrading) => {
            return Err(HttpError::BadRequest(BadRequest::TransportMismatch));
        }
    }
    let mut guard = Guard {
        shared,
        kind: Kind::Poll,
        lost: Some(GONE),
    };
    let body = poll_fn(|cx| shared.poll_payload(cx)).await;
    guard.lost = None;
    Ok(answer(body.into(), "text/plain; charset=UTF-8", request))
}

/// A 200 that no cache keeps: one that replays a poll would replay its packets.
fn answer(body: Body, kind: &'static str, request: &HeaderMap) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if request.get(USER_AGENT).is_some_and(is_internet_explorer) {
        headers.insert("x-xss-protection", HeaderValue::from_static("0"));
    }
    response
}

/// Internet Explorer's filter breaks payloads that look like markup.
fn is_internet_explorer(agent: &HeaderValue) -> bool {
    let agent = agent.as_bytes();
    let has = |needle: &[u8]| agent.windows(needle.len()).any(|part| part == needle);
    has(b";MSIE") || has(b"Trident/")
}

/// Takes a POST: answers `ok` once every packet of it has been taken.
pub(crate) async fn post<B>(
    session: &Session,
    request: &HeaderMap,
    body: B,
) -> Result<Response<Body>, HttpError>
where
    B: HttpBody<Data = Bytes> + Send + 'static,
{
    let shared = session.shared();
    let started = shared.control().rules.on_post_start();
    match started {
        Ok(()) => {}
        Err(Refusal::Overlap) => return Ok(overlap(shared, "a second POST")),
        Err(Refusal::WrongTransport | Refusal::AlreadyUpgrading) => {
            return Err(HttpError::BadRequest(BadRequest::TransportMismatch));
        }
    }
    let mut guard = Guard {
        shared,
        kind: Kind::Post,
        lost: Some(GONE),
    };
    if request
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/octet-stream")
    {
        guard.lost = Some("binary_body");
        return Ok(empty(StatusCode::BAD_REQUEST));
    }
    let body = match receive(&mut guard, body).await {
        Ok(body) => body,
        Err(status) => return Ok(empty(status)),
    };
    let malformed = hand_over(shared, body).await;
    Ok(if !malformed {
        answer("ok".into(), "text/html", request)
    } else {
        empty(StatusCode::BAD_REQUEST)
    })
}

/// The body of a POST, or what the client is answered instead.
async fn receive<B>(guard: &mut Guard<'_>, body: B) -> Result<Bytes, StatusCode>
where
    B: HttpBody<Data = Bytes> + Send + 'static,
{
    let shared = guard.shared;
    let config = shared.core().config();
    let read = while_open(shared, read(body, config.max_payload));
    let (lost, body) = match timeout(config.body_timeout, read).await {
        Ok(Some(Ok(body))) => {
            let arrived = Arrived::of(body.len());
            let tally = shared.core().tally();
            tally.on_arrived(shared.home(), Transport::Polling, &arrived);
            (None, Ok(body))
        }
        Ok(Some(Err(BodyError::TooLarge(rest)))) => {
            let rest = discard(rest, config.max_payload);
            tokio::spawn(timeout(config.body_timeout, rest));
            let (reason, limit) = ("payload_too_large", config.max_payload);
            tracing::info!(session = shared.number(), reason, limit, "body too large");
            shared.core().tally().on_limit(reason, 1);
            (None, Err(StatusCode::PAYLOAD_TOO_LARGE))
        }
        Ok(Some(Err(BodyError::Broken))) => (guard.lost, Err(StatusCode::BAD_REQUEST)),
        Ok(None) => (None, Err(StatusCode::BAD_REQUEST)),
        Err(_) => (Some("body_timeout"), Err(StatusCode::REQUEST_TIMEOUT)),
    };
    guard.lost = lost;
    body
}

enum BodyError<B> {
    /// Over the limit; this is what was not read.
    TooLarge(Pin<Box<B>>),
    Broken,
}

/// The body, if it is within the limit: neither declared longer, nor longer as it comes.
async fn read<B>(body: B, limit: usize) -> Result<Bytes, BodyError<B>>
where
    B: HttpBody<Data = Bytes>,
{
    let mut body = Box::pin(body);
    if body.size_hint().lower() > limit as u64 {
        return Err(BodyError::TooLarge(body));
    }
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else {
            continue;
        };
        if whole.len().saturating_add(data.len()) > limit {
            return Err(BodyError::TooLarge(body));
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

/// Reads and throws away what is left of an oversized body, up to a bound and without haste.
async fn discard<B>(mut body: Pin<Box<B>>, limit: usize)
where
    B: HttpBody<Data = Bytes>,
{
    let mut left = limit.saturating_mul(DISCARDED_BODIES);
    let mut at_once = 0_usize;
    while let Some(len) = next_len(&mut body).await {
        let Some(rest) = left.checked_sub(len) else {
            return;
        };
        left = rest;
        at_once = at_once.saturating_add(len);
        if at_once >= DISCARDED_AT_ONCE {
            at_once = 0;
            sleep(DISCARD_PAUSE).await;
        }
    }
}

/// How much came next; `None` at the end.
async fn next_len<B>(body: &mut Pin<Box<B>>) -> Option<usize>
where
    B: HttpBody<Data = Bytes>,
{
    let frame = body.frame().await?.ok()?;
    Some(frame.data_ref().map_or(0, Bytes::len))
}

/// Drives `read` to its end; `None` when the session ends first, which makes the rest worthless.
async fn while_open<F: Future>(shared: &Arc<Shared>, read: F) -> Option<F::Output> {
    let mut read = pin!(read);
    poll_fn(|cx| {
        if let Poll::Ready(output) = read.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        let mut control = shared.control();
        if control.finished || !control.rules.is_open() {
            return Poll::Ready(None);
        }
        control.post = Some(cx.waker().clone());
        Poll::Pending
    })
    .await
}

/// Gives the body to the session's task and waits until it is handled. Answers whether something in
/// it is no packet.
async fn hand_over(shared: &Arc<Shared>, body: Bytes) -> bool {
    {
        // A session that closes takes nothing more, and nobody would say that it was handled.
        let mut control = shared.control();
        if control.rules.is_open() {
            control.inbound.put(body);
        }
    }
    shared.wake_task();
    taken(shared).await;
    shared.control().inbound.is_malformed()
}

/// Waits until the session's task has taken what was posted, or is over.
async fn taken(shared: &Arc<Shared>) {
    poll_fn(|cx| {
        let mut control = shared.control();
        if control.inbound.is_handled() || control.finished {
            return Poll::Ready(());
        }
        control.post = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
}

/// A second request of one kind: it is refused, and the session is over.
fn overlap(shared: &Arc<Shared>, what: &'static str) -> Response<Body> {
    tracing::info!(
        session = shared.number(),
        reason = "overlap",
        what,
        "overlap from client"
    );
    shared.explain("overlap", what);
    shared.cut(CloseReason::TransportError);
    empty(StatusCode::BAD_REQUEST)
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = status;
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The client closed the connection.
const GONE: &str = "client_gone";

enum Kind {
    Poll,
    Post,
}

/// A request that ends without its answer takes the session with it: what it carried is lost. Not so
/// after the switch to WebSocket, when nothing of the session is on polling any more.
struct Guard<'a> {
    shared: &'a Arc<Shared>,
    kind: Kind,
    /// Why the session is lost, unless the request gets its answer.
    lost: Option<&'static str>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let transport = {
            let rules = &mut self.shared.control().rules;
            match self.kind {
                Kind::Poll => rules.on_poll_end(),
                Kind::Post => rules.on_post_end(),
            }
            rules.transport()
        };
        let Some(reason) = self.lost else { return };
        tracing::info!(session = self.shared.number(), reason, %transport, "request ended before its answer");
        if transport == Transport::Polling {
            self.shared
                .explain(reason, "a request ended before its answer");
            self.shared.cut(CloseReason::TransportError);
        }
    }
}
