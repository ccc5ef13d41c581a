//! One room, all vocabularies: whoever writes, everybody reads in the vocabulary they joined with.

use serde_json::{Value, json};

use super::{Client, House};
use crate::command::{Action, Post};
use crate::config::AuthPolicy;
use crate::ids::RoomId;
use crate::model::RoomKind;
use crate::testing::known;

/// How each vocabulary joins, and what it calls a message and its text.
const READERS: [(&str, &str, &str, &str); 4] = [
    ("chatty", "join", "new_message", "message_text"),
    ("messenger", "join_room", "receive_group_message", "content"),
    ("shows", "join_show", "new_message", "message"),
    ("chats", "chat:join", "message:new", "content"),
];

/// How each vocabulary sends; `chatty` does over REST.
fn writing(vocabulary: &str, text: &str) -> Option<Value> {
    Some(match vocabulary {
        "messenger" => json!(["send_group_message", {"room_id": "7", "content": text}]),
        "shows" => json!(["send_message", {"show_id": 7, "message": text}]),
        "chats" => json!(["message:send", {"chatId": "7", "content": text}]),
        _ => return None,
    })
}

fn joining(event: &str, user: u64) -> Value {
    json!([event, {"user_id": user, "chatroom_id": 7, "room_id": 7, "show_id": 7, "chatId": 7}])
}

/// One client per vocabulary, each its own user, all in one room, and nothing left unheard.
async fn crowd(house: &House) -> Vec<Client<'_>> {
    house.room("7", RoomKind::Public).await;
    let mut clients = Vec::new();
    for (user, (name, event, ..)) in (1..).zip(READERS) {
        let mut client = house.login(user, name).await;
        let (_, ack) = client.ask(&joining(event, user)).await;
        assert_eq!(ack["ok"], true, "{ack}");
        clients.push(client);
    }
    for client in &mut clients {
        client.heard().await;
    }
    clients
}

#[tokio::test]
async fn every_writer_is_read_by_every_reader_once_and_in_one_order() {
    let house = House::open(AuthPolicy::Required).await;
    let mut clients = crowd(&house).await;
    for (writer, seq) in (0..READERS.len()).zip(1_u64..) {
        let (name, ..) = READERS[writer];
        let text = format!("from {name}");
        match writing(name, &text) {
            Some(event) => clients[writer].emit("", &event).await,
            None => {
                let post = Action::Post(Post::text(RoomId::from("7"), &*text));
                house.chat.act(&known("1"), post).await.expect("a member");
            }
        }
        for (reader, (vocabulary, _, event, field)) in READERS.iter().enumerate() {
            let pair = format!("{name} to {vocabulary}");
            let event = match (reader == writer, *vocabulary) {
                (true, "messenger") => "group_message_delivered",
                _ => event,
            };
            let heard = clients[reader].heard().await;
            let [said] = heard.as_slice() else {
                panic!("{pair}: {heard:?}")
            };
            assert_eq!(
                (said[0].as_str(), &said[1]["seq"]),
                (Some(event), &json!(seq)),
                "{pair}"
            );
            if event != "group_message_delivered" {
                assert_eq!(said[1][field], text.as_str(), "{pair}");
            }
        }
    }
}

#[tokio::test]
async fn typing_of_every_writer_is_heard_by_who_has_a_word_for_it() {
    let house = House::open(AuthPolicy::Required).await;
    let mut clients = crowd(&house).await;
    for (typist, event) in [
        (1, json!(["typing_start", {"room_id": 7}])),
        (2, json!(["typing", {"show_id": 7, "is_typing": true}])),
        (3, json!(["typing:start", {"chatId": 7}])),
    ] {
        clients[typist].ask(&event).await;
        for (reader, word) in [
            (0, None),
            (1, Some("typing")),
            (2, Some("user_typing")),
            (3, Some("typing:start")),
        ] {
            let heard = clients[reader].heard().await;
            let words: Vec<_> = heard.iter().map(|event| event[0].as_str()).collect();
            let expected: Vec<_> = word
                .filter(|_| reader != typist)
                .map(Some)
                .into_iter()
                .collect();
            assert_eq!(words, expected, "{event} to {reader}");
        }
    }
}

#[tokio::test]
async fn comings_and_goings_of_every_vocabulary_are_announced_where_they_have_a_name() {
    let house = House::open(AuthPolicy::Required).await;
    let mut clients = crowd(&house).await;
    for (user, (name, event, ..)) in (11..).zip(READERS) {
        let mut comer = house.login(user, "comer").await;
        comer.ask(&joining(event, user)).await;
        comer.write("1").await;
        for (reader, expected) in [(0, 0), (1, 2), (2, 2), (3, 0)] {
            let mut heard = Vec::new();
            // The going is in no answer that the comer could wait for.
            while heard.len() < expected {
                heard.extend(clients[reader].heard().await);
            }
            heard.retain(|event| event[0] != "user:status");
            let words: Vec<_> = heard.iter().filter_map(|event| event[0].as_str()).collect();
            let announced = ["user_joined", "user_left"];
            assert_eq!(words, announced[..expected], "{name} to {reader}");
        }
    }
}
