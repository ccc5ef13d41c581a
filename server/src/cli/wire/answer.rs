//! One HTTP request on a connection of its own, as the requests of a polling client behind a balancer are.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderName, LOCATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;

use super::super::paint::tame;
use super::{Dialer, WireError};

/// Longer answers are not read: nothing that is asked for is longer.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// How much of a body a person gets to see.
const SHOWN: usize = 120;

/// What balancers and logs get to know about us.
pub(super) const AGENT: &str = concat!("roomcast/", env!("CARGO_PKG_VERSION"));

/// What came back.
#[derive(Clone, Debug)]
pub(in super::super) struct Answer {
    pub(in super::super) status: StatusCode,
    pub(in super::super) headers: HeaderMap,
    pub(in super::super) body: Bytes,
    /// From the first byte of the connection to the last of the body.
    pub(in super::super) took: Duration,
}

/// A request to be sent.
#[derive(Clone, Debug)]
pub(in super::super) struct Ask<'a> {
    method: Method,
    target: &'a str,
    headers: HeaderMap,
    body: Bytes,
}

impl<'a> Ask<'a> {
    fn new(method: Method, target: &'a str) -> Self {
        Self {
            method,
            target,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// Adds a header; one with characters that no header has is left out.
    #[must_use]
    pub(in super::super) fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Adds the token, if there is one.
    #[must_use]
    pub(in super::super) fn bearer(self, token: Option<&str>) -> Self {
        match token {
            Some(token) => self.header(http::header::AUTHORIZATION, &format!("Bearer {token}")),
            None => self,
        }
    }

    /// Sends it.
    pub(in super::super) async fn send(self, dialer: &Dialer) -> Result<Answer, WireError> {
        dialer.within(self.exchange(dialer)).await
    }

    async fn exchange(self, dialer: &Dialer) -> Result<Answer, WireError> {
        let begun = Instant::now();
        let request = self.request(dialer)?;
        let stream = TokioIo::new(dialer.dial().await?);
        let (mut sender, connection) = http1::handshake(stream).await.map_err(broken)?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(broken)?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, MAX_BODY).collect().await;
        let body = body
            .map_err(|error| WireError::Http(error.to_string()))?
            .to_bytes();
        connection.abort();
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body,
            took: begun.elapsed(),
        })
    }

    fn request(self, dialer: &Dialer) -> Result<Request<Full<Bytes>>, WireError> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.target)
            .header(HOST, dialer.site().authority())
            .header(USER_AGENT, AGENT)
            .body(Full::new(self.body))
            .map_err(|error| WireError::Http(error.to_string()))?;
        request.headers_mut().extend(self.headers);
        Ok(request)
    }
}

fn broken(error: hyper::Error) -> WireError {
    use std::error::Error;
    let cause = error.source().map(|cause| format!(": {cause}"));
    WireError::Http(format!("{error}{}", cause.unwrap_or_default()))
}

impl Answer {
    /// A GET.
    pub(in super::super) fn get(target: &str) -> Ask<'_> {
        Ask::new(Method::GET, target)
    }

    /// A DELETE.
    pub(in super::super) fn delete(target: &str) -> Ask<'_> {
        Ask::new(Method::DELETE, target)
    }

    /// A preflight.
    pub(in super::super) fn options(target: &str) -> Ask<'_> {
        Ask::new(Method::OPTIONS, target)
    }

    /// A POST of packets.
    pub(in super::super) fn post<'a>(target: &'a str, body: &str) -> Ask<'a> {
        let mut ask =
            Ask::new(Method::POST, target).header(CONTENT_TYPE, "text/plain;charset=UTF-8");
        ask.body = Bytes::copy_from_slice(body.as_bytes());
        ask
    }

    /// A POST of JSON.
    pub(in super::super) fn post_json<'a>(target: &'a str, body: &Value) -> Ask<'a> {
        let mut ask = Ask::new(Method::POST, target).header(CONTENT_TYPE, "application/json");
        ask.body = body.to_string().into();
        ask
    }

    /// The body as text.
    pub(in super::super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, if it is.
    pub(in super::super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header as text.
    pub(in super::super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where it sends the client, which stock clients do not follow.
    pub(in super::super) fn redirect(&self) -> Option<&str> {
        if self.status.is_redirection() {
            self.header(LOCATION)
        } else {
            None
        }
    }

    /// The code and message with which an Engine.IO server refuses a request.
    pub(in super::super) fn refusal(&self) -> Option<(u64, String)> {
        let json = self.json()?;
        let message = json.get("message")?.as_str()?;
        Some((json.get("code")?.as_u64()?, tame(message, SHOWN)))
    }

    /// The status, and the beginning of a body that people can read.
    pub(in super::super) fn summary(&self) -> String {
        let status = format!("HTTP {}", self.status.as_u16());
        let text = self.text();
        let text = text.trim();
        if text.is_empty() || text.starts_with('<') {
            return status;
        }
        format!("{status} {}", tame(text, SHOWN))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.summary())
    }
}
