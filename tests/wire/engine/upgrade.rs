use super::{command, get, quiet, reason, upgraded};
use crate::engine;
use std::time::{Duration, Instant};
use tests::{Frame, Options, Polling, WebSocket};

#[test]
fn a_probe_is_answered() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("2probe");
    assert_eq!(socket.read(), Ok(Frame::text("3probe")));
}

#[test]
fn nothing_is_said_on_the_websocket_before_the_probe() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    assert!(socket.is_silent(Duration::from_millis(150)));
}

#[test]
fn the_pending_poll_is_freed_by_a_noop_only_after_the_probe() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    let mut poll = session.start_poll();
    assert!(poll.is_silent(Duration::from_millis(250)));
    let probed = Instant::now();
    socket.text("2probe");
    socket.expect(&["3probe"]);
    assert_eq!(poll.response().expect("an answer").pair(), (200, "6"));
    assert!(
        probed.elapsed() > Duration::from_millis(90),
        "{:?}",
        probed.elapsed()
    );
}

#[test]
fn every_poll_during_the_probe_is_freed() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    for _ in 0..3 {
        assert_eq!(session.poll().pair(), (200, "6"));
    }
}

#[test]
fn messages_during_the_probe_stay_with_polling() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    command(&server, &format!("say {} hello", session.sid));
    assert!(session.poll().text().contains("4hello"));
    session.expect_poll_echo();
    assert!(socket.is_silent(Duration::from_millis(100)));
}

#[test]
fn what_is_buffered_at_the_switch_leaves_over_websocket_in_order() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    for text in ["one", "two", "three"] {
        command(&server, &format!("say {} {text}", session.sid));
    }
    socket.text("5");
    socket.text("4four");
    socket.expect(&["4one", "4two", "4three", "4four"]);
}

#[test]
fn the_session_keeps_its_id_and_state() {
    let server = quiet();
    let (session, mut socket) = upgraded(&server);
    command(&server, &format!("say {} hello", session.sid));
    socket.expect(&["4hello"]);
    socket.binary(&[1, 2, 3]);
    assert_eq!(socket.message(), Ok(Frame::Binary(vec![1, 2, 3])));
}

#[test]
fn polling_is_refused_after_the_upgrade() {
    let server = quiet();
    let (session, mut socket) = upgraded(&server);
    let refused = (400, r#"{"code":3,"message":"Bad request"}"#);
    assert_eq!(session.poll().pair(), refused);
    assert_eq!(session.post("4a").pair(), refused);
    assert_eq!(get(&server, &session.query()).pair(), refused);
    socket.expect_alive();
}

#[test]
fn an_upgrade_without_a_probe_is_taken() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("5");
    socket.expect_alive();
}

#[test]
fn a_poll_pending_at_the_switch_is_answered() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    let mut poll = session.start_poll();
    assert!(poll.is_silent(Duration::from_millis(100)));
    socket.text("5");
    let answer = poll.response().expect("an answer");
    assert_eq!(answer.pair(), (200, "1"));
    socket.expect_alive();
}

#[test]
fn the_heartbeat_goes_on_after_the_upgrade() {
    let server = engine(&Options::conformance());
    let session = Polling::open(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("5");
    for _ in 0..3 {
        assert_eq!(socket.read(), Ok(Frame::text("2")));
        socket.text("3");
    }
    assert_eq!(socket.read(), Ok(Frame::text("2")));
    socket.closed();
    assert_eq!(reason(&server, &session.sid), "ping timeout");
}

#[test]
fn nothing_is_lost_doubled_or_reordered_by_an_upgrade_under_traffic() {
    let server = quiet();
    let session = Polling::open(&server);
    let (mut sender, _) = WebSocket::session(&server);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    let mut got = Vec::new();
    let mut send = |from: usize| {
        for i in from..from + 50 {
            sender.text(&format!("4!say {} {i}", session.sid));
        }
    };
    send(0);
    got.extend(session.packets(10));
    socket.text("2probe");
    socket.expect(&["3probe"]);
    send(50);
    // polls go on until a noop says that the client may pause
    while got.last().is_none_or(|last| last != "6") {
        got.extend(session.packets(1));
    }
    send(100);
    socket.text("5");
    send(150);
    got.retain(|packet| packet != "6");
    while got.len() < 200 {
        got.push(socket.next_text());
    }
    let expected: Vec<_> = (0..200).map(|i| format!("4{i}")).collect();
    assert_eq!(got, expected);
}

#[test]
fn upgrades_of_many_sessions_do_not_mix() {
    let server = quiet();
    let sessions: Vec<_> = (0..20).map(|_| upgraded(&server)).collect();
    for (index, (session, _)) in sessions.iter().enumerate() {
        command(&server, &format!("say {} {index}", session.sid));
    }
    for (index, (_, mut socket)) in sessions.into_iter().enumerate() {
        assert_eq!(socket.next_text(), format!("4{index}"));
    }
}
