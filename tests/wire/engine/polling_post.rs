use super::{quiet, reason};
use tests::{Connection, End, Polling, Request, Response, Server};

/// A POST whose body the test writes itself, in as many pieces as it likes.
fn start_post(session: &Polling<'_>, server: &Server, length: usize) -> Connection {
    let request = session.request("POST");
    let request = request.header("Content-Type", "text/plain");
    request
        .header("Content-Length", &length.to_string())
        .start(server)
}

/// A session closed during a POST answers it with an empty 400; the reference
/// destroys its connection or, as Node's version decides, answers as if all were well.
fn assert_rejected(server: &Server, answer: Result<Response, End>) {
    match answer {
        _ if server.is_reference() => assert_ne!(answer, Err(End::Deadline)),
        Ok(response) => assert_eq!(response.pair(), (400, "")),
        Err(end) => panic!("the POST is not answered: {end:?}"),
    }
}

#[test]
fn a_post_is_answered_ok() {
    let server = quiet();
    let session = Polling::open(&server);
    let response = session.post("4hello");
    assert_eq!(response.pair(), (200, "ok"));
    assert_eq!(response.header("content-type"), Some("text/html"));
    assert_eq!(response.header("content-length"), Some("2"));
}

#[test]
fn the_packets_of_a_post_arrive_in_order() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["4a", "bAQIDBA==", "4€🙂", "4"]);
    assert_eq!(session.packets(4), ["4a", "bAQIDBA==", "4€🙂", "4"]);
}

#[test]
fn a_post_in_small_pieces_is_one_post() {
    let server = quiet();
    let session = Polling::open(&server);
    let body = "4🙂\u{1e}4b".as_bytes();
    let mut post = start_post(&session, &server, body.len());
    for byte in body {
        post.write(&[*byte]);
    }
    assert_eq!(post.response().expect("an answer").pair(), (200, "ok"));
    assert_eq!(session.packets(2), ["4🙂", "4b"]);
}

#[test]
fn a_chunked_post_is_taken() {
    let server = quiet();
    let session = Polling::open(&server);
    let request = session
        .request("POST")
        .header("Transfer-Encoding", "chunked");
    let mut post = request.start(&server);
    post.write(b"2\r\n4h\r\n4\r\nello\x1e\r\n2\r\n4b\r\n0\r\n\r\n".as_slice());
    // the second chunk is five bytes long, so its declared four break the framing
    assert_ne!(post.response().map(|answer| answer.status), Ok(200));
    let session = Polling::open(&server);
    let request = session
        .request("POST")
        .header("Transfer-Encoding", "chunked");
    let mut post = request.start(&server);
    post.write(b"2\r\n4h\r\n5\r\nello\x1e\r\n2\r\n4b\r\n0\r\n\r\n");
    assert_eq!(post.response().expect("an answer").pair(), (200, "ok"));
    assert_eq!(session.packets(2), ["4hello", "4b"]);
}

#[test]
fn any_content_type_but_octets_is_text() {
    let server = quiet();
    let session = Polling::open(&server);
    let types = [
        "text/plain",
        "application/json",
        "application/x-www-form-urlencoded",
        "x",
    ];
    for content_type in types {
        let request = session.request("POST").header("Content-Type", content_type);
        assert_eq!(request.body(b"4a").send(&server).pair(), (200, "ok"));
        assert_eq!(session.packets(1), ["4a"]);
    }
    let request = session.request("POST").body(b"4a");
    assert_eq!(request.send(&server).pair(), (200, "ok"));
    assert_eq!(session.packets(1), ["4a"]);
}

#[test]
fn a_post_of_octets_is_refused_and_closes_the_session() {
    let server = quiet();
    let session = Polling::open(&server);
    let request = session.request("POST");
    let request = request.header("Content-Type", "application/octet-stream");
    assert_rejected(&server, request.body(b"4a").start(&server).response());
    assert_eq!(reason(&server, &session.sid), "transport error");
    session.expect_gone();
}

#[test]
fn a_second_post_is_refused_and_closes_the_session() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut first = start_post(&session, &server, 10);
    first.write(b"4ab");
    // the server has begun to read the first body
    let mut second;
    loop {
        second = session.request("POST").body(b"3").start(&server);
        match second.response() {
            Ok(answer) if answer.status == 200 => {}
            Ok(answer) => break assert_eq!(answer.pair(), (400, "")),
            Err(end) => panic!("{end:?}"),
        }
    }
    // and its connection gets a 400 or the end
    let first = first.response();
    assert!(
        !matches!(&first, Ok(answer) if answer.status == 200),
        "{first:?}"
    );
    assert_ne!(first, Err(End::Deadline));
    assert_eq!(reason(&server, &session.sid), "transport error");
    session.expect_gone();
}

#[test]
fn a_post_that_is_given_up_closes_the_session() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut post = start_post(&session, &server, 100);
    post.write(b"4ab");
    drop(post);
    assert_eq!(reason(&server, &session.sid), "transport error");
    session.expect_gone();
}

#[test]
fn a_packet_of_no_known_type_closes_the_session() {
    let server = quiet();
    for body in ["abc", "7", "/", "\u{0}", "é", " 4a"] {
        let session = Polling::open(&server);
        let request = session.request("POST").body(body.as_bytes());
        assert_rejected(&server, request.start(&server).response());
        assert_eq!(reason(&server, &session.sid), "parse error", "{body:?}");
        session.expect_gone();
    }
}

#[test]
fn an_empty_packet_closes_the_session() {
    let server = quiet();
    for body in ["", "4a\u{1e}", "\u{1e}4a", "4a\u{1e}\u{1e}4b"] {
        let session = Polling::open(&server);
        let request = session.request("POST").body(body.as_bytes());
        assert_rejected(&server, request.start(&server).response());
        assert_eq!(reason(&server, &session.sid), "parse error", "{body:?}");
        session.expect_gone();
    }
}

#[test]
fn what_comes_before_a_bad_packet_is_delivered() {
    let server = quiet();
    let session = Polling::open(&server);
    let other = Polling::open(&server);
    let body = format!("4!say {} first\u{1e}x\u{1e}4!say {0} second", other.sid);
    let request = session.request("POST").body(body.as_bytes());
    assert_rejected(&server, request.start(&server).response());
    assert_eq!(reason(&server, &session.sid), "parse error");
    other.say(&["4fence"]);
    assert_eq!(other.packets(2), ["4first", "4fence"]);
}

#[test]
fn a_bad_packet_answers_the_pending_poll() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut poll = session.pending_poll();
    let request = session.request("POST").body(b"abc");
    assert_rejected(&server, request.start(&server).response());
    assert_eq!(poll.response().expect("an answer").pair(), (200, "1"));
}

#[test]
fn a_close_packet_ends_the_session_and_frees_the_poll() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut poll = session.pending_poll();
    assert_eq!(session.post("1").pair(), (200, "ok"));
    assert_eq!(poll.response().expect("an answer").pair(), (200, "6"));
    assert_eq!(reason(&server, &session.sid), "transport close");
    session.expect_gone();
}

#[test]
fn what_follows_a_close_packet_is_ignored() {
    let server = quiet();
    let session = Polling::open(&server);
    let other = Polling::open(&server);
    let body = format!("1\u{1e}4!say {} late\u{1e}garbage", other.sid);
    assert_eq!(session.post(&body).pair(), (200, "ok"));
    assert_eq!(reason(&server, &session.sid), "transport close");
    other.say(&["4fence"]);
    assert_eq!(other.packets(1), ["4fence"]);
}

#[test]
fn posts_share_a_connection_with_polls() {
    let server = quiet();
    let session = Polling::open(&server);
    let mut connection = server.connect();
    for _ in 0..3 {
        connection.write(&session.request("POST").body(b"4a").encode());
        assert_eq!(
            connection.response().expect("an answer").pair(),
            (200, "ok")
        );
        connection.write(&session.request("GET").encode());
        assert_eq!(
            connection.response().expect("an answer").pair(),
            (200, "4a")
        );
    }
}

#[test]
fn the_body_of_a_refused_post_does_not_become_a_request() {
    let server = quiet();
    let query = format!("{}&sid=unknown", tests::polling::NEW);
    let smuggled = Request::new(&server, "GET", tests::polling::NEW).encode();
    let mut connection = Request::new(&server, "POST", &query)
        .body(&smuggled)
        .start(&server);
    assert_eq!(connection.response().expect("an answer").status, 400);
    connection.write(&Request::new(&server, "GET", "?EIO=4").encode());
    // the next answer on this connection, if it stays open, is that of the next request
    if let Ok(answer) = connection.response() {
        assert_eq!(answer.status, 400);
    }
}
