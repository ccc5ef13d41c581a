use super::{command, quiet, reason};
use crate::engine;
use std::time::Duration;
use tests::frame::{FIN, encode, encode_unmasked, opcode};
use tests::{Frame, Options, Polling, WebSocket};

#[test]
fn text_comes_back_as_text() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    for text in ["4hello", "4", "4€🙂\u{1e}\u{0}", "4bAQIDBA=="] {
        socket.text(text);
        assert_eq!(socket.message(), Ok(Frame::text(text)));
    }
}

#[test]
fn binary_has_no_type_byte() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    for bytes in [&[1, 2, 3, 4][..], &[], &[4], &[0x34, 0x1e]] {
        socket.binary(bytes);
        assert_eq!(socket.message(), Ok(Frame::Binary(bytes.to_vec())));
    }
}

#[test]
fn base64_text_is_a_binary_message() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    socket.text("bAQIDBA==");
    assert_eq!(socket.message(), Ok(Frame::Binary(vec![1, 2, 3, 4])));
}

#[test]
fn every_length_of_header_is_read_and_written() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    for length in [124, 125, 126, 65_534, 65_535, 65_536, 300_000] {
        let text = format!("4{}", "x".repeat(length));
        socket.text(&text);
        assert_eq!(socket.message(), Ok(Frame::Text(text)));
    }
}

#[test]
fn messages_in_one_write_are_taken_one_by_one() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    let mut bytes = Vec::new();
    for text in ["4a", "4b", "4c"] {
        bytes.extend(encode(FIN | opcode::TEXT, text.as_bytes()));
    }
    socket.raw(&bytes);
    socket.expect(&["4a", "4b", "4c"]);
}

#[test]
fn a_message_in_single_bytes_is_one_message() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    for byte in encode(FIN | opcode::TEXT, "4hé".as_bytes()) {
        socket.raw(&[byte]);
    }
    socket.expect(&["4hé"]);
}

#[test]
fn fragments_are_one_message_around_control_frames() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    // the cut lies inside a character
    socket.frame(opcode::TEXT, &[b'4', 0xc3]);
    socket.frame(FIN | opcode::PING, b"are you there");
    socket.frame(opcode::CONTINUATION, &[0xa9]);
    socket.frame(FIN | opcode::CONTINUATION, b"!");
    assert_eq!(socket.read(), Ok(Frame::Pong(b"are you there".to_vec())));
    socket.expect(&["4é!"]);
}

#[test]
fn a_websocket_ping_is_answered() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    socket.frame(FIN | opcode::PING, b"");
    assert_eq!(socket.read(), Ok(Frame::Pong(Vec::new())));
    socket.frame(FIN | opcode::PONG, b"unasked");
    socket.expect_alive();
}

#[test]
fn text_that_is_not_utf8_is_1007() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    socket.frame(FIN | opcode::TEXT, &[b'4', 0xff, 0xfe]);
    assert_eq!(socket.closed(), 1007);
    assert_eq!(reason(&server, &sid), "transport error");
}

#[test]
fn broken_framing_is_1002() {
    let server = quiet();
    let broken = [
        ("unmasked", encode_unmasked(FIN | opcode::TEXT, b"4a")),
        ("reserved bit", encode(FIN | 0x40 | opcode::TEXT, b"4a")),
        ("unknown opcode", encode(FIN | 3, b"4a")),
        ("unknown control opcode", encode(FIN | 11, b"4a")),
        ("fragmented control", encode(opcode::PING, b"")),
        ("long control", encode(FIN | opcode::PING, &[0; 126])),
        (
            "continuation of nothing",
            encode(FIN | opcode::CONTINUATION, b"4a"),
        ),
    ];
    for (name, bytes) in broken {
        let (mut socket, sid) = WebSocket::session(&server);
        socket.raw(&bytes);
        assert_eq!(socket.closed(), 1002, "{name}");
        assert_eq!(reason(&server, &sid), "transport error", "{name}");
    }
}

#[test]
fn a_message_inside_another_is_1002() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    socket.frame(opcode::TEXT, b"4a");
    socket.frame(FIN | opcode::TEXT, b"4b");
    assert_eq!(socket.closed(), 1002);
}

#[test]
fn the_clients_close_is_answered() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    socket.frame(FIN | opcode::CLOSE, &[0x03, 0xe8]);
    assert_eq!(socket.read(), Ok(Frame::Close(Some(1000))));
    drop(socket);
    assert_eq!(reason(&server, &sid), "transport close");
}

#[test]
fn a_close_without_a_status_is_answered() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    socket.frame(FIN | opcode::CLOSE, &[]);
    assert!(matches!(
        socket.read(),
        Ok(Frame::Close(None | Some(1000 | 1005)))
    ));
    drop(socket);
    assert_eq!(reason(&server, &sid), "transport close");
}

#[test]
fn a_connection_that_breaks_is_a_transport_close() {
    let server = quiet();
    let (socket, sid) = WebSocket::session(&server);
    drop(socket);
    assert_eq!(reason(&server, &sid), "transport close");
}

#[test]
fn the_servers_close_has_no_status_and_no_close_packet() {
    let server = quiet();
    let (mut socket, sid) = WebSocket::session(&server);
    command(&server, &format!("close {sid}"));
    assert_eq!(socket.read(), Ok(Frame::Close(None)));
    socket.frame(FIN | opcode::CLOSE, &[]);
    assert_eq!(reason(&server, &sid), "forced close");
}

#[test]
fn the_servers_close_lets_what_is_queued_leave_first() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    socket.text("4!send 100");
    socket.text("4!close");
    for i in 0..100 {
        assert_eq!(socket.next_text(), format!("4{i}"));
    }
    assert_eq!(socket.closed(), 1005);
}

#[test]
fn a_close_packet_ends_the_session_at_the_next_heartbeat_at_the_latest() {
    let server = engine(&Options::conformance());
    let (mut socket, sid) = WebSocket::session(&server);
    socket.text("1");
    socket.closed();
    assert!(["transport close", "ping timeout"].contains(&reason(&server, &sid).as_str()));
}

#[test]
fn packets_for_other_times_are_ignored() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    for text in ["5", "6"] {
        socket.text(text);
        socket.expect_alive();
    }
}

#[test]
fn a_packet_of_no_known_type_closes_the_session() {
    let server = quiet();
    for text in ["abc", "7", "", "é", " 4"] {
        let (mut socket, sid) = WebSocket::session(&server);
        socket.text(text);
        socket.closed();
        assert_eq!(reason(&server, &sid), "parse error", "{text:?}");
    }
}

#[test]
fn a_hundred_messages_keep_their_order() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    socket.text("4!send 100");
    for i in 0..100 {
        assert_eq!(socket.next_text(), format!("4{i}"));
    }
    assert!(socket.is_silent(Duration::from_millis(50)));
}

#[test]
fn text_and_binary_keep_their_common_order() {
    let server = quiet();
    let (mut socket, _) = WebSocket::session(&server);
    for i in 0..50u8 {
        socket.text(&format!("4{i}"));
        socket.binary(&[i]);
    }
    for i in 0..50u8 {
        assert_eq!(socket.message(), Ok(Frame::Text(format!("4{i}"))));
        assert_eq!(socket.message(), Ok(Frame::Binary(vec![i])));
    }
}

#[test]
fn a_polling_session_is_not_disturbed_by_a_websocket_one() {
    let server = quiet();
    let session = Polling::open(&server);
    let (mut socket, _) = WebSocket::session(&server);
    socket.text("abc");
    socket.closed();
    session.expect_alive();
}
