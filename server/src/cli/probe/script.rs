//! What each vocabulary is asked, and what it has to answer.

use serde_json::{Value, json};

use super::args::Vocabulary;
use super::socket::Awaited;
use super::stage::{Stage, TEXT};

/// One event and its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The event.
    pub(super) event: &'static str,
    /// Its payload, if it has one.
    pub(super) payload: fn(&Stage) -> Option<Value>,
    /// What it is answered with.
    pub(super) awaited: Awaited,
    /// Whether that is the right answer.
    pub(super) fits: fn(&Value) -> bool,
}

/// What is echoed.
fn parcel() -> Value {
    json!({ "message": "Hello!", "data": [1, 2, 3] })
}

const PLATFORM: &[Line] = &[
    Line {
        event: "ping",
        payload: |_| None,
        awaited: Awaited::Event("pong"),
        fits: |pong| pong["timestamp"].is_string(),
    },
    Line {
        event: "status",
        payload: |_| None,
        awaited: Awaited::Event("status_response"),
        fits: |status| {
            status["server"]["status"] == "running" && status["connection"]["socketId"].is_string()
        },
    },
    Line {
        event: "info",
        payload: |_| None,
        awaited: Awaited::Event("info_response"),
        fits: |info| info["websocket"]["connected"] == true && info["server"]["name"].is_string(),
    },
    Line {
        event: "echo",
        payload: |_| Some(parcel()),
        awaited: Awaited::Event("echo_response"),
        fits: |echo| echo["received"] == parcel(),
    },
    Line {
        event: "message",
        payload: |_| Some(json!({ "text": TEXT, "type": "chat" })),
        awaited: Awaited::Event("message_received"),
        fits: |message| message["success"] == true && message["data"]["text"] == TEXT,
    },
];

const CHATTY: &[Line] = &[
    acked("join", |stage| {
        Some(json!({ "user_id": stage.user, "chatroom_id": stage.room }))
    }),
    // Here REST speaks; see `run`.
    acked("leave", |stage| {
        Some(json!({ "user_id": stage.user, "chatroom_id": stage.room }))
    }),
];

const MESSENGER: &[Line] = &[
    acked("join_room", |stage| Some(json!({ "room_id": stage.room }))),
    acked("typing_start", |stage| {
        Some(json!({ "room_id": stage.room }))
    }),
    acked("typing_stop", |stage| {
        Some(json!({ "room_id": stage.room }))
    }),
    acked("send_group_message", |stage| {
        Some(json!({ "room_id": stage.room, "content": TEXT }))
    }),
    acked("leave_room", |stage| Some(json!({ "room_id": stage.room }))),
];

const SHOWS: &[Line] = &[
    acked("join_show", |stage| Some(json!({ "show_id": stage.room }))),
    acked("get_active_users", |stage| {
        Some(json!({ "show_id": stage.room }))
    }),
    acked("typing", |stage| {
        Some(json!({ "show_id": stage.room, "is_typing": true }))
    }),
    acked("send_message", |stage| {
        Some(json!({ "show_id": stage.room, "message": TEXT }))
    }),
    acked("leave_show", |stage| Some(json!({ "show_id": stage.room }))),
];

const CHATS: &[Line] = &[
    acked("chat:join", |stage| Some(json!({ "chatId": stage.room }))),
    acked("typing:start", |stage| {
        Some(json!({ "chatId": stage.room }))
    }),
    acked("typing:stop", |stage| Some(json!({ "chatId": stage.room }))),
    acked("message:send", |stage| {
        Some(json!({ "chatId": stage.room, "content": TEXT }))
    }),
    acked("message:read", |stage| {
        Some(json!({ "chatId": stage.room, "messageId": stage.message["id"] }))
    }),
    acked("chat:leave", |stage| Some(json!({ "chatId": stage.room }))),
];

/// An event that is answered by `{ok: true, ...}`.
const fn acked(event: &'static str, payload: fn(&Stage) -> Option<Value>) -> Line {
    Line {
        event,
        payload,
        awaited: Awaited::Ack,
        fits: |ack| ack["ok"] == true,
    }
}

impl Vocabulary {
    /// What it is asked, in this order.
    pub(super) const fn script(self) -> &'static [Line] {
        match self {
            Self::Platform => PLATFORM,
            Self::Chatty => CHATTY,
            Self::Messenger => MESSENGER,
            Self::Shows => SHOWS,
            Self::Chats => CHATS,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_event_that_a_vocabulary_has_is_tried_or_known_to_be_missing() {
        // These need a second person.
        let missing = ["send_personal_message"];
        for vocabulary in Vocabulary::value_variants() {
            let tried: Vec<_> = vocabulary.script().iter().map(|line| line.event).collect();
            let id = chat::vocabulary::by_name(vocabulary.name()).unwrap();
            for ask in chat::vocabulary::by_id(id).unwrap().events() {
                let event = &ask.event;
                assert!(tried.contains(event) || missing.contains(event), "{event}");
            }
        }
    }
}
