//! Socket.IO's puppet: what the public suite asks of a server, and events that make the server act.
//! `../differential/reference/socketio.js` is the same.

use crate::accept::{accept, config};
use crate::ends::Ends;
use serde::Deserialize;
use serde_json::{Value, json};
use socketio::server::{Auth, Emitter};
use socketio::{
    Ack, Args, Config, ConnectError, Data, DisconnectReason, Namespace, Socket, SocketIo,
};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tests::Options;
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// How long the server waits for an answer.
const ANSWER: Duration = Duration::from_millis(500);

/// Serves for ever.
pub(crate) async fn serve(listener: TcpListener, options: &Options) -> Result<(), Box<dyn Error>> {
    let mut settings = Config::default();
    let path = settings.engine.path.clone();
    settings.engine = config(options);
    settings.engine.path = path;
    if let Some(milliseconds) = options.connect_timeout {
        settings.connect_timeout = Duration::from_millis(milliseconds);
    }
    let io = SocketIo::new(settings);
    namespaces(&io);
    accept(listener, move |request| {
        let io = io.clone();
        async move {
            let ours = io.matches(request.uri().path());
            if ours {
                Some(io.serve(request).await)
            } else {
                None
            }
        }
    })
    .await
}

fn namespaces(io: &SocketIo) {
    let stage = Stage {
        io: io.clone(),
        ends: Ends::default(),
        gate: Arc::default(),
    };
    for name in ["/", "/custom"] {
        let namespace = io.of(name);
        namespace.on_connect(|socket: Socket| {
            let _ = socket.emit("auth", socket.handshake().auth());
        });
        stage.act(&namespace);
        crate::gauges::install(io, &namespace);
    }
    // refuses whoever does not bring the token
    io.of("/guarded").middleware(|auth: Auth| {
        let auth: Value = auth.parse().unwrap_or_default();
        if auth["token"] == "open" {
            return Ok(());
        }
        let error = ConnectError::new("not allowed");
        let why = auth["why"] == 1 || auth["why"] == true;
        Err(if why {
            error.with_data(&json!({ "code": 7 }))
        } else {
            error
        })
    });
    // joins a room, then refuses
    io.of("/trap").middleware(|socket: Socket| {
        let _ = socket.join("trapped");
        Err(ConnectError::new("trapped"))
    });
    let _ = io.of_dynamic("/dynamic-{number}");
    // emits before and after CONNECT
    io.of("/early").middleware(|socket: Socket| {
        let _ = socket.emit("early", ());
        Ok(())
    });
    io.of("/early").on_connect(|socket: Socket| {
        let _ = socket.emit("late", ());
    });
    // waits in its middleware until somebody emits `release`
    let gate = Arc::clone(&stage.gate);
    io.of("/slow").middleware(move || {
        let gate = Arc::clone(&gate);
        async move {
            gate.notified().await;
            Ok(())
        }
    });
    stage.act(&io.of("/slow"));
}

/// What the handlers of all namespaces share.
#[derive(Clone)]
struct Stage {
    io: SocketIo,
    ends: Ends,
    gate: Arc<Notify>,
}

impl Stage {
    fn act(&self, namespace: &Namespace) {
        messages(namespace);
        self.rooms(namespace);
        let gate = Arc::clone(&self.gate);
        namespace.on("release", move || gate.notify_waiters());
        let ends = self.ends.clone();
        namespace.on("watch", move |Data(id): Data<String>, ack: Ack| {
            ends.watch(id, ack)
        });
        let ends = self.ends.clone();
        namespace.on_disconnecting(move |socket: Socket| ends.disconnecting(&socket));
        let ends = self.ends.clone();
        namespace.on_disconnect(move |socket: Socket, reason: DisconnectReason| {
            ends.disconnected(&socket, reason);
        });
    }

    fn rooms(&self, namespace: &Namespace) {
        namespace.on("join", |socket: Socket, Data(room): Data<String>| {
            let _ = socket.join(room);
        });
        namespace.on("leave", |socket: Socket, Data(room): Data<String>| {
            socket.leave(room)
        });
        namespace.on(
            "rooms",
            |socket: Socket| (crate::ends::room_names(&socket),),
        );
        let io = self.io.clone();
        namespace.on(
            "members",
            move |Data((name, room)): Data<(String, String)>| {
                let sockets = io.of(&name).sockets();
                let is_member =
                    |socket: &&Socket| socket.rooms().iter().any(|r| r.as_str() == room);
                sockets.iter().filter(is_member).count()
            },
        );
        namespace.on(
            "emit",
            |nsp: Namespace, Data(to): Data<Target>, args: Args| {
                forward(to.narrow(nsp.except(Vec::<String>::new())), &args);
            },
        );
        namespace.on(
            "send",
            |socket: Socket, Data(to): Data<Target>, args: Args| {
                forward(to.narrow(socket.broadcast()), &args);
            },
        );
    }
}

fn messages(namespace: &Namespace) {
    namespace.on("message", |socket: Socket, args: Args| {
        let _ = socket.emit("message-back", args);
    });
    namespace.on("message-with-ack", |args: Args| args);
    namespace.on("count", |socket: Socket, Data(count): Data<u32>| {
        (0..count).for_each(|i| drop(socket.emit("number", i)));
    });
    namespace.on("ask", |socket: Socket, args: Args| async move {
        let answer = socket.timeout(ANSWER).emit_with_ack("question", args).await;
        let _ = match answer {
            Ok(answer) => socket.emit("answer", answer),
            Err(error) => socket.emit("no-answer", error.to_string()),
        };
    });
    namespace.on("kick", |socket: Socket, Data(close): Data<bool>| {
        socket.disconnect(close)
    });
    // that an ack is sent once is a matter of types here
    namespace.on("ack-twice", || 1);
    namespace.on("handshake", |socket: Socket| {
        let handshake = socket.handshake();
        let query: serde_json::Map<_, _> = handshake
            .query()
            .map(|(key, value)| (key.into_owned(), Value::from(value)))
            .collect();
        let auth: Value = handshake.auth().parse().unwrap_or_default();
        let host = handshake.header("host");
        let is_timed = handshake.issued() > 0 && !handshake.time().is_empty();
        json!({
            "query": query,
            "auth": auth,
            "xdomain": handshake.xdomain(),
            "secure": handshake.secure(),
            "url": handshake.url(),
            "address": handshake.address().map(|address| address.ip()),
            "host": host,
            "timed": if is_timed { json!(["number", "string"]) } else { json!([]) },
        })
    });
}

/// Whom a broadcast is for.
#[derive(Deserialize)]
struct Target {
    #[serde(default)]
    to: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    volatile: bool,
}

impl Target {
    fn narrow(self, mut emitter: Emitter) -> Emitter {
        if !self.to.is_empty() {
            emitter = emitter.to(self.to);
        }
        if !self.except.is_empty() {
            emitter = emitter.except(self.except);
        }
        if self.volatile {
            emitter.volatile()
        } else {
            emitter
        }
    }
}

/// Emits the event that the arguments after the first name.
fn forward(emitter: Emitter, args: &Args) {
    let values = args.values();
    let Some(name) = values.get(1) else { return };
    let name: String = serde_json::from_str(name.get()).expect("a name");
    let rest: Vec<_> = values.iter().skip(2).map(|value| value.get()).collect();
    let rest = format!("[{}]", rest.join(","));
    let rest = Args::decode(Some(rest.into()), args.attachments().to_vec());
    let _ = emitter.emit(&name, rest.expect("a list"));
}
