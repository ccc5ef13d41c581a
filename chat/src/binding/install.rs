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

/// What a listener tells its clients.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name in `connected`.
    pub service_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            service_name: "Roomcast".to_owned(),
        }
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
    namespace.on_connect(move |socket: Socket| own.greet(&socket));
    let chat = door.chat.clone();
    namespace.on_unhandled(move |socket: Socket, event: Event, ack: Ack| {
        let chat = chat.clone();
        async move { events::handle(&chat, socket, event, ack).await }
    });
    let own = Arc::clone(door);
    namespace.on_disconnect(move |socket: Socket| {
        let door = Arc::clone(&own);
        async move { door.see_off(&socket).await }
    });
}
