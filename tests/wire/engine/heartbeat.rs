use super::{quiet, reason};
use crate::engine;
use std::time::{Duration, Instant};
use tests::{Frame, Options, Polling, WebSocket};

/// The suites' interval; a ping may be late on a busy machine but never early.
const INTERVAL: Duration = Duration::from_millis(300);

#[test]
fn the_server_pings_after_the_interval_over_websocket() {
    let server = engine(&Options::conformance());
    let (mut socket, _) = WebSocket::session(&server);
    let opened = Instant::now();
    assert_eq!(socket.read(), Ok(Frame::text("2")));
    assert!(opened.elapsed() > INTERVAL - Duration::from_millis(50));
}

#[test]
fn the_server_pings_after_the_interval_over_polling() {
    let server = engine(&Options::conformance());
    let session = Polling::open(&server);
    let opened = Instant::now();
    assert_eq!(session.poll().pair(), (200, "2"));
    assert!(opened.elapsed() > INTERVAL - Duration::from_millis(50));
}

#[test]
fn a_session_that_answers_stays_open_over_websocket() {
    let server = engine(&Options::conformance());
    let (mut socket, _) = WebSocket::session(&server);
    for _ in 0..4 {
        assert_eq!(socket.read(), Ok(Frame::text("2")));
        socket.text("3");
    }
    socket.expect_alive();
}

#[test]
fn a_session_that_answers_stays_open_over_polling() {
    let server = engine(&Options::conformance());
    let session = Polling::open(&server);
    for _ in 0..4 {
        assert_eq!(session.poll().pair(), (200, "2"));
        session.say(&["3"]);
    }
    session.expect_alive();
}

#[test]
fn the_interval_begins_anew_with_the_pong() {
    let server = engine(&Options::conformance());
    let (mut socket, _) = WebSocket::session(&server);
    assert_eq!(socket.read(), Ok(Frame::text("2")));
    assert!(socket.is_silent(Duration::from_millis(100)));
    socket.text("3");
    let answered = Instant::now();
    assert_eq!(socket.read(), Ok(Frame::text("2")));
    assert!(answered.elapsed() > INTERVAL - Duration::from_millis(50));
}

#[test]
fn a_missing_pong_closes_the_websocket() {
    let server = engine(&Options::conformance());
    let (mut socket, sid) = WebSocket::session(&server);
    assert_eq!(socket.read(), Ok(Frame::text("2")));
    assert_eq!(socket.closed(), 1005);
    assert_eq!(reason(&server, &sid), "ping timeout");
}

#[test]
fn a_missing_pong_closes_the_polling_session() {
    let server = engine(&Options::conformance());
    let session = Polling::open(&server);
    assert_eq!(session.poll().pair(), (200, "2"));
    assert_eq!(reason(&server, &session.sid), "ping timeout");
    session.expect_gone();
}

#[test]
fn a_session_that_never_polls_is_closed() {
    let server = engine(&Options::conformance());
    let session = Polling::open(&server);
    assert_eq!(reason(&server, &session.sid), "ping timeout");
    session.expect_gone();
}

#[test]
fn messages_are_no_pongs() {
    let server = engine(&Options::conformance());
    let (mut socket, sid) = WebSocket::session(&server);
    assert_eq!(socket.read(), Ok(Frame::text("2")));
    socket.text("4hello");
    assert_eq!(socket.read(), Ok(Frame::text("4hello")));
    socket.closed();
    assert_eq!(reason(&server, &sid), "ping timeout");
}

#[test]
fn a_ping_from_a_websocket_client_is_an_error() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    socket.text("2");
    socket.closed();
    assert_eq!(reason(&server, &sid), "transport error");
}

#[test]
fn a_ping_from_a_polling_client_is_an_error() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut post = session.request("POST").body(b"2").start(&server);
    // whatever the answer is, there is one or an end
    assert_ne!(post.response(), Err(tests::End::Deadline));
    assert_eq!(reason(&server, &session.sid), "transport error");
    session.expect_gone();
}

#[test]
fn a_probe_on_an_established_websocket_is_not_answered_but_an_error() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    socket.text("2probe");
    match socket.read() {
        Ok(Frame::Close(_)) | Err(_) => {}
        Ok(other) => panic!("answered {other:?}"),
    }
    assert_eq!(reason(&server, &sid), "transport error");
}

#[test]
fn a_pong_nobody_asked_for_does_no_harm() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    socket.text("3");
    socket.expect_alive();
    let session = Polling::open(&server);
    session.say(&["3"]);
    session.expect_alive();
}

#[test]
fn a_pong_lost_in_an_upgrade_still_ends_the_session() {
    let server = engine(&Options::conformance());
    if server.is_reference() {
        return; // its timer is cleared by the switch
    }
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    let mut poll = session.poll();
    while poll.text() == "6" {
        poll = session.poll();
    }
    // The noop that frees a poll for the switch may come with the ping.
    let (status, text) = poll.pair();
    assert_eq!((status, text.trim_end_matches("\u{1e}6")), (200, "2"));
    socket.text("5");
    socket.closed();
    assert_eq!(reason(&server, &session.sid), "ping timeout");
}
