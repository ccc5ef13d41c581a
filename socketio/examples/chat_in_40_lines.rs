//! A chat with rooms, names and acks: 40 lines of code at the most, comments and blank lines not counted. The accept
//! loop, which is hyper's affair, is beside it in `listen/mod.rs`, 40 more, for all examples.
//!
//! `cargo run -p socketio --example chat_in_40_lines -- PORT` (3000 when no port is named).

mod listen;

use socketio::server::RoomError;
use socketio::{ConnectError, Data, DisconnectReason, Socket, SocketIo};

/// Who a socket says it is.
struct Name(String);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let io = SocketIo::builder().build();
    let chat = io.of("/");

    // const socket = io({ auth: { name: "Ada" } })
    chat.middleware(|socket: Socket, Data(auth): Data<serde_json::Value>| {
        let name = auth["name"].as_str();
        let name = name.ok_or_else(|| ConnectError::new("who are you?"))?;
        socket.set_data(Name(name.to_owned()));
        Ok(())
    });

    // await socket.emitWithAck("join", "lobby")
    chat.on("join", |socket: Socket, Data(room): Data<String>| {
        socket.join(&room)?;
        let others = socket.to(&room);
        let told = others.emit("joined", (&room, name(&socket)));
        Ok::<_, RoomError>(told.is_ok())
    });

    // socket.emit("say", "lobby", "hello")
    type Said = (String, String);
    chat.on("say", |socket: Socket, Data((room, text)): Data<Said>| {
        let everybody = socket.namespace().to(&room);
        everybody.emit("said", (&room, name(&socket), text)).is_ok()
    });

    chat.on_disconnecting(|socket: Socket, reason: DisconnectReason| {
        let others = socket.to(socket.rooms());
        let _ = others.emit("left", (name(&socket), reason.as_str()));
    });

    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    listen::listen(vec![io], port.unwrap_or(3000)).await
}

fn name(socket: &Socket) -> String {
    let name = socket.data::<Name>();
    name.map_or_else(String::new, |name| name.0.clone())
}
