use super::reason;
use crate::engine;
use tests::frame::{FIN, opcode};
use tests::{Frame, Options, Polling, WebSocket};

#[test]
fn a_body_of_exactly_the_limit_is_taken() {
    let server = engine(&Options::max_payload(100));
    let session = Polling::open(&server);
    let body = format!("4{}", "a".repeat(99));
    session.say(&[&body]);
    assert_eq!(session.packets(1), [body]);
}

#[test]
fn a_body_above_the_limit_is_an_empty_413_and_the_session_lives() {
    let server = engine(&Options::max_payload(100));
    let session = Polling::open(&server);
    let body = format!("4{}", "a".repeat(100));
    assert_eq!(session.post(&body).pair(), (413, ""));
    session.expect_alive();
}

#[test]
fn the_limit_counts_the_whole_body() {
    let server = engine(&Options::max_payload(100));
    let session = Polling::open(&server);
    let packet = format!("4{}", "a".repeat(59));
    assert_eq!(
        session.post(&format!("{packet}\u{1e}{packet}")).pair(),
        (413, "")
    );
    session.expect_alive();
}

#[test]
fn the_limit_counts_bytes_not_characters() {
    let server = engine(&Options::max_payload(100));
    let session = Polling::open(&server);
    assert_eq!(
        session.post(&format!("4{}", "é".repeat(50))).pair(),
        (413, "")
    );
    session.expect_alive();
}

#[test]
fn the_limit_counts_chunks_as_they_come_and_does_not_wait_for_the_last() {
    let server = engine(&Options::max_payload(100));
    let session = Polling::open(&server);
    let request = session
        .request("POST")
        .header("Transfer-Encoding", "chunked");
    let mut post = request.start(&server);
    let chunk = format!("3c\r\n4{}\r\n", "a".repeat(59));
    post.write(chunk.as_bytes());
    post.write(chunk.as_bytes());
    assert_eq!(post.response().expect("an answer").pair(), (413, ""));
    session.expect_alive();
}

#[test]
fn a_message_of_exactly_the_limit_is_taken() {
    let server = engine(&Options::max_payload(100));
    let (mut socket, _) = WebSocket::session(&server);
    let text = format!("4{}", "a".repeat(99));
    socket.text(&text);
    socket.expect(&[&text]);
    socket.binary(&[7; 100]);
    assert_eq!(socket.message(), Ok(Frame::Binary(vec![7; 100])));
}

#[test]
fn a_message_above_the_limit_is_1009() {
    let server = engine(&Options::max_payload(100));
    for first in [FIN | opcode::TEXT, FIN | opcode::BINARY] {
        let (mut socket, sid) = WebSocket::session(&server);
        socket.frame(first, &[b'4'; 101]);
        assert_eq!(socket.closed(), 1009);
        assert_eq!(reason(&server, &sid), "transport error");
    }
}

#[test]
fn fragments_above_the_limit_are_1009() {
    let server = engine(&Options::max_payload(100));
    let (mut socket, _) = WebSocket::session(&server);
    socket.frame(opcode::TEXT, &[b'4'; 60]);
    socket.frame(opcode::CONTINUATION, &[b'4'; 60]);
    assert_eq!(socket.closed(), 1009);
}

#[test]
fn a_declared_length_above_the_limit_is_1009_before_its_bytes() {
    let server = engine(&Options::max_payload(100));
    let (mut socket, _) = WebSocket::session(&server);
    // a header that promises 2^40 bytes, and nothing behind it
    socket.raw(&[
        FIN | opcode::BINARY,
        0xff,
        0,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        1,
        2,
        3,
        4,
    ]);
    assert_eq!(socket.closed(), 1009);
}
