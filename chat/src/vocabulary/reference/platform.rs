//! What `platform` asks and hears.

use super::{Ask, Hear, Reference};

/// The vocabulary in words.
pub(in crate::vocabulary) const PLATFORM: Reference = Reference {
    name: "platform",
    about: "Commands to the server itself. No messages.",
    asks: &[
        Ask {
            event: "ping",
            takes: "nothing",
            does: "Asks whether the server answers.",
            replies: "`pong`",
        },
        Ask {
            event: "status",
            takes: "nothing",
            does: "Asks for the state of server and connection.",
            replies: "`status_response`",
        },
        Ask {
            event: "info",
            takes: "nothing",
            does: "Asks what the server is.",
            replies: "`info_response`",
        },
        Ask {
            event: "echo",
            takes: "anything",
            does: "Sends something there and back.",
            replies: "`echo_response`",
        },
        Ask {
            event: "message",
            takes: "anything",
            does: "Hands something in.",
            replies: "`message_received`",
        },
    ],
    hears: &[
        Hear {
            event: "pong",
            carries: "`{timestamp}`",
            when: "after `ping`",
        },
        Hear {
            event: "status_response",
            carries: "`{server: {name, version, status, timestamp}, connection: {socketId, sessionToken, userId, isLoggedIn, rooms}}`",
            when: "after `status`; of the token only the last six characters",
        },
        Hear {
            event: "info_response",
            carries: "`{server: {name, version, description, features}, websocket: {connected, transport, protocol, activeConnections}, session: {authenticated, userId, sessionToken}, timestamp}`",
            when: "after `info`",
        },
        Hear {
            event: "echo_response",
            carries: "`{received, timestamp, socketId}`",
            when: "after `echo`",
        },
        Hear {
            event: "message_received",
            carries: "`{success, message, data, timestamp}`",
            when: "after `message`",
        },
    ],
};
