//! A client of either transport in `/`, whose end can be asked for.

use serde_json::{Value, json};
use tests::client::socket_id;
use tests::polling::SEPARATOR;
use tests::{Client, Frame, Polling, Server, WebSocket};

/// A healthy client of the test itself, that asks the server about the others.
pub(crate) struct Watcher<'a> {
    server: &'a Server,
    client: Client,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        let (client, _) = Client::join(server);
        Self { server, client }
    }

    /// The reason of a socket's end, waiting for it.
    pub(crate) fn reason(&mut self, id: &str) -> String {
        // a case that failed in the middle of a question leaves a client that nobody understands
        if std::thread::panicking() {
            return String::new();
        }
        let end = self.ask("watch", &[id.into()]);
        end[0].as_str().expect("a reason").to_owned()
    }

    pub(crate) fn ask(&mut self, event: &str, args: &[Value]) -> Value {
        self.client.ask(event, args)
    }

    /// The same on a connection of its own, after a case has failed.
    pub(crate) fn renew(&mut self) {
        *self = Self::new(self.server);
    }
}

/// A polling session in `/`, its socket id, and nothing on the way.
pub(crate) fn polling(server: &Server) -> (Polling<'_>, String) {
    let session = Polling::open(server);
    session.say(&["40"]);
    let packets = session.packets(2);
    let id = socket_id(packets[0].strip_prefix('4').expect("a message"), "0");
    (session, id)
}

/// Expects that a polling session in `/` works and has nothing to say, and ends it.
pub(crate) fn assert_alive(session: &Polling<'_>) {
    session.say(&[r#"4277["message-with-ack",77]"#]);
    let packets: Vec<_> = session.packets(1);
    assert_eq!(packets, ["4377[77]"], "the session works and was silent");
    end(session);
}

/// Ends a polling session from the client's side.
pub(crate) fn end(session: &Polling<'_>) {
    session.say(&["1"]);
    session.expect_gone();
}

/// Polls a session that the server is closing, to its last packet.
pub(crate) fn last_packets(session: &Polling<'_>) -> Vec<String> {
    let mut packets = Vec::new();
    loop {
        let response = session.poll();
        assert_eq!(response.status, 200, "{response:?} after {packets:?}");
        packets.extend(response.text().split(SEPARATOR).map(str::to_owned));
        if packets.last().is_some_and(|last| last == "1") {
            packets.retain(|packet| packet != "1" && packet != "6");
            session.expect_gone();
            return packets;
        }
    }
}

/// Expects that a socket in `/` over this WebSocket works and has nothing to say.
pub(crate) fn assert_socket_alive(socket: &mut WebSocket) {
    socket.text(r#"4277["message-with-ack",77]"#);
    let next = socket.message();
    assert_eq!(next, Ok(Frame::text("4377[77]")), "it works and was silent");
}

/// An attachment as it stands in a polling body (RFC 4648).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::from("b");
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| usize::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for sextet in 0..4 {
            let letter = ALPHABET[bits >> (18 - 6 * sextet) & 63];
            out.push(if sextet > chunk.len() {
                '='
            } else {
                letter.into()
            });
        }
    }
    out
}

/// The gauges of the server.
pub(crate) fn gauges(watcher: &mut Watcher<'_>) -> Value {
    watcher.ask("gauges", &[json!(0)])
}

/// The bytes that the server has allocated and not freed.
pub(crate) fn heap(watcher: &mut Watcher<'_>) -> u64 {
    let answer = watcher.ask("heap", &[]);
    answer[0].as_u64().expect("a number of bytes")
}
