//! A healthy client of either transport.

use crate::joined::{self, base64};
use std::collections::VecDeque;
use std::sync::Arc;
use tests::{Client, Connection, Frame, Request, Server, polling};

/// A client in `/`, read by one thread.
pub(crate) enum Line {
    WebSocket(Client),
    Polling {
        server: Arc<Server>,
        query: String,
        connection: Connection,
        heard: VecDeque<String>,
    },
}

impl Line {
    pub(crate) fn open(server: &Arc<Server>, websocket: bool) -> Self {
        if websocket {
            return Self::WebSocket(Client::join(server).0);
        }
        let (session, _) = joined::polling(server);
        Self::Polling {
            query: format!("{}&sid={}", polling::NEW, session.sid),
            connection: server.connect(),
            server: Arc::clone(server),
            heard: VecDeque::new(),
        }
    }

    /// Sends texts, then attachments.
    pub(crate) fn say(&mut self, texts: &[&str], attachments: &[&[u8]]) {
        match self {
            Self::WebSocket(client) => {
                texts.iter().for_each(|text| client.socket.text(text));
                attachments.iter().for_each(|a| client.socket.binary(a));
            }
            Self::Polling {
                server,
                query,
                connection,
                ..
            } => {
                let attachments = attachments.iter().map(|bytes| base64(bytes));
                let texts = texts.iter().map(|&text| text.to_owned());
                let body: Vec<_> = texts.chain(attachments).collect();
                let body = body.join(&polling::SEPARATOR.to_string());
                let post = Request::new(server, "POST", query).body(body.as_bytes());
                connection.write(&post.encode());
                let answer = connection.response().expect("an answer");
                assert_eq!(answer.pair(), (200, "ok"));
            }
        }
    }

    /// The next message, which is a text, or `1` at the end. Heartbeats are answered on the way.
    pub(crate) fn hear(&mut self) -> String {
        match self {
            Self::WebSocket(client) => match client.socket.message() {
                Ok(Frame::Text(text)) => text,
                Ok(Frame::Close(_)) => "1".to_owned(),
                other => panic!("expected a text, got {other:?}"),
            },
            Self::Polling { heard, .. } => {
                let next = heard.pop_front();
                match next.as_deref() {
                    Some("2") => self.say(&["3"], &[]),
                    Some(_) => return next.expect("matched"),
                    None => self.poll(),
                }
                self.hear()
            }
        }
    }

    pub(crate) fn hear_attachment(&mut self, expected: &[u8]) {
        match self {
            Self::WebSocket(client) => {
                let frame = client.socket.read();
                assert_eq!(frame, Ok(Frame::Binary(expected.to_vec())));
            }
            Self::Polling { heard, .. } => {
                if heard.is_empty() {
                    self.poll();
                    return self.hear_attachment(expected);
                }
                assert_eq!(heard.pop_front(), Some(base64(expected)));
            }
        }
    }

    fn poll(&mut self) {
        if let Self::Polling {
            server,
            query,
            connection,
            heard,
        } = self
        {
            connection.write(&Request::new(server, "GET", query).encode());
            let answer = connection.response().expect("an answer");
            assert_eq!(answer.status, 200, "{answer:?}");
            let packets = answer.text().split(polling::SEPARATOR);
            heard.extend(packets.map(str::to_owned));
        }
    }
}
