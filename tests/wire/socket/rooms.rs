use super::quiet;
use serde_json::json;
use tests::{Client, Server};

fn trio(server: &Server) -> [(Client, String); 3] {
    [(); 3].map(|()| Client::join(server))
}

#[test]
fn a_socket_is_in_the_room_of_its_own_id() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    assert_eq!(client.ask("rooms", &[]), json!([[id]]));
}

#[test]
fn rooms_are_joined_and_left() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.ask("join", &["!room".into()]);
    client.ask("join", &["!room".into()]);
    assert_eq!(client.ask("rooms", &[]), json!([["!room", id]]));
    assert_eq!(
        client.ask("members", &["/".into(), "!room".into()]),
        json!([1])
    );
    client.ask("leave", &["!room".into()]);
    client.ask("leave", &["never joined".into()]);
    assert_eq!(client.ask("rooms", &[]), json!([[id]]));
    assert_eq!(
        client.ask("members", &["/".into(), "!room".into()]),
        json!([0])
    );
}

#[test]
fn a_broadcast_to_all_reaches_all() {
    let server = quiet();
    let [(mut a, _), (mut b, _), (mut c, _)] = trio(&server);
    a.say(r#"2["emit",{},"news",1]"#);
    for client in [&mut a, &mut b, &mut c] {
        client.expect(&[r#"2["news",1]"#]);
        client.expect_nothing();
    }
}

#[test]
fn a_broadcast_of_a_socket_reaches_all_others() {
    let server = quiet();
    let [(mut a, _), (mut b, _), (mut c, _)] = trio(&server);
    a.say(r#"2["send",{},"news",1]"#);
    a.expect_nothing();
    for client in [&mut b, &mut c] {
        client.expect(&[r#"2["news",1]"#]);
        client.expect_nothing();
    }
}

#[test]
fn a_broadcast_to_a_room_reaches_its_members() {
    let server = quiet();
    let [(mut a, _), (mut b, _), (mut c, _)] = trio(&server);
    b.ask("join", &["room".into()]);
    a.say(r#"2["emit",{"to":["room"]},"news"]"#);
    a.expect_nothing();
    b.expect(&[r#"2["news"]"#]);
    c.expect_nothing();
}

#[test]
fn a_broadcast_to_two_rooms_reaches_each_member_once() {
    let server = quiet();
    let [(mut a, _), (mut b, _), (mut c, _)] = trio(&server);
    b.ask("join", &["one".into()]);
    b.ask("join", &["two".into()]);
    c.ask("join", &["two".into()]);
    a.say(r#"2["emit",{"to":["one","two"]},"news"]"#);
    a.expect_nothing();
    for client in [&mut b, &mut c] {
        client.expect(&[r#"2["news"]"#]);
        client.expect_nothing();
    }
}

#[test]
fn a_broadcast_except_a_room_leaves_its_members_out() {
    let server = quiet();
    let [(mut a, _), (mut b, _), (mut c, _)] = trio(&server);
    b.ask("join", &["quiet".into()]);
    a.say(r#"2["emit",{"except":["quiet"]},"news"]"#);
    a.expect(&[r#"2["news"]"#]);
    b.expect_nothing();
    c.expect(&[r#"2["news"]"#]);
}

#[test]
fn to_and_except_combine() {
    let server = quiet();
    let [(mut a, _), (mut b, _), (mut c, _)] = trio(&server);
    for client in [&mut a, &mut b, &mut c] {
        client.ask("join", &["room".into()]);
    }
    b.ask("join", &["quiet".into()]);
    a.say(r#"2["send",{"to":["room"],"except":["quiet"]},"news"]"#);
    a.expect_nothing();
    b.expect_nothing();
    c.expect(&[r#"2["news"]"#]);
}

#[test]
fn an_id_is_a_target_and_an_exception() {
    let server = quiet();
    let [(mut a, _), (mut b, id), (mut c, _)] = trio(&server);
    a.say(&format!(r#"2["emit",{{"to":["{id}"]}},"for b"]"#));
    a.say(&format!(r#"2["emit",{{"except":["{id}"]}},"not for b"]"#));
    a.expect(&[r#"2["not for b"]"#]);
    b.expect(&[r#"2["for b"]"#]);
    b.expect_nothing();
    c.expect(&[r#"2["not for b"]"#]);
}

#[test]
fn a_socket_that_sends_to_itself_reaches_nobody() {
    let server = quiet();
    let (mut client, id) = Client::join(&server);
    client.say(&format!(r#"2["send",{{"to":["{id}"]}},"me"]"#));
    client.expect_nothing();
}

#[test]
fn an_empty_room_swallows_everything() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    client.say(r#"2["emit",{"to":["nobody"]},"news"]"#);
    client.expect_nothing();
}

#[test]
fn rooms_of_one_name_in_two_namespaces_are_two() {
    let server = quiet();
    let [(mut a, _), (mut b, _), _] = trio(&server);
    a.ask("join", &["room".into()]);
    b.say("0/custom,");
    b.next_packet();
    b.expect(&[r#"2/custom,["auth",{}]"#]);
    b.say(r#"2/custom,1["join","room"]"#);
    b.expect(&["3/custom,1[]"]);
    b.say(r#"2/custom,["emit",{"to":["room"]},"news"]"#);
    b.expect(&[r#"2/custom,["news"]"#]);
    a.expect_nothing();
}

#[test]
fn a_broadcast_with_an_attachment_reaches_every_member_whole() {
    let server = quiet();
    let [(mut a, _), (mut b, _), (mut c, _)] = trio(&server);
    a.say(r#"51-["emit",{},"news",{"_placeholder":true,"num":0}]"#);
    a.socket.binary(&[1, 2, 3]);
    for client in [&mut a, &mut b, &mut c] {
        client.expect(&[r#"51-["news",{"_placeholder":true,"num":0}]"#]);
        assert_eq!(client.next_binary(), [1, 2, 3]);
    }
}

#[test]
fn broadcasts_to_one_room_have_one_order() {
    let server = quiet();
    let [(mut a, _), (mut b, _), _] = trio(&server);
    let mut readers = trio(&server);
    for (reader, _) in &mut readers {
        reader.ask("join", &["room".into()]);
    }
    for i in 0..100 {
        a.say(&format!(r#"2["emit",{{"to":["room"]}},"a",{i}]"#));
        b.say(&format!(r#"2["emit",{{"to":["room"]}},"b",{i}]"#));
    }
    let mut orders = readers.map(|(mut reader, _)| {
        let order: Vec<_> = (0..200).map(|_| reader.next_packet()).collect();
        order
    });
    let first = std::mem::take(&mut orders[0]);
    assert_eq!(orders[1], first);
    assert_eq!(orders[2], first);
}

#[test]
fn a_socket_gone_is_not_reached_and_holds_nobody_up() {
    let server = quiet();
    let [(mut a, _), (b, id), (mut c, _)] = trio(&server);
    drop(b);
    super::assert_ended(&server, &id, "transport close");
    a.say(&format!(r#"2["emit",{{"to":["{id}"]}},"late"]"#));
    a.say(r#"2["send",{},"news"]"#);
    a.expect_nothing();
    c.expect(&[r#"2["news"]"#]);
}

#[test]
fn room_names_may_be_anything() {
    let server = quiet();
    let (mut client, _) = Client::join(&server);
    for room in ["", "__proto__", "é€🙂", "a b#c", "constructor"] {
        client.ask("join", &[room.into()]);
        client.say(
            &json!(["emit", {"to": [room]}, "news"])
                .to_string()
                .replacen('[', "2[", 1),
        );
        client.expect(&[r#"2["news"]"#]);
    }
}
