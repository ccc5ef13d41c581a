//! A chat with rooms, names and acks.
//!
//! `cargo run -p socketio --example chat_in_40_lines -- PORT` (3000 when no port is named).

mod listen;

use socketio::{ConnectError, Data, DisconnectReason, Socket, SocketIo};

/// Who a socket says it is.
struct Name(String);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(3000);
    let io = SocketIo::builder().build();
    let chat = io.of("/");

    // const socket = io({ auth: { name: "Ada" } })
    chat.middleware(|socket: Socket, Data(auth): Data<serde_json::Value>| {
        let name = auth["name"]
            .as_str()
            .ok_or_else(|| ConnectError::new("who are you?"))?;
        socket.set_data(Name(name.to_owned()));
        Ok(())
    });

    // await socket.emitWithAck("join", "lobby")
    chat.on("join", |socket: Socket, Data(room): Data<String>| {
        socket.join(&room).map_err(|error| error.to_string())?;
        let sent = socket.to(&room).emit("joined", (&room, name(&socket)));
        sent.map_err(|error| error.to_string())
    });

    // socket.emit("say", "lobby", "hello")
    chat.on(
        "say",
        |socket: Socket, Data((room, text)): Data<(String, String)>| async move {
            socket
                .namespace()
                .to(&room)
                .emit("said", (&room, name(&socket), text))
                .is_ok()
        },
    );

    chat.on_disconnecting(|socket: Socket, reason: DisconnectReason| {
        let _ = socket
            .to(socket.rooms())
            .emit("left", (name(&socket), reason.as_str()));
    });

    listen::listen(vec![io], port).await
}

fn name(socket: &Socket) -> String {
    socket
        .data::<Name>()
        .map_or_else(String::new, |name| name.0.clone())
}
