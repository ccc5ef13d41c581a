//! `chatty` as CONTRACT section 5 has it.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use super::*;
use crate::command::{Action, Joined, Notice, Reply, VocabularyId, Words};
use crate::failure::Failure;
use crate::ids::{MessageId, RoomId, SocketId, UserId};
use crate::model::{Message, MessageKind, Room, RoomKind, User};
use crate::time::Timestamp;

fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).expect("a value is JSON")
}

/// For replies that say nothing about the connection.
struct Nowhere;

impl Surroundings for Nowhere {
    fn payload(&self) -> Option<&RawValue> {
        None
    }

    fn look(&self) -> Around {
        panic!("nothing to see")
    }
}

fn ask(event: &str, payload: &Value) -> Result<Asked, Failure> {
    let socket = SocketId::from("s1");
    Chatty.ask(
        event,
        Some(&raw(payload)),
        Caller {
            socket: &socket,
            vocabulary: VocabularyId(0),
        },
    )
}

fn parse(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).expect("what we write is JSON")
}

#[test]
fn every_event_has_one_vocabulary() {
    let all: Vec<_> = VOCABULARIES
        .iter()
        .flat_map(|vocabulary| vocabulary.events())
        .map(|ask| ask.event)
        .collect();
    for event in &all {
        assert_eq!(
            all.iter().filter(|other| other == &event).count(),
            1,
            "{event}"
        );
        assert!(of_event(event).is_some());
    }
    assert_eq!(of_event("no such event"), None);
    assert_eq!(by_name("chatty"), of_event("join"));
}

#[test]
fn join_names_its_speaker_and_its_room() {
    for payload in [
        json!({"user_id": "7", "chatroom_id": "r", "more": [1]}),
        json!({"chatroom_id": "r", "user_id": 7}),
    ] {
        let asked = ask("join", &payload).expect("complete");
        assert_eq!(asked.named, Some(UserId::from("7")));
        assert!(
            matches!(asked.action, Action::Join(join) if join.room == RoomId::from("r") && !join.create)
        );
    }
    let asked = ask("leave", &json!({"user_id": "u", "chatroom_id": 123})).expect("complete");
    assert!(matches!(asked.action, Action::Leave(leave) if leave.room == RoomId::from("123")));
}

#[test]
fn a_payload_without_both_ids_says_so_in_the_words_of_the_seed() {
    let text = "user_id and chatroom_id are required";
    for payload in [
        json!({}),
        json!(null),
        json!("u"),
        json!(7),
        json!(["u", "r"]),
        json!({"user_id": "u"}),
        json!({"user_id": "u", "chatroom_id": ""}),
        json!({"user_id": null, "chatroom_id": "r"}),
        json!({"_placeholder": true, "num": 0}),
    ] {
        let failure = ask("join", &payload).expect_err("incomplete");
        let event = error_event(&failure, Some(&Chatty), Some("join"));
        assert_eq!(event["message"], text, "{payload}");
        assert_eq!(
            (&event["code"], &event["event"]),
            (&json!("invalid"), &json!("join"))
        );
        assert!(event["details"].is_string());
    }
    let none = Chatty.ask(
        "join",
        None,
        Caller {
            socket: &SocketId::from("s"),
            vocabulary: VocabularyId(0),
        },
    );
    assert_eq!(none.expect_err("no argument").to_string(), text);
}

#[test]
fn an_id_of_another_type_is_invalid() {
    for id in [
        json!(true),
        json!({}),
        json!([]),
        json!(1.5),
        json!(-1),
        json!(9_007_199_254_740_992_u64),
    ] {
        let failure = ask("join", &json!({"user_id": id, "chatroom_id": "r"})).expect_err("no id");
        assert_eq!(
            failure,
            Failure::invalid("user_id", "user_id must be a string"),
            "{id}"
        );
    }
}

#[test]
fn replies_are_the_events_of_the_seed_and_acks_have_their_fields() {
    let room = Room {
        id: RoomId::from("r"),
        name: "r".into(),
        kind: RoomKind::Public,
        created_at: Timestamp::default(),
    };
    let user = Arc::new(User::guest(UserId::from("u")));
    let joined = Joined {
        room: Arc::new(room),
        user,
        seq: 4,
        history: Vec::new(),
        authors: FxHashMap::default(),
        present: None,
        online: Vec::new(),
    };
    let joined = Reply::Joined(joined);
    let said = Chatty.reply(Answered {
        event: "join",
        surroundings: &Nowhere,
        reply: &joined,
    });
    let [(event, payload)] = said.events.as_slice() else {
        panic!("one event")
    };
    assert_eq!(
        (*event, parse(payload)),
        ("joined", json!({"chatroom_id": "r"}))
    );
    assert_eq!(
        parse(&said.into_ack()),
        json!({"ok": true, "chatroom_id": "r", "seq": 4})
    );
    let left = Reply::Left(RoomId::from("r"));
    let said = Chatty.reply(Answered {
        event: "leave",
        surroundings: &Nowhere,
        reply: &left,
    });
    let [(event, payload)] = said.events.as_slice() else {
        panic!("one event")
    };
    assert_eq!(
        (*event, parse(payload)),
        ("left", json!({"chatroom_id": "r"}))
    );
}

#[test]
fn new_message_has_the_fields_of_the_seed_and_seq() {
    let noon = Timestamp::from_millis(1_704_110_400_000);
    let id = MessageId::random();
    let message = Arc::new(Message {
        id,
        room: RoomId::from("r"),
        seq: 3,
        num: 9,
        sender: UserId::from("5"),
        kind: MessageKind::Text,
        body: "Hello \u{1f600} </script>".into(),
        parent: None,
        is_reply: false,
        client_msg_id: None,
        created_at: noon,
        updated_at: noon,
        deleted_at: None,
        change: None,
    });
    let sender = Arc::new(User::guest(UserId::from("5")));
    let outgoing = Chatty
        .notice(&Notice::Posted(Words {
            message: Arc::clone(&message),
            sender: Arc::clone(&sender),
            to: None,
        }))
        .expect("an event");
    assert_eq!(
        (outgoing.event, outgoing.to),
        ("new_message", Audience::All)
    );
    let expected = json!({
        "id": id.to_string(), "message_text": "Hello \u{1f600} </script>", "user_id": "5", "chatroom_id": "r",
        "is_reply": false, "parent_message_id": null, "created_date": "2024-01-01T12:00:00Z",
        "last_updated_date": "2024-01-01T12:00:00Z", "seq": 3,
    });
    assert_eq!(parse(&outgoing.payload), expected);
    assert_eq!(
        parse(&Chatty.message(&message, &sender).expect("JSON")),
        expected
    );
}

#[test]
fn failures_have_a_code_and_the_seeds_text() {
    let said = |failure: &Failure| ack_failure(failure, Some(&Chatty));
    let not_found = said(&Failure::RoomNotFound);
    assert_eq!(not_found["ok"], json!(false));
    assert_eq!(not_found["error"]["message"], "Chatroom not found");
    assert_eq!(not_found["error"]["code"], "not_found");
    assert_eq!(
        said(&Failure::UserNotFound)["error"]["message"],
        "User not found"
    );
    assert_eq!(
        said(&Failure::RateLimited { retry_after_ms: 70 })["error"]["retry_after_ms"],
        70
    );
    let unknown = error_event(&Failure::UnknownEvent, None, Some("nope"));
    assert_eq!(unknown["code"], "invalid");
}
