//! What concerns many sockets: broadcasts with all their options, answers, bulk operations, fetch.

use std::time::Duration;

use engineio::CloseReason;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketio::server::{Emitter, Handshake, State};
use socketio::{Data, Namespace, Socket, SocketId};

use super::{Log, one};

/// Whom something is for; everyone but the excepted if no room is named.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Target {
    to: Vec<String>,
    except: Vec<String>,
    /// In the name of the socket that asks, which does not get it.
    broadcast: bool,
    volatile: bool,
    local: bool,
    compress: Option<bool>,
}

impl Target {
    fn emitter(self, socket: &Socket) -> Emitter {
        let nsp = socket.namespace();
        let mut emitter = match self.broadcast {
            true => socket.to(self.to),
            false => nsp.to(self.to),
        };
        emitter = emitter.except(self.except);
        if self.volatile {
            emitter = emitter.volatile();
        }
        if self.local {
            emitter = emitter.local();
        }
        match self.compress {
            Some(compress) => emitter.compress(compress),
            None => emitter,
        }
    }
}

/// What a broadcast was answered.
#[derive(Serialize)]
struct Told {
    recipients: usize,
    answers: Vec<(SocketId, Value)>,
    missing: Vec<(SocketId, String)>,
}

/// A socket that was fetched.
#[derive(Serialize)]
struct Fetched {
    id: SocketId,
    rooms: Vec<String>,
    name: Option<String>,
    handshake: Handshake,
}

pub(crate) fn register(nsp: &Namespace) {
    nsp.on(
        "tell",
        |socket: Socket, Data((target, text)): Data<(Target, Value)>| {
            target.emitter(&socket).emit("told", text)
        },
    );
    // Faster than anything can leave: what is dropped is what volatile allows to be dropped.
    nsp.on(
        "tell volatile",
        |socket: Socket, Data((room, count)): Data<(String, usize)>| {
            let room = socket.namespace().to(room).volatile();
            let taken = (0..count).map(|n| room.clone().emit("told", n).unwrap_or_default());
            taken.sum::<usize>()
        },
    );
    nsp.on(
        "send",
        |socket: Socket, Data((target, text)): Data<(Target, Value)>| {
            target.emitter(&socket).send(text)
        },
    );
    nsp.on(
        "ask",
        |socket: Socket, Data((target, ms)): Data<(Target, u64)>| async move {
            let emitter = target.emitter(&socket).timeout(Duration::from_millis(ms));
            let answers = emitter.emit_with_ack("question", "all of you");
            let recipients = answers.recipients();
            let gathered = answers.await?;
            let answers = gathered.answers.iter();
            let missing = gathered.missing.iter();
            Ok::<_, socketio::EmitError>(Told {
                recipients,
                answers: answers
                    .map(|(id, args)| (*id, args.parse().unwrap_or_default()))
                    .collect(),
                missing: missing.map(|(id, why)| (*id, why.to_string())).collect(),
            })
        },
    );
    bulk(nsp);
    failures(nsp);
}

fn bulk(nsp: &Namespace) {
    nsp.on(
        "all join",
        |socket: Socket, Data((target, rooms)): Data<(Target, Vec<String>)>| {
            target.emitter(&socket).join(rooms);
        },
    );
    nsp.on(
        "all leave",
        |socket: Socket, Data((target, rooms)): Data<(Target, Vec<String>)>| {
            target.emitter(&socket).leave(rooms);
        },
    );
    nsp.on(
        "all out",
        |socket: Socket, Data((target, close)): Data<(Target, bool)>| {
            target.emitter(&socket).disconnect(close);
        },
    );
    nsp.on(
        "fetch",
        |socket: Socket, Data(target): Data<Target>| async move {
            let fetched = target.emitter(&socket).fetch_sockets().await;
            let fetched = fetched.iter().map(|socket| Fetched {
                id: socket.id(),
                rooms: socket.rooms().iter().map(ToString::to_string).collect(),
                name: one::fetched_name(socket),
                handshake: socket.handshake().clone(),
            });
            fetched.collect::<Vec<_>>()
        },
    );
}

fn failures(nsp: &Namespace) {
    nsp.on(
        "fail to tell",
        |socket: Socket, State(log): State<Log>, Data(id): Data<String>| {
            let nsp = socket.namespace();
            let victim = SocketId::decode(&id).and_then(|id| nsp.socket(id))?;
            nsp.on_delivery_failed(move |socket, error| {
                log.add(format!("failed {socket} {error}"))
            });
            victim.session().abort(CloseReason::TransportError);
            nsp.emit("told", "who is left").ok()
        },
    );
}
