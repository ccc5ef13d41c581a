//! Sockets whose token ends: they are told, and closed.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use socketio::{Namespace, Socket};

use super::sockets;
use crate::failure::Failure;
use crate::time::Timestamp;

/// How exact the end is. Tokens count seconds.
const TICK: Duration = Duration::from_millis(500);

/// The place of a socket in the order of ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Due {
    at: Timestamp,
    serial: u64,
}

/// The sockets that will end by themselves, soonest first.
#[derive(Debug, Default)]
pub(super) struct Expiry {
    /// Only looked up under the lock.
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    sockets: BTreeMap<Due, (Namespace, socketio::SocketId)>,
    serial: u64,
}

impl Expiry {
    /// Starts the task that ends them; it ends with the value.
    pub(super) fn start() -> Arc<Self> {
        let expiry = Arc::new(Self::default());
        tokio::spawn(watch(Arc::downgrade(&expiry)));
        expiry
    }

    /// Ends a socket at a moment.
    pub(super) fn expect(&self, at: Timestamp, socket: &Socket) -> Due {
        let mut waiting = self.waiting.lock();
        waiting.serial += 1;
        let due = Due {
            at,
            serial: waiting.serial,
        };
        waiting
            .sockets
            .insert(due, (socket.namespace().clone(), socket.id()));
        due
    }

    /// The socket has ended before.
    pub(super) fn forget(&self, due: Due) {
        self.waiting.lock().sockets.remove(&due);
    }

    fn expired(&self, now: Timestamp) -> Vec<Socket> {
        let mut waiting = self.waiting.lock();
        let later = waiting.sockets.split_off(&Due {
            at: now,
            serial: u64::MAX,
        });
        let expired = std::mem::replace(&mut waiting.sockets, later);
        drop(waiting);
        expired
            .into_values()
            .filter_map(|(namespace, id)| namespace.socket(id))
            .collect()
    }
}

async fn watch(expiry: Weak<Expiry>) {
    let mut clock = tokio::time::interval(TICK);
    loop {
        clock.tick().await;
        let Some(expiry) = expiry.upgrade() else {
            return;
        };
        for socket in expiry.expired(Timestamp::now()) {
            sockets::end(&socket, &Failure::TokenExpired);
        }
    }
}
