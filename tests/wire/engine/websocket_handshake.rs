use super::quiet;
use crate::engine;
use tests::frame::{FIN, encode, opcode};
use tests::{Options, WebSocket, websocket};

#[test]
fn a_message_sent_with_the_handshake_is_not_lost() {
    let server = quiet();
    if server.is_reference() {
        return; // nobody listens yet when it comes
    }
    let mut connection = server.connect();
    let mut bytes = websocket::upgrade(&server, websocket::NEW).encode();
    bytes.extend(encode(FIN | opcode::TEXT, b"4early"));
    connection.write(&bytes);
    assert_eq!(connection.response().expect("an answer").status, 101);
    let until = std::time::Instant::now() + tests::connection::DEADLINE;
    while !connection.buffer().ends_with(b"4early") {
        connection.fill(until).expect("the echo");
    }
}

#[test]
fn the_first_subprotocol_is_echoed() {
    let server = quiet();
    let request = websocket::upgrade(&server, websocket::NEW);
    let request = request.header("Sec-WebSocket-Protocol", "one, two");
    let (_, response) = WebSocket::request(&server, &request).expect("a WebSocket");
    assert_eq!(response.header("sec-websocket-protocol"), Some("one"));
    let request = websocket::upgrade(&server, websocket::NEW);
    let (_, response) = WebSocket::request(&server, &request).expect("a WebSocket");
    assert_eq!(response.header("sec-websocket-protocol"), None);
}

#[test]
fn no_extension_is_negotiated() {
    let server = quiet();
    let request = websocket::upgrade(&server, websocket::NEW);
    let request = request.header("Sec-WebSocket-Extensions", "permessage-deflate");
    let (mut socket, response) = WebSocket::request(&server, &request).expect("a WebSocket");
    assert_eq!(response.header("sec-websocket-extensions"), None);
    socket.next_text();
    socket.expect_alive();
}

#[test]
fn a_handshake_without_its_headers_is_refused() {
    let server = quiet();
    let base = || {
        tests::Request::new(&server, "GET", websocket::NEW)
            .header("Upgrade", "websocket")
            .header("Connection", "Upgrade")
    };
    let key = "dGhlIHNhbXBsZSBub25jZQ==";
    let broken = [
        base().header("Sec-WebSocket-Version", "13"),
        base()
            .header("Sec-WebSocket-Version", "13")
            .header("Sec-WebSocket-Key", "short"),
        base()
            .header("Sec-WebSocket-Version", "7")
            .header("Sec-WebSocket-Key", key),
        base().header("Sec-WebSocket-Key", key),
    ];
    for request in broken {
        let refusal = WebSocket::request(&server, &request).expect_err("a refusal");
        assert!([400, 426].contains(&refusal.status), "{refusal:?}");
    }
}

#[test]
fn the_cors_headers_are_on_the_101() {
    let server = engine(&Options::cors("*"));
    let request = websocket::upgrade(&server, websocket::NEW).header("Origin", "http://a.b");
    let (_, response) = WebSocket::request(&server, &request).expect("a WebSocket");
    let allowed = response.header("access-control-allow-origin");
    assert!([Some("*"), Some("http://a.b")].contains(&allowed));
}
