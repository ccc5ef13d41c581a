use super::quiet;
use crate::engine;
use tests::{Options, Request, Response, WebSocket, polling, websocket};

const ORIGIN: &str = "https://example.org";

fn preflight(options: &Options) -> Response {
    let server = engine(options);
    Request::new(&server, "OPTIONS", polling::NEW)
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "X-One, X-Two")
        .send(&server)
}

#[test]
fn without_cors_no_header_is_sent() {
    let server = quiet();
    let request = Request::new(&server, "GET", polling::NEW).header("Origin", ORIGIN);
    let response = request.send(&server);
    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), None);
}

#[test]
fn without_cors_a_preflight_is_a_bad_handshake() {
    let response = preflight(&Options::default());
    assert_eq!(
        response.pair(),
        (400, r#"{"code":2,"message":"Bad handshake method"}"#)
    );
}

/// Whether a browser would let the page of [`ORIGIN`] read an answer: it is named, or all are.
fn assert_allowed(response: &Response) {
    let allowed = response.header("access-control-allow-origin");
    assert!([Some("*"), Some(ORIGIN)].contains(&allowed), "{response:?}");
}

#[test]
fn a_preflight_is_an_empty_204() {
    let response = preflight(&Options::cors("*"));
    assert_eq!(response.status, 204);
    assert_allowed(&response);
    let methods = response
        .header("access-control-allow-methods")
        .expect("methods");
    let methods: Vec<_> = methods.split(',').map(str::trim).collect();
    assert!(
        methods.contains(&"GET") && methods.contains(&"POST"),
        "{methods:?}"
    );
    let headers = response.header("access-control-allow-headers");
    assert_eq!(headers, Some("X-One, X-Two"));
}

#[test]
fn every_answer_has_the_header() {
    let server = engine(&Options::cors("*"));
    let session = polling::Polling::open(&server);
    let queries = [
        polling::NEW.to_owned(),
        "?EIO=4".to_owned(),
        format!("{}&sid=x", polling::NEW),
    ];
    for query in queries {
        let request = Request::new(&server, "GET", &query).header("Origin", ORIGIN);
        assert_allowed(&request.send(&server));
    }
    let request = |method| session.request(method).header("Origin", ORIGIN);
    assert_allowed(&request("POST").body(b"4a").send(&server));
    assert_allowed(&request("GET").send(&server));
    assert_allowed(&request("DELETE").send(&server));
    assert_allowed(&request("POST").body(b"abc").send(&server));
}

#[test]
fn an_oversized_post_has_the_header_too() {
    let server = engine(&Options {
        max_payload: Some(10),
        ..Options::cors("*")
    });
    let session = polling::Polling::open(&server);
    let request = session.request("POST").header("Origin", ORIGIN);
    let response = request.body(b"4aaaaaaaaaaaaaa").send(&server);
    assert_eq!(response.status, 413);
    assert_allowed(&response);
}

#[test]
fn one_allowed_origin_is_named_and_varies() {
    let server = engine(&Options::cors(ORIGIN));
    let request = Request::new(&server, "GET", polling::NEW).header("Origin", ORIGIN);
    let response = request.send(&server);
    assert_eq!(response.header("access-control-allow-origin"), Some(ORIGIN));
    assert_eq!(response.header("vary"), Some("Origin"));
}

#[test]
fn another_origin_is_not_allowed() {
    let server = engine(&Options::cors("https://other.org"));
    let request = Request::new(&server, "GET", polling::NEW).header("Origin", ORIGIN);
    let response = request.send(&server);
    assert_eq!(response.status, 200);
    let allowed = response.header("access-control-allow-origin");
    // the one that would be allowed may be named
    assert!([None, Some("https://other.org")].contains(&allowed));
}

#[test]
fn a_page_of_another_origin_opens_no_websocket() {
    let server = engine(&Options::cors("https://other.org"));
    if server.is_reference() {
        return; // it leaves that to the application
    }
    let request = websocket::upgrade(&server, websocket::NEW).header("Origin", ORIGIN);
    let refusal = WebSocket::request(&server, &request).expect_err("a refusal");
    assert_eq!(refusal.status, 400);
    let request = websocket::upgrade(&server, websocket::NEW);
    assert!(WebSocket::request(&server, &request).is_ok());
}

#[test]
fn credentials_are_allowed() {
    let server = engine(&Options {
        credentials: Some(true),
        ..Options::cors(ORIGIN)
    });
    let request = Request::new(&server, "GET", polling::NEW).header("Origin", ORIGIN);
    let response = request.send(&server);
    assert_eq!(response.header("access-control-allow-origin"), Some(ORIGIN));
    let credentials = response.header("access-control-allow-credentials");
    assert_eq!(credentials, Some("true"));
}
