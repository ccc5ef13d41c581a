use super::quiet;
use crate::socket;
use serde_json::json;
use tests::client::socket_id;
use tests::{Client, Options};

#[test]
fn joining_the_main_namespace_is_answered_with_a_sid() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0");
    let id = socket_id(&client.next_packet(), "0");
    assert_eq!(id.len(), 20);
    assert_ne!(id, client.sid, "the session id is a secret");
    client.expect(&[r#"2["auth",{}]"#]);
}

#[test]
fn auth_reaches_the_server() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say(r#"0{"token":"123"}"#);
    socket_id(&client.next_packet(), "0");
    client.expect(&[r#"2["auth",{"token":"123"}]"#]);
}

#[test]
fn who_asks_for_a_recovery_that_is_off_is_somebody_new() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say(r#"0{"pid":"before","offset":"7"}"#);
    // Its sid alone: a `pid` would make stock clients send offsets, and believe that nothing was missed.
    socket_id(&client.next_packet(), "0");
}

#[test]
fn the_main_namespace_can_be_spelled_out() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say(r#"0/,{"token":"123"}"#);
    socket_id(&client.next_packet(), "0");
    client.expect(&[r#"2["auth",{"token":"123"}]"#]);
}

#[test]
fn a_custom_namespace_is_joined_by_its_name() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/custom,");
    socket_id(&client.next_packet(), "0/custom,");
    client.expect(&[r#"2/custom,["auth",{}]"#]);
}

#[test]
fn a_custom_namespace_is_joined_with_auth() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say(r#"0/custom,{"token":"abc"}"#);
    socket_id(&client.next_packet(), "0/custom,");
    client.expect(&[r#"2/custom,["auth",{"token":"abc"}]"#]);
}

#[test]
fn the_comma_is_optional_when_nothing_follows() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/custom");
    socket_id(&client.next_packet(), "0/custom,");
    client.expect(&[r#"2/custom,["auth",{}]"#]);
}

#[test]
fn an_unknown_namespace_is_an_error_and_the_session_lives() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/random");
    client.expect(&[r#"4/random,{"message":"Invalid namespace"}"#]);
    client.say("0");
    socket_id(&client.next_packet(), "0");
}

#[test]
fn a_namespace_has_no_query() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/custom?x=1,");
    client.expect(&[r#"4/custom?x=1,{"message":"Invalid namespace"}"#]);
}

#[test]
fn odd_namespace_names_come_back_as_they_were() {
    let server = quiet();
    let mut client = Client::open(&server);
    for name in [
        "/a-b",
        "/1",
        "/a[b",
        "/é€🙂",
        "/__proto__",
        "//",
        "/Custom",
        "/custom/",
    ] {
        client.say(&format!("0{name},"));
        client.expect(&[&format!(r#"4{name},{{"message":"Invalid namespace"}}"#)]);
    }
}

#[test]
fn namespaces_share_a_session() {
    let server = quiet();
    let (mut client, main) = Client::join(&server);
    client.say("0/custom,");
    let custom = socket_id(&client.next_packet(), "0/custom,");
    assert_ne!(main, custom);
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say(r#"2/custom,["message","c"]"#);
    client.say(r#"2["message","m"]"#);
    client.expect(&[
        r#"2/custom,["message-back","c"]"#,
        r#"2["message-back","m"]"#,
    ]);
}

#[test]
fn a_session_that_joins_nothing_is_closed() {
    let server = socket(&Options {
        connect_timeout: Some(300),
        ..Options::default()
    });
    let mut client = Client::open(&server);
    client.closed();
}

#[test]
fn a_refused_namespace_does_not_stop_the_clock() {
    let server = socket(&Options {
        connect_timeout: Some(300),
        ..Options::default()
    });
    let mut client = Client::open(&server);
    client.say("0/random");
    client.expect(&[r#"4/random,{"message":"Invalid namespace"}"#]);
    client.closed();
}

#[test]
fn a_joined_namespace_stops_the_clock_for_good() {
    let server = socket(&Options {
        connect_timeout: Some(200),
        ..Options::default()
    });
    let (mut client, _) = Client::join(&server);
    client.say("1");
    assert!(
        client
            .socket
            .is_silent(std::time::Duration::from_millis(400))
    );
    client.say("0");
    socket_id(&client.next_packet(), "0");
}

#[test]
fn the_handshake_tells_what_the_client_sent() {
    let server = quiet();
    let query = "?EIO=4&transport=websocket&key=va%20lue&key2=&a=1&a=2";
    let request = tests::websocket::upgrade(&server, query).header("Origin", "http://a.b");
    let (mut socket, _) = tests::WebSocket::request(&server, &request).expect("a WebSocket");
    socket.next_text();
    socket.text(r#"40{"token":1}"#);
    socket.next_text();
    socket.expect(&[r#"42["auth",{"token":1}]"#]);
    socket.text(r#"421["handshake"]"#);
    let answer = socket.next_text();
    let answer: serde_json::Value =
        serde_json::from_str(answer.strip_prefix("431").expect("the ack")).expect("JSON");
    let expected = json!([{
        "query": {"EIO": "4", "transport": "websocket", "key": "va lue", "key2": "", "a": "2"},
        "auth": {"token": 1},
        "xdomain": true,
        "secure": false,
        "url": format!("/socket.io/{query}"),
        "address": "127.0.0.1",
        "host": "localhost",
        "timed": ["number", "string"],
    }]);
    assert_eq!(answer, expected);
}
