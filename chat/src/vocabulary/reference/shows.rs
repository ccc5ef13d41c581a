//! What `shows` asks and hears.

use super::{Ask, Hear, Reference};

/// The vocabulary in words.
pub(in crate::vocabulary) const SHOWS: Reference = Reference {
    name: "shows",
    about: "Rooms of shows, with history, a list of who is there, and check-ins. Ids that look like numbers are numbers.",
    asks: &[
        Ask {
            event: "join_show",
            takes: "`{show_id}`",
            does: "Checks in and hears the room.",
            replies: "`message_history`, then `active_users`; `seq` in the ack",
        },
        Ask {
            event: "leave_show",
            takes: "`{show_id}`",
            does: "Checks out.",
            replies: "only the ack",
        },
        Ask {
            event: "send_message",
            takes: "`{show_id, message, client_msg_id?}`",
            does: "Stores a message in a joined room.",
            replies: "only the ack, `{id, seq, created_at}`",
        },
        Ask {
            event: "typing",
            takes: "`{show_id, is_typing}`",
            does: "Says whether the user types.",
            replies: "only the ack",
        },
        Ask {
            event: "get_active_users",
            takes: "`{show_id}`",
            does: "Asks who is there.",
            replies: "`active_users`",
        },
    ],
    hears: &[
        Hear {
            event: "message_history",
            carries: "`{messages}`",
            when: "the socket has joined; each as `new_message`, oldest first",
        },
        Hear {
            event: "active_users",
            carries: "`{show_id, active_users: [{user_id, username, sid}], count}`",
            when: "the socket has joined, or asked for it",
        },
        Hear {
            event: "new_message",
            carries: "`{id, show_id, user_id, username, message, created_at, seq}`",
            when: "somebody has posted, to everybody in the room",
        },
        Hear::edited("message_updated", "as `new_message`"),
        Hear::deleted("message_deleted", "as `new_message`"),
        Hear {
            event: "user_joined",
            carries: "`{user_id, username, message, active_users}`",
            when: "somebody else has checked in",
        },
        Hear {
            event: "user_left",
            carries: "`{user_id, username, message, active_users}`",
            when: "somebody else has checked out",
        },
        Hear {
            event: "user_typing",
            carries: "`{user_id, username, is_typing}`",
            when: "somebody else types",
        },
    ],
};
