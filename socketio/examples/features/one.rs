//! What concerns one socket: events, acks, its handshake, data and rooms, its end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socketio::server::{Handshake, Outgoing, Recipient, RoomError, State, TypedEvent};
use socketio::{Ack, Args, ArgsError, Data, DisconnectReason, Event, Namespace, Socket};

use super::Log;

/// Bytes in a struct of the application leave as an attachment.
#[derive(Serialize, Deserialize)]
struct File {
    name: String,
    data: Bytes,
}

/// An event whose name and arguments are one type.
#[derive(Serialize, Deserialize)]
struct Move {
    x: i32,
    y: i32,
}

impl TypedEvent for Move {
    const NAME: &'static str = "move";
}

/// What a client calls itself.
struct Name(String);

/// How often an unreliable handler was called.
#[derive(Default)]
struct Attempts(std::sync::atomic::AtomicUsize);

pub(crate) fn register(nsp: &Namespace) {
    nsp.on_message(|socket: Socket, args: Args| socket.send(args).is_ok());
    nsp.on("echo", |args: Args| args);
    nsp.on("swap", |Data((a, b)): Data<(Value, Value)>| (b, a));
    nsp.on("add", |Data((a, b)): Data<(i64, i64)>| a + b);
    nsp.on("fail", || Err::<(), _>(json!({ "code": 7 })));
    nsp.on("upper", |Data(file): Data<File>| File {
        name: file.name.to_uppercase(),
        data: file.data,
    });
    nsp.on_typed(|socket: Socket, Data(Move { x, y }): Data<Move>| {
        socket.emit_typed(&Move { x: y, y: x }).is_ok()
    });
    nsp.on("greet", |socket: Socket| {
        socket
            .emit("greeting", ("hello", 1, json!({ "x": null })))
            .is_ok()
    });
    nsp.on("handshake", |socket: Socket| -> Handshake {
        socket.handshake().clone()
    });
    nsp.on("call me", |socket: Socket, Data(name): Data<String>| {
        socket.set_data(Name(name));
    });
    nsp.on("my name", |socket: Socket| {
        socket.data::<Name>().map(|name| name.0.clone())
    });
    nsp.on("volatile", |socket: Socket, Data(count): Data<usize>| {
        let sent = (0..count).filter(|n| socket.volatile().emit("maybe", n) == Ok(true));
        sent.count()
    });
    acks(nsp);
    listeners(nsp);
    rooms_and_end(nsp);
}

fn acks(nsp: &Namespace) {
    nsp.on(
        "ask me",
        |socket: Socket, Data((ms, question)): Data<(u64, Value)>| async move {
            let wait = Duration::from_millis(ms);
            let answer = socket
                .timeout(wait)
                .emit_with_ack("question", question)
                .await;
            answer.and_then(|args| Ok(args.parse::<Value>()?))
        },
    );
    // Answers a second attempt only.
    nsp.on("unreliable", |socket: Socket, ack: Ack| {
        let attempts = socket.data::<Attempts>().unwrap_or_else(|| {
            socket.set_data(Attempts::default());
            socket.data().unwrap_or_default()
        });
        match attempts
            .0
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed)
        {
            0 => Ok(()),
            n => ack.send(n + 1),
        }
    });
}

fn listeners(nsp: &Namespace) {
    nsp.on_any(|State(log): State<Log>, event: Event| {
        if event.name().starts_with("any") {
            log.add(format!("in {} {}", event.name(), event.args().raw()));
        }
    });
    nsp.event_middleware(|State(log): State<Log>, event: Event| {
        if event.name().starts_with("any") {
            log.add(format!("middleware {}", event.name()));
        }
        match event.name() {
            "forbidden" => Err(json!({ "message": "not allowed" })),
            _ => Ok(()),
        }
    });
    nsp.on("any", |State(log): State<Log>| log.add("handler any"));
    nsp.on_unhandled(|event: Event| format!("what is {}?", event.name()));
    nsp.once("first", || "the first");
    nsp.on("event names", |nsp: Namespace| nsp.event_names());
    nsp.on("switch", |nsp: Namespace| {
        let was_on = nsp.off("switched");
        if !was_on {
            nsp.on("switched", || "on");
        }
        !was_on
    });
    nsp.on("outgoing", |socket: Socket, State(log): State<Log>| {
        let nsp = socket.namespace().clone();
        let first = Arc::clone(&log);
        nsp.on_any_outgoing(move |outgoing: &Outgoing<'_>| {
            let to = match outgoing.recipient {
                Recipient::Socket(_) => "one",
                _ => "many",
            };
            log.add(format!(
                "out {} {} {to}",
                outgoing.event.name(),
                outgoing.event.args().raw()
            ));
        });
        nsp.prepend_any_outgoing(move |outgoing: &Outgoing<'_>| {
            first.add(format!("out first {}", outgoing.event.name()));
        });
        socket.emit("to you", 1).ok();
        nsp.to("nobody").emit("to them", 2).ok();
        nsp.off_any_outgoing();
        nsp.emit("unseen", ()).ok();
    });
}

/// A namespace whose listeners and handlers a client may have removed.
pub(crate) fn removable(nsp: &Namespace) {
    let note = |who: &'static str| {
        move |State(log): State<Log>, event: Event| log.add(format!("{who} {}", event.name()))
    };
    nsp.on_any(note("later"));
    nsp.prepend_any(note("earlier"));
    nsp.on("here", || "heard");
    nsp.on_unhandled(|| "unhandled");
    nsp.on("off any", |nsp: Namespace| nsp.off_any());
    nsp.on("off all", |nsp: Namespace| nsp.off_all());
}

fn rooms_and_end(nsp: &Namespace) {
    nsp.on(
        "join",
        |socket: Socket, Data(rooms): Data<Vec<String>>| -> Result<_, RoomError> {
            socket.join(rooms)?;
            Ok(rooms_of(&socket))
        },
    );
    nsp.on("leave", |socket: Socket, Data(room): Data<String>| {
        socket.leave(room);
        rooms_of(&socket)
    });
    nsp.on(
        "disconnect me",
        |socket: Socket, Data(close): Data<bool>| socket.disconnect(close),
    );
    nsp.on_disconnecting(|socket: Socket, reason: DisconnectReason| {
        let left = (socket.id(), reason.as_str(), rooms_of(&socket));
        socket.broadcast().emit("leaving", left).ok();
    });
    nsp.on_disconnect(|socket: Socket, reason: DisconnectReason| {
        // Also where nobody is left to hear it.
        println!("end: {reason}");
        socket
            .broadcast()
            .emit("left", (socket.id(), reason.as_str()))
            .ok();
    });
    nsp.on("strict", |Data(_): Data<u8>| -> Result<(), ArgsError> {
        Ok(())
    });
    nsp.on_rejection({
        let nsp = nsp.clone();
        move |socket, event, why| {
            nsp.to(socket.id())
                .emit("rejected", (event, why.code()))
                .ok();
        }
    });
}

pub(crate) fn rooms_of(socket: &Socket) -> Vec<String> {
    let mut rooms: Vec<_> = socket.rooms().iter().map(ToString::to_string).collect();
    rooms.sort_unstable();
    rooms
}

/// What a client calls itself, wherever it is known from.
pub(crate) fn name(data: Option<std::sync::Arc<impl AsRef<str>>>) -> Option<String> {
    data.map(|name| (*name).as_ref().to_owned())
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// The name in what was fetched.
pub(crate) fn fetched_name(socket: &socketio::server::RemoteSocket) -> Option<String> {
    name(socket.data::<Name>())
}
