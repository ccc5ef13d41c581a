//! What a test wants to know about the whole server, and handlers that misbehave on request.
//! The reference has none of these: no test that compares the two servers uses them.

use serde_json::{Value, json};
use socketio::{Args, Data, Namespace, SocketIo};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// How many numbered events a slow handler has seen, and whether each came in its turn.
#[derive(Debug, Default)]
struct Seen {
    count: AtomicU64,
    disorder: Mutex<Option<u64>>,
}

impl Seen {
    fn take(&self, index: u64) {
        if self.count.fetch_add(1, Ordering::Relaxed) != index {
            let mut disorder = self.disorder.lock().expect("nothing panics under it");
            disorder.get_or_insert(index);
        }
    }

    fn report(&self) -> Value {
        let disorder = *self.disorder.lock().expect("nothing panics under it");
        json!([self.count.load(Ordering::Relaxed), disorder])
    }
}

/// Adds the events to a namespace.
pub(crate) fn install(io: &SocketIo, namespace: &Namespace) {
    gauges(io, namespace);
    slow_handler(namespace);
    let io = io.clone();
    namespace.on("shutdown", move || {
        let io = io.clone();
        tokio::spawn(async move {
            io.shutdown().await;
            std::process::exit(0);
        });
    });
}

fn gauges(io: &SocketIo, namespace: &Namespace) {
    let io = io.clone();
    namespace.on("gauges", move || {
        let tasks = tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks();
        let namespaces = io.namespaces_in_use();
        let rooms = namespaces.iter().map(|one| one.rooms_in_use().len());
        json!({
            "sessions": io.sessions(),
            "namespaces": namespaces.len(),
            "sockets": namespaces.iter().map(Namespace::len).sum::<usize>(),
            "rooms": rooms.sum::<usize>(),
            "queued": io.queued(),
            "tasks": tasks,
        })
    });
    namespace.on("heap", |_: Args| (crate::HEAP.allocated(),));
}

/// `hold` takes until somebody emits `let-go`, then no time; `held` tells how many it took.
fn slow_handler(namespace: &Namespace) {
    let (open, gate) = watch::channel(false);
    let seen = Arc::<Seen>::default();
    let taken = Arc::clone(&seen);
    namespace.on("hold", move |Data(index): Data<u64>| {
        let (mut gate, taken) = (gate.clone(), Arc::clone(&taken));
        async move {
            // the gate lives as long as the handlers
            let _ = gate.wait_for(|open| *open).await;
            taken.take(index);
        }
    });
    namespace.on("let-go", move || {
        let _ = open.send(true);
    });
    let taken = Arc::clone(&seen);
    namespace.on("take", move |Data(index): Data<u64>| taken.take(index));
    namespace.on("held", move |_: Args| (seen.report(),));
}
