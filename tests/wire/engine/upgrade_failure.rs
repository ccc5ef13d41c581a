use super::{command, quiet, reason, upgraded};
use crate::engine;
use tests::frame::FIN;
use tests::{Options, Polling, WebSocket, websocket};

/// A session with a WebSocket that has probed.
fn probed(server: &tests::Server) -> (Polling<'_>, WebSocket) {
    let session = Polling::open(server);
    let mut socket = WebSocket::open(server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    (session, socket)
}

#[test]
fn anything_but_probe_and_upgrade_closes_the_websocket_alone() {
    let server = quiet();
    for text in ["4hello", "2", "2other", "3probe", "1", "6", "0", "abc", ""] {
        let (session, mut socket) = probed(&server);
        socket.text(text);
        socket.closed();
        session.expect_poll_echo();
    }
}

#[test]
fn a_binary_message_before_the_upgrade_closes_the_websocket_alone() {
    let server = quiet();
    let (session, mut socket) = probed(&server);
    socket.binary(&[1]);
    socket.closed();
    session.expect_poll_echo();
}

#[test]
fn a_probe_that_takes_too_long_closes_the_websocket_alone() {
    let server = engine(&Options {
        upgrade_timeout: Some(200),
        ..Options::default()
    });
    let session = Polling::open(&server);
    let mut silent = WebSocket::open(&server, &session.upgrade());
    silent.closed();
    session.expect_poll_echo();
    let (session, mut socket) = probed(&server);
    socket.closed();
    session.expect_poll_echo();
}

#[test]
fn a_websocket_that_vanishes_leaves_polling_as_it_was() {
    let server = quiet();
    let (session, socket) = probed(&server);
    drop(socket);
    session.expect_poll_echo();
}

#[test]
fn a_websocket_that_breaks_the_framing_leaves_polling_as_it_was() {
    let server = quiet();
    let (session, mut socket) = probed(&server);
    socket.frame(FIN | 3, b"");
    socket.closed();
    session.expect_poll_echo();
}

#[test]
fn a_failed_upgrade_can_be_tried_again() {
    let server = quiet();
    let (session, mut socket) = probed(&server);
    socket.text("4not yet");
    socket.closed();
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    socket.text("5");
    socket.expect_alive();
}

#[test]
fn a_second_websocket_during_the_probe_is_closed_alone() {
    let server = quiet();
    let (session, mut socket) = probed(&server);
    let mut second = WebSocket::open(&server, &session.upgrade());
    second.closed();
    socket.text("5");
    socket.expect_alive();
}

#[test]
fn a_second_websocket_after_the_upgrade_is_closed_alone() {
    let server = quiet();
    let (session, mut socket) = upgraded(&server);
    let mut second = WebSocket::open(&server, &session.upgrade());
    second.closed();
    socket.expect_alive();
}

#[test]
fn a_websocket_to_a_websocket_session_is_closed_alone() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    let query = format!("{}&sid={sid}", websocket::NEW);
    // refused before or closed after the 101: the session it names goes on
    if let Ok((mut second, _)) = WebSocket::request(&server, &websocket::upgrade(&server, &query)) {
        second.closed();
    }
    socket.expect_alive();
}

#[test]
fn the_websocket_closes_with_its_session() {
    let server = quiet();
    let (session, mut socket) = probed(&server);
    session.say(&["1"]);
    socket.closed();
    assert_eq!(reason(&server, &session.sid), "transport close");
}

#[test]
fn a_close_by_the_server_during_the_probe_closes_both_transports() {
    let server = quiet();
    let (session, mut socket) = probed(&server);
    command(&server, &format!("close {}", session.sid));
    let poll = session.poll();
    assert!(poll.text().ends_with('1'), "{poll:?}");
    socket.closed();
    assert_eq!(reason(&server, &session.sid), "forced close");
    session.expect_gone();
}

#[test]
fn an_upgrade_of_a_closing_session_ends_as_a_forced_close() {
    let server = quiet();
    let (session, mut socket) = probed(&server);
    command(&server, &format!("say {} last", session.sid));
    command(&server, &format!("close {}", session.sid));
    socket.text("5");
    socket.closed();
    assert_eq!(reason(&server, &session.sid), "forced close");
}

#[test]
fn the_ping_timeout_during_the_probe_closes_both_transports() {
    let server = engine(&Options::conformance());
    let (session, mut socket) = probed(&server);
    socket.closed();
    assert_eq!(reason(&server, &session.sid), "ping timeout");
    session.expect_gone();
}
