//! What the layer above implements, and what it learns about a session's first request.

use std::{
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
    time::SystemTime,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri};

use super::Session;
use crate::{CloseReason, Message};

/// The layer above the engine: makes a [`Client`] for each session.
pub trait Application: Send + Sync + 'static {
    /// The application's side of one session.
    type Client: Client;

    /// A session opened. Its open packet is queued already; what is sent here follows it.
    fn open(&self, session: &Session, request: &Arc<Request>) -> Self::Client;
}

/// The application's side of one session. Owned by the session's task and never called by two
/// threads at once. No method may block.
pub trait Client: Send + 'static {
    /// A message arrived. Called in arrival order, and only while [`accepts`](Self::accepts).
    fn message(&mut self, message: Message);

    /// Whether another message may be handed over. While it answers `false` the session is not
    /// read, so that the peer's TCP pushes back, and its ping deadline is suspended.
    fn accepts(&self) -> bool {
        true
    }

    /// Drives what is in flight. Called in every turn of the session's task; `Pending` promises
    /// that the waker is registered, `Ready` that nothing is in flight.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }

    /// The session has moved to WebSocket.
    fn upgraded(&mut self) {}

    /// A pong has come.
    fn heartbeat(&mut self) {}

    /// The session is over. Called once; no message follows, but [`poll`](Self::poll) is driven
    /// until it answers `Ready`.
    fn closed(&mut self, reason: CloseReason);
}

/// Who is at the other end of a connection. The accept loop puts it into the request's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The remote address.
    pub addr: SocketAddr,
    /// Whether the connection is encrypted.
    pub secure: bool,
}

/// The first request of a session.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its path and query.
    pub uri: Uri,
    /// The remote address, when the accept loop told it.
    pub remote: Option<SocketAddr>,
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// The query, decoded, in the order of the request. Of a repeated key the last one counts.
    pub query: Vec<(String, String)>,
    /// When the session opened.
    pub issued: SystemTime,
}

impl Request {
    pub(crate) fn new(parts: &http::request::Parts) -> Self {
        let peer = parts.extensions.get::<Peer>();
        let query = parts.uri.query().unwrap_or_default();
        let (headers, uri) = detached(&parts.headers, &parts.uri);
        Self {
            headers,
            uri,
            remote: peer.map(|peer| peer.addr),
            secure: peer.is_some_and(|peer| peer.secure),
            query: crate::query::pairs(query)
                .map(|(key, value)| (key.into_owned(), value.into_owned()))
                .collect(),
            issued: SystemTime::now(),
        }
    }
}

/// The headers and the URI with one allocation of their own. What hyper parsed is slices of its read
/// buffer, and whoever keeps one keeps all 8 KiB of it.
fn detached(headers: &HeaderMap, uri: &Uri) -> (HeaderMap, Uri) {
    let mut text = Vec::with_capacity(headers.values().map(HeaderValue::len).sum());
    for value in headers.values() {
        text.extend_from_slice(value.as_bytes());
    }
    let mut text = Bytes::from(text);
    let mut copy = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let bytes = text.split_to(value.len());
        // What was a value before is one again.
        if let Ok(mut value_copy) = HeaderValue::from_maybe_shared(bytes) {
            value_copy.set_sensitive(value.is_sensitive());
            copy.append(name.clone(), value_copy);
        }
    }
    let uri = Uri::try_from(uri.to_string()).unwrap_or_else(|_| uri.clone());
    (copy, uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_kept_without_the_buffer_it_came_in() {
        let buffer = Bytes::from_static(b"/engine.io/?EIO=4&a=b value secret");
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_maybe_shared(buffer.slice(22..27)).unwrap();
        headers.append("x-one", value.clone());
        let mut secret = HeaderValue::from_maybe_shared(buffer.slice(28..)).unwrap();
        secret.set_sensitive(true);
        headers.append("cookie", secret);
        headers.append("x-one", HeaderValue::from_static("again"));
        let uri = Uri::from_maybe_shared(buffer.slice(..21)).unwrap();
        let (kept, kept_uri) = detached(&headers, &uri);
        assert_eq!((&kept, &kept_uri), (&headers, &uri));
        assert!(kept["cookie"].is_sensitive());
        assert_ne!(kept["x-one"].as_bytes().as_ptr(), value.as_bytes().as_ptr());
        let path = uri.path().as_ptr();
        assert_ne!(kept_uri.path().as_ptr(), path);
    }
}
