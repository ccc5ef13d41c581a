//! Rooms: who joins one hears everything that is said there, text and bytes alike.
//!
//! `cargo run -p socketio --example rooms -- PORT` (3000 when no port is named).

mod listen;

use socketio::{Args, Data, Socket, SocketIo};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(3000);
    let io = SocketIo::builder().build();
    let namespace = io.of("/");

    // await socket.emitWithAck("join", "lobby")
    namespace.on("join", |socket: Socket, Data(room): Data<String>| {
        let joined = socket.join(&room).map_err(|error| error.to_string());
        joined.map(|()| room)
    });

    // socket.emit("say", "lobby", "Ada", Buffer.from([1, 2, 3])): the room hears the same arguments
    namespace.on("say", |socket: Socket, args: Args| {
        let room: String = args.parse_at(0).map_err(|error| error.to_string())?;
        let heard = socket.namespace().to(&room).emit("said", args);
        heard.map_err(|error| error.to_string())
    });

    listen::listen(vec![io], port).await
}
