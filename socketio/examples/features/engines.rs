//! Servers with other settings of the engine, each below its own path: `/strict/`, `/small/` …

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use engineio::server::{
    Admission, ConnectionError, Cookie, Cors, Denied, Hooks, Overflow, Rate, Request, Session,
    SessionEvent,
};
use engineio::{Message, Sid, Transport};
use http::HeaderValue;
use serde_json::json;
use socketio::{Args, Data, DisconnectReason, EmitError, Namespace, Socket, SocketIo};

use super::Log;

type Config = engineio::server::Config;

/// How long a heartbeat takes where a test waits for one.
const QUICK: Duration = Duration::from_millis(150);

/// All of them.
pub(crate) fn all() -> Vec<SocketIo> {
    let strict = |hooks: Hooks, _: &Arc<Log>| hooks.allow_request(allow);
    let later = |hooks: Hooks, _: &Arc<Log>| {
        hooks.allow_request_async(|request: Arc<Request>| async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            allow(&request)
        })
    };
    vec![
        server("strict", strict, |_| {}),
        server("later", later, |_| {}),
        server("seen", observed, |config| config.ping_interval = QUICK),
        server("dressed", dressed, |config| {
            config.cookie = Some(Cookie::default());
            config.initial_message = Some(Message::Text(r#"2["first words"]"#.into()));
        }),
        plain("counted", |_| {}),
        plain("polling", |config| {
            config.transports = vec![Transport::Polling];
        }),
        plain("websocket", |config| {
            config.transports = vec![Transport::WebSocket];
        }),
        plain("settled", |config| config.allow_upgrades = false),
        plain("quick", |config| {
            (config.ping_interval, config.ping_timeout) = (QUICK, QUICK);
        }),
        plain("small", |config| config.max_payload = 1000),
        plain("narrow", |config| config.outbox_limit = 10_000),
        plain("patient", |config| {
            config.outbox_limit = 10_000;
            config.outbox_overflow = Overflow::Refuse;
        }),
        plain("two", |config| config.admission.sessions = Some(2)),
        plain("two-each", |config| {
            config.admission.sessions_per_address = Some(2);
        }),
        plain("rare", |config| {
            let rate = Rate {
                per_second: 1,
                burst: 2,
            };
            config.admission = Admission {
                handshakes_per_address: Some(rate),
                ..Admission::default()
            };
        }),
        plain("shared", |config| config.cors = Cors::Any),
        plain("chosen", |config| {
            let origin = "http://chosen.example".to_owned();
            config.cors = Cors::Origins([origin].into());
        }),
        plain("bare", |config| config.path = "/bare".to_owned()),
    ]
}

fn plain(name: &str, change: impl FnOnce(&mut Config)) -> SocketIo {
    server(name, |hooks, _| hooks, change)
}

fn server(
    name: &str,
    hook: impl FnOnce(Hooks, &Arc<Log>) -> Hooks,
    change: impl FnOnce(&mut Config),
) -> SocketIo {
    let log = Arc::new(Log::default());
    let refused = Arc::clone(&log);
    let hooks = Hooks::new().on_connection_error(move |error: &ConnectionError<'_>| {
        let (code, message, (name, value)) = (error.code(), error.message(), error.context());
        refused.add(format!("refused {code} {message}, {name}: {value}"));
    });
    let mut config = Config {
        path: format!("/{name}/"),
        hooks: hook(hooks, &log),
        ..Config::default()
    };
    change(&mut config);
    let io = SocketIo::builder().engine(config).build();
    register(&io, &log);
    io
}

fn register(io: &SocketIo, log: &Arc<Log>) {
    let nsp = io.of("/");
    let left = Arc::clone(log);
    nsp.on_disconnect(move |socket: Socket, reason: DisconnectReason| {
        let detail = socket.session().close_detail();
        let detail = detail.map_or_else(String::new, |detail| format!(", {detail}"));
        left.add(format!("closed: {reason}{detail}"));
    });
    let log = Arc::clone(log);
    nsp.on("log", move || log.entries());
    let server = io.clone();
    nsp.on("sessions", move || server.sessions());
    nsp.on("echo", |args: Args| args);
    nsp.on("session", |socket: Socket| {
        let session = socket.session();
        let traffic = session.traffic();
        json!({
            "id": session.id().as_str(), "transport": session.transport().as_str(),
            "received": traffic.received, "sent": traffic.sent, "buffered": session.buffered(),
        })
    });
    flood(&nsp);
}

fn flood(nsp: &Namespace) {
    nsp.on(
        "flood",
        |socket: Socket, Data((count, bytes)): Data<(usize, usize)>| {
            let text = "x".repeat(bytes);
            let sent: Result<Vec<()>, EmitError> =
                (0..count).map(|_| socket.emit("flood", &text)).collect();
            sent.map_err(|error| error.code()).err()
        },
    );
    nsp.on("drain", |socket: Socket| async move {
        for _ in 0..100 {
            socket.emit("flood", "x".repeat(1000))?;
        }
        let before = socket.session().buffered();
        let drained = socket.session().drained().await.is_ok();
        Ok::<_, EmitError>(json!([before, drained, socket.session().buffered()]))
    });
}

fn allow(request: &Request) -> Result<(), Denied> {
    match request.parameter("key").as_deref() {
        Some("open sesame") => Ok(()),
        Some(_) => Err(Denied::new("another key, please")),
        None => Err(Denied::default()),
    }
}

/// Writes down what the observer sees.
fn observed(hooks: Hooks, log: &Arc<Log>) -> Hooks {
    let log = Arc::clone(log);
    hooks.observe(move |_: &Session, event: &SessionEvent<'_>| {
        log.add(match event {
            SessionEvent::Packet(packet) => format!("packet {}", packet.kind()),
            SessionEvent::Queued(unit) => format!("queued {}", unit.len()),
            SessionEvent::Flushed(_) => "flushed".to_owned(),
            SessionEvent::Drained => "drained".to_owned(),
            SessionEvent::Heartbeat => "heartbeat".to_owned(),
            SessionEvent::Upgrading => "upgrading".to_owned(),
            SessionEvent::Upgraded => "upgraded".to_owned(),
            SessionEvent::Closed(reason) => format!("seen closed: {reason}"),
            _ => "something new".to_owned(),
        });
    })
}

fn dressed(hooks: Hooks, _: &Arc<Log>) -> Hooks {
    let counter = AtomicU8::new(0);
    let header = http::HeaderName::from_static;
    hooks
        .id_generator(move |_| Sid::from_random([counter.fetch_add(1, Ordering::Relaxed); 15]))
        .initial_headers(move |headers, request| {
            let method = HeaderValue::try_from(request.method.as_str());
            headers.extend(method.map(|method| (header("x-first"), method)));
        })
        .headers(move |headers, request| {
            // What the client brings back, so that a test sees its cookies.
            let cookie = request.headers.get("cookie").cloned();
            headers.extend(cookie.map(|cookie| (header("x-cookie"), cookie)));
            headers.insert("x-every", HeaderValue::from_static("yes"));
        })
}
