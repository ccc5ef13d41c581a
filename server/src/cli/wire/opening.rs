//! The first packet of a session, or what came in its place.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;

use super::super::paint::tame;
use super::Answer;

/// How much of something unexpected is shown.
const SHOWN: usize = 80;

/// What a server says when it opens a session. Read leniently: every server has its own idea of an id.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Opening {
    pub(in super::super) sid: String,
    #[serde(default)]
    pub(in super::super) upgrades: Vec<String>,
    ping_interval: u64,
    ping_timeout: u64,
}

/// What came in its place.
#[derive(Clone, Debug)]
pub(in super::super) enum NoOpening {
    /// A server of Socket.IO 2, which writes lengths before its packets.
    Old,
    /// The refusal of an Engine.IO server.
    Refused {
        status: u16,
        code: u64,
        message: String,
    },
    /// An answer that no Engine.IO server gives.
    Foreign(Box<Answer>),
    /// Another packet.
    Other(String),
}

impl fmt::Display for NoOpening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Old => f.write_str("the server speaks the protocol of Socket.IO 2"),
            Self::Refused {
                status, message, ..
            } => write!(f, "HTTP {status}, {message}"),
            Self::Foreign(answer) => answer.fmt(f),
            Self::Other(text) => write!(f, "{:?} in the place of an opening", tame(text, SHOWN)),
        }
    }
}

impl Opening {
    /// Reads the packet.
    pub(in super::super) fn decode(packet: &str) -> Option<Self> {
        serde_json::from_str(packet.strip_prefix('0')?).ok()
    }

    /// Reads the answer to the first request of a polling session.
    pub(in super::super) fn read(answer: Answer) -> Result<Self, NoOpening> {
        let text = answer.text();
        if answer.status.is_success() {
            // What may follow in the same body is behind a separator.
            let first = text.split('\u{1e}').next().unwrap_or_default();
            if let Some(opening) = Self::decode(first) {
                return Ok(opening);
            }
            if is_old(&text) {
                return Err(NoOpening::Old);
            }
        }
        match answer.refusal() {
            Some((code, message)) => Err(NoOpening::Refused {
                status: answer.status.as_u16(),
                code,
                message,
            }),
            None => Err(NoOpening::Foreign(Box::new(answer))),
        }
    }

    /// After how long a silent connection is dead.
    pub(in super::super) fn silence(&self) -> Duration {
        Duration::from_millis(self.ping_interval.saturating_add(self.ping_timeout))
    }
}

/// `96:0{"sid":...}2:40`, as Engine.IO 3 writes it.
fn is_old(text: &str) -> bool {
    text.split_once(":0{").is_some_and(|(length, _)| {
        !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &'static str) -> Answer {
        Answer {
            status: http::StatusCode::from_u16(status).unwrap(),
            headers: http::HeaderMap::new(),
            body: body.into(),
            took: Duration::ZERO,
        }
    }

    #[test]
    fn an_opening_is_told_from_what_comes_in_its_place() {
        let opening = r#"0{"sid":"a","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1}"#;
        let read = Opening::read(answer(200, opening)).unwrap();
        assert_eq!(
            (read.sid.as_str(), read.silence()),
            ("a", Duration::from_secs(45))
        );
        assert!(matches!(
            Opening::read(answer(200, r#"96:0{"sid":"a"}2:40"#)),
            Err(NoOpening::Old)
        ));
        let refused = answer(
            400,
            r#"{"code":5,"message":"Unsupported protocol version"}"#,
        );
        assert!(matches!(
            Opening::read(refused),
            Err(NoOpening::Refused { code: 5, .. })
        ));
        for foreign in [
            answer(200, "<html>"),
            answer(404, ""),
            answer(500, r#"{"message":"x"}"#),
        ] {
            assert!(matches!(Opening::read(foreign), Err(NoOpening::Foreign(_))));
        }
    }
}
