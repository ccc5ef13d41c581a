//! Whom a client asks, and the requests it writes.

/// What a client and a server show each other in an upgrade: the example of RFC 6455, section 1.3.
///
/// One key for every connection, because it proves nothing here: it is against caches that would answer for the server.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The answer to the key that every [`Target::upgrade`] sends.
pub const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// Whether an answer agrees to an upgrade.
#[must_use]
pub fn is_accepted(response: &super::Response<'_>) -> bool {
    let accept = response.header("sec-websocket-accept");
    response.status == 101 && accept == Some(ACCEPT.as_bytes())
}

/// A server by its authority and path, and the headers that every request to it has.
///
/// ```
/// let target = engineio::client::Target::new("127.0.0.1:3000", "/socket.io/").header("User-Agent", "example");
/// let mut out = Vec::new();
/// target.poll("lv_VI97HAXpY6yYWAAAB", &mut out);
/// assert_eq!(
///     String::from_utf8_lossy(&out),
///     "GET /socket.io/?EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAB HTTP/1.1\r\n\
///      Host: 127.0.0.1:3000\r\nUser-Agent: example\r\n\r\n"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    path: String,
    headers: String,
}

impl Target {
    /// A server.
    ///
    /// # Panics
    /// When the authority or the path contains a control character or a space.
    #[must_use]
    pub fn new(authority: &str, path: &str) -> Self {
        assert!(
            is_word(path),
            "a path has neither spaces nor control characters"
        );
        let target = Self {
            path: path.to_owned(),
            headers: String::new(),
        };
        assert!(is_word(authority), "an authority has neither either");
        target.header("Host", authority)
    }

    /// Adds a header to every request.
    ///
    /// # Panics
    /// When it would end its line.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        assert!(is_word(name), "a name is one word");
        assert!(!value.contains(['\r', '\n']), "a value is one line");
        for part in [name, ": ", value, "\r\n"] {
            self.headers.push_str(part);
        }
        self
    }

    /// How many bytes the headers of a request take; an upgrade has 105 more of its own.
    #[must_use]
    pub fn headers_len(&self) -> usize {
        self.headers.len()
    }

    /// Appends the request that opens a session over WebSocket.
    pub fn upgrade(&self, out: &mut Vec<u8>) {
        let own = [
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ",
            KEY,
            "\r\n",
        ];
        self.begin("GET", "websocket", None, out);
        append(&own, out);
        append(&["\r\n"], out);
    }

    /// Appends the request that opens a session over polling.
    pub fn open(&self, out: &mut Vec<u8>) {
        self.begin("GET", "polling", None, out);
        append(&["\r\n"], out);
    }

    /// Appends the request that waits for packets.
    pub fn poll(&self, sid: &str, out: &mut Vec<u8>) {
        self.begin("GET", "polling", Some(sid), out);
        append(&["\r\n"], out);
    }

    /// Appends the request that carries packets.
    pub fn post(&self, sid: &str, body: &[u8], out: &mut Vec<u8>) {
        self.begin("POST", "polling", Some(sid), out);
        let length = body.len().to_string();
        let own = "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: ";
        append(&[own, &length, "\r\n\r\n"], out);
        out.extend_from_slice(body);
    }

    /// The request line and the headers of every request.
    fn begin(&self, method: &str, transport: &str, sid: Option<&str>, out: &mut Vec<u8>) {
        let query = "?EIO=4&transport=";
        append(&[method, " ", &self.path, query, transport], out);
        if let Some(sid) = sid {
            append(&["&sid=", sid], out);
        }
        append(&[" HTTP/1.1\r\n", &self.headers], out);
    }
}

fn append(parts: &[&str], out: &mut Vec<u8>) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}

fn is_word(text: &str) -> bool {
    !text.contains(|c: char| c == ' ' || c.is_control())
}
