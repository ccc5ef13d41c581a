//! Joining and leaving: what one of many pays.
//!
//! All sockets of the namespace join one room and leave it again, in another order. The time of each must not grow with the
//! number of those who are there.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use benches::House;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use socketio::Socket;

/// How many members the room has in the end.
const MEMBERS: [usize; 3] = [1, 100, 10_000];

/// The step between two who leave one after the other; no factor in common with the sizes.
const STRIDE: usize = 7919;

/// Joins in order, leaves in another: how long each took.
fn round(sockets: &[Socket]) -> (Duration, Duration) {
    let start = Instant::now();
    for socket in sockets {
        socket.join("room").expect("one room is allowed");
    }
    let joined = start.elapsed();
    let start = Instant::now();
    for i in 0..sockets.len() {
        sockets[i * STRIDE % sockets.len()].leave("room");
    }
    (joined, start.elapsed())
}

fn rooms(c: &mut Criterion) {
    for size in MEMBERS {
        let came = Arc::<Mutex<Vec<Socket>>>::default();
        let list = Arc::clone(&came);
        let (_house, io) = House::of_sockets(size, move |socket| {
            list.lock().expect("nobody panics").push(socket);
        });
        let sockets = std::mem::take(&mut *came.lock().expect("nobody panics"));
        let mut group = c.benchmark_group("rooms");
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(BenchmarkId::new("join", size), |b| {
            b.iter_custom(|n| (0..n).map(|_| round(&sockets).0).sum());
        });
        group.bench_function(BenchmarkId::new("leave", size), |b| {
            b.iter_custom(|n| (0..n).map(|_| round(&sockets).1).sum());
        });
        group.finish();
        assert_eq!(io.of("/").to("room").emit("anybody?", ()), Ok(0));
    }
}

criterion_group! {
    name = rooms_of_all_sizes;
    config = benches::criterion();
    targets = rooms
}
criterion_main!(rooms_of_all_sizes);
