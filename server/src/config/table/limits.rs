//! What one address, one user and one request may take.

use std::time::Duration;

use super::super::Takes::{Many, Nothing};
use super::super::{Kind, Setting};
use super::Section;

const SECOND: Duration = Duration::from_secs(1);
const ANY: Kind = Kind::Number(0, u64::MAX);
const SOME: Kind = Kind::Number(1, u64::MAX);

pub(super) const LIMITS: Section = Section {
    name: "limits",
    about: "What one address, one user and one request may take.",
    settings: &[
        Setting::new(
            "limits.enabled",
            Kind::Flag,
            "Whether the limits per user and per address hold. Without them, for load tests.",
        )
        .env(&["ROOMCAST_RATE_LIMITS"])
        .flag("no-rate-limits", Nothing("false"))
        .is("true")
        .reloads(),
        Setting::new(
            "limits.trusted_proxies",
            Kind::Networks,
            "Networks whose X-Forwarded-For and X-Forwarded-Proto are believed; may be repeated. Nobody else's are.",
        )
        .env(&["ROOMCAST_TRUSTED_PROXIES"])
        .flag("trusted-proxy", Many("NETWORK"))
        .unset("none", "127.0.0.1")
        .reloads(),
        Setting::new(
            "limits.connections_per_address",
            ANY,
            "Connections of one address, this machine too; 0 is as many as it likes.",
        )
        .env(&["ROOMCAST_CONNECTIONS_PER_ADDRESS"])
        .unset("8192, and as many as it likes from this machine and trusted proxies", "500")
        .reloads(),
        Setting::new("limits.sessions", ANY, "Clients in all; 0 is as many as come.")
            .is("100000")
            .reloads(),
        Setting::new(
            "limits.sessions_per_address",
            ANY,
            "Clients of one address, or of one IPv6 network; 0 is as many as it likes.",
        )
        .is("4096")
        .reloads(),
        Setting::new(
            "limits.handshakes_per_second",
            ANY,
            "New clients of one address in a second, in the long run; 0 is as many as it likes.",
        )
        .is("100")
        .reloads(),
        Setting::new(
            "limits.handshakes_burst",
            SOME,
            "New clients of one address at once, after a quiet time: an office that comes back after a restart.",
        )
        .is("1000")
        .reloads(),
        Setting::new(
            "limits.messages",
            ANY,
            "Messages of one user in `message_window`; 0 is as many as they like.",
        )
        .is("20")
        .reloads(),
        Setting::new("limits.message_window", Kind::Duration(SECOND), "The time in which they are counted.")
            .is("10s")
            .reloads(),
        Setting::new(
            "limits.session_tokens",
            ANY,
            "Session tokens that one address gets in `session_token_window`; 0 is as many as it likes.",
        )
        .is("60")
        .reloads(),
        Setting::new(
            "limits.session_token_window",
            Kind::Duration(SECOND),
            "The time in which they are counted.",
        )
        .is("1m")
        .reloads(),
        Setting::new(
            "limits.tls_timeout",
            Kind::Duration(SECOND),
            "How long the handshake of TLS may take.",
        )
        .is("10s")
        .reloads(),
        Setting::new(
            "limits.head_timeout",
            Kind::Duration(SECOND),
            "How long the head of a request may take, also the next one on a kept connection.",
        )
        .env(&["ROOMCAST_HEAD_TIMEOUT"])
        .is("20s")
        .reloads(),
        Setting::new(
            "limits.body_timeout",
            Kind::Duration(SECOND),
            "How long the body of a request may take.",
        )
        .env(&["ROOMCAST_BODY_TIMEOUT"])
        .is("30s"),
    ],
};
