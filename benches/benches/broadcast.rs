//! One message to many: from encoding it to the last byte in the last client's hands.
//!
//! The clients are in memory and take what they get at once, so this measures what the server does and nothing of the kernel. `enqueue`
//! is the part that the sender waits for; `deliver` ends when everybody has the message.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use benches::{Seen, Wire, request, text};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engineio::{
    CloseReason, Frame, Message, Unit,
    server::{Application, Client, Config, Engine, Fanout, Request, Session},
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::runtime::Runtime;

/// How many members the rooms have.
const MEMBERS: [usize; 3] = [1, 100, 10_000];

/// The length of a chat message with its names and times.
const LEN: usize = 200;

/// Keeps the session of everybody who comes.
#[derive(Clone, Default)]
struct Room(Arc<Mutex<Vec<Session>>>);

struct Member;

impl Application for Room {
    type Client = Member;

    fn open(&self, session: &Session, _: &Arc<Request>) -> Member {
        if let Ok(mut members) = self.0.lock() {
            members.push(session.clone());
        }
        Member
    }
}

impl Client for Member {
    fn message(&mut self, _: Message) {}
    fn closed(&mut self, _: CloseReason) {}
}

/// A room full of members whose connections are open and quiet.
struct House {
    runtime: Runtime,
    members: Vec<Session>,
    seen: Arc<Seen>,
}

impl House {
    fn new(size: usize) -> Self {
        let runtime = Runtime::new().expect("a runtime starts");
        let seen = Arc::new(Seen::default());
        let room = Room::default();
        let config = Config {
            // No ping during the measurement.
            ping_interval: Duration::from_secs(3600),
            ..Config::default()
        };
        let engine = runtime.block_on(async { Engine::new(config, room.clone()) });
        for _ in 0..size {
            let wire = Wire::new(request("/engine.io/").into(), Arc::clone(&seen));
            runtime.spawn(connection(engine.clone(), wire));
        }
        while engine.sessions() < size || engine.queued() > 0 {
            std::thread::sleep(Duration::from_millis(10));
        }
        let members = room
            .0
            .lock()
            .map(|mut members| std::mem::take(&mut *members));
        Self {
            runtime,
            members: members.unwrap_or_default(),
            seen,
        }
    }

    /// The time until the message is queued for everybody, and the time until everybody has it.
    async fn broadcast(&self, message: &str) -> (Duration, Duration) {
        let before = self.seen.bytes();
        let start = Instant::now();
        let frame = Frame::text(message.len(), |out| {
            out.extend_from_slice(message.as_bytes())
        });
        let expected = frame.websocket().len() * self.members.len();
        let mut fanout = Fanout::new(Arc::new(Unit::new(frame)), self.members.len());
        for member in &self.members {
            fanout.push(member);
        }
        fanout.finish();
        let queued = start.elapsed();
        self.seen.wait_for(before, expected).await;
        (queued, start.elapsed())
    }
}

async fn connection(engine: Engine<Room>, wire: Wire) {
    let service = service_fn(|request| {
        let engine = engine.clone();
        async move { Ok::<_, Infallible>(engine.serve(request).await) }
    });
    let served = http1::Builder::new()
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades()
        .await;
    served.expect("a client in memory does not fail");
}

fn broadcast(c: &mut Criterion) {
    let message = text(LEN);
    let mut group = c.benchmark_group("broadcast");
    for size in MEMBERS {
        let house = House::new(size);
        group.throughput(Throughput::Elements(size as u64));
        let measure = |iterations: u64, part: fn((Duration, Duration)) -> Duration| {
            house.runtime.block_on(async {
                let mut sum = Duration::ZERO;
                for _ in 0..iterations {
                    sum += part(house.broadcast(&message).await);
                }
                sum
            })
        };
        group.bench_function(BenchmarkId::new("enqueue", size), |b| {
            b.iter_custom(|n| measure(n, |(queued, _)| queued))
        });
        group.bench_function(BenchmarkId::new("deliver", size), |b| {
            b.iter_custom(|n| measure(n, |(_, delivered)| delivered))
        });
    }
    group.finish();
}

criterion_group! {
    name = fanout;
    config = benches::criterion();
    targets = broadcast
}
criterion_main!(fanout);
