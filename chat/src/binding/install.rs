//! Hangs the chat into the namespaces.

use std::sync::Arc;

use socketio::server::Auth;
use socketio::{Ack, Event, Namespace, Socket};

use super::door::Door;
use super::events;
use super::expiry::Expiry;
use super::sockets::Sockets;
use crate::auth::Verifier;
use crate::chat::Chat;
use crate::vocabulary::Service;

/// What a listener tells its clients.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name in `connected`.
    pub service_name: String,
    /// What stands behind the name in `connected`.
    pub greeting_tail: &'static str,
    /// Whether the greeting shows an id as a number when it is one.
    pub numeric_ids: bool,
    /// Whether a socket hears all chats of its user without joining them.
    pub auto_join: bool,
    /// Whether a socket is handed the personal messages that were kept for its user, as soon as it comes.
    pub collects: bool,
    /// What it calls itself when it is asked.
    pub service: Service,
    /// The text of every refusal; `None` says what is wrong.
    pub refusal: Option<&'static str>,
}

impl Settings {
    /// The surroundings that the clients of one vocabulary expect.
    #[must_use]
    pub fn of(vocabulary: &str, service_name: &str) -> Self {
        Self {
            service_name: service_name.to_owned(),
            greeting_tail: if vocabulary == "platform" {
                " server"
            } else {
                ""
            },
            numeric_ids: matches!(vocabulary, "messenger" | "shows"),
            auto_join: vocabulary == "chats",
            collects: vocabulary == "messenger",
            service: service(vocabulary, service_name),
            refusal: (vocabulary == "shows").then_some("Unauthorized"),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::of("", "Roomcast")
    }
}

/// The names of the seed where its clients expect them.
fn service(vocabulary: &str, service_name: &str) -> Service {
    let info = if vocabulary == "platform" {
        " Mental Health Platform API"
    } else {
        " API"
    };
    Service {
        status_name: format!("{service_name} API Server"),
        info_name: format!("{service_name}{info}"),
        version: env!("CARGO_PKG_VERSION"),
        description: "Backend API with Socket.IO real-time communication",
    }
}

/// Lets the clients of these sockets chat. Has to be called in a tokio runtime.
pub fn install(sockets: &Sockets, chat: &Chat, verifier: &Arc<Verifier>, settings: Settings) {
    let expiry = Expiry::start();
    let door = Arc::new(Door {
        chat: chat.clone(),
        verifier: Arc::clone(verifier),
        settings,
        expiry,
        namespaces: sockets.namespaces().to_vec(),
    });
    for namespace in sockets.namespaces() {
        hang(namespace, &door);
    }
}

fn hang(namespace: &Namespace, door: &Arc<Door>) {
    let own = Arc::clone(door);
    namespace.middleware(move |socket: Socket, auth: Auth| {
        let door = Arc::clone(&own);
        async move { door.admit(&socket, &auth).await }
    });
    let own = Arc::clone(door);
    namespace.on_connect(move |socket: Socket| {
        let door = Arc::clone(&own);
        async move { door.greet(&socket).await }
    });
    let own = Arc::clone(door);
    namespace.on_unhandled(move |socket: Socket, event: Event, ack: Ack| {
        let door = Arc::clone(&own);
        async move { events::handle(&door, socket, event, ack).await }
    });
    let own = Arc::clone(door);
    namespace.on_disconnect(move |socket: Socket| {
        let door = Arc::clone(&own);
        async move { door.see_off(&socket).await }
    });
}
