//! HTTP/1.1 requests as they are written, answers as they are read.

use crate::connection::DEADLINE;
use crate::{Connection, End, Server};
use std::time::Instant;

/// A request; a test adds exactly the headers it wants to be seen.
#[derive(Debug, Clone)]
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// Any method with a path and query under the server's protocol path.
    #[must_use]
    pub fn new(server: &Server, method: &str, query: &str) -> Self {
        Self::at(method, &format!("{}{query}", server.path()))
    }

    /// Any method on any path.
    #[must_use]
    pub fn at(method: &str, target: &str) -> Self {
        Self {
            head: format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n"),
            body: Vec::new(),
        }
    }

    /// Adds a header line.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Adds a body and its length.
    #[must_use]
    pub fn body(self, body: &[u8]) -> Self {
        let mut request = self.header("Content-Length", &body.len().to_string());
        request.body = body.to_vec();
        request
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.head).into_bytes();
        bytes.extend(&self.body);
        bytes
    }

    /// Sends it on a connection of its own.
    #[must_use]
    pub fn start(&self, server: &Server) -> Connection {
        let mut connection = server.connect();
        connection.write(&self.encode());
        connection
    }

    /// Sends it on a connection of its own and reads the answer.
    ///
    /// # Panics
    /// When no answer comes.
    #[must_use]
    pub fn send(&self, server: &Server) -> Response {
        self.start(server).response().expect("an answer")
    }
}

/// An answer with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The body, decoded when it was chunked.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of a name, given in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    /// The body as text.
    ///
    /// # Panics
    /// When it is not UTF-8.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the body is UTF-8")
    }

    /// The status with the body, as most tests compare them.
    #[must_use]
    pub fn pair(&self) -> (u16, &str) {
        (self.status, self.text())
    }
}

impl Connection {
    /// Reads one answer.
    ///
    /// # Errors
    /// Why none came.
    pub fn response(&mut self) -> Result<Response, End> {
        let until = Instant::now() + DEADLINE;
        let head = loop {
            let found = self
                .buffer()
                .windows(4)
                .position(|four| four == b"\r\n\r\n");
            if let Some(end) = found {
                break String::from_utf8_lossy(&self.take(end + 4)).into_owned();
            }
            self.fill(until)?;
        };
        let mut response = decode_head(&head);
        if response.status == 101 || response.status == 204 {
            return Ok(response);
        }
        if let Some(length) = response.header("content-length") {
            let length = length.parse().expect("a length");
            response.body = self.read_exactly(length, until)?;
        } else if response.header("transfer-encoding") == Some("chunked") {
            response.body = self.read_chunks(until)?;
        }
        Ok(response)
    }

    /// Reads a known number of bytes.
    ///
    /// # Errors
    /// Why they did not come.
    pub fn read_exactly(&mut self, count: usize, until: Instant) -> Result<Vec<u8>, End> {
        while self.buffer().len() < count {
            self.fill(until)?;
        }
        Ok(self.take(count))
    }

    fn read_chunks(&mut self, until: Instant) -> Result<Vec<u8>, End> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                let found = self.buffer().windows(2).position(|two| two == b"\r\n");
                if let Some(end) = found {
                    break String::from_utf8_lossy(&self.take(end + 2)).into_owned();
                }
                self.fill(until)?;
            };
            let length = usize::from_str_radix(line.trim(), 16).expect("a chunk length");
            body.extend(self.read_exactly(length, until)?);
            self.read_exactly(2, until)?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}

fn decode_head(head: &str) -> Response {
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.and_then(|status| status.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(':'));
    Response {
        status: status.unwrap_or_else(|| panic!("not an answer: {head:?}")),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect(),
        body: Vec::new(),
    }
}
