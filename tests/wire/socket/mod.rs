//! Rules of Socket.IO 5.

/// Acks both ways.
mod acks;
/// Attachments.
mod binary;
/// Joining namespaces.
mod connect;
/// Leaving them, and why.
mod disconnect;
/// Events and their names.
mod events;
/// What a client must not send.
mod invalid;
/// Middlewares.
mod middleware;
/// The same packets over long-polling.
mod polling;
/// Rooms and broadcasts.
mod rooms;

use crate::socket;
use serde_json::{Value, json};
use tests::{Client, Options, Server};

/// A server with the defaults, whose heartbeat is too slow to disturb a test.
fn quiet() -> Server {
    socket(&Options::default())
}

/// Why a socket ended, with the rooms it was in, waiting for its end.
fn end(server: &Server, id: &str) -> Value {
    let (mut watcher, _) = Client::join(server);
    watcher.ask("watch", &[id.into()])
}

/// The end of a socket whose client broke the rules of the session.
fn assert_forced(server: &Server, id: &str) {
    // the reference closes the transport first, and over WebSocket its reason comes first too
    let reference = server.is_reference();
    let reason = if reference {
        "forced close"
    } else {
        "forced server close"
    };
    assert_ended(server, id, reason);
}

/// The same for a socket in no room but its own.
fn assert_ended(server: &Server, id: &str, reason: &str) {
    assert_eq!(end(server, id), json!([reason, [id]]));
}
