use super::{assert_ended, quiet};
use tests::client::socket_id;
use tests::{Client, Server};

/// A packet that cannot be decoded closes the session gracefully.
fn assert_undecodable(server: &Server, packet: &str) {
    let (mut client, id) = Client::join(server);
    client.say(packet);
    assert_eq!(client.closed(), 1005, "{packet:?}");
    assert_ended(server, &id, "forced close");
}

/// A packet that is valid and makes no sense closes the session as well.
fn assert_out_of_place(server: &Server, packet: &str) {
    let (mut client, id) = Client::join(server);
    client.say(packet);
    assert_eq!(client.closed(), 1005, "{packet:?}");
    super::assert_forced(server, &id);
}

#[test]
fn an_unknown_type_cannot_be_decoded() {
    let server = quiet();
    for packet in ["", "7", "a", "-", "[", "é", "9[]"] {
        assert_undecodable(&server, packet);
    }
}

#[test]
fn broken_json_cannot_be_decoded() {
    let server = quiet();
    for packet in [
        "2[",
        "2[\"message\"",
        "2[\"message\",]",
        "2[\"message\"]x",
        "2[message]",
        "2['message']",
        "2[\"message\",01]",
        "2[\"message\",NaN]",
        "2[\"message\",\"\\x\"]",
        "21[\"message\"",
        "2[\"message\",\"\u{1}\"]",
        "0{",
        "0/custom,{",
        "3[",
        "4{",
    ] {
        assert_undecodable(&server, packet);
    }
}

#[test]
fn an_event_is_a_list_that_begins_with_a_name() {
    let server = quiet();
    for packet in [
        "2{}",
        "2\"message\"",
        "2[]",
        "2[null]",
        "2[{}]",
        "2[[]]",
        "2[true]",
        "21[]",
    ] {
        assert_undecodable(&server, packet);
    }
}

#[test]
fn reserved_names_are_refused() {
    let server = quiet();
    for name in [
        "connect",
        "connect_error",
        "disconnect",
        "disconnecting",
        "newListener",
        "removeListener",
    ] {
        assert_undecodable(&server, &format!(r#"2["{name}"]"#));
    }
}

#[test]
fn a_reserved_name_in_escapes_is_still_reserved() {
    let server = quiet();
    assert_undecodable(&server, r#"2["\u0064isconnect"]"#);
}

#[test]
fn auth_is_an_object() {
    let server = quiet();
    for auth in ["[]", "\"a\"", "null", "true"] {
        assert_undecodable(&server, &format!("0/custom,{auth}"));
    }
}

#[test]
fn a_disconnect_has_no_payload() {
    let server = quiet();
    for packet in ["1{}", "1[]", "1\"a\"", "1null"] {
        assert_undecodable(&server, packet);
    }
}

#[test]
fn an_ack_is_a_list() {
    let server = quiet();
    for packet in ["30{}", "30\"a\"", "301", "30null"] {
        // the third reads as the ack 301 of nothing
        if packet == "301" {
            let (mut client, _) = Client::join(&server);
            client.say(packet);
            client.expect_nothing();
        } else {
            assert_undecodable(&server, packet);
        }
    }
}

#[test]
fn a_count_of_attachments_is_a_number_and_a_dash() {
    let server = quiet();
    for packet in [
        "5[\"message\"]",
        "51[\"message\"]",
        "5a-[\"message\"]",
        "5-1-[\"message\"]",
        "51.5-[\"message\"]",
        "5",
        "51",
        "6[]",
        "61[]",
    ] {
        assert_undecodable(&server, packet);
    }
}

#[test]
fn eleven_attachments_are_too_many() {
    let server = quiet();
    assert_undecodable(&server, r#"511-["message"]"#);
    assert_undecodable(&server, r#"599999999999999999999-["message"]"#);
}

#[test]
fn text_instead_of_an_attachment_cannot_be_decoded() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.say(r#"51-["message",{"_placeholder":true,"num":0}]"#);
    client.say(r#"2["message"]"#);
    client.closed();
    assert_ended(&server, &id, "forced close");
}

#[test]
fn an_attachment_of_nothing_cannot_be_decoded() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.socket.binary(&[1]);
    client.closed();
    assert_ended(&server, &id, "forced close");
}

#[test]
fn a_session_without_a_namespace_may_not_emit() {
    let server = quiet();
    for packet in [r#"2["message"]"#, "30[]", "1", r#"2/custom,["message"]"#] {
        let mut client = Client::open(&server);
        client.say(packet);
        client.closed();
    }
}

#[test]
fn packets_for_a_namespace_not_joined_close_the_session() {
    let server = quiet();
    for packet in [
        r#"2/custom,["message"]"#,
        "3/custom,0[]",
        "1/custom,",
        r#"2/random,["a"]"#,
    ] {
        assert_out_of_place(&server, packet);
    }
}

#[test]
fn joining_twice_closes_the_session() {
    let server = quiet();
    assert_out_of_place(&server, "0");
}

#[test]
fn a_connect_error_from_a_client_closes_the_session() {
    let server = quiet();
    for packet in [r#"4{"message":"a"}"#, r#"4"a""#] {
        assert_out_of_place(&server, packet);
    }
}

#[test]
fn every_namespace_of_the_session_ends() {
    let server = quiet();
    let (mut client, main) = Client::join(&server);
    client.say("0/custom,");
    let custom = socket_id(&client.next_packet(), "0/custom,");
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say("abc");
    client.closed();
    assert_ended(&server, &main, "forced close");
    assert_ended(&server, &custom, "forced close");
}

#[test]
fn deep_nesting_does_not_end_the_server() {
    let server = quiet();
    let (mut witness, _) = Client::join(&server);
    let (mut client, _) = Client::join(&server);
    let deep = format!(
        "2[\"nothing\",{}{}]",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    client.say(&deep);
    let open = format!("2[\"nothing\",{}", "{\"a\":".repeat(100_000));
    client.say(&open);
    client.closed();
    witness.expect_nothing();
}
