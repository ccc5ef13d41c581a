//! An Engine.IO session over HTTP long-polling.

use std::time::Duration;

use crate::{Connection, Request, Response, Server};

/// The byte between the packets of one body.
pub const SEPARATOR: char = '\u{1e}';

/// The query of a new session over polling.
pub const NEW: &str = "?EIO=4&transport=polling";

/// A session; each request has a connection of its own.
#[derive(Debug)]
pub struct Polling<'a> {
    server: &'a Server,
    /// The session id.
    pub sid: String,
}

impl<'a> Polling<'a> {
    /// Opens a session.
    ///
    /// # Panics
    /// When the server refuses it.
    #[must_use]
    pub fn open(server: &'a Server) -> Self {
        Self::open_with(server, NEW)
    }

    /// Opens a session with a query of the test's own.
    ///
    /// # Panics
    /// When the server refuses it.
    #[must_use]
    pub fn open_with(server: &'a Server, query: &str) -> Self {
        let response = Request::new(server, "GET", query).send(server);
        assert_eq!(response.status, 200, "{response:?}");
        let sid = sid_of(response.text());
        Self { server, sid }
    }

    /// The query of this session's requests.
    #[must_use]
    pub fn query(&self) -> String {
        format!("{NEW}&sid={}", self.sid)
    }

    /// The query of this session's upgrade.
    #[must_use]
    pub fn upgrade(&self) -> String {
        format!("{}&sid={}", crate::websocket::NEW, self.sid)
    }

    /// A request of this session.
    #[must_use]
    pub fn request(&self, method: &str) -> Request {
        Request::new(self.server, method, &self.query())
    }

    /// Starts a poll.
    #[must_use]
    pub fn start_poll(&self) -> Connection {
        self.request("GET").start(self.server)
    }

    /// Starts a poll that finds nothing, and gives the server the time to see it:
    /// nothing on the wire tells that a poll is pending.
    ///
    /// # Panics
    /// When it is answered.
    #[must_use]
    pub fn pending_poll(&self) -> Connection {
        let mut poll = self.start_poll();
        assert!(poll.is_silent(Duration::from_millis(100)));
        poll
    }

    /// Polls and waits for the answer.
    #[must_use]
    pub fn poll(&self) -> Response {
        self.request("GET").send(self.server)
    }

    /// Posts a body and waits for the answer.
    #[must_use]
    pub fn post(&self, body: &str) -> Response {
        self.post_bytes(body.as_bytes())
    }

    /// Posts bytes and waits for the answer.
    #[must_use]
    pub fn post_bytes(&self, body: &[u8]) -> Response {
        let request = self.request("POST");
        let request = request.header("Content-Type", "text/plain;charset=UTF-8");
        request.body(body).send(self.server)
    }

    /// Posts packets that the server takes.
    ///
    /// # Panics
    /// When it does not.
    pub fn say(&self, packets: &[&str]) {
        let body = packets.join(&SEPARATOR.to_string());
        assert_eq!(self.post(&body).pair(), (200, "ok"));
    }

    /// Polls until as many packets came, answering heartbeats.
    ///
    /// # Panics
    /// When the session ends first.
    #[must_use]
    pub fn packets(&self, count: usize) -> Vec<String> {
        let mut packets = Vec::new();
        while packets.len() < count {
            let response = self.poll();
            assert_eq!(response.status, 200, "{response:?} after {packets:?}");
            for packet in response.text().split(SEPARATOR) {
                match packet {
                    "2" => self.say(&["3"]),
                    other => packets.push(other.to_owned()),
                }
            }
        }
        packets
    }

    /// Expects that the session still echoes.
    ///
    /// # Panics
    /// When it does not.
    pub fn expect_alive(&self) {
        self.say(&["4are you there"]);
        assert_eq!(self.packets(1), ["4are you there"]);
    }

    /// The same while an upgrade may still free the polls with noops.
    ///
    /// # Panics
    /// When it does not.
    pub fn expect_poll_echo(&self) {
        self.say(&["4are you there"]);
        loop {
            match self.packets(1).last().map(String::as_str) {
                Some("6") => {}
                Some("4are you there") => return,
                other => panic!("expected the echo, got {other:?}"),
            }
        }
    }

    /// Expects that the server does not know the session any more.
    ///
    /// # Panics
    /// When it does.
    pub fn expect_gone(&self) {
        let gone = (400, r#"{"code":1,"message":"Session ID unknown"}"#);
        assert_eq!(self.poll().pair(), gone);
    }
}

/// The session id of an open packet.
///
/// # Panics
/// When it is none.
#[must_use]
pub fn sid_of(packet: &str) -> String {
    let json = packet.strip_prefix('0').unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(json)
        .unwrap_or_else(|error| panic!("not an open packet: {packet:?}: {error}"));
    json["sid"].as_str().expect("a sid").to_owned()
}
