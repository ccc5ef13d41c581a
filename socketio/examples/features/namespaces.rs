//! Namespaces: guarded, dynamic, new, removed.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use socketio::server::{Auth, NamespaceRequest};
use socketio::{ConnectError, Data, Namespace, Socket, SocketIo};

use super::Log;

#[derive(Deserialize)]
struct Token {
    token: String,
}

pub(crate) fn register(io: &SocketIo) {
    let made = Arc::new(Log::default());
    let new = Arc::clone(&made);
    io.on_new_namespace(move |nsp| new.add(nsp.name()));
    io.of("/").on("new namespaces", move || made.entries());
    let server = io.clone();
    io.of("/").on("namespaces", move || {
        let namespaces = server.namespaces_in_use();
        let mut names: Vec<_> = namespaces.iter().map(|nsp| nsp.name().to_owned()).collect();
        names.sort_unstable();
        names
    });
    let server = io.clone();
    io.of("/").on("remove", move |Data(name): Data<String>| {
        server.remove(&name)
    });

    let guarded = io.of("/guarded");
    guarded.middleware(|Data(auth): Data<Token>| async move {
        match auth.token.as_str() {
            "secret" => Ok(()),
            _ => Err(ConnectError::new("not authorized").with_data(&json!({ "code": 401 }))),
        }
    });
    guarded.on_connect(|socket: Socket, auth: Auth| socket.emit("welcome", auth).is_ok());
    let _ = io.of("/removable");

    let rooms = io.of_dynamic("/room-{id}");
    rooms.on("where", |nsp: Namespace| {
        (nsp.name().to_owned(), nsp.param("id").map(str::to_owned))
    });
    rooms.on("tell", |nsp: Namespace, Data(text): Data<String>| {
        nsp.emit("told", text)
    });
    let all = rooms;
    io.of("/")
        .on("tell rooms", move |Data(text): Data<String>| {
            all.emit("told", text)
        });
    io.of_dynamic(|request: NamespaceRequest| async move {
        let auth: Result<Token, _> = request.auth().parse();
        request.name().starts_with("/private/") && auth.is_ok_and(|auth| auth.token == "secret")
    });
}
