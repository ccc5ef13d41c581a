//! One message to many: from encoding it to the last byte in the last client's hands.
//!
//! The clients are in memory and take what they get at once, so this measures what the server does and nothing of the kernel. `enqueue`
//! is the part that the sender waits for; `deliver` ends when everybody has the message. `engine` sends one unit to a list of sessions,
//! `room` emits an event to a room of sockets.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use benches::{House, quiet, request, text};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engineio::server::{Application, Client, Engine, Fanout, Request, Session};
use engineio::{CloseReason, Frame, Message, Unit};

/// How many members the rooms have.
const MEMBERS: [usize; 3] = [1, 100, 10_000];

/// The length of a chat message with its names and times.
const LEN: usize = 200;

/// The name of the event that carries it.
const EVENT: &str = "message";

/// Measures `send`, which brings `len` bytes to each client: until it returns, and until everybody has them.
fn measure(house: &House, c: &mut Criterion, name: &str, len: usize, send: impl Fn()) {
    let expected = len * house.size;
    let run = |iterations: u64, part: fn(Duration, Duration) -> Duration| {
        house.runtime.block_on(async {
            let mut sum = Duration::ZERO;
            for _ in 0..iterations {
                let before = house.seen.bytes();
                let start = Instant::now();
                send();
                let queued = start.elapsed();
                house.seen.wait_for(before, expected).await;
                sum += part(queued, start.elapsed());
            }
            sum
        })
    };
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(house.size as u64));
    group.bench_function(BenchmarkId::new("enqueue", house.size), |b| {
        b.iter_custom(|n| run(n, |queued, _| queued));
    });
    group.bench_function(BenchmarkId::new("deliver", house.size), |b| {
        b.iter_custom(|n| run(n, |_, delivered| delivered));
    });
    group.finish();
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
        measure(&house, c, "engine", frame().websocket().len(), || {
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
        let (house, io) = House::of_sockets(size, |socket| {
            socket.join("room").expect("one room is allowed");
        });
        let room = io.of("/").to("room");
        measure(&house, c, "room", frame.websocket().len(), || {
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
