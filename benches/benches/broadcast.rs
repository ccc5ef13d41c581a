//! One message to many: from encoding it to the last byte in the last client's hands.
//!
//! The clients are in memory and take what they get at once, so this measures what the server does and nothing of the kernel. `enqueue`
//! is the part that the sender waits for; `deliver` ends when everybody has the message. `engine` sends one unit to a list of sessions,
//! `room` emits an event to a room of sockets.

use std::{
    convert::Infallible,
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use benches::{CONNECT, Seen, Wire, request, text};
use bytes::Bytes;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engineio::{
    CloseReason, Frame, Message, Unit,
    server::{Application, Body, Client, Config, Engine, Fanout, Request, Session},
};
use hyper::{Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use socketio::{Socket, SocketIo};
use tokio::runtime::Runtime;

/// How many members the rooms have.
const MEMBERS: [usize; 3] = [1, 100, 10_000];

/// The length of a chat message with its names and times.
const LEN: usize = 200;

/// Nothing was on its way if nothing came for so long.
const QUIET: Duration = Duration::from_millis(50);

/// The name of the event that carries it.
const EVENT: &str = "message";

/// Clients whose connections are open and quiet.
struct House {
    runtime: Runtime,
    seen: Arc<Seen>,
    size: usize,
}

impl House {
    fn new(size: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        Self {
            runtime,
            seen: Arc::default(),
            size,
        }
    }

    /// Opens one connection per client, each of which says `says`, and waits until `is_open` and nothing
    /// more arrives.
    fn open<S, F>(&self, says: Vec<u8>, serve: S, is_open: impl Fn() -> bool)
    where
        S: Fn(hyper::Request<Incoming>) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let says = Bytes::from(says);
        for _ in 0..self.size {
            let wire = Wire::new(says.clone(), Arc::clone(&self.seen));
            self.runtime.spawn(connection(wire, serve.clone()));
        }
        let mut before = usize::MAX;
        while !is_open() || self.seen.bytes() != before {
            before = self.seen.bytes();
            std::thread::sleep(QUIET);
        }
    }

    /// Measures `send`, which brings `len` bytes to each client: until it returns, and until everybody has them.
    fn measure(&self, c: &mut Criterion, name: &str, len: usize, send: impl Fn()) {
        let expected = len * self.size;
        let run = |iterations: u64, part: fn(Duration, Duration) -> Duration| {
            self.runtime.block_on(async {
                let mut sum = Duration::ZERO;
                for _ in 0..iterations {
                    let before = self.seen.bytes();
                    let start = Instant::now();
                    send();
                    let queued = start.elapsed();
                    self.seen.wait_for(before, expected).await;
                    sum += part(queued, start.elapsed());
                }
                sum
            })
        };
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Elements(self.size as u64));
        group.bench_function(BenchmarkId::new("enqueue", self.size), |b| {
            b.iter_custom(|n| run(n, |queued, _| queued));
        });
        group.bench_function(BenchmarkId::new("deliver", self.size), |b| {
            b.iter_custom(|n| run(n, |_, delivered| delivered));
        });
        group.finish();
    }
}

async fn connection<S, F>(wire: Wire, serve: S)
where
    S: Fn(hyper::Request<Incoming>) -> F,
    F: Future<Output = Response<Body>>,
{
    let service = service_fn(|request| {
        let response = serve(request);
        async { Ok::<_, Infallible>(response.await) }
    });
    let http = http1::Builder::new().serve_connection(TokioIo::new(wire), service);
    http.with_upgrades()
        .await
        .expect("a client in memory does not fail");
}

/// No ping during the measurement.
fn quiet() -> Config {
    Config {
        ping_interval: Duration::from_secs(3600),
        ..Config::default()
    }
}

/// Keeps the session of everybody who comes.
#[derive(Clone, Default)]
struct Guests(Arc<Mutex<Vec<Session>>>);

struct Guest;

impl Application for Guests {
    type Client = Guest;

    fn open(&self, session: &Session, _: &Arc<Request>) -> Guest {
        self.0.lock().expect("nobody panics").push(session.clone());
        Guest
    }
}

impl Client for Guest {
    fn message(&mut self, _: Message) {}
    fn closed(&mut self, _: CloseReason) {}
}

fn engine(c: &mut Criterion) {
    let message = text(LEN);
    let frame = || Frame::text(LEN, |out| out.extend_from_slice(message.as_bytes()));
    for size in MEMBERS {
        let house = House::new(size);
        let guests = Guests::default();
        let engine = Engine::new(quiet(), guests.clone());
        let serving = engine.clone();
        let serve = move |request| {
            let engine = serving.clone();
            async move { engine.serve(request).await }
        };
        house.open(request("/engine.io/"), serve, || engine.sessions() == size);
        let sessions = std::mem::take(&mut *guests.0.lock().expect("nobody panics"));
        house.measure(c, "engine", frame().websocket().len(), || {
            let mut fanout = Fanout::new(Arc::new(Unit::new(frame())), sessions.len());
            for session in &sessions {
                let _ = fanout.push(session);
            }
            fanout.finish();
        });
    }
}

fn room(c: &mut Criterion) {
    let message = text(LEN);
    let packet = format!(r#"2["{EVENT}","{message}"]"#);
    let frame = Frame::text(packet.len(), |out| out.extend_from_slice(packet.as_bytes()));
    for size in MEMBERS {
        let house = House::new(size);
        let io = SocketIo::builder().engine(quiet()).build();
        let everyone = io.of("/");
        let members = Arc::new(AtomicUsize::new(0));
        let joined = Arc::clone(&members);
        everyone.on_connect(move |socket: Socket| {
            socket.join("room").expect("one room is allowed");
            joined.fetch_add(1, Ordering::SeqCst);
        });
        let serving = io.clone();
        let serve = move |request| {
            let io = serving.clone();
            async move { io.serve(request).await }
        };
        let mut says = request("/socket.io/");
        says.extend(CONNECT);
        house.open(says, serve, || members.load(Ordering::SeqCst) == size);
        let room = everyone.to("room");
        house.measure(c, "room", frame.websocket().len(), || {
            let delivered = room
                .emit(EVENT, message.as_str())
                .expect("text is always JSON");
            assert_eq!(delivered, size);
        });
    }
}

criterion_group! {
    name = broadcast;
    config = benches::criterion();
    targets = engine, room
}
criterion_main!(broadcast);
