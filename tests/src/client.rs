//! A Socket.IO client over one WebSocket: packets as text, nothing parsed for it.

use crate::{Connection, Frame, Server, WebSocket};
use serde_json::Value;

/// A session with any number of namespaces joined.
#[derive(Debug)]
pub struct Client {
    /// The transport, for what this type does not say.
    pub socket: WebSocket,
    /// The Engine.IO session id.
    pub sid: String,
    asked: u64,
}

impl Client {
    /// Opens a session and joins no namespace.
    #[must_use]
    pub fn open(server: &Server) -> Self {
        let (socket, sid) = WebSocket::session(server);
        Self {
            socket,
            sid,
            asked: 1000,
        }
    }

    /// A client that will be slow: it is in `/` with the smallest receive buffer there is.
    ///
    /// # Panics
    /// When the server refuses it.
    #[must_use]
    pub fn narrow(server: &Server) -> (Self, String) {
        let connection = Connection::narrow(server.port());
        let request = crate::websocket::upgrade(server, crate::websocket::NEW);
        let (mut socket, _) = WebSocket::request_on(connection, &request).expect("a WebSocket");
        let sid = crate::polling::sid_of(&socket.next_text());
        Self {
            socket,
            sid,
            asked: 1000,
        }
        .joined()
    }

    /// Opens a session, joins `/` and returns its socket id.
    #[must_use]
    pub fn join(server: &Server) -> (Self, String) {
        Self::open(server).joined()
    }

    fn joined(mut self) -> (Self, String) {
        self.say("0");
        let id = socket_id(&self.next_packet(), "0");
        self.expect(&[r#"2["auth",{}]"#]);
        (self, id)
    }

    /// Sends one Socket.IO packet.
    pub fn say(&mut self, packet: &str) {
        self.socket.text(&format!("4{packet}"));
    }

    /// The next Socket.IO packet as text.
    ///
    /// # Panics
    /// When something else comes, or nothing.
    pub fn next_packet(&mut self) -> String {
        let text = self.socket.next_text();
        let packet = text.strip_prefix('4');
        packet
            .unwrap_or_else(|| panic!("not a message: {text:?}"))
            .to_owned()
    }

    /// The next attachment.
    ///
    /// # Panics
    /// When something else comes, or nothing.
    pub fn next_binary(&mut self) -> Vec<u8> {
        match self.socket.message() {
            Ok(Frame::Binary(bytes)) => bytes,
            other => panic!("expected an attachment, got {other:?}"),
        }
    }

    /// Expects packets in order.
    ///
    /// # Panics
    /// When something else comes, or nothing.
    pub fn expect(&mut self, packets: &[&str]) {
        for &packet in packets {
            assert_eq!(self.next_packet(), packet);
        }
    }

    /// Emits an event with an ack on `/` and returns the ack's arguments, so
    /// everything that was to arrive before it must have been taken.
    ///
    /// # Panics
    /// When something else comes, or nothing.
    pub fn ask(&mut self, event: &str, args: &[Value]) -> Value {
        self.asked += 1;
        let asked = self.asked;
        let mut data = vec![Value::from(event)];
        data.extend(args.iter().cloned());
        self.say(&format!("2{asked}{}", Value::from(data)));
        let packet = self.next_packet();
        let answer = packet.strip_prefix(&format!("3{asked}"));
        let answer = answer.unwrap_or_else(|| panic!("not the ack {asked}: {packet:?}"));
        serde_json::from_str(answer).expect("an ack is JSON")
    }

    /// Expects that nothing came before an ack asked for now.
    ///
    /// # Panics
    /// When something did.
    pub fn expect_nothing(&mut self) {
        let fence = self.ask("message-with-ack", &["fence".into()]);
        assert_eq!(fence, serde_json::json!(["fence"]));
    }

    /// Waits for the end of the session.
    pub fn closed(&mut self) -> u16 {
        self.socket.closed()
    }
}

/// The socket id of a CONNECT packet with a prefix such as `0` or `0/admin,`.
///
/// # Panics
/// When it is none, or has any other key.
pub fn socket_id(packet: &str, prefix: &str) -> String {
    let json = packet.strip_prefix(prefix).unwrap_or_default();
    let json: Value = serde_json::from_str(json)
        .unwrap_or_else(|error| panic!("not a CONNECT: {packet:?}: {error}"));
    let object = json.as_object().expect("an object");
    assert_eq!(object.len(), 1, "a CONNECT has the sid alone: {packet}");
    object["sid"].as_str().expect("a sid").to_owned()
}
