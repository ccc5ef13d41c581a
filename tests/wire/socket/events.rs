use super::quiet;
use serde_json::json;
use tests::Client;

/// Sends a message and expects it back, byte by byte.
fn assert_echoed(client: &mut Client, args: &str) {
    client.say(&format!(r#"2["message",{args}]"#));
    client.expect(&[&format!(r#"2["message-back",{args}]"#)]);
}

#[test]
fn an_event_carries_every_kind_of_value() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    assert_echoed(&mut client, "1");
    assert_echoed(&mut client, r#""2""#);
    assert_echoed(&mut client, r#"{"3":[true]}"#);
    assert_echoed(&mut client, "null");
    assert_echoed(
        &mut client,
        r#"1,"2",{"3":[false,{"a":null}]},[[[]]],1.5,-7"#,
    );
}

#[test]
fn an_event_without_arguments_is_one() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["message"]"#);
    client.expect(&[r#"2["message-back"]"#]);
}

#[test]
fn text_of_every_script_comes_back() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    assert_echoed(&mut client, r#""é€🙂  مرحبا 你好""#);
    assert_echoed(&mut client, r#""\u0000\u001f\"\\ \n""#);
    assert_echoed(&mut client, "\"\u{2028}\u{2029}\u{7f}\"");
}

#[test]
fn large_numbers_inside_the_safe_range_come_back() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    assert_echoed(&mut client, "9007199254740991,-9007199254740991,0.1,1e-7");
}

#[test]
fn a_large_payload_comes_back() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    let long = format!("\"{}\"", "x".repeat(500_000));
    assert_echoed(&mut client, &long);
}

#[test]
fn whitespace_in_json_is_allowed() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(
        "2 [ \"message\" , { \"a\" : 1 } ]"
            .replace("2 ", "2")
            .as_str(),
    );
    let packet = client.next_packet();
    let json: serde_json::Value = serde_json::from_str(&packet[1..]).expect("JSON");
    assert_eq!(json, json!(["message-back", {"a": 1}]));
}

#[test]
fn events_come_back_in_order() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    for i in 0..200 {
        client.say(&format!(r#"2["message",{i}]"#));
    }
    for i in 0..200 {
        client.expect(&[&format!(r#"2["message-back",{i}]"#)]);
    }
}

#[test]
fn an_event_nobody_listens_to_does_no_harm() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    for name in [
        "nothing",
        "",
        "__proto__",
        "constructor",
        "toString",
        "é",
        "connection",
    ] {
        client.say(&format!(r#"2["{name}",1]"#));
    }
    client.expect_nothing();
}

#[test]
fn a_numeric_event_name_is_legal() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say("2[1,\"a\"]");
    client.expect_nothing();
}

#[test]
fn a_placeholder_in_a_plain_event_is_plain() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    assert_echoed(&mut client, r#"{"_placeholder":true,"num":0}"#);
}

#[test]
fn an_event_of_a_namespace_names_it() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/custom,");
    client.next_packet();
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say(r#"2/custom,["message","a,b"]"#);
    client.expect(&[r#"2/custom,["message-back","a,b"]"#]);
}

#[test]
fn the_server_emits_in_order() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["count",100]"#);
    for i in 0..100 {
        client.expect(&[&format!(r#"2["number",{i}]"#)]);
    }
}
