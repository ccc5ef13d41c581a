//! What a test asks of a server, in the spelling both servers take.

use serde::{Deserialize, Serialize};

/// Settings of a test server; what is `None` stays at the server's own default.
///
/// One JSON object on the command line carries them to either server, so a test
/// says once what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// The port; none means a free one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Milliseconds between the heartbeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ping_interval: Option<u64>,
    /// Milliseconds a client has to answer a heartbeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ping_timeout: Option<u64>,
    /// Milliseconds an upgrade may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_timeout: Option<u64>,
    /// Milliseconds an orderly close may take; the reference has no such setting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_timeout: Option<u64>,
    /// The largest POST body and WebSocket message in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_payload: Option<u64>,
    /// Milliseconds within which a client must join a namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_timeout: Option<u64>,
    /// `*` or one origin; none means no CORS at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cors: Option<String>,
    /// Whether cross-origin credentials are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials: Option<bool>,
    /// The enabled transports by their wire names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transports: Option<Vec<String>>,
    /// Whether the handshake offers the upgrade.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_upgrades: Option<bool>,
}

impl Options {
    /// The settings the public conformance suites run against.
    #[must_use]
    pub fn conformance() -> Self {
        Self {
            ping_interval: Some(300),
            ping_timeout: Some(200),
            max_payload: Some(1_000_000),
            connect_timeout: Some(1000),
            cors: Some("*".to_owned()),
            ..Self::default()
        }
    }

    /// A payload limit small enough to test with literals.
    #[must_use]
    pub fn max_payload(bytes: u64) -> Self {
        Self {
            max_payload: Some(bytes),
            ..Self::default()
        }
    }

    /// Only some transports.
    #[must_use]
    pub fn transports(names: &[&str]) -> Self {
        Self {
            transports: Some(names.iter().map(|&name| name.to_owned()).collect()),
            ..Self::default()
        }
    }

    /// CORS for `*` or for one origin.
    #[must_use]
    pub fn cors(origin: &str) -> Self {
        Self {
            cors: Some(origin.to_owned()),
            ..Self::default()
        }
    }
}
