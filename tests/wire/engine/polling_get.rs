use super::{command, quiet, reason};
use tests::{End, Polling, Request, WebSocket};

#[test]
fn a_poll_waits_for_a_packet() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut poll = session.start_poll();
    session.say(&["4hello"]);
    assert_eq!(poll.response().expect("an answer").pair(), (200, "4hello"));
}

#[test]
fn a_poll_has_its_headers() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["4é"]);
    let response = session.poll();
    assert_eq!(response.pair(), (200, "4é"));
    assert_eq!(
        response.header("content-type"),
        Some("text/plain; charset=UTF-8")
    );
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("content-length"), Some("3"));
}

#[test]
fn a_poll_takes_everything_buffered_at_once() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["4a", "4b"]);
    session.say(&["4c"]);
    assert_eq!(session.poll().pair(), (200, "4a\u{1e}4b\u{1e}4c"));
}

#[test]
fn binary_comes_down_as_base64() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["bAQIDBA==", "4text", "bAA=="]);
    assert_eq!(session.packets(3), ["bAQIDBA==", "4text", "bAA=="]);
}

#[test]
fn binary_without_a_byte_comes_down_as_the_letter_alone() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["b"]);
    assert_eq!(session.packets(1), ["b"]);
}

#[test]
fn binary_is_no_text_whose_base64_it_shares() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["4bAQIDBA=="]);
    assert_eq!(session.packets(1), ["4bAQIDBA=="]);
}

#[test]
fn an_empty_text_comes_down_empty() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["4"]);
    assert_eq!(session.packets(1), ["4"]);
}

#[test]
fn an_old_browser_gets_its_header() {
    let server = quiet();
    for agent in ["Mozilla/4.0 (compatible;MSIE 8)", "x Trident/7.0 x"] {
        let request = Request::new(&server, "GET", tests::polling::NEW);
        let response = request.header("User-Agent", agent).send(&server);
        assert_eq!(response.header("x-xss-protection"), Some("0"), "{agent}");
    }
    let response = Request::new(&server, "GET", tests::polling::NEW).send(&server);
    assert_eq!(response.header("x-xss-protection"), None);
}

#[test]
fn a_connection_that_closes_does_not_close_its_session() {
    let server = quiet();
    let session = Polling::open(&server);
    for text in ["4a", "4b"] {
        session.say(&[text]);
        let request = session.request("GET").header("Connection", "close");
        let mut connection = request.start(&server);
        assert_eq!(
            connection.response().expect("an answer").pair(),
            (200, text)
        );
        assert_eq!(connection.ended(), End::Closed);
    }
    session.expect_alive();
}

#[test]
fn polls_share_a_connection() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut connection = server.connect();
    for text in ["4a", "4b", "4c"] {
        session.say(&[text]);
        connection.write(&session.request("GET").encode());
        assert_eq!(
            connection.response().expect("an answer").pair(),
            (200, text)
        );
    }
}

#[test]
fn a_second_poll_is_refused_and_closes_the_session() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut first = session.start_poll();
    // whichever of the two arrives second is refused
    let mut second = session.start_poll();
    let mut answers = [first.response(), second.response()]
        .map(|answer| answer.expect("an answer"))
        .map(|answer| (answer.status, answer.text().to_owned()));
    answers.sort();
    assert_eq!(answers, [(200, "1".to_owned()), (400, String::new())]);
    assert_eq!(reason(&server, &session.sid), "transport error");
    session.expect_gone();
}

#[test]
fn a_poll_that_is_given_up_closes_the_session() {
    let server = quiet();
    let session = Polling::open(&server);
    drop(session.pending_poll());
    assert_eq!(reason(&server, &session.sid), "transport error");
    session.expect_gone();
}

#[test]
fn a_close_answers_the_pending_poll() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut poll = session.pending_poll();
    session.say(&["4!close"]);
    assert_eq!(poll.response().expect("an answer").pair(), (200, "1"));
    assert_eq!(reason(&server, &session.sid), "forced close");
    session.expect_gone();
}

#[test]
fn a_close_without_a_poll_waits_for_the_next_one() {
    let server = quiet();
    let session = Polling::open(&server);
    command(&server, &format!("close {}", session.sid));
    assert_eq!(session.poll().pair(), (200, "6\u{1e}1"));
    assert_eq!(reason(&server, &session.sid), "forced close");
    session.expect_gone();
}

#[test]
fn a_close_lets_what_is_buffered_leave_first() {
    let server = quiet();
    let session = Polling::open(&server);
    command(&server, &format!("say {} last", session.sid));
    command(&server, &format!("close {}", session.sid));
    let mut body = session.poll().text().to_owned();
    if !body.ends_with('1') {
        // data and close may come in two polls
        body = format!("{body}\u{1e}{}", session.poll().text());
    }
    assert!(
        body.starts_with("4last\u{1e}") && body.ends_with('1'),
        "{body:?}"
    );
    assert_eq!(reason(&server, &session.sid), "forced close");
    session.expect_gone();
}

#[test]
fn a_hundred_messages_keep_their_order() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["4!send 100"]);
    let expected: Vec<_> = (0..100).map(|i| format!("4{i}")).collect();
    assert_eq!(session.packets(100), expected);
}

#[test]
fn sessions_do_not_see_each_other() {
    let server = quiet();
    let (a, b) = (Polling::open(&server), Polling::open(&server));
    let (mut c, _) = WebSocket::session(&server);
    a.say(&["4for a"]);
    b.say(&["4for b"]);
    c.text("4for c");
    assert_eq!(a.packets(1), ["4for a"]);
    assert_eq!(b.packets(1), ["4for b"]);
    c.expect(&["4for c"]);
}
