//! What `chats` asks and hears.

use super::{Ask, Hear, Reference};

/// The vocabulary in words.
pub(in crate::vocabulary) const CHATS: Reference = Reference {
    name: "chats",
    about: "Chats with read receipts and online status. A socket hears all chats of its user without joining, when `chats.auto_join` says so.",
    asks: &[
        Ask {
            event: "chat:join",
            takes: "`{chatId}`",
            does: "Hears a chat.",
            replies: "`chat:joined`, with `seq` in the ack, then `user:status` of everybody who is online",
        },
        Ask {
            event: "chat:leave",
            takes: "`{chatId}`",
            does: "Hears it no longer.",
            replies: "`chat:left`",
        },
        Ask {
            event: "message:send",
            takes: "`{chatId, content, messageType?, client_msg_id?}`",
            does: "Stores a message. `messageType` is `text`, `image` or `file`.",
            replies: "only the ack, with the fields of `message:new`",
        },
        Ask {
            event: "message:read",
            takes: "`{chatId, messageId}`",
            does: "Has read everything up to this message.",
            replies: "only the ack, with the fields of `message:read`",
        },
        Ask {
            event: "typing:start",
            takes: "`{chatId}`",
            does: "Says that the user types.",
            replies: "only the ack",
        },
        Ask {
            event: "typing:stop",
            takes: "`{chatId}`",
            does: "Says that the user does not type any more.",
            replies: "only the ack",
        },
    ],
    hears: &[
        Hear {
            event: "chat:joined",
            carries: "`{chatId}`",
            when: "the socket hears the chat",
        },
        Hear {
            event: "chat:left",
            carries: "`{chatId}`",
            when: "it hears it no longer; also when the user was removed from it",
        },
        Hear {
            event: "message:new",
            carries: "`{id, chat_id, sender_id, content, message_type, created_at, sender: {id, username, name}, seq}`",
            when: "somebody has posted, to everybody, also who sent it",
        },
        Hear::edited("message:updated", "as `message:new`"),
        Hear::deleted("message:deleted", "as `message:new`"),
        Hear {
            event: "message:read",
            carries: "`{messageId, chatId, userId, readAt}`",
            when: "somebody has read up to this message",
        },
        Hear {
            event: "user:status",
            carries: "`{userId, status}`",
            when: "a member of a joined chat came `online` or went `offline`",
        },
        Hear {
            event: "typing:start",
            carries: "`{chatId, userId, username}`",
            when: "somebody else types",
        },
        Hear {
            event: "typing:stop",
            carries: "`{chatId, userId}`",
            when: "somebody else does not type any more",
        },
    ],
};
