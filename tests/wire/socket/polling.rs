use super::{assert_ended, quiet};
use tests::client::socket_id;
use tests::{Client, Polling, Server, WebSocket};

fn join(server: &Server) -> (Polling<'_>, String) {
    let session = Polling::open(server);
    session.say(&["40"]);
    let packets = session.packets(2);
    assert_eq!(packets[1], r#"42["auth",{}]"#);
    let id = socket_id(packets[0].strip_prefix('4').expect("a message"), "0");
    (session, id)
}

#[test]
fn a_namespace_is_joined_over_polling() {
    let server = quiet();
    let (session, _) = join(&server);
    session.say(&[r#"42["message",1]"#]);
    assert_eq!(session.packets(1), [r#"42["message-back",1]"#]);
}

#[test]
fn packets_of_several_namespaces_fit_in_one_body() {
    let server = quiet();
    let session = Polling::open(&server);
    session.say(&["40", "40/custom,"]);
    let _ = session.packets(4);
    session.say(&[
        r#"42["message",1]"#,
        r#"42/custom,["message",2]"#,
        r#"421["message-with-ack",3]"#,
    ]);
    let expected = [
        r#"42["message-back",1]"#,
        r#"42/custom,["message-back",2]"#,
        "431[3]",
    ];
    assert_eq!(session.packets(3), expected);
}

#[test]
fn attachments_are_base64_over_polling() {
    let server = quiet();
    let (session, _) = join(&server);
    let event = r#"51-["message",{"_placeholder":true,"num":0}]"#;
    session.say(&[&format!("4{event}"), "bAQID"]);
    let back = event.replace("message", "message-back");
    assert_eq!(session.packets(2), [format!("4{back}"), "bAQID".to_owned()]);
}

#[test]
fn a_body_may_end_between_header_and_attachment() {
    let server = quiet();
    let (session, _) = join(&server);
    session.say(&[r#"451-["message",{"_placeholder":true,"num":0}]"#]);
    session.say(&["bAQID"]);
    let back = r#"451-["message-back",{"_placeholder":true,"num":0}]"#;
    assert_eq!(session.packets(2), [back, "bAQID"]);
}

#[test]
fn a_transport_may_change_between_header_and_attachment() {
    let server = quiet();
    let (session, _) = join(&server);
    session.say(&[r#"451-["message",{"_placeholder":true,"num":0}]"#]);
    let mut socket = WebSocket::open(&server, &session.upgrade());
    socket.text("2probe");
    socket.expect(&["3probe"]);
    socket.text("5");
    socket.binary(&[1, 2, 3]);
    socket.expect(&[r#"451-["message-back",{"_placeholder":true,"num":0}]"#]);
    assert_eq!(socket.message(), Ok(tests::Frame::Binary(vec![1, 2, 3])));
}

#[test]
fn an_undecodable_packet_ends_the_session_at_the_next_poll() {
    let server = quiet();
    let (session, id) = join(&server);
    session.say(&["4abc"]);
    assert_eq!(session.poll().pair(), (200, "6\u{1e}1"));
    assert_ended(&server, &id, "forced close");
    session.expect_gone();
}

#[test]
fn a_goodbye_and_a_close_in_two_bodies_is_the_clients_own_leaving() {
    let server = quiet();
    let (session, id) = join(&server);
    session.say(&["41"]);
    session.say(&["1"]);
    assert_ended(&server, &id, "client namespace disconnect");
    session.expect_gone();
}

#[test]
fn a_goodbye_and_a_close_in_one_body_is_the_clients_own_leaving() {
    let server = quiet();
    if server.is_reference() {
        return; // it handles the close first
    }
    let (session, id) = join(&server);
    session.say(&["41", "1"]);
    assert_ended(&server, &id, "client namespace disconnect");
}

#[test]
fn a_close_packet_is_a_transport_close() {
    let server = quiet();
    let (session, id) = join(&server);
    session.say(&["1"]);
    assert_ended(&server, &id, "transport close");
}

#[test]
fn a_broadcast_reaches_both_transports() {
    let server = quiet();
    let (session, _) = join(&server);
    let (mut client, _) = Client::join(&server);
    client.say(r#"51-["emit",{},"news",{"_placeholder":true,"num":0}]"#);
    client.socket.binary(&[1, 2, 3]);
    let header = r#"51-["news",{"_placeholder":true,"num":0}]"#;
    client.expect(&[header]);
    assert_eq!(client.next_binary(), [1, 2, 3]);
    assert_eq!(
        session.packets(2),
        [format!("4{header}"), "bAQID".to_owned()]
    );
}

#[test]
fn a_kicked_session_gets_its_goodbye_before_the_end() {
    let server = quiet();
    let (session, id) = join(&server);
    session.say(&[r#"42["kick",true]"#]);
    let mut packets = session.packets(1);
    if packets.last().is_some_and(|last| last != "1") {
        packets.extend(session.packets(1));
    }
    packets.retain(|packet| packet != "6");
    assert_eq!(packets, ["41", "1"]);
    assert_ended(&server, &id, "server namespace disconnect");
    session.expect_gone();
}
