use super::{assert_ended, end, quiet};
use crate::socket;
use serde_json::json;
use tests::client::socket_id;
use tests::frame::{FIN, opcode};
use tests::{Client, Options};

#[test]
fn a_client_leaves_the_main_namespace() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.say("1");
    assert_ended(&server, &id, "client namespace disconnect");
}

#[test]
fn a_client_leaves_a_custom_namespace_and_keeps_the_other() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say("0/custom,");
    let id = socket_id(&client.next_packet(), "0/custom,");
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say("1/custom,");
    assert_ended(&server, &id, "client namespace disconnect");
    client.expect_nothing();
}

#[test]
fn a_namespace_left_can_be_joined_again() {
    let server = quiet();
    let (mut client, first) = Client::join(&server);
    client.say("1");
    if server.is_reference() {
        // it takes the next packet before it has handled this one
        assert_ended(&server, &first, "client namespace disconnect");
    }
    client.say("0");
    let second = socket_id(&client.next_packet(), "0");
    assert_ne!(first, second);
    client.expect(&[r#"2["auth",{}]"#]);
    client.expect_nothing();
}

#[test]
fn the_session_lives_without_any_namespace() {
    let server = socket(&Options::conformance());
    let (mut client, _) = Client::join(&server);
    client.say("1");
    assert_eq!(client.socket.read(), Ok(tests::Frame::text("2")));
    client.socket.text("3");
    assert_eq!(client.socket.read(), Ok(tests::Frame::text("2")));
    client.socket.text("3");
    client.say("0");
    socket_id(&client.next_packet(), "0");
}

#[test]
fn the_server_disconnects_a_namespace() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.say(r#"2["kick",false]"#);
    client.expect(&["1"]);
    assert_ended(&server, &id, "server namespace disconnect");
    client.say("0");
    socket_id(&client.next_packet(), "0");
}

#[test]
fn the_server_disconnects_the_session() {
    let server = quiet();
    let (mut client, main) = Client::join(&server);
    client.say("0/custom,");
    let custom = socket_id(&client.next_packet(), "0/custom,");
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say(r#"2["kick",true]"#);
    let mut packets = [client.next_packet(), client.next_packet()];
    packets.sort();
    assert_eq!(packets, ["1", "1/custom,"]);
    client.closed();
    assert_ended(&server, &main, "server namespace disconnect");
    assert_ended(&server, &custom, "server namespace disconnect");
}

#[test]
fn a_websocket_close_is_a_transport_close() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.socket.frame(FIN | opcode::CLOSE, &[]);
    drop(client);
    assert_ended(&server, &id, "transport close");
}

#[test]
fn a_vanished_client_is_a_transport_close() {
    let server = quiet();
    let (client, id) = Client::join(&server);
    drop(client);
    assert_ended(&server, &id, "transport close");
}

#[test]
fn a_broken_websocket_is_a_transport_error() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.socket.frame(FIN | 3, &[]);
    assert_ended(&server, &id, "transport error");
}

#[test]
fn a_missing_pong_is_a_ping_timeout() {
    let server = socket(&Options::conformance());
    let (mut client, id) = Client::join(&server);
    client.closed();
    assert_ended(&server, &id, "ping timeout");
}

#[test]
fn a_broken_engine_packet_is_a_parse_error() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.socket.text("abc");
    client.closed();
    assert_ended(&server, &id, "parse error");
}

#[test]
fn a_goodbye_just_before_the_close_is_the_clients_own_leaving() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    let mut bytes = tests::frame::encode(FIN | opcode::TEXT, b"41");
    bytes.extend(tests::frame::encode(FIN | opcode::CLOSE, &[]));
    client.socket.raw(&bytes);
    drop(client);
    assert_ended(&server, &id, "client namespace disconnect");
}

#[test]
fn the_rooms_are_still_there_while_disconnecting_and_empty_after() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.ask("join", &["a room".into()]);
    drop(client);
    let mut rooms = vec!["a room".to_owned(), id.clone()];
    rooms.sort();
    assert_eq!(end(&server, &id), json!(["transport close", rooms]));
    let (mut other, _) = Client::join(&server);
    assert_eq!(
        other.ask("members", &["/".into(), "a room".into()]),
        json!([0])
    );
    assert_eq!(other.ask("members", &["/".into(), id.into()]), json!([0]));
}

#[test]
fn what_follows_a_goodbye_is_ignored() {
    let server = quiet();
    let (mut other, _) = Client::join(&server);
    let (mut client, id) = Client::join(&server);
    let mut bytes = Vec::new();
    for packet in ["41".to_owned(), r#"42["emit",{},"late"]"#.to_owned()] {
        bytes.extend(tests::frame::encode(FIN | opcode::TEXT, packet.as_bytes()));
    }
    client.socket.raw(&bytes);
    assert_ended(&server, &id, "client namespace disconnect");
    other.expect_nothing();
}
