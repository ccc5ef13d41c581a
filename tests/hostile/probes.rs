//! WebSockets that probe for a polling client in `/`.

use crate::case::{Bytes, Case, text};
use crate::joined::{self, Watcher, assert_socket_alive};
use tests::frame::{FIN, opcode};
use tests::{Polling, Server, WebSocket};

/// What becomes of the session.
#[derive(Debug, Clone, Copy)]
enum Then {
    /// The WebSocket is closed; polling goes on.
    Stays,
    /// The WebSocket carries the session.
    Moves,
}

/// First bytes and payloads of frames, and the answers in between are left to the end.
type Row = (&'static str, &'static [(u8, Bytes)], Then);

const TEXT: u8 = FIN | opcode::TEXT;

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("a message", &[(TEXT, text(r#"42["message"]"#))], Then::Stays),
    ("a message behind the probe", &[PROBE, (TEXT, text(r#"42["message"]"#))], Then::Stays),
    ("a ping", &[(TEXT, text("2"))], Then::Stays),
    ("a probe with a tail", &[(TEXT, text("2probe2"))], Then::Stays),
    ("a probe in capitals", &[(TEXT, text("2PROBE"))], Then::Stays),
    ("a pong", &[(TEXT, text("3"))], Then::Stays),
    ("a pong of the probe", &[(TEXT, text("3probe"))], Then::Stays),
    ("a noop", &[(TEXT, text("6"))], Then::Stays),
    ("a close packet", &[(TEXT, text("1"))], Then::Stays),
    ("a handshake", &[(TEXT, text("0{}"))], Then::Stays),
    ("an empty text", &[(TEXT, text(""))], Then::Stays),
    ("type 7", &[(TEXT, text("7"))], Then::Stays),
    ("six bytes, the first two one character", &[(TEXT, text("é1234"))], Then::Stays),
    ("six bytes behind the probe", &[PROBE, (TEXT, text("é1234"))], Then::Stays),
    ("a binary message", &[(FIN | opcode::BINARY, text("2probe"))], Then::Stays),
    ("base64", &[(TEXT, text("bAQ=="))], Then::Stays),
    ("no UTF-8", &[(TEXT, Bytes::Plain(b"2\xff"))], Then::Stays),
    ("a reserved bit", &[(TEXT | 0x40, text("2probe"))], Then::Stays),
    ("more than the limit", &[(TEXT, Bytes::Long("2", "probe", 20_001, ""))], Then::Stays),
    ("a WebSocket close", &[(FIN | opcode::CLOSE, text(""))], Then::Stays),
    ("a WebSocket close behind the probe", &[PROBE, (FIN | opcode::CLOSE, text(""))], Then::Stays),
    ("the probe", &[PROBE, MOVE], Then::Moves),
    ("no probe", &[MOVE], Then::Moves),
    ("two probes", &[PROBE, PROBE, MOVE], Then::Moves),
    ("an upgrade with a tail", &[PROBE, (TEXT, text("5tail"))], Then::Moves),
    ("two upgrades", &[PROBE, MOVE, MOVE], Then::Moves),
    ("a WebSocket ping", &[(FIN | opcode::PING, text("a")), PROBE, MOVE], Then::Moves),
    ("a probe in fragments", &[(opcode::TEXT, text("2pro")), (FIN, text("be")), MOVE], Then::Moves),
];

const PROBE: (u8, Bytes) = (TEXT, text("2probe"));
const MOVE: (u8, Bytes) = (TEXT, text("5"));

/// All rows.
pub(crate) fn cases() -> Vec<Case> {
    let rows = ROWS.iter().map(|&(name, frames, then)| {
        Case::new("probe", name, move |server, _| run(server, frames, then))
    });
    let special = [
        Case::new(
            "probe",
            "a second WebSocket beside the first",
            two_websockets,
        ),
        Case::new(
            "probe",
            "a client that is gone after each step",
            gone_after_each_step,
        ),
        Case::new("probe", "a session that ends beside it", session_ends),
        Case::new(
            "probe",
            "a probe of the session that has moved",
            probe_behind_the_move,
        ),
        Case::new(
            "probe",
            "a message behind the move breaks the rules",
            garbage_behind_the_move,
        ),
        Case::new("probe", "a poll that waits at the move", poll_at_the_move),
        Case::new("probe", "a body that is open at the move", body_at_the_move),
    ];
    rows.chain(special).collect()
}

fn run(server: &Server, frames: &[(u8, Bytes)], then: Then) {
    let (session, _) = joined::polling(server);
    let mut socket = WebSocket::open(server, &session.upgrade());
    for (first, payload) in frames {
        socket.frame(*first, &payload.to_vec());
    }
    match then {
        Then::Stays => {
            socket.closed();
            joined::assert_alive(&session);
        }
        Then::Moves => assert_moved(&mut socket),
    }
}

/// Expects that the WebSocket carries the session, behind what it answered before the move.
fn assert_moved(socket: &mut WebSocket) {
    use tests::Frame;
    socket.text(r#"4278["message-with-ack",78]"#);
    loop {
        match socket.message() {
            Ok(Frame::Pong(_)) => {}
            Ok(Frame::Text(text)) if text == "3probe" => {}
            other => return assert_eq!(other, Ok(Frame::text("4378[78]"))),
        }
    }
}

fn probing<'a>(server: &'a Server) -> (Polling<'a>, String, WebSocket) {
    let (session, id) = joined::polling(server);
    let mut socket = WebSocket::open(server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    (session, id, socket)
}

fn two_websockets(server: &Server, _: &mut Watcher<'_>) {
    let (session, _, mut first) = probing(server);
    let mut second = WebSocket::open(server, &session.upgrade());
    second.text("2probe");
    second.closed();
    first.text("5");
    assert_socket_alive(&mut first);
}

fn gone_after_each_step(server: &Server, _: &mut Watcher<'_>) {
    let (session, _) = joined::polling(server);
    let upgrade = tests::websocket::upgrade(server, &session.upgrade());
    drop(upgrade.start(server));
    // the server may not have seen yet that the one before is gone
    let next = || {
        for _ in 0..1000 {
            let mut socket = WebSocket::open(server, &session.upgrade());
            socket.text("2probe");
            if socket.read() == Ok(tests::Frame::text("3probe")) {
                return socket;
            }
        }
        panic!("never free again");
    };
    drop(next());
    drop(next());
    session.say(&[r#"427["message-with-ack",1]"#]);
    let packets = session.packets(1);
    assert!(packets == ["437[1]"] || packets == ["6"], "{packets:?}");
    let mut socket = next();
    socket.text("5");
    socket.text("41");
}

fn session_ends(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id, mut socket) = probing(server);
    session.say(&["1"]);
    socket.closed();
    assert_eq!(watcher.reason(&id), "transport close");
    session.expect_gone();
}

fn probe_behind_the_move(server: &Server, watcher: &mut Watcher<'_>) {
    let (_, id, mut socket) = probing(server);
    socket.text("5");
    assert_socket_alive(&mut socket);
    socket.text("2probe");
    assert_eq!(socket.closed(), 1005);
    assert_eq!(watcher.reason(&id), "transport error");
}

fn garbage_behind_the_move(server: &Server, watcher: &mut Watcher<'_>) {
    let (session, id, mut socket) = probing(server);
    socket.text("5");
    socket.text("x");
    assert_eq!(socket.closed(), 1005);
    assert_eq!(watcher.reason(&id), "parse error");
    session.expect_gone();
}

fn poll_at_the_move(server: &Server, _: &mut Watcher<'_>) {
    let (session, _) = joined::polling(server);
    let mut poll = session.pending_poll();
    let mut socket = WebSocket::open(server, &session.upgrade());
    socket.text("5");
    assert_eq!(poll.response().expect("an answer").pair(), (200, "1"));
    assert_socket_alive(&mut socket);
}

fn body_at_the_move(server: &Server, _: &mut Watcher<'_>) {
    let (session, _, mut socket) = probing(server);
    let request = session.request("POST").header("Content-Length", "25");
    let mut post = request.start(server);
    post.write(br#"427["message-with-"#);
    socket.text("5");
    post.write(br#"ack",1]"#);
    let _ = post.response();
    drop(post);
    // the rest of the session is the WebSocket's, whatever became of the body
    socket.text(r#"4279["message-with-ack",79]"#);
    loop {
        match socket.next_text().as_str() {
            "437[1]" => {}
            other => return assert_eq!(other, "4379[79]"),
        }
    }
}
