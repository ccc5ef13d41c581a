//! Bodies of POSTs of a polling client in `/`.

use crate::case::{Bytes, Case, text};
use crate::joined::{self, Watcher};
use tests::Server;

/// What becomes of the session after the answer.
#[derive(Debug, Clone, Copy)]
enum Then {
    /// Nothing comes back and it works.
    Silence,
    /// These packets come back and it works.
    Answers(&'static [&'static str]),
    /// It is gone at once, for this reason.
    Gone(&'static str),
    /// It says its last packet to the next poll, for this reason.
    Closes(&'static str),
}

/// Headers, a body, the status and text of the answer.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    Bytes,
    (u16, &'static str),
    Then,
);

/// All rows.
pub(crate) fn cases() -> Vec<Case> {
    let cases = ROWS.iter().map(|&(name, headers, body, answer, then)| {
        Case::new("payload", name, move |server, watcher| {
            run(server, watcher, headers, body, answer, then);
        })
    });
    cases.chain(overlaps()).collect()
}

fn run(
    server: &Server,
    watcher: &mut Watcher<'_>,
    headers: &[(&str, &str)],
    body: Bytes,
    answer: (u16, &str),
    then: Then,
) {
    let (session, id) = joined::polling(server);
    let mut request = session.request("POST");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    assert_eq!(request.body(&body.to_vec()).send(server).pair(), answer);
    match then {
        Then::Silence => joined::assert_alive(&session),
        Then::Answers(packets) => {
            assert_eq!(session.packets(packets.len()), packets);
            joined::assert_alive(&session);
        }
        Then::Gone(reason) => {
            assert_eq!(watcher.reason(&id), reason);
            session.expect_gone();
        }
        Then::Closes(reason) => {
            assert_eq!(joined::last_packets(&session), Vec::<String>::new());
            assert_eq!(watcher.reason(&id), reason);
        }
    }
}

const OK: (u16, &str) = (200, "ok");
const BAD: (u16, &str) = (400, "");
const LARGE: (u16, &str) = (413, "");
const NO_PACKET: Then = Then::Gone("parse error");
const ECHO: Then = Then::Answers(&["437[1]"]);
const EVENT: Bytes = text(r#"427["message-with-ack",1]"#);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("no packet", &[], text(""), BAD, NO_PACKET),
    ("type 7", &[], text("7"), BAD, NO_PACKET),
    ("a letter", &[], text("a"), BAD, NO_PACKET),
    ("a zero byte", &[], text("\0"), BAD, NO_PACKET),
    ("six bytes, the first two one character", &[], text("é1234"), BAD, NO_PACKET),
    ("a separator", &[], text("\u{1e}"), BAD, NO_PACKET),
    ("a separator in front", &[], text("\u{1e}3"), BAD, NO_PACKET),
    ("a separator at the end", &[], text("3\u{1e}"), BAD, NO_PACKET),
    ("two separators", &[], text("3\u{1e}\u{1e}3"), BAD, NO_PACKET),
    ("90,000 separators", &[], Bytes::Long("", "\u{1e}", 90_000, ""), BAD, NO_PACKET),
    ("a good packet before a bad one", &[], text("3\u{1e}x"), BAD, NO_PACKET),
    ("no UTF-8", &[], Bytes::Plain(b"42[\"\xff\"]"), BAD, NO_PACKET),
    ("half a character", &[], Bytes::Plain(b"42[\"\xe6\xbc\x1e3"), BAD, NO_PACKET),
    ("broken base64", &[], text("b===="), BAD, NO_PACKET),
    ("the base64 of a letter", &[], text("bA"), BAD, NO_PACKET),
    ("base64 with a space", &[], text("bAQ ="), BAD, NO_PACKET),
    ("a handshake", &[], text("0{}"), BAD, NO_PACKET),
    ("an empty message", &[], text("4"), OK, Then::Closes("forced close")),
    ("base64 of nothing", &[], text("b"), OK, Then::Closes("forced close")),
    ("an attachment of nothing", &[], text("bAQ=="), OK, Then::Closes("forced close")),
    ("base64 in version 3's spelling", &[], text("b4AQ=="), OK, Then::Closes("forced close")),
    ("a ping", &[], text("2"), OK, Then::Gone("transport error")),
    ("a probe", &[], text("2probe"), OK, Then::Gone("transport error")),
    ("a close", &[], text("1"), OK, Then::Gone("transport close")),
    ("an event behind a close", &[], text("1\u{1e}42[\"message\"]"), OK, Then::Gone("transport close")),
    ("garbage behind a close", &[], text("1\u{1e}x"), OK, Then::Gone("transport close")),
    ("a body of version 3", &[], text("2:40"), OK, Then::Gone("transport error")),
    ("a form of JSONP", &[], text("d=42%5B%22message%22%5D"), BAD, NO_PACKET),
    ("JSON", &[], text("{\"type\":\"message\"}"), BAD, NO_PACKET),
    ("an upgrade", &[], text("5"), OK, Then::Silence),
    ("a noop", &[], text("6"), OK, Then::Silence),
    ("a pong unasked", &[], text("3"), OK, Then::Silence),
    ("33,000 pongs", &[], Bytes::Long("3", "\u{1e}3", 33_000, ""), OK, Then::Silence),
    ("45,000 noops", &[], Bytes::Long("6", "\u{1e}6", 45_000, ""), OK, Then::Silence),
    ("6,000 events", &[], Bytes::Long("42[\"nothing\"]", "\u{1e}42[\"nothing\"]", 6_000, ""), OK, Then::Silence),
    ("more than the limit", &[], Bytes::Long("42[\"", "a", 100_001, "\"]"), LARGE, Then::Silence),
    ("twice the limit, all noops", &[], Bytes::Long("6", "\u{1e}6", 100_000, ""), LARGE, Then::Silence),
    ("bytes", &[("Content-Type", "application/octet-stream")], EVENT, BAD, OCTETS),
    ("a form", &[("Content-Type", "application/x-www-form-urlencoded")], EVENT, OK, ECHO),
    ("parts", &[("Content-Type", "multipart/form-data; boundary=a")], EVENT, OK, ECHO),
    ("a type of nonsense", &[("Content-Type", "/;;=\"")], EVENT, OK, ECHO),
    ("a compressed body that is not", &[("Content-Encoding", "gzip")], EVENT, OK, ECHO),
    ("an origin of nonsense", &[("Origin", "null \u{e9}")], EVENT, OK, ECHO),
    ("a foreign cookie", &[("Cookie", "io=AAAAAAAAAAAAAAAAAAAA; io")], EVENT, OK, ECHO),
];

const OCTETS: Then = Then::Gone("transport error");

/// Requests of one session at once, and requests that end too early.
fn overlaps() -> Vec<Case> {
    vec![
        Case::new("payload", "two polls", two_polls),
        Case::new("payload", "two bodies", two_bodies),
        Case::new("payload", "a poll that is abandoned", abandoned_poll),
        Case::new("payload", "a body that is abandoned", abandoned_body),
        Case::new("payload", "a body in chunks", chunks),
        Case::new("payload", "a chunk of an impossible size", impossible_chunk),
        Case::new("payload", "attachments over two bodies", attachments_later),
        Case::new(
            "payload",
            "a poll that waits beside a close",
            poll_beside_close,
        ),
    ]
}

fn two_polls(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id) = joined::polling(server);
    let mut first = session.pending_poll();
    assert_eq!(session.poll().pair(), BAD);
    assert_eq!(first.response().expect("an answer").pair(), (200, "1"));
    assert_eq!(watcher.reason(&id), "transport error");
    session.expect_gone();
}

fn two_bodies(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id) = joined::polling(server);
    let mut first = session
        .request("POST")
        .header("Content-Length", "10")
        .start(server);
    first.write(b"4ab");
    // until the server has begun to read the first body, a second one is the only one; when it begins
    // in the middle of a second one, the first is what overlaps
    assert!((0..10_000).any(|_| session.post("3").status == 400));
    assert_eq!(first.response().expect("an answer").pair(), BAD);
    assert_eq!(watcher.reason(&id), "transport error");
    session.expect_gone();
}

fn abandoned_poll(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id) = joined::polling(server);
    drop(session.pending_poll());
    assert_eq!(watcher.reason(&id), "transport error");
    session.expect_gone();
}

fn abandoned_body(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id) = joined::polling(server);
    let mut post = session
        .request("POST")
        .header("Content-Length", "10")
        .start(server);
    post.write(b"42[");
    drop(post);
    assert_eq!(watcher.reason(&id), "transport error");
    session.expect_gone();
}

fn chunks(server: &Server, _: &mut Watcher<'_>) {
    let (session, _) = joined::polling(server);
    let mut post = session
        .request("POST")
        .header("Transfer-Encoding", "chunked")
        .start(server);
    for byte in EVENT.to_vec() {
        post.write(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']);
    }
    post.write(b"0\r\n\r\n");
    assert_eq!(post.response().expect("an answer").pair(), OK);
    assert_eq!(session.packets(1), ["437[1]"]);
    joined::assert_alive(&session);
}

fn impossible_chunk(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id) = joined::polling(server);
    let mut post = session
        .request("POST")
        .header("Transfer-Encoding", "chunked")
        .start(server);
    post.write(b"fffffffffffffffff\r\n42[");
    post.ended();
    assert_eq!(watcher.reason(&id), "transport error");
    session.expect_gone();
}

fn attachments_later(server: &Server, _: &mut Watcher<'_>) {
    let (session, _) = joined::polling(server);
    session.say(&[r#"452-7["message-with-ack",{"_placeholder":true,"num":1}]"#]);
    session.say(&["bAQ=="]);
    session.say(&["bAg=="]);
    let head = r#"462-7[{"_placeholder":true,"num":1}]"#;
    assert_eq!(session.packets(3), [head, "bAQ==", "bAg=="]);
    joined::assert_alive(&session);
}

fn poll_beside_close(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id) = joined::polling(server);
    let mut poll = session.pending_poll();
    session.say(&["1"]);
    assert_eq!(poll.response().expect("an answer").pair(), (200, "6"));
    assert_eq!(watcher.reason(&id), "transport close");
    session.expect_gone();
}
