use super::quiet;
use serde_json::json;
use tests::Client;
use tests::client::socket_id;

#[test]
fn a_refusal_is_a_connect_error() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/guarded,");
    client.expect(&[r#"4/guarded,{"message":"not allowed"}"#]);
}

#[test]
fn a_refusal_may_carry_data() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say(r#"0/guarded,{"why":true}"#);
    client.expect(&[r#"4/guarded,{"message":"not allowed","data":{"code":7}}"#]);
}

#[test]
fn a_refused_client_may_try_again() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/guarded,");
    client.expect(&[r#"4/guarded,{"message":"not allowed"}"#]);
    client.say(r#"0/guarded,{"token":"open"}"#);
    socket_id(&client.next_packet(), "0/guarded,");
}

#[test]
fn rooms_joined_before_a_refusal_are_left() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say("0/trap,");
    client.expect(&[r#"4/trap,{"message":"trapped"}"#]);
    let members = client.ask("members", &["/trap".into(), "trapped".into()]);
    assert_eq!(members, json!([0]));
}

#[test]
fn an_emit_before_connect_comes_before_it() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/early,");
    client.expect(&[r#"2/early,["early"]"#]);
    socket_id(&client.next_packet(), "0/early,");
    client.expect(&[r#"2/early,["late"]"#]);
}

#[test]
fn a_namespace_in_its_middleware_is_not_joined_yet() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.say("0/slow,");
    client.say(r#"2/slow,["message"]"#);
    client.closed();
    super::assert_forced(&server, &id);
}

#[test]
fn other_namespaces_go_on_while_a_middleware_waits() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say("0/slow,");
    client.expect_nothing();
    client.say(r#"2["release"]"#);
    socket_id(&client.next_packet(), "0/slow,");
    client.say(r#"2/slow,["message",1]"#);
    client.expect(&[r#"2/slow,["message-back",1]"#]);
}

#[test]
fn a_client_gone_in_its_middleware_is_never_connected() {
    let server = quiet();
    let mut gone = Client::open(&server);
    gone.say("0/slow,");
    drop(gone);
    let (mut client, _) = Client::join(&server);
    client.say("0/slow,");
    client.expect_nothing();
    client.say(r#"2["release"]"#);
    socket_id(&client.next_packet(), "0/slow,");
    client.say(r#"2/slow,["emit",{},"who is there"]"#);
    client.expect(&[r#"2/slow,["who is there"]"#]);
    client.expect_nothing();
}

#[test]
fn two_joins_at_once_make_one_socket_at_most() {
    let server = quiet();
    if server.is_reference() {
        return; // it makes two
    }
    let (mut client, _) = Client::join(&server);
    client.say("0/slow,");
    client.say("0/slow,");
    client.say(r#"2["release"]"#);
    // the second is out of place, or joins the wait of the first
    let (mut watcher, _) = Client::join(&server);
    watcher.say(r#"2["release"]"#);
    let mut connects = 0;
    while let Ok(tests::Frame::Text(text)) = client.socket.read_for(300) {
        connects += usize::from(text.starts_with("40/slow,"));
    }
    assert!(connects <= 1, "{connects} sockets");
}
