//! The send path under a model checker, which runs every interleaving of its locks.
//!
//! Whoever is told to ring makes the visit itself, so these models have as many flushers as
//! threads. `RUSTFLAGS="--cfg roomcast_model" cargo test -p engineio --release --lib model`

use std::{
    io::{self, IoSlice},
    sync::Arc,
    task::{Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use loom::thread;

use super::{
    Overflow,
    lane::Signal,
    outbox::{Batch, Limits, Outbox, Payload, Priority, Push, Settled},
    sync::Mutex,
    writer::{self, Write},
};
use crate::{Frame, Unit};

const LIMITS: Limits = Limits {
    normal: 10_000,
    reserve: 1_000,
    overflow: Overflow::Cut,
};
const CLOSE: &[u8] = &[0x88, 0x00];

/// A socket that takes `room` bytes, then blocks once.
#[derive(Debug)]
struct Pipe(Mutex<PipeState>);

#[derive(Debug)]
struct PipeState {
    written: Vec<u8>,
    room: usize,
    blocked: bool,
}

impl Pipe {
    fn new(room: usize) -> Arc<Self> {
        let state = PipeState {
            written: Vec::new(),
            room,
            blocked: false,
        };
        Arc::new(Self(Mutex::new(state)))
    }

    fn written(&self) -> Vec<u8> {
        self.0.lock().written.clone()
    }

    /// The peer reads: there is room for everything. Answers whether a writer waits for it.
    fn open(&self) -> bool {
        let mut state = self.0.lock();
        state.room = usize::MAX;
        std::mem::take(&mut state.blocked)
    }
}

impl Write for Pipe {
    fn poll_write(&self, slices: &[IoSlice<'_>], _: &dyn Fn() -> Waker) -> Poll<io::Result<usize>> {
        let mut state = self.0.lock();
        let all: Vec<u8> = slices.iter().flat_map(|slice| slice.to_vec()).collect();
        if state.room == 0 {
            state.blocked = true;
            return Poll::Pending;
        }
        let taken = all.len().min(state.room);
        state.room -= taken;
        state.written.extend_from_slice(&all[..taken]);
        Poll::Ready(Ok(taken))
    }
}

type Shared = Arc<Mutex<Outbox<Pipe>>>;

fn unit(text: &str) -> Arc<Unit> {
    Arc::new(Unit::new(Frame::text(text.len(), |out| {
        out.extend_from_slice(text.as_bytes())
    })))
}

fn frame(text: &str) -> Vec<u8> {
    unit(text)
        .frames()
        .flat_map(|frame| frame.websocket().to_vec())
        .collect()
}

/// Visits as a flusher does, until the claim is given back.
fn visit(outbox: &Shared) {
    let mut batch = Batch::default();
    while let Some(visit) = writer::visit(outbox, &mut batch, Duration::ZERO, &|| {
        Waker::noop().clone()
    }) {
        if visit.settled != Settled::Again {
            return;
        }
    }
}

fn push(outbox: &Shared, text: &str) -> bool {
    let push = outbox.lock().push(&unit(text), Priority::Normal, false);
    match push {
        Push::Ring => {
            visit(outbox);
            true
        }
        Push::Queued | Push::Wake(_) => true,
        Push::Closed => false,
        Push::Dropped | Push::Full | Push::Overflow { .. } => panic!("neither volatile nor full"),
    }
}

/// The readiness event of a blocked socket.
fn readable(outbox: &Shared, pipe: &Pipe) {
    if pipe.open() && outbox.lock().unblock() {
        visit(outbox);
    }
}

#[test]
fn concurrent_pushes_leave_once_and_in_order_through_a_socket_that_blocks() {
    loom::model(|| {
        let pipe = Pipe::new(5);
        let outbox = Arc::new(Mutex::new(Outbox::websocket(LIMITS, Arc::clone(&pipe))));
        let (a, b, c) = (outbox.clone(), outbox.clone(), outbox.clone());
        let kernel = Arc::clone(&pipe);
        let one = thread::spawn(move || {
            push(&a, "a1");
            push(&a, "a2");
        });
        let two = thread::spawn(move || readable(&c, &kernel));
        push(&b, "b1");
        one.join().unwrap();
        two.join().unwrap();
        // A block that came after the readiness event gets its own.
        readable(&outbox, &pipe);
        let orders = [["a1", "a2", "b1"], ["a1", "b1", "a2"], ["b1", "a1", "a2"]];
        let written = pipe.written();
        assert!(
            orders
                .iter()
                .any(|order| order.map(frame).concat() == written),
            "{written:?}"
        );
        assert_eq!(outbox.lock().buffered(), 0);
    });
}

#[test]
fn the_switch_loses_and_doubles_nothing() {
    loom::model(|| {
        let pipe = Pipe::new(usize::MAX);
        let outbox: Shared = Arc::new(Mutex::new(Outbox::polling(LIMITS)));
        let (a, b) = (outbox.clone(), outbox.clone());
        let wire = Arc::clone(&pipe);
        let emitter = thread::spawn(move || {
            push(&a, "m1");
            push(&a, "m2");
        });
        let probe = thread::spawn(move || {
            let (_, ring) = b.lock().switch(wire).expect("an open session");
            if ring {
                visit(&b);
            }
        });
        let polled = match outbox.lock().poll_payload(Waker::noop()) {
            Payload::Ready { body, .. } => body,
            Payload::Pending => Vec::new(),
        };
        emitter.join().unwrap();
        probe.join().unwrap();
        let written = pipe.written();
        let both: Vec<u8> = [frame("m1"), frame("m2")].concat();
        match polled.as_slice() {
            // A poll that comes after the switch is told so.
            b"" | b"1" => assert_eq!(written, both),
            b"4m1" => assert_eq!(written, frame("m2")),
            b"4m1\x1e4m2" => assert!(written.is_empty()),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn what_was_accepted_before_an_orderly_close_leaves_before_the_close_frame() {
    loom::model(|| {
        let pipe = Pipe::new(3);
        let outbox = Arc::new(Mutex::new(Outbox::websocket(LIMITS, Arc::clone(&pipe))));
        let (a, b) = (outbox.clone(), outbox.clone());
        let emitter = thread::spawn(move || (push(&a, "m1"), push(&a, "m2")));
        let closer = thread::spawn(move || {
            let push = b.lock().drain(Signal::Close(Bytes::from_static(CLOSE)));
            if matches!(push, Push::Ring) {
                visit(&b);
            }
        });
        let accepted = emitter.join().unwrap();
        closer.join().unwrap();
        readable(&outbox, &pipe);
        let expected = match accepted {
            (true, true) => [frame("m1"), frame("m2"), CLOSE.to_vec()].concat(),
            (true, false) => [frame("m1"), CLOSE.to_vec()].concat(),
            (false, _) => CLOSE.to_vec(),
        };
        assert_eq!(pipe.written(), expected);
        assert!(outbox.lock().is_sealed());
    });
}

#[test]
fn an_abort_during_a_write_frees_everything_and_ends_the_stream_between_writes() {
    loom::model(|| {
        let pipe = Pipe::new(usize::MAX);
        let outbox = Arc::new(Mutex::new(Outbox::websocket(LIMITS, Arc::clone(&pipe))));
        let (a, b) = (outbox.clone(), outbox.clone());
        let emitter = thread::spawn(move || {
            push(&a, "m1");
            push(&a, "m2");
        });
        let killer = thread::spawn(move || b.lock().abort());
        emitter.join().unwrap();
        killer.join().unwrap();
        let both = [frame("m1"), frame("m2")].concat();
        assert!(both.starts_with(&pipe.written()));
        assert_eq!(outbox.lock().buffered(), 0);
        assert!(matches!(
            outbox.lock().push(&unit("late"), Priority::Normal, false),
            Push::Closed
        ));
    });
}
