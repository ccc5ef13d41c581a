use super::{assert_ended, quiet};
use tests::Client;

#[test]
fn one_attachment_comes_back() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"51-["message",{"_placeholder":true,"num":0}]"#);
    client.socket.binary(&[1, 2, 3]);
    client.expect(&[r#"51-["message-back",{"_placeholder":true,"num":0}]"#]);
    assert_eq!(client.next_binary(), [1, 2, 3]);
}

#[test]
fn attachments_come_back_in_their_order() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    let args = r#"{"_placeholder":true,"num":0},{"a":[{"_placeholder":true,"num":1}]}"#;
    client.say(&format!(r#"52-["message",{args}]"#));
    client.socket.binary(&[1]);
    client.socket.binary(&[2, 2]);
    client.expect(&[&format!(r#"52-["message-back",{args}]"#)]);
    assert_eq!(client.next_binary(), [1]);
    assert_eq!(client.next_binary(), [2, 2]);
}

#[test]
fn an_empty_attachment_is_an_attachment() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"51-["message",{"_placeholder":true,"num":0}]"#);
    client.socket.binary(&[]);
    client.expect(&[r#"51-["message-back",{"_placeholder":true,"num":0}]"#]);
    assert_eq!(client.next_binary(), [0; 0]);
}

#[test]
fn ten_attachments_are_taken() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    let args: Vec<_> = (0..10)
        .map(|i| format!(r#"{{"_placeholder":true,"num":{i}}}"#))
        .collect();
    let args = args.join(",");
    client.say(&format!(r#"510-["message",{args}]"#));
    for i in 0..10 {
        client.socket.binary(&[i]);
    }
    client.expect(&[&format!(r#"510-["message-back",{args}]"#)]);
    for i in 0..10 {
        assert_eq!(client.next_binary(), [i]);
    }
}

#[test]
fn an_ack_with_an_attachment_is_a_binary_ack() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"51-789["message-with-ack",{"_placeholder":true,"num":0}]"#);
    client.socket.binary(&[1, 2, 3]);
    client.expect(&[r#"61-789[{"_placeholder":true,"num":0}]"#]);
    assert_eq!(client.next_binary(), [1, 2, 3]);
}

#[test]
fn an_answer_with_an_attachment_is_taken() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["ask"]"#);
    client.expect(&[r#"20["question"]"#]);
    client.say(r#"61-0["a",{"_placeholder":true,"num":0}]"#);
    client.socket.binary(&[7]);
    client.expect(&[r#"51-["answer","a",{"_placeholder":true,"num":0}]"#]);
    assert_eq!(client.next_binary(), [7]);
}

#[test]
fn an_attachment_of_a_namespace_names_it() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/custom,");
    client.next_packet();
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say(r#"51-/custom,["message",{"_placeholder":true,"num":0}]"#);
    client.socket.binary(&[1]);
    client.expect(&[r#"51-/custom,["message-back",{"_placeholder":true,"num":0}]"#]);
    assert_eq!(client.next_binary(), [1]);
}

#[test]
fn a_binary_event_of_no_attachments_is_complete() {
    let server = quiet();
    if server.is_reference() {
        return; // its decoder waits for ever
    }
    let (mut client, _) = Client::join(&server);
    client.say(r#"50-["message",1]"#);
    client.expect(&[r#"2["message-back",1]"#]);
    client.expect_nothing();
}

#[test]
fn more_attachments_than_placeholders_are_taken() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"52-["message",{"_placeholder":true,"num":1}]"#);
    client.socket.binary(&[1]);
    client.socket.binary(&[2]);
    // both come back, or the one that is named
    let packet = client.next_packet();
    if packet == r#"52-["message-back",{"_placeholder":true,"num":1}]"# {
        assert_eq!(client.next_binary(), [1]);
    } else {
        assert_eq!(
            packet,
            r#"51-["message-back",{"_placeholder":true,"num":0}]"#
        );
    }
    assert_eq!(client.next_binary(), [2]);
    client.expect_nothing();
}

#[test]
fn one_attachment_may_be_named_twice() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    let zero = r#"{"_placeholder":true,"num":0}"#;
    client.say(&format!(r#"51-["message",{zero},{zero}]"#));
    client.socket.binary(&[1]);
    // the same bytes twice, or one attachment named twice
    let packet = client.next_packet();
    let count = packet[1..].split('-').next().and_then(|n| n.parse().ok());
    for _ in 0..count.expect("a count") {
        assert_eq!(client.next_binary(), [1]);
    }
    client.expect_nothing();
}

#[test]
fn a_broadcast_keeps_header_and_attachments_together() {
    let server = quiet();
    let (mut a, _) = Client::join(&server);
    let (mut b, _) = Client::join(&server);
    let (mut listener, _) = Client::join(&server);
    for i in 0..50 {
        for client in [&mut a, &mut b] {
            client.say(r#"51-["send",{},"event",{"_placeholder":true,"num":0}]"#);
            client.socket.binary(&[i]);
        }
    }
    for _ in 0..100 {
        listener.expect(&[r#"51-["event",{"_placeholder":true,"num":0}]"#]);
        assert_eq!(listener.next_binary().len(), 1);
    }
}

#[test]
fn a_placeholder_out_of_range_closes_the_session() {
    let server = quiet();
    for num in ["1", "-1", "\"0\"", "null", "0.5"] {
        if num == "0.5" && server.is_reference() {
            continue; // an index like any other
        }
        let (mut client, id) = Client::join(&server);
        client.say(&format!(
            r#"51-["message",{{"_placeholder":true,"num":{num}}}]"#
        ));
        client.socket.binary(&[1]);
        client.closed();
        assert_ended(&server, &id, "forced close");
    }
}
