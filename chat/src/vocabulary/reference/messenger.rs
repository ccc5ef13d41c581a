//! What `messenger` asks and hears.

use super::{Ask, Hear, Reference};

/// The vocabulary in words.
pub(in crate::vocabulary) const MESSENGER: Reference = Reference {
    name: "messenger",
    about: "Messages to one person and to groups. Ids that look like numbers are numbers.",
    asks: &[
        Ask {
            event: "send_personal_message",
            takes: "`{to_user_id, content, client_msg_id?}`",
            does: "Stores a message for one person.",
            replies: "`personal_message_delivered`; `delivered` is false while the recipient is away",
        },
        Ask {
            event: "send_group_message",
            takes: "`{room_id, content, client_msg_id?}`",
            does: "Stores a message in a joined room.",
            replies: "`group_message_delivered`; `recipients` is how many others are there",
        },
        Ask {
            event: "join_room",
            takes: "`{room_id}`",
            does: "Enters a room, and makes it when there is none.",
            replies: "only the ack, `{room_id, seq}`",
        },
        Ask {
            event: "leave_room",
            takes: "`{room_id}`",
            does: "Leaves the room.",
            replies: "only the ack, `{room_id}`",
        },
        Ask {
            event: "typing_start",
            takes: "`{to_user_id}` or `{room_id}`",
            does: "Says that the user types.",
            replies: "only the ack",
        },
        Ask {
            event: "typing_stop",
            takes: "`{to_user_id}` or `{room_id}`",
            does: "Says that the user does not type any more.",
            replies: "only the ack",
        },
    ],
    hears: &[
        Hear {
            event: "receive_personal_message",
            carries: "`{id, from_user_id, from_username, to_user_id, content, created_at, seq}`",
            when: "a personal message, to all other sockets of both people",
        },
        Hear {
            event: "receive_group_message",
            carries: "`{id, room_id, from_user_id, from_username, content, created_at, seq}`",
            when: "a message in a joined room, to everybody but the socket that sent it",
        },
        Hear {
            event: "personal_message_delivered",
            carries: "`{id, to_user_id, delivered, created_at, seq}`",
            when: "the own message is stored; again with `delivered: true` once it has reached somebody who was away",
        },
        Hear {
            event: "group_message_delivered",
            carries: "`{id, room_id, recipients, created_at, seq}`",
            when: "the own message is stored and was sent",
        },
        Hear::edited("message_updated", "as the message"),
        Hear::deleted("message_deleted", "as the message"),
        Hear {
            event: "user_joined",
            carries: "`{room_id, user_id, username}`",
            when: "somebody else has joined the room",
        },
        Hear {
            event: "user_left",
            carries: "`{room_id, user_id, username}`",
            when: "somebody else has left the room",
        },
        Hear {
            event: "typing",
            carries: "`{user_id, username, is_typing, room_id?}`",
            when: "somebody else types; without `room_id` in the personal conversation",
        },
    ],
};
