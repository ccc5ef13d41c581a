//! Causes and fixes that several checks share.

use super::super::wire::{Dialer, NoOpening, WireError};
use super::check::Finding;
use super::ready;

/// What makes a proxy hand WebSockets on.
pub(super) const PASS_UPGRADES: &str = "let the proxy pass upgrades, in nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\";";

/// The codes with which Engine.IO refuses.
mod code {
    pub(super) const UNKNOWN_SESSION: u64 = 1;
    pub(super) const FORBIDDEN: u64 = 4;
    pub(super) const VERSION: u64 = 5;
}

/// The message of a server that takes no new session because it is stopping.
const STOPPING: &str = "Forbidden";

/// A request that got no answer.
pub(super) fn no_answer(error: &WireError, dialer: &Dialer) -> Finding {
    match error {
        WireError::Http(_) if !dialer.site().secure => Finding::new(
            format!("the connection ends without an answer in HTTP ({error})"),
            "if the port speaks TLS, use https:// in the URL; else look into the log of the server",
        ),
        WireError::Slow(_) => Finding::new(
            error.to_string(),
            "the server or a proxy before it is stuck or overloaded: look into its log",
        ),
        other => Finding::new(
            other.to_string(),
            "look into the log of the server and of any proxy before it",
        ),
    }
}

/// A session that did not open.
pub(super) fn no_opening(met: &NoOpening) -> Finding {
    match met {
        NoOpening::Old => Finding::new(
            "the server is of Socket.IO 2 and speaks EIO=3, clients 3 and 4 speak EIO=4",
            "upgrade the server, or use socket.io-client 2",
        ),
        NoOpening::Refused {
            code: code::VERSION,
            ..
        } => old_client(),
        // Roomcast says so to everybody while it leaves; a limit has its own message.
        NoOpening::Refused {
            status: 503,
            code: code::FORBIDDEN,
            message,
        } if message == STOPPING => ready::draining(),
        NoOpening::Refused {
            status: 429 | 503, ..
        } => Finding::new(
            format!("the server is at a limit: {met}"),
            "too many sessions or handshakes, perhaps all from the one address of a proxy: raise the limit, or let the proxy count",
        ),
        NoOpening::Refused {
            code: code::FORBIDDEN,
            ..
        } => Finding::new(
            format!("the server takes no new session: {met}"),
            "it is stopping, or its `allowRequest` says no: look into its log",
        ),
        other => Finding::new(
            format!("the session does not open: {other}"),
            "look into the log of the server and of any proxy before it",
        ),
    }
}

/// A client of Socket.IO 2 at a server that only speaks the present protocol.
pub(super) fn old_client() -> Finding {
    Finding::new(
        "old client version: socket.io-client 1 and 2 speak EIO=3, which the server does not (\"Unsupported protocol version\")",
        "use socket.io-client 3 or 4 (npm's own server also has `allowEIO3: true`)",
    )
}

/// A session that opened and did not work.
pub(super) fn no_session(error: &WireError, dialer: &Dialer) -> Finding {
    match error {
        WireError::Refused(answer) => match answer.refusal() {
            Some((code::UNKNOWN_SESSION, _)) => Finding::new(
                "the second request of a session met a server that does not know it (\"Session ID unknown\")",
                "several servers are behind this address: the balancer has to send a session always to the same one",
            ),
            _ => Finding::new(
                format!("a request of the session is refused: {}", answer.summary()),
                "look into the log of the server; a proxy must neither cache nor change these requests",
            ),
        },
        WireError::NoUpgrade(answer) if answer.summary().contains("Transport unknown") => {
            Finding::new(
                "the server offers no WebSocket (\"Transport unknown\")",
                "add `websocket` to its transports, or give clients `transports: [\"polling\"]`",
            )
        }
        WireError::NoUpgrade(answer) => Finding::new(
            format!(
                "no upgrade to WebSocket ({}): something in between takes the header `Upgrade` away",
                answer.summary()
            ),
            PASS_UPGRADES,
        ),
        WireError::NoOpening(met) => no_opening(met),
        WireError::Ended(_) => Finding::new(error.to_string(), PASS_UPGRADES),
        other => no_answer(other, dialer),
    }
}
