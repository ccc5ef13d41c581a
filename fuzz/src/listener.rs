//! What a client has heard of what was said to it.

use engineio::{Message, Packet};

use crate::{engine, websocket};

/// A client that knows what it has to hear.
#[derive(Debug, Default)]
pub struct Listener {
    said: Vec<Message>,
    /// Where a unit ends in `said`.
    ends: Vec<usize>,
    heard: usize,
    /// What came over WebSocket and is no whole frame yet.
    stream: Vec<u8>,
    /// The server has said its last over WebSocket.
    closed: bool,
}

impl Listener {
    /// The server says these together.
    pub fn say(&mut self, unit: impl IntoIterator<Item = Message>) {
        self.said.extend(unit);
        self.ends.push(self.said.len());
    }

    /// A poll was answered.
    pub fn hear_body(&mut self, body: &[u8]) {
        for packet in engine::payload(body) {
            match packet {
                Some(Packet::Message(message)) => self.hear(message),
                Some(Packet::Ping(_) | Packet::Noop | Packet::Close) => {}
                other => panic!("{other:?} in a poll"),
            }
        }
        assert!(self.is_at_boundary(), "a body ends with a whole unit");
    }

    /// Bytes came over WebSocket.
    pub fn hear_bytes(&mut self, bytes: &[u8]) {
        assert!(
            !self.closed || bytes.is_empty(),
            "something behind the close frame"
        );
        self.stream.extend(bytes);
        let mut rest = self.stream.as_slice();
        let mut messages = Vec::new();
        while let Some(frame) = websocket::frame(&mut rest) {
            assert!(!frame.masked);
            match (frame.first, frame.payload) {
                (0x81, text) if text == b"2" => {}
                (0x81, text) => {
                    let text = String::from_utf8(text).expect("text");
                    let message = text.strip_prefix('4').expect("a message");
                    messages.push(Message::Text(message.into()));
                }
                (0x82, data) => messages.push(Message::Binary(data.into())),
                (0x88, _) => self.closed = true,
                other => panic!("{other:?} on a WebSocket"),
            }
        }
        self.stream = rest.to_vec();
        messages.into_iter().for_each(|message| self.hear(message));
    }

    fn hear(&mut self, message: Message) {
        let next = self.said.get(self.heard);
        assert_eq!(Some(&message), next, "in order, none lost, none twice");
        self.heard += 1;
    }

    /// Whether no unit was heard in part.
    pub fn is_at_boundary(&self) -> bool {
        self.heard == 0 || self.ends.contains(&self.heard)
    }

    /// Whether nothing is outstanding.
    pub fn has_heard_all(&self) -> bool {
        self.heard == self.said.len() && self.stream.is_empty()
    }
}
