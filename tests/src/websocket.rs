//! A WebSocket client that sends what it is told, valid or not.

use crate::connection::DEADLINE;
use crate::frame::{self, FIN, opcode};
use crate::{Connection, End, Frame, Request, Response, Server};
use std::time::{Duration, Instant};

/// The key of RFC 6455's example, and the answer to it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// The query of a new session over WebSocket.
pub const NEW: &str = "?EIO=4&transport=websocket";

/// An open WebSocket.
#[derive(Debug)]
pub struct WebSocket {
    connection: Connection,
}

/// A valid upgrade request; tests take headers away by writing their own.
#[must_use]
pub fn upgrade(server: &Server, query: &str) -> Request {
    Request::new(server, "GET", query)
        .header("Upgrade", "websocket")
        .header("Connection", "Upgrade")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", KEY)
}

impl WebSocket {
    /// Opens a WebSocket with a query.
    ///
    /// # Panics
    /// When the server refuses it.
    #[must_use]
    pub fn open(server: &Server, query: &str) -> Self {
        match Self::request(server, &upgrade(server, query)) {
            Ok((socket, _)) => socket,
            Err(response) => panic!("refused: {response:?}"),
        }
    }

    /// Opens a new session and takes its handshake.
    #[must_use]
    pub fn session(server: &Server) -> (Self, String) {
        let mut socket = Self::open(server, NEW);
        let handshake = socket.next_text();
        (socket, crate::polling::sid_of(&handshake))
    }

    /// Opens a WebSocket with a request of the test's own.
    ///
    /// # Errors
    /// The answer, when it is a refusal.
    ///
    /// # Panics
    /// When no answer comes, or a wrong accept key.
    pub fn request(server: &Server, request: &Request) -> Result<(Self, Response), Response> {
        Self::request_on(server.connect(), request)
    }

    /// The same on a connection that the test has made.
    ///
    /// # Errors
    /// The answer, when it is a refusal.
    ///
    /// # Panics
    /// When no answer comes, or a wrong accept key.
    pub fn request_on(
        mut connection: Connection,
        request: &Request,
    ) -> Result<(Self, Response), Response> {
        connection.write(&request.encode());
        let response = connection.response().expect("an answer");
        if response.status != 101 {
            return Err(response);
        }
        assert_eq!(response.header("sec-websocket-accept"), Some(ACCEPT));
        Ok((Self { connection }, response))
    }

    /// Sends a text message.
    pub fn text(&mut self, text: &str) {
        self.frame(FIN | opcode::TEXT, text.as_bytes());
    }

    /// Sends a binary message.
    pub fn binary(&mut self, bytes: &[u8]) {
        self.frame(FIN | opcode::BINARY, bytes);
    }

    /// Sends a masked frame with any first byte.
    pub fn frame(&mut self, first: u8, payload: &[u8]) {
        self.raw(&frame::encode(first, payload));
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.connection.write(bytes);
    }

    /// Sends the end of this side of the stream.
    pub fn finish(&mut self) {
        self.connection.finish();
    }

    /// Sends bytes as long as the server takes some within the patience; how many it took.
    pub fn push(&mut self, bytes: &[u8], patience: Duration) -> usize {
        self.connection.push(bytes, patience)
    }

    /// Reads the next frame.
    ///
    /// # Errors
    /// Why none came.
    pub fn read(&mut self) -> Result<Frame, End> {
        self.read_until(Instant::now() + DEADLINE)
    }

    /// Reads the next frame if it comes within some milliseconds.
    ///
    /// # Errors
    /// Why none came.
    pub fn read_for(&mut self, milliseconds: u64) -> Result<Frame, End> {
        self.read_until(Instant::now() + Duration::from_millis(milliseconds))
    }

    fn read_until(&mut self, until: Instant) -> Result<Frame, End> {
        loop {
            if let Some((frame, length)) = frame::decode(self.connection.buffer()) {
                self.connection.take(length);
                return Ok(frame);
            }
            self.connection.fill(until)?;
        }
    }

    /// The next message, behind any heartbeats, which are answered.
    ///
    /// # Errors
    /// Why none came.
    pub fn message(&mut self) -> Result<Frame, End> {
        loop {
            let frame = self.read()?;
            if frame != Frame::text("2") {
                return Ok(frame);
            }
            self.text("3");
        }
    }

    /// The next message, which is a text, behind any heartbeats.
    ///
    /// # Panics
    /// When something else comes, or nothing.
    pub fn next_text(&mut self) -> String {
        match self.message() {
            Ok(Frame::Text(text)) => text,
            other => panic!("expected a text, got {other:?}"),
        }
    }

    /// Expects texts in order.
    ///
    /// # Panics
    /// When something else comes, or nothing.
    pub fn expect(&mut self, texts: &[&str]) {
        for &text in texts {
            assert_eq!(self.next_text(), text);
        }
    }

    /// Expects that the session still echoes.
    ///
    /// # Panics
    /// When it does not.
    pub fn expect_alive(&mut self) {
        self.text("4are you there");
        self.expect(&["4are you there"]);
    }

    /// Waits for the server's close and returns its status: 1005 for a close
    /// frame without one, 1006 for an end without a close frame.
    ///
    /// # Panics
    /// When the connection stays open.
    pub fn closed(&mut self) -> u16 {
        loop {
            match self.read() {
                Ok(Frame::Close(code)) => return code.unwrap_or(1005),
                Ok(_) => {}
                Err(End::Deadline) => panic!("the WebSocket stays open"),
                Err(End::Closed | End::Reset) => return 1006,
            }
        }
    }

    /// Whether no frame and no end comes for a while.
    pub fn is_silent(&mut self, time: Duration) -> bool {
        self.read_until(Instant::now() + time) == Err(End::Deadline)
    }
}
