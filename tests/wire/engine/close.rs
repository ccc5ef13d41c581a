use super::{command, quiet, reason, upgraded};
use tests::frame::{FIN, opcode};
use tests::{Polling, WebSocket};

// The reasons of one transport stand beside its rules; here are those of a
// session that changed it, and what a close leaves behind.

#[test]
fn an_upgraded_session_closed_by_its_client_is_a_transport_close() {
    let server = quiet();
    let (session, mut socket) = upgraded(&server);
    socket.frame(FIN | opcode::CLOSE, &[]);
    socket.closed();
    drop(socket);
    assert_eq!(reason(&server, &session.sid), "transport close");
    session.expect_gone();
}

#[test]
fn an_upgraded_session_that_breaks_the_framing_is_a_transport_error() {
    let server = quiet();
    let (session, mut socket) = upgraded(&server);
    socket.frame(FIN | 3, b"");
    assert_eq!(reason(&server, &session.sid), "transport error");
    session.expect_gone();
}

#[test]
fn an_upgraded_session_closed_by_the_server_is_a_forced_close() {
    let server = quiet();
    let (session, mut socket) = upgraded(&server);
    command(&server, &format!("close {}", session.sid));
    socket.closed();
    assert_eq!(reason(&server, &session.sid), "forced close");
    session.expect_gone();
}

#[test]
fn a_closed_session_is_unknown_on_every_transport() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["1"]);
    session.expect_gone();
    assert_eq!(session.post("4a").status, 400);
    let request = tests::websocket::upgrade(&server, &session.upgrade());
    let refusal = WebSocket::request(&server, &request).expect_err("a refusal");
    assert_eq!(refusal.pair(), (400, "Session ID unknown"));
}

#[test]
fn a_post_to_a_session_that_is_closing_is_answered() {
    let server = quiet();
    let session = Polling::open(&server);
    command(&server, &format!("close {}", session.sid));
    assert_eq!(session.post("4late").pair(), (200, "ok"));
    assert_eq!(session.poll().pair(), (200, "6\u{1e}1"));
    session.expect_gone();
}

#[test]
fn closing_twice_is_closing_once() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    command(&server, &format!("close {sid}"));
    command(&server, &format!("close {sid}"));
    socket.closed();
    assert_eq!(reason(&server, &sid), "forced close");
}

#[test]
fn a_message_to_a_closed_session_is_dropped_silently() {
    let server = quiet();
    let session = Polling::open(&server);
    command(&server, &format!("close {}", session.sid));
    command(&server, &format!("say {} late", session.sid));
    // What is left for its last poll is the end, and nothing behind it.
    assert_eq!(session.poll().pair(), (200, "6\u{1e}1"));
    assert_eq!(reason(&server, &session.sid), "forced close");
    command(&server, &format!("say {} late", session.sid));
    session.expect_gone();
}
