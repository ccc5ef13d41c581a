use super::{get, quiet};
use tests::{Polling, Request, Server, WebSocket, polling, websocket};

const TRANSPORT: &str = r#"{"code":0,"message":"Transport unknown"}"#;
const SESSION: &str = r#"{"code":1,"message":"Session ID unknown"}"#;
const METHOD: &str = r#"{"code":2,"message":"Bad handshake method"}"#;
const REQUEST: &str = r#"{"code":3,"message":"Bad request"}"#;

#[test]
fn a_refusal_is_json() {
    let server = quiet();
    let response = get(&server, "?EIO=4");
    assert_eq!(response.header("content-type"), Some("application/json"));
}

#[test]
fn a_missing_transport_is_code_0() {
    let server = quiet();
    assert_eq!(get(&server, "?EIO=4").pair(), (400, TRANSPORT));
    assert_eq!(get(&server, "").pair(), (400, TRANSPORT));
}

#[test]
fn an_unknown_transport_is_code_0() {
    let server = quiet();
    for name in [
        "abc",
        "Polling",
        "",
        "constructor",
        "__proto__",
        "webtransport",
    ] {
        let response = get(&server, &format!("?EIO=4&transport={name}"));
        assert_eq!(response.pair(), (400, TRANSPORT), "{name}");
    }
}

#[test]
fn an_unknown_session_is_code_1() {
    let server = quiet();
    let long = "a".repeat(4000);
    for sid in [
        "abc",
        "AAAAAAAAAAAAAAAAAAAA",
        "constructor",
        "__proto__",
        "%00",
        &long,
    ] {
        let query = format!("{}&sid={sid}", polling::NEW);
        assert_eq!(get(&server, &query).pair(), (400, SESSION), "{sid}");
        let post = Request::new(&server, "POST", &query)
            .body(b"4a")
            .send(&server);
        assert_eq!(post.pair(), (400, SESSION), "{sid}");
    }
}

#[test]
fn a_handshake_that_is_no_get_is_code_2() {
    let server = quiet();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let request = Request::new(&server, method, polling::NEW).body(b"");
        assert_eq!(request.send(&server).pair(), (400, METHOD), "{method}");
    }
}

#[test]
fn polling_a_websocket_session_is_code_3() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    let query = format!("{}&sid={sid}", polling::NEW);
    assert_eq!(get(&server, &query).pair(), (400, REQUEST));
    let post = Request::new(&server, "POST", &query)
        .body(b"4a")
        .send(&server);
    assert_eq!(post.pair(), (400, REQUEST));
    socket.expect_alive();
}

#[test]
fn a_websocket_handshake_without_an_upgrade_is_code_3() {
    let server = quiet();
    assert_eq!(get(&server, websocket::NEW).pair(), (400, REQUEST));
}

#[test]
fn a_websocket_request_without_an_upgrade_is_code_3_for_a_polling_session() {
    let server = quiet();
    let session = Polling::open(&server);
    assert_eq!(get(&server, &session.upgrade()).pair(), (400, REQUEST));
    session.expect_alive();
}

#[test]
fn a_websocket_request_without_an_upgrade_is_code_3_for_a_websocket_session() {
    let server = quiet();
    if server.is_reference() {
        return; // it never answers
    }
    let (mut socket, sid) = WebSocket::session(&server);
    let query = format!("{}&sid={sid}", websocket::NEW);
    assert_eq!(get(&server, &query).pair(), (400, REQUEST));
    socket.expect_alive();
}

#[test]
fn the_transport_is_judged_before_the_session_and_the_method() {
    let server = quiet();
    let request = Request::new(&server, "POST", "?EIO=3&transport=x&sid=abc").body(b"");
    assert_eq!(request.send(&server).pair(), (400, TRANSPORT));
}

#[test]
fn the_session_is_judged_before_the_version() {
    let server = quiet();
    let response = get(&server, "?EIO=3&transport=polling&sid=abc");
    assert_eq!(response.pair(), (400, SESSION));
}

#[test]
fn the_method_is_judged_before_the_version() {
    let server = quiet();
    let request = Request::new(&server, "POST", "?EIO=3&transport=polling").body(b"");
    assert_eq!(request.send(&server).pair(), (400, METHOD));
}

#[test]
fn another_method_with_a_session_is_an_empty_500() {
    let server = quiet();
    let session = Polling::open(&server);
    for method in ["PUT", "DELETE"] {
        let response = session.request(method).body(b"").send(&server);
        assert_eq!(response.pair(), (500, ""), "{method}");
    }
    session.expect_alive();
}

/// A refused WebSocket gets HTTP before any 101, its text without JSON.
fn assert_refused(server: &Server, query: &str, text: &str) {
    let request = websocket::upgrade(server, query);
    let mut connection = request.start(server);
    let response = connection.response().expect("an answer");
    assert_eq!(response.pair(), (400, text), "{query}");
    assert_eq!(response.header("connection"), Some("close"), "{query}");
    connection.ended();
}

#[test]
fn a_refused_websocket_gets_the_bare_text_and_the_end() {
    let server = quiet();
    assert_refused(&server, "?EIO=4&transport=abc", "Transport unknown");
    assert_refused(&server, "?EIO=4", "Transport unknown");
    let unknown = format!("{}&sid=AAAAAAAAAAAAAAAAAAAA", websocket::NEW);
    assert_refused(&server, &unknown, "Session ID unknown");
}

#[test]
fn a_websocket_of_another_version_is_refused_before_the_101() {
    let server = quiet();
    if server.is_reference() {
        return; // it notices after the 101
    }
    for query in ["?transport=websocket", "?EIO=3&transport=websocket"] {
        assert_refused(&server, query, "Unsupported protocol version");
    }
}

#[test]
fn an_upgrade_of_a_polling_request_is_refused_or_closed() {
    let server = quiet();
    let session = Polling::open(&server);
    for query in [session.query(), polling::NEW.to_owned()] {
        match WebSocket::request(&server, &websocket::upgrade(&server, &query)) {
            Ok((mut socket, _)) => assert_eq!(socket.closed(), 1005),
            Err(refusal) => assert_eq!(refusal.pair(), (400, "Bad request")),
        }
    }
    session.expect_alive();
}

#[test]
fn a_refusal_leaves_the_connection_open_for_the_next_request() {
    let server = quiet();
    let mut connection = Request::new(&server, "GET", "?EIO=4").start(&server);
    assert_eq!(connection.response().expect("an answer").status, 400);
    connection.write(&Request::new(&server, "GET", polling::NEW).encode());
    assert_eq!(connection.response().expect("an answer").status, 200);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let server = quiet();
    let mut bytes = Request::new(&server, "GET", "?EIO=4").encode();
    bytes.extend(Request::new(&server, "GET", polling::NEW).encode());
    let mut connection = server.connect();
    connection.write(&bytes);
    assert_eq!(connection.response().expect("an answer").status, 400);
    assert_eq!(connection.response().expect("an answer").status, 200);
}
