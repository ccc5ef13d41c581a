//! A server with two healthy clients, one on each transport.

use crate::socket;
use serde_json::json;
use tests::{Client, Options, Polling, Request, Server, polling};

/// A limit that literals can pass, and that the healthy clients stay below.
pub(crate) const LIMIT: usize = 10_000;

/// A server with two healthy clients.
pub(crate) struct Scene {
    pub(crate) server: Server,
    websocket: Client,
    polling: String,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let server = socket(&Options::max_payload(LIMIT as u64));
        let (websocket, _) = Client::join(&server);
        let session = Polling::open(&server);
        session.say(&["40"]);
        let _ = session.packets(2);
        let polling = session.sid;
        Self {
            server,
            websocket,
            polling,
        }
    }

    /// Ends the scene: both clients still talk, and had received nothing else.
    pub(crate) fn assert_unnoticed(mut self) {
        self.websocket.expect_nothing();
        let query = format!("{}&sid={}", polling::NEW, self.polling);
        let post = Request::new(&self.server, "POST", &query);
        let answer = post
            .body(br#"421["message-with-ack",1]"#)
            .send(&self.server);
        assert_eq!(answer.pair(), (200, "ok"));
        let poll = Request::new(&self.server, "GET", &query).send(&self.server);
        assert_eq!(poll.pair(), (200, "431[1]"));
        let (mut late, _) = Client::join(&self.server);
        assert_eq!(late.ask("message-with-ack", &[json!(2)]), json!([2]));
    }
}
