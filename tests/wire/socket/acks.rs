use super::quiet;
use serde_json::json;
use tests::Client;

#[test]
fn an_ack_brings_the_arguments_back() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2456["message-with-ack",1,"2",{"3":[false]}]"#);
    client.expect(&[r#"3456[1,"2",{"3":[false]}]"#]);
}

#[test]
fn an_ack_without_arguments_is_an_empty_list() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"20["message-with-ack"]"#);
    client.expect(&["30[]"]);
}

#[test]
fn an_ack_id_may_be_large() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"29007199254740991["message-with-ack"]"#);
    client.expect(&["39007199254740991[]"]);
}

#[test]
fn an_ack_of_a_namespace_names_it() {
    let server = quiet();
    let mut client = Client::open(&server);
    client.say("0/custom,");
    client.next_packet();
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say(r#"2/custom,7["message-with-ack","a"]"#);
    client.expect(&[r#"3/custom,7["a"]"#]);
}

#[test]
fn acks_of_two_namespaces_may_share_an_id() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say("0/custom,");
    client.next_packet();
    client.expect(&[r#"2/custom,["auth",{}]"#]);
    client.say(r#"2/custom,1["message-with-ack","c"]"#);
    client.say(r#"21["message-with-ack","m"]"#);
    client.expect(&[r#"3/custom,1["c"]"#, r#"31["m"]"#]);
}

#[test]
fn a_second_call_of_an_ack_is_ignored() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"25["ack-twice"]"#);
    client.expect(&["35[1]"]);
    client.expect_nothing();
}

#[test]
fn the_server_asks_with_ids_from_0() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["ask","how"]"#);
    client.expect(&[r#"20["question","how"]"#]);
    client.say(r#"30["so","so"]"#);
    client.expect(&[r#"2["answer","so","so"]"#]);
    client.say(r#"2["ask","again"]"#);
    client.expect(&[r#"21["question","again"]"#]);
}

#[test]
fn an_answer_without_arguments_is_one() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["ask"]"#);
    client.expect(&[r#"20["question"]"#]);
    client.say("30[]");
    client.expect(&[r#"2["answer"]"#]);
    client.say(r#"2["ask"]"#);
    client.expect(&[r#"21["question"]"#]);
    client.say("31");
    client.expect(&[r#"2["answer"]"#]);
}

#[test]
fn the_counter_of_ack_ids_belongs_to_the_namespace() {
    let server = quiet();
    let (mut a, _) = Client::join(&server);
    let (mut b, _) = Client::join(&server);
    a.say(r#"2["ask"]"#);
    a.expect(&[r#"20["question"]"#]);
    b.say(r#"2["ask"]"#);
    b.expect(&[r#"21["question"]"#]);
    // Another namespace of the same client begins at zero, and takes nothing from the first.
    a.say("0/custom,");
    let _ = (a.next_packet(), a.next_packet());
    a.say(r#"2/custom,["ask"]"#);
    a.expect(&[r#"2/custom,0["question"]"#]);
    a.say(r#"3/custom,0["there"]"#);
    a.expect(&[r#"2/custom,["answer","there"]"#]);
    b.say(r#"31["here"]"#);
    b.expect(&[r#"2["answer","here"]"#]);
    b.say(r#"2["ask"]"#);
    b.expect(&[r#"22["question"]"#]);
}

#[test]
fn an_answer_that_does_not_come_is_an_error() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["ask"]"#);
    client.expect(&[r#"20["question"]"#]);
    client.expect(&[r#"2["no-answer","operation has timed out"]"#]);
    // and the late answer is nobody's
    client.say("30[1]");
    client.expect_nothing();
}

#[test]
fn an_unknown_ack_is_ignored() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say("399[1]");
    client.say("318446744073709551615[1]");
    client.expect_nothing();
}

#[test]
fn an_ack_of_another_client_is_not_taken() {
    let server = quiet();
    let (mut a, _) = Client::join(&server);
    let (mut b, _) = Client::join(&server);
    a.say(r#"2["ask"]"#);
    a.expect(&[r#"20["question"]"#]);
    b.say(r#"30["forged"]"#);
    b.expect_nothing();
    a.say(r#"30["true"]"#);
    a.expect(&[r#"2["answer","true"]"#]);
}

#[test]
fn an_ack_comes_behind_what_was_emitted_before_it() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["count",10]"#);
    client.say(r#"21["message-with-ack"]"#);
    for i in 0..10 {
        client.expect(&[&format!(r#"2["number",{i}]"#)]);
    }
    client.expect(&["31[]"]);
}

#[test]
fn a_slow_question_does_not_hold_up_its_own_answer() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["ask"]"#);
    client.say(r#"2["message",1]"#);
    client.expect(&[r#"20["question"]"#]);
    client.say("30[true]");
    let mut packets = [client.next_packet(), client.next_packet()];
    packets.sort();
    assert_eq!(packets, [r#"2["answer",true]"#, r#"2["message-back",1]"#]);
    assert_eq!(client.ask("message-with-ack", &[]), json!([]));
}
