//! What `chatty` asks and hears.

use super::{Ask, Hear, Reference};

/// The vocabulary in words.
pub(in crate::vocabulary) const CHATTY: Reference = Reference {
    name: "chatty",
    about: "Rooms over Socket.IO, everything else over REST. In open mode `user_id` says who speaks; with a token it has to be the token's user.",
    asks: &[
        Ask {
            event: "join",
            takes: "`{user_id, chatroom_id}`",
            does: "Enters a room and hears what is said there from then on. What was said before is read over REST.",
            replies: "`joined`, with `seq`, the last number of the room, in the ack",
        },
        Ask {
            event: "leave",
            takes: "`{user_id, chatroom_id}`",
            does: "Hears the room no longer. The membership stays.",
            replies: "`left`",
        },
    ],
    hears: &[
        Hear {
            event: "joined",
            carries: "`{chatroom_id}`",
            when: "the socket has joined",
        },
        Hear {
            event: "left",
            carries: "`{chatroom_id}`",
            when: "the socket has left",
        },
        Hear {
            event: "new_message",
            carries: "`{id, message_text, user_id, chatroom_id, is_reply, parent_message_id, created_date, last_updated_date, seq}`",
            when: "somebody has posted, to everybody in the room",
        },
        Hear::edited("message_updated", "as `new_message`"),
        Hear::deleted("message_deleted", "as `new_message`"),
    ],
};
