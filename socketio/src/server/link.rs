//! What any thread may do to a client that only its session's task may touch.

use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;

use parking_lot::Mutex;

use super::socket::Socket;
use crate::{Kind, Packet};

/// The connection between a client and its sockets.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// The sockets that were let in and have not left; taken alone.
    sockets: Mutex<Vec<Socket>>,
    /// One of them was disconnected by the server and the client has not noticed yet.
    kicked: AtomicBool,
    /// The client is not read, because an inbox is full.
    paused: AtomicBool,
    /// Wakes the session's task; taken alone.
    waker: Mutex<Option<Waker>>,
}

impl Link {
    pub(crate) fn add(&self, socket: &Socket) {
        self.sockets.lock().push(socket.clone());
    }

    pub(crate) fn remove(&self, socket: &Socket) {
        let mut sockets = self.sockets.lock();
        let position = sockets.iter().position(|other| other.is(socket));
        let removed = position.map(|position| sockets.swap_remove(position));
        drop(sockets);
        drop(removed);
    }

    pub(crate) fn sockets(&self) -> Vec<Socket> {
        self.sockets.lock().clone()
    }

    pub(crate) fn set_waker(&self, waker: &Waker) {
        *self.waker.lock() = Some(waker.clone());
    }

    /// Ends a socket on the server's side: out of its rooms, DISCONNECT into the outbox, no more
    /// answers. Its disconnect handlers are run by the client.
    pub(crate) fn kick(&self, socket: &Socket) {
        if !socket.end() {
            return;
        }
        socket.namespace().rooms().expel(socket);
        socket.send_packet(&Packet {
            namespace: socket.namespace().wire_name(),
            ..Packet::new(Kind::Disconnect)
        });
        socket.fail_waits();
        self.kicked.store(true, Ordering::Release);
        self.wake();
    }

    fn wake(&self) {
        let waker = self.waker.lock().clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether that is new. Only the session's task says so.
    pub(crate) fn set_paused(&self, paused: bool) -> bool {
        // A load first: it is said after every message.
        let changes = self.paused.load(Ordering::Relaxed) != paused;
        if changes {
            self.paused.store(paused, Ordering::Release);
        }
        changes
    }

    /// An answer of the client is awaited: it may be behind what was not read.
    pub(crate) fn go_on_reading(&self) {
        if self.paused.load(Ordering::Acquire) {
            self.wake();
        }
    }

    /// Whether sockets were kicked that the client has not noticed.
    pub(crate) fn is_kicked(&self) -> bool {
        self.kicked.load(Ordering::Acquire)
    }

    /// The same, and the client notices now.
    pub(crate) fn take_kicked(&self) -> bool {
        // A load first: it is asked for every message, and nearly always false.
        self.is_kicked() && self.kicked.swap(false, Ordering::AcqRel)
    }
}
