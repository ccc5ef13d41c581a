//! Settings of the server. Each default says why it is that.

use std::{collections::HashSet, time::Duration};

use http::{
    HeaderMap,
    header::{HOST, ORIGIN},
};

use super::{Admission, Cookie, Hooks};
use crate::{Message, Transport, session::Timing};

/// Settings of an [`Engine`](super::Engine).
///
/// ```
/// use std::time::Duration;
///
/// let config = engineio::server::Config {
///     ping_interval: Duration::from_secs(10),
///     ..engineio::server::Config::default()
/// };
/// assert_eq!(config.max_payload, 1_000_000);
/// ```
#[derive(Debug, Clone)]
pub struct Config {
    /// Requests below this path are the engine's; `/engine.io/`. Without the trailing slash the
    /// path itself is, too.
    pub path: String,
    /// From open, or the last pong, to the next ping. 25 s, as every stock server has it.
    pub ping_interval: Duration,
    /// How long a pong may take. 20 s, likewise.
    pub ping_timeout: Duration,
    /// How long a probing WebSocket may take to finish the upgrade, and the answer 101 to leave. 10 s.
    /// Reason `upgrade_timeout`.
    pub upgrade_timeout: Duration,
    /// How long an orderly close may take to hand over what is queued. 30 s, the time a polling
    /// client may stay away between two polls. Reason `close_timeout`.
    pub close_timeout: Duration,
    /// How long the server waits for the peer's half of the WebSocket closing handshake. 5 s.
    pub linger: Duration,
    /// A connection whose writes make no progress for this long is cut. 30 s.
    /// Reason `write_stalled`.
    pub write_timeout: Duration,
    /// How long [`Engine::shutdown`](super::Engine::shutdown) may take; then what is left is cut.
    /// 40 s: an orderly close and the wait for the peer's half of it, with room to spare. Reason
    /// `shutdown_timeout`.
    pub shutdown_timeout: Duration,
    /// How long the hook that allows requests may take to decide. 10 s. Reason `allow_timeout`.
    pub allow_timeout: Duration,
    /// How long the body of a POST may take. 30 s. Reason `body_timeout`.
    pub body_timeout: Duration,
    /// Largest POST body and largest WebSocket message, in bytes. 1,000,000, the `maxPayload` of
    /// every stock server.
    pub max_payload: usize,
    /// Transports that are served, in the order they are advertised. Both.
    pub transports: Vec<Transport>,
    /// Whether polling sessions are told that they may move to WebSocket. Yes.
    pub allow_upgrades: bool,
    /// Bytes that may be queued for one session before it is cut as a slow consumer. 1 MiB.
    /// Reason `slow_consumer`.
    pub outbox_limit: usize,
    /// What happens to a message that would pass [`outbox_limit`](Self::outbox_limit). The session
    /// is cut.
    pub outbox_overflow: Overflow,
    /// Bytes above [`outbox_limit`](Self::outbox_limit) that only acks, CONNECT and DISCONNECT may
    /// fill. 64 KiB.
    pub outbox_reserve: usize,
    /// Bytes that may be queued for all sessions together; beyond it a session that is behind is
    /// cut when something is sent to it. 1 GiB.
    pub outbox_total: usize,
    /// The kernel's send buffer of a WebSocket, so that it is not a second queue. 256 KiB.
    pub send_buffer: usize,
    /// Flusher tasks; one per core that the runtime uses is right. The number of cores.
    pub flushers: usize,
    /// How many sessions there may be, and how fast they may open.
    pub admission: Admission,
    /// A cookie with the session's id, set by polling handshakes. None.
    pub cookie: Option<Cookie>,
    /// A message that every session gets right after its open packet. None.
    pub initial_message: Option<Message>,
    /// Functions of yours that the engine calls. None.
    pub hooks: Hooks,
    /// Whether and for whom browsers may use the server from other origins. Off.
    pub cors: Cors,
}

/// What happens to a message for a session that is too far behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overflow {
    /// The session is cut with [`CloseReason::SlowConsumer`](crate::CloseReason::SlowConsumer), so
    /// that the client knows that it has missed something and comes back for it.
    #[default]
    Cut,
    /// The message is refused with [`SendError::Full`](super::SendError::Full) and the session goes
    /// on, with a gap that only the sender knows of. Acks, CONNECT and DISCONNECT that find even the
    /// reserve full still cut the session.
    Refuse,
}

impl Default for Config {
    fn default() -> Self {
        let timing = Timing::default();
        Self {
            path: "/engine.io/".to_owned(),
            ping_interval: timing.ping_interval,
            ping_timeout: timing.ping_timeout,
            upgrade_timeout: timing.upgrade_timeout,
            close_timeout: timing.close_timeout,
            linger: Duration::from_secs(5),
            write_timeout: Duration::from_secs(30),
            shutdown_timeout: Duration::from_secs(40),
            allow_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            max_payload: 1_000_000,
            transports: vec![Transport::Polling, Transport::WebSocket],
            allow_upgrades: true,
            outbox_limit: 1 << 20,
            outbox_overflow: Overflow::Cut,
            outbox_reserve: 64 << 10,
            outbox_total: 1 << 30,
            send_buffer: 256 << 10,
            flushers: std::thread::available_parallelism().map_or(1, usize::from),
            admission: Admission::default(),
            cookie: None,
            initial_message: None,
            hooks: Hooks::default(),
            cors: Cors::Off,
        }
    }
}

impl Config {
    pub(crate) fn timing(&self) -> Timing {
        Timing {
            ping_interval: self.ping_interval,
            ping_timeout: self.ping_timeout,
            upgrade_timeout: self.upgrade_timeout,
            close_timeout: self.close_timeout,
        }
    }
}

/// Which pages of other origins may use the server from a browser.
///
/// When it is not off, the allowed origin is echoed together with
/// `Access-Control-Allow-Credentials: true` (the wildcard fails for clients that send credentials),
/// preflights are answered, and a WebSocket from an origin that is not allowed is refused. Pages that
/// the server's own host delivered are always allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cors {
    /// No CORS headers; an OPTIONS request is an error, as in the reference.
    #[default]
    Off,
    /// Any origin.
    Any,
    /// These origins, each `scheme://host[:port]`.
    Origins(HashSet<String>),
}

impl Cors {
    /// Whether the sender of a request with these headers may use the server: no page (it sends no
    /// `Origin`), a page that this server itself delivered, or a page of an allowed origin.
    pub fn allows(&self, request: &HeaderMap) -> bool {
        let (Self::Origins(allowed), Some(origin)) = (self, request.get(ORIGIN)) else {
            return true;
        };
        let host = request.get(HOST).and_then(|host| host.to_str().ok());
        origin.to_str().is_ok_and(|origin| {
            allowed.contains(origin) || host.is_some_and(|host| is_own(origin, host))
        })
    }
}

/// Whether the page comes from this server. Schemes are not compared: behind a proxy that ends TLS
/// the server does not know which one the browser used.
fn is_own(origin: &str, host: &str) -> bool {
    let (default_port, authority) = match origin.split_once("://") {
        Some(("http", authority)) => (":80", authority),
        Some(("https", authority)) => (":443", authority),
        _ => return false,
    };
    let bare = |name: &str| {
        name.strip_suffix(default_port)
            .unwrap_or(name)
            .to_ascii_lowercase()
    };
    bare(authority) == bare(host)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_list_admits_its_origins_the_servers_own_pages_and_who_is_no_page() {
        let cors = Cors::Origins(HashSet::from(["https://a.example".to_owned()]));
        let allows = |origin: Option<&'static str>, host: &'static str| {
            let origin = origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin)));
            let host = (HOST, HeaderValue::from_static(host));
            cors.allows(&origin.into_iter().chain([host]).collect())
        };
        assert!(allows(None, "chat.example"));
        assert!(allows(Some("https://a.example"), "chat.example"));
        assert!(allows(Some("https://chat.example"), "chat.example:443"));
        assert!(allows(
            Some("http://chat.example:8000"),
            "Chat.example:8000"
        ));
        assert!(!allows(
            Some("http://chat.example:8001"),
            "chat.example:8000"
        ));
        assert!(!allows(Some("http://localhost:3000"), "localhost:8000"));
        assert!(!allows(Some("https://evil.example"), "chat.example"));
        assert!(!allows(Some("null"), "chat.example"));
        assert!(!allows(Some("file://chat.example"), "chat.example"));
    }
}
