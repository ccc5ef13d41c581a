//! Hangs the chat into the namespaces.

use std::sync::Arc;

use socketio::server::Auth;
use socketio::{Ack, Event, Namespace, Socket};

use super::door::{Door, Doors};
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

/// How one listener receives its clients.
#[derive(Clone, Debug)]
pub struct Reception {
    /// Who is let in, and what they may do without a token.
    pub verifier: Arc<Verifier>,
    /// What they are told.
    pub settings: Settings,
}

/// Lets the clients of these sockets chat. Has to be called in a tokio runtime.
///
/// Who came by the listener with number 0, or by one without a number, is received by the first, who came by
/// number 1 by the first of the others, and so on.
pub fn install(sockets: &Sockets, chat: &Chat, first: Reception, others: Vec<Reception>) {
    let expiry = Expiry::start();
    let door = |Reception { verifier, settings }| {
        Arc::new(Door {
            chat: chat.clone(),
            verifier,
            settings,
            expiry: Arc::clone(&expiry),
            namespaces: sockets.namespaces().to_vec(),
        })
    };
    let doors = Arc::new(Doors {
        first: door(first),
        others: others.into_iter().map(door).collect(),
    });
    for namespace in sockets.namespaces() {
        hang(namespace, &doors);
    }
}

fn hang(namespace: &Namespace, doors: &Arc<Doors>) {
    let own = Arc::clone(doors);
    namespace.middleware(move |socket: Socket, auth: Auth| {
        let door = own.of(&socket);
        async move { door.admit(&socket, &auth).await }
    });
    let own = Arc::clone(doors);
    namespace.on_connect(move |socket: Socket| {
        let door = own.of(&socket);
        async move { door.greet(&socket).await }
    });
    let own = Arc::clone(doors);
    namespace.on_unhandled(move |socket: Socket, event: Event, ack: Ack| {
        let door = own.of(&socket);
        async move { events::handle(&door, socket, event, ack).await }
    });
    let own = Arc::clone(doors);
    namespace.on_disconnect(move |socket: Socket| {
        let door = own.of(&socket);
        async move { door.see_off(&socket).await }
    });
}
