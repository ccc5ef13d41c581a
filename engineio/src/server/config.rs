//! Settings of the server. Each default says why it is that.

use std::{collections::HashSet, time::Duration};

use http::HeaderValue;

use crate::{Transport, session::Timing};

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
    /// Requests below this path are the engine's. Begins and ends with a slash; `/engine.io/`.
    pub path: String,
    /// From open, or the last pong, to the next ping. 25 s, as every stock server has it.
    pub ping_interval: Duration,
    /// How long a pong may take. 20 s, likewise.
    pub ping_timeout: Duration,
    /// How long a probing WebSocket may take to finish the upgrade. 10 s.
    pub upgrade_timeout: Duration,
    /// How long an orderly close may take to hand over what is queued. 30 s, the time a polling
    /// client may stay away between two polls.
    pub close_timeout: Duration,
    /// How long the server waits for the peer's half of the WebSocket closing handshake. 5 s.
    pub linger: Duration,
    /// A connection whose writes make no progress for this long is cut. 30 s.
    pub write_timeout: Duration,
    /// How long the body of a POST may take. 30 s.
    pub body_timeout: Duration,
    /// Largest POST body and largest WebSocket message, in bytes. 1,000,000, the `maxPayload` of
    /// every stock server.
    pub max_payload: usize,
    /// Transports that are served, in the order they are advertised. Both.
    pub transports: Vec<Transport>,
    /// Whether polling sessions are told that they may move to WebSocket. Yes.
    pub allow_upgrades: bool,
    /// Bytes that may be queued for one session before it is cut as a slow consumer. 1 MiB.
    pub outbox_limit: usize,
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
    /// Whether and for whom browsers may use the server from other origins. Off.
    pub cors: Cors,
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
            body_timeout: Duration::from_secs(30),
            max_payload: 1_000_000,
            transports: vec![Transport::Polling, Transport::WebSocket],
            allow_upgrades: true,
            outbox_limit: 1 << 20,
            outbox_reserve: 64 << 10,
            outbox_total: 1 << 30,
            send_buffer: 256 << 10,
            flushers: std::thread::available_parallelism().map_or(1, usize::from),
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
/// preflights are answered, and a WebSocket from an origin that is not allowed is refused.
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
    /// Whether a page of `origin` may use the server; `None` is a client that is no page.
    pub fn allows(&self, origin: Option<&HeaderValue>) -> bool {
        match (self, origin) {
            (Self::Off | Self::Any, _) | (Self::Origins(_), None) => true,
            (Self::Origins(allowed), Some(origin)) => {
                origin.to_str().is_ok_and(|origin| allowed.contains(origin))
            }
        }
    }
}
