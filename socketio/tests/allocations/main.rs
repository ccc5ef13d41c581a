//! What a broadcast allocates, and what its recipients share: the same for two of them as for thousands.
//!
//! Most clients are streams in memory, so that what is counted is ours, up to the call that would be the kernel's. TCP has a way of
//! its own, and clients of its own.

mod tcp;
mod wire;

use std::sync::Arc;

use socketio::server::Emitter;
use socketio::{Config, Socket, SocketIo};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use tcp::Clients;
use wire::{Seen, Wire};

/// How many sockets are in the rooms that are compared.
const SIZES: [usize; 3] = [2, 200, 2000];

/// Of the emitting alone, with one flusher: the frame, the unit that shares it, the audience, and the list of sessions
/// to be written to.
const EMITTING: u64 = 4;

/// Tokio's own, each time that it is entered: where it keeps the tasks that yield.
const ENTERING: u64 = 1;

/// What is said.
const ARGS: (&str, u8, [bool; 2]) = ("hello", 1, [true, false]);

/// The same on the wire, behind the header of the frame.
const PACKET: &str = r#"42["message","hello",1,[true,false]]"#;

/// Rooms over TCP: two files for each client.
const TCP_SIZES: [usize; 3] = [2, 20, 200];

/// A room of sockets on one thread.
struct House {
    runtime: Runtime,
    room: Emitter,
    seen: Arc<Seen>,
    size: usize,
}

impl House {
    fn new(size: usize, flushers: usize) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let mut config = Config::default();
        config.engine.flushers = flushers;
        let io = SocketIo::new(config);
        let nsp = io.of("/");
        nsp.on_connect(|socket: Socket| socket.join("room").is_ok());
        let seen = Arc::<Seen>::default();
        for _ in 0..size {
            runtime.spawn(wire::serve(io.clone(), Wire::new(Arc::clone(&seen))));
        }
        // Answers to the upgrade, OPEN and CONNECT; what is written together comes together.
        runtime.block_on(async {
            while nsp.len() < size || !seen.is_quiet() {
                tokio::task::yield_now().await;
            }
        });
        let room = nsp.to("room");
        Self {
            runtime,
            room,
            seen,
            size,
        }
    }

    /// Emits and waits until everyone has it.
    fn broadcast(&self) {
        self.runtime.block_on(async {
            self.seen.clear();
            let delivered = self.room.emit("message", ARGS).expect("encodes");
            assert_eq!(delivered, self.size);
            while self.seen.writes() < self.size {
                tokio::task::yield_now().await;
            }
        });
    }
}

/// How often emitting alone allocates when everybody is idle. The broadcasts before it fill buffers that are kept.
fn emitting(size: usize, flushers: usize) -> u64 {
    let house = House::new(size, flushers);
    house.broadcast();
    house.broadcast();
    let _guard = house.runtime.enter();
    let emit = || house.room.emit("message", ARGS).map(drop);
    allocation_counter::measure(|| emit().expect("encodes")).count_total
}

#[test]
fn emitting_allocates_four_times_for_any_number_of_recipients() {
    let counts = SIZES.map(|size| emitting(size, 1));
    println!("allocations of emitting to {SIZES:?}: {counts:?}");
    assert_eq!(counts, [EMITTING; 3]);
}

#[test]
fn each_further_flusher_costs_one_list() {
    for flushers in 1..=4 {
        let expected = EMITTING + flushers as u64 - 1;
        assert_eq!(emitting(200, flushers), expected, "{flushers}");
    }
}

#[test]
fn from_there_to_the_last_write_nothing_is_allocated() {
    let counts = SIZES.map(|size| {
        let house = House::new(size, 1);
        house.broadcast();
        house.broadcast();
        allocation_counter::measure(|| house.broadcast()).count_total
    });
    println!("allocations from idle to the last write, {SIZES:?}: {counts:?}");
    assert_eq!(counts, [EMITTING + ENTERING; 3]);
}

#[test]
fn all_recipients_write_from_the_same_memory() {
    let house = House::new(200, 2);
    house.broadcast();
    let places = house.seen.places();
    assert_eq!(places.len(), house.size);
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    let (_, len) = places[0];
    assert_eq!(
        len,
        2 + PACKET.len(),
        "a header of two bytes and the packet"
    );
}

#[test]
fn over_tcp_nothing_is_allocated_for_a_recipient_either() {
    let counts = TCP_SIZES.map(|size| {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let io = SocketIo::new(one_flusher());
        io.of("/")
            .on_connect(|socket: Socket| socket.join("room").is_ok());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let mut clients = Clients::default();
        let room = io.of("/").to("room");
        runtime.block_on(async {
            for _ in 0..size {
                clients.connect(address);
                let (stream, _) = listener.accept().await.expect("a client");
                tokio::spawn(wire::serve(io.clone(), stream));
            }
            while io.of("/").len() < size {
                tokio::task::yield_now().await;
            }
        });
        let mut broadcast = || {
            runtime.block_on(async {
                assert_eq!(room.emit("message", ARGS).expect("encodes"), size);
                clients.hear(PACKET.as_bytes()).await;
            });
        };
        broadcast();
        broadcast();
        allocation_counter::measure(broadcast).count_total
    });
    println!("allocations up to the last reader, {TCP_SIZES:?}: {counts:?}");
    assert_eq!(counts, [EMITTING + ENTERING; 3]);
}

fn one_flusher() -> Config {
    let mut config = Config::default();
    config.engine.flushers = 1;
    config
}
