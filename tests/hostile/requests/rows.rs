//! The rows.

use super::{Answer, Of, Row};

/// All of them.
pub(super) const TABLES: &[&[Row]] = &[QUERIES, METHODS, SESSIONS, UPGRADES, HEADS];

const TRANSPORT: Answer = Answer::Says(400, r#"{"code":0,"message":"Transport unknown"}"#);
const SESSION: Answer = Answer::Says(400, r#"{"code":1,"message":"Session ID unknown"}"#);
const METHOD: Answer = Answer::Says(400, r#"{"code":2,"message":"Bad handshake method"}"#);
const REQUEST: Answer = Answer::Says(400, r#"{"code":3,"message":"Bad request"}"#);
const VERSION: Answer = Answer::Says(
    400,
    r#"{"code":5,"message":"Unsupported protocol version"}"#,
);

const REFUSED: Answer = Answer::Says(400, "Bad request");

const HOST: &str = "Host: localhost";
const V13: &str = "Sec-WebSocket-Version: 13";
const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

/// A method, a query under the protocol's path, and more lines of the head.
macro_rules! ask {
    ($method:literal, $query:literal $(, $line:expr)*) => {
        &[concat!($method, " /socket.io/", $query, " HTTP/1.1"), "Host: localhost" $(, $line)*]
    };
}

/// A query, and all lines of an upgrade but some.
macro_rules! upgrade {
    ($query:literal $(, $line:expr)*) => {
        ask!("GET", $query, "Upgrade: websocket", "Connection: Upgrade" $(, $line)*)
    };
}

/// Queries of a new session.
#[rustfmt::skip]
const QUERIES: &[Row] = &[
    ("no query", Of::Nobody, ask!("GET", ""), "", TRANSPORT),
    ("an empty query", Of::Nobody, ask!("GET", "?"), "", TRANSPORT),
    ("no transport", Of::Nobody, ask!("GET", "?EIO=4"), "", TRANSPORT),
    ("an empty transport", Of::Nobody, ask!("GET", "?EIO=4&transport="), "", TRANSPORT),
    ("a transport in capitals", Of::Nobody, ask!("GET", "?EIO=4&transport=Polling"), "", TRANSPORT),
    ("a transport with a space", Of::Nobody, ask!("GET", "?EIO=4&transport=polling+"), "", TRANSPORT),
    ("WebTransport", Of::Nobody, ask!("GET", "?EIO=4&transport=webtransport"), "", TRANSPORT),
    ("a prototype for a transport", Of::Nobody, ask!("GET", "?EIO=4&transport=__proto__"), "", TRANSPORT),
    ("a constructor for a transport", Of::Nobody, ask!("GET", "?EIO=4&transport=constructor"), "", TRANSPORT),
    ("a list of transports", Of::Nobody, ask!("GET", "?EIO=4&transport[]=polling"), "", TRANSPORT),
    ("two transports, the last unknown", Of::Nobody, ask!("GET", "?EIO=4&transport=polling&transport=x"), "", TRANSPORT),
    ("a broken escape", Of::Nobody, ask!("GET", "?EIO=4&transport=%zzpolling"), "", TRANSPORT),
    ("an escape that is no UTF-8", Of::Nobody, ask!("GET", "?EIO=4&transport=%ff"), "", TRANSPORT),
    ("no version", Of::Nobody, ask!("GET", "?transport=polling"), "", VERSION),
    ("an empty version", Of::Nobody, ask!("GET", "?EIO=&transport=polling"), "", VERSION),
    ("version 3", Of::Nobody, ask!("GET", "?EIO=3&transport=polling"), "", VERSION),
    ("version 5", Of::Nobody, ask!("GET", "?EIO=5&transport=polling"), "", VERSION),
    ("version 04", Of::Nobody, ask!("GET", "?EIO=04&transport=polling"), "", VERSION),
    ("version 4 and a half", Of::Nobody, ask!("GET", "?EIO=4.5&transport=polling"), "", VERSION),
    ("a list of versions", Of::Nobody, ask!("GET", "?EIO[]=4&transport=polling"), "", VERSION),
    ("two versions, the last 3", Of::Nobody, ask!("GET", "?EIO=4&EIO=3&transport=polling"), "", VERSION),
    ("a key in small letters", Of::Nobody, ask!("GET", "?eio=4&transport=polling"), "", VERSION),
    ("JSONP of version 3", Of::Nobody, ask!("GET", "?EIO=3&transport=polling&j=0"), "", VERSION),
    ("WebSocket without an upgrade", Of::Nobody, ask!("GET", "?EIO=4&transport=websocket"), "", REQUEST),
    ("escapes that are right", Of::Nobody, ask!("GET", "?%45IO=%34&tr%61nsport=pollin%67&&=&x"), "", Answer::Opens),
    ("an empty session id", Of::Nobody, ask!("GET", "?EIO=4&transport=polling&sid="), "", Answer::Opens),
    ("a path below the path", Of::Nobody, ask!("GET", "../../etc/passwd?EIO=4&transport=polling"), "", Answer::Opens),
    ("the path without its slash", Of::Nobody, &["GET /socket.io?EIO=4&transport=polling HTTP/1.1", HOST], "", Answer::Status(404)),
    ("the path in capitals", Of::Nobody, &["GET /SOCKET.IO/?EIO=4&transport=polling HTTP/1.1", HOST], "", Answer::Status(404)),
    ("another path", Of::Nobody, &["GET / HTTP/1.1", HOST], "", Answer::Status(404)),
];

/// Methods.
#[rustfmt::skip]
const METHODS: &[Row] = &[
    ("POST opens nothing", Of::Nobody, ask!("POST", "?EIO=4&transport=polling", "Content-Length: 1"), "6", METHOD),
    ("HEAD opens nothing", Of::Nobody, ask!("HEAD", "?EIO=4&transport=polling", "Connection: close"), "", Answer::Ends),
    ("PUT opens nothing", Of::Nobody, ask!("PUT", "?EIO=4&transport=polling", "Content-Length: 0"), "", METHOD),
    ("DELETE opens nothing", Of::Nobody, ask!("DELETE", "?EIO=4&transport=polling"), "", METHOD),
    ("PATCH opens nothing", Of::Nobody, ask!("PATCH", "?EIO=4&transport=polling", "Content-Length: 0"), "", METHOD),
    ("OPTIONS opens nothing", Of::Nobody, ask!("OPTIONS", "?EIO=4&transport=polling"), "", METHOD),
    ("an unknown method", Of::Nobody, ask!("BREW", "?EIO=4&transport=polling"), "", METHOD),
    ("a method in small letters", Of::Nobody, ask!("get", "?EIO=4&transport=polling"), "", METHOD),
    ("PUT to a session", Of::Polling, ask!("PUT", "?EIO=4&transport=polling&sid={sid}", "Content-Length: 1"), "6", Answer::Says(500, "")),
    ("DELETE of a session", Of::Polling, ask!("DELETE", "?EIO=4&transport=polling&sid={sid}"), "", Answer::Says(500, "")),
    ("OPTIONS of a session", Of::Polling, ask!("OPTIONS", "?EIO=4&transport=polling&sid={sid}"), "", Answer::Says(500, "")),
];

/// Session ids.
#[rustfmt::skip]
const SESSIONS: &[Row] = &[
    ("an unknown id", Of::Nobody, ask!("GET", "?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA"), "", SESSION),
    ("an unknown id of a POST",
     Of::Nobody, ask!("POST", "?EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA", "Content-Length: 1"), "6",
     SESSION),
    ("an id too short", Of::Nobody, ask!("GET", "?EIO=4&transport=polling&sid=A"), "", SESSION),
    ("an id of a prototype", Of::Nobody, ask!("GET", "?EIO=4&transport=polling&sid=__proto__"), "", SESSION),
    ("an id of zeros", Of::Nobody, ask!("GET", "?EIO=4&transport=polling&sid=%00%00%00"), "", SESSION),
    ("an id that is no UTF-8", Of::Nobody, ask!("GET", "?EIO=4&transport=polling&sid=%ff%fe"), "", SESSION),
    ("an id with a tail", Of::Polling, ask!("GET", "?EIO=4&transport=polling&sid={sid}A"), "", SESSION),
    ("an id with a space", Of::Polling, ask!("GET", "?EIO=4&transport=polling&sid={sid}+"), "", SESSION),
    ("two ids, the last unknown", Of::Polling, ask!("GET", "?EIO=4&transport=polling&sid={sid}&sid=A"), "", SESSION),
    ("an id and no transport", Of::Polling, ask!("GET", "?EIO=4&sid={sid}"), "", TRANSPORT),
    ("an id and an unknown transport", Of::Polling, ask!("GET", "?EIO=4&transport=x&sid={sid}"), "", TRANSPORT),
    ("an id and another version",
     Of::Polling, ask!("POST", "?EIO=3&transport=polling&sid={sid}", "Content-Length: 1"), "6",
     Answer::Says(200, "ok")),
    ("a poll of a WebSocket", Of::WebSocket, ask!("GET", "?EIO=4&transport=polling&sid={sid}"), "", REQUEST),
    ("a body for a WebSocket", Of::WebSocket, ask!("POST", "?EIO=4&transport=polling&sid={sid}", "Content-Length: 1"), "1", REQUEST),
    ("a WebSocket's id without an upgrade", Of::WebSocket, ask!("GET", "?EIO=4&transport=websocket&sid={sid}"), "", REQUEST),
    ("a polling id without an upgrade", Of::Polling, ask!("GET", "?EIO=4&transport=websocket&sid={sid}"), "", REQUEST),
];

/// Upgrades, refused before the 101 but for the second of a session.
#[rustfmt::skip]
const UPGRADES: &[Row] = &[
    ("no key", Of::Nobody, upgrade!("?EIO=4&transport=websocket", V13), "", REFUSED),
    ("a key that is no base64", Of::Nobody, upgrade!("?EIO=4&transport=websocket", V13, "Sec-WebSocket-Key: ****"), "", REFUSED),
    ("a key too short", Of::Nobody, upgrade!("?EIO=4&transport=websocket", V13, "Sec-WebSocket-Key: AAAA"), "", REFUSED),
    ("no version of WebSocket", Of::Nobody, upgrade!("?EIO=4&transport=websocket", KEY), "", REFUSED),
    ("version 8 of WebSocket", Of::Nobody, upgrade!("?EIO=4&transport=websocket", KEY, "Sec-WebSocket-Version: 8"), "", REFUSED),
    ("an upgrade to something else",
     Of::Nobody, ask!("GET", "?EIO=4&transport=websocket", "Upgrade: h2c", "Connection: Upgrade", V13, KEY), "",
     REQUEST),
    ("an upgrade by POST",
     Of::Nobody, ask!("POST", "?EIO=4&transport=websocket", "Upgrade: websocket", "Connection: Upgrade", V13, KEY, "Content-Length: 0"), "",
     Answer::Says(400, "Bad handshake method")),
    ("an upgrade of an unknown id",
     Of::Nobody, upgrade!("?EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA", V13, KEY), "",
     Answer::Says(400, "Session ID unknown")),
    ("an upgrade of no transport", Of::Nobody, upgrade!("?EIO=4", V13, KEY), "", Answer::Says(400, "Transport unknown")),
    ("an upgrade of version 3",
     Of::Nobody, upgrade!("?EIO=3&transport=websocket", V13, KEY), "",
     Answer::Says(400, "Unsupported protocol version")),
    ("an upgrade of a poll", Of::Polling, upgrade!("?EIO=4&transport=polling&sid={sid}", V13, KEY), "", REFUSED),
    ("an upgrade of a WebSocket", Of::WebSocket, upgrade!("?EIO=4&transport=websocket&sid={sid}", V13, KEY), "", Answer::Closes),
    ("a broken upgrade of a polling id", Of::Polling, upgrade!("?EIO=4&transport=websocket&sid={sid}", V13), "", REFUSED),
];

/// Heads that are no HTTP, or contradict themselves.
#[rustfmt::skip]
const HEADS: &[Row] = &[
    ("nothing", Of::Nobody, &[""], "", Answer::Ends),
    ("TLS", Of::Nobody, &["\x16\x03\x01\x02\0\x01\0\x01\u{7f}"], "", Answer::Ends),
    ("HTTP/2", Of::Nobody, &["PRI * HTTP/2.0", "", "SM"], "", Answer::Ends),
    ("HTTP/9.9", Of::Nobody, &["GET /socket.io/?EIO=4 HTTP/9.9", HOST], "", Answer::Ends),
    ("no target", Of::Nobody, &["GET HTTP/1.1", HOST], "", Answer::Ends),
    ("a target with a space", Of::Nobody, &["GET /socket.io/?EIO=4 &transport=polling HTTP/1.1", HOST], "", Answer::Ends),
    ("a target with a zero byte", Of::Nobody, &["GET /socket.io/?EIO=4\0 HTTP/1.1", HOST], "", Answer::Ends),
    ("a header without a colon", Of::Nobody, ask!("GET", "?EIO=4&transport=polling", "nonsense"), "", Answer::Ends),
    ("a header with a zero byte", Of::Nobody, ask!("GET", "?EIO=4&transport=polling", "X: \0"), "", Answer::Ends),
    ("two lengths",
     Of::Polling, ask!("POST", "?EIO=4&transport=polling&sid={sid}", "Content-Length: 1", "Content-Length: 2"), "66",
     Answer::Ends),
    ("a negative length", Of::Polling, ask!("POST", "?EIO=4&transport=polling&sid={sid}", "Content-Length: -1"), "6", Answer::Ends),
    ("a length of 30 digits",
     Of::Polling, ask!("POST", "?EIO=4&transport=polling&sid={sid}", "Content-Length: 999999999999999999999999999999"), "6",
     Answer::Ends),
    ("an unknown coding", Of::Polling, ask!("POST", "?EIO=4&transport=polling&sid={sid}", "Transfer-Encoding: gzip"), "6", Answer::Ends),
    ("a Connect method", Of::Nobody, &["CONNECT localhost:80 HTTP/1.1", HOST, "Connection: close"], "", Answer::Ends),
];
