//! The first packet of a session: who it is and which rules hold.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{DecodeError, Sid};

/// How packets travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// HTTP long-polling: a waiting GET brings packets to the client, POSTs bring them to the server.
    Polling,
    /// One WebSocket.
    WebSocket,
}

impl Transport {
    /// The name on the wire: `polling` or `websocket`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Polling => "polling",
            Self::WebSocket => "websocket",
        }
    }

    /// The transport of that name.
    #[must_use]
    pub fn decode(name: &str) -> Option<Self> {
        [Self::Polling, Self::WebSocket]
            .into_iter()
            .find(|transport| transport.as_str() == name)
    }
}

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the server tells a client when it opens a session.
///
/// ```
/// use std::time::Duration;
/// use engineio::{Handshake, Message, Packet, Sid, Transport};
///
/// let open = Packet::Open(Handshake {
///     sid: Sid::from_random([0; 15]),
///     upgrades: vec![Transport::WebSocket],
///     ping_interval: Duration::from_secs(25),
///     ping_timeout: Duration::from_secs(20),
///     max_payload: 1_000_000,
/// });
/// let text = r#"0{"sid":"AAAAAAAAAAAAAAAAAAAA","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
/// assert_eq!(open.encode(), Message::Text(text.into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// The id of the session.
    pub sid: Sid,
    /// Where the client may move from the current transport.
    pub upgrades: Vec<Transport>,
    /// From one ping of the server to the next. The wire carries whole milliseconds.
    pub ping_interval: Duration,
    /// How long the server waits for a pong, and the client beyond the interval for a ping. Whole milliseconds too.
    pub ping_timeout: Duration,
    /// The largest POST body and WebSocket message in bytes that the server takes; [`Handshake::UNLIMITED`] when it did not say.
    pub max_payload: u64,
}

impl Handshake {
    /// The `max_payload` of servers that announce none: those before Engine.IO 6.1.
    pub const UNLIMITED: u64 = u64::MAX;

    /// Reads the data of an `open` packet. Fields and transports that this crate does not know are skipped.
    pub(crate) fn decode(json: &str) -> Result<Self, DecodeError> {
        let wire: Wire = serde_json::from_str(json).map_err(|_| DecodeError::Handshake)?;
        Ok(Self {
            sid: wire.sid.parse()?,
            upgrades: wire
                .upgrades
                .iter()
                .filter_map(|name| Transport::decode(name))
                .collect(),
            ping_interval: Duration::from_millis(wire.ping_interval),
            ping_timeout: Duration::from_millis(wire.ping_timeout),
            max_payload: wire.max_payload,
        })
    }

    /// Writes the data of an `open` packet.
    pub(crate) fn encode(&self) -> String {
        let wire = Wire {
            sid: self.sid.to_string(),
            upgrades: self
                .upgrades
                .iter()
                .map(|transport| transport.as_str().into())
                .collect(),
            ping_interval: millis(self.ping_interval),
            ping_timeout: millis(self.ping_timeout),
            max_payload: self.max_payload,
        };
        serde_json::to_string(&wire).expect("numbers and strings are always JSON")
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The JSON itself: the order of the fields is the order on the wire.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    sid: String,
    upgrades: Vec<String>,
    ping_interval: u64,
    ping_timeout: u64,
    #[serde(default = "unlimited")]
    max_payload: u64,
}

fn unlimited() -> u64 {
    Handshake::UNLIMITED
}

#[cfg(test)]
mod tests {
    use super::*;

    const SID: &str = "lv_VI97HAXpY6yYWAAAB";

    #[test]
    fn unknown_fields_and_transports_are_skipped_and_a_missing_limit_is_none() {
        let json = format!(
            r#"{{"sid":"{SID}","upgrades":["webtransport","websocket"],"pingInterval":300,"pingTimeout":200,"later":[{{}}]}}"#
        );
        let handshake = Handshake::decode(&json).unwrap();
        assert_eq!(handshake.sid.as_str(), SID);
        assert_eq!(handshake.upgrades, [Transport::WebSocket]);
        assert_eq!(handshake.ping_interval, Duration::from_millis(300));
        assert_eq!(handshake.ping_timeout, Duration::from_millis(200));
        assert_eq!(handshake.max_payload, Handshake::UNLIMITED);
    }

    #[test]
    fn what_is_not_a_handshake_is_an_error() {
        for json in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"sid":1}"#,
            r#"{"sid":"x","upgrades":[]}"#,
        ] {
            assert_eq!(
                Handshake::decode(json),
                Err(DecodeError::Handshake),
                "{json}"
            );
        }
        let short = r#"{"sid":"short","upgrades":[],"pingInterval":1,"pingTimeout":1}"#;
        assert_eq!(Handshake::decode(short), Err(DecodeError::Sid));
    }
}
