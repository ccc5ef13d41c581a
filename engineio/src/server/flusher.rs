//! The flusher: a few tasks that write what the sessions have queued.
//!
//! A broadcast puts the sessions that were clean on a list and rings once. Messages that arrive
//! before the flusher comes by leave in the same write. Each worker has a list of its own and a
//! session has a home, so two workers do not meet at one socket.
//!
//! The list is a list of *rings*: what one broadcast made dirty. Rings of about the same size are
//! visited one after the other, so that every session is visited once before the first is visited
//! again, and by then has all there is for it; rings of another size are visited in between, so that
//! three sessions do not wait for ten thousand.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::{SessionEvent, core::Core, outbox::Batch, shared::Shared};
use crate::Unit;

mod rings;

use rings::{Ring, Rings};

/// Sessions visited of one lane before the next lane has its turn. At about 6 µs per write this
/// is below half a millisecond.
const VISITS_PER_TURN: usize = 64;

/// The lists of all workers.
#[derive(Debug)]
pub(crate) struct Flusher {
    workers: Box<[Arc<Worker>]>,
}

#[derive(Debug, Default)]
struct Worker {
    /// Taken alone.
    rings: Mutex<Rings<Arc<Shared>>>,
    /// What was queued and the observer has not been told; empty where nobody observes. No longer than
    /// the outboxes let it: every flush tells it first. Taken alone.
    news: Mutex<Vec<(Arc<Shared>, Arc<Unit>)>>,
    bell: Notify,
}

impl Drop for Flusher {
    fn drop(&mut self) {
        for worker in &self.workers {
            worker.bell.notify_one();
        }
    }
}

impl Flusher {
    pub(crate) fn new(workers: usize) -> Self {
        Self {
            workers: (0..workers.max(1)).map(|_| Arc::default()).collect(),
        }
    }

    pub(crate) fn workers(&self) -> usize {
        self.workers.len()
    }

    /// Puts sessions on the list of their home worker, and wakes it.
    pub(crate) fn ring(&self, home: usize, dirty: VecDeque<Arc<Shared>>) {
        if dirty.is_empty() {
            return;
        }
        if let Some(worker) = self.workers.get(home) {
            let ring = Ring::begun_now(dirty);
            worker.rings.lock().push(ring);
            worker.bell.notify_one();
        }
    }

    /// Puts one session on its home worker's list.
    pub(crate) fn ring_one(&self, session: Arc<Shared>) {
        self.ring(session.home(), VecDeque::from([session]));
    }

    /// Notes for the observer that a unit was queued.
    pub(crate) fn note(&self, session: &Arc<Shared>, unit: &Arc<Unit>) {
        if let Some(worker) = self.workers.get(session.home()) {
            let news = (Arc::clone(session), Arc::clone(unit));
            worker.news.lock().push(news);
            worker.bell.notify_one();
        }
    }

    /// Tells the observer what was noted for the sessions of this home.
    pub(crate) fn tell(&self, home: usize) {
        if let Some(worker) = self.workers.get(home) {
            worker.tell();
        }
    }

    /// Starts the workers; they end when the core is gone.
    pub(crate) fn spawn(core: &Arc<Core>) {
        for (home, worker) in core.flusher().workers.iter().enumerate() {
            let core = Arc::downgrade(core);
            let worker = Arc::clone(worker);
            tokio::spawn(async move {
                let mut batch = Batch::default();
                loop {
                    let Some(busy) = core
                        .upgrade()
                        .map(|core| worker.turn(&core, home, &mut batch))
                    else {
                        return;
                    };
                    if busy {
                        tokio::task::yield_now().await;
                    } else {
                        worker.bell.notified().await;
                    }
                }
            });
        }
    }
}

impl Worker {
    fn tell(&self) {
        let news = std::mem::take(&mut *self.news.lock());
        for (session, unit) in news {
            session.tell(SessionEvent::Queued(&unit));
        }
    }

    /// Visits some sessions of one ring. `false` when there is nothing to do.
    fn turn(&self, core: &Core, home: usize, batch: &mut Batch) -> bool {
        if core.config().hooks.observer().is_some() {
            self.tell();
        }
        let taken = self.rings.lock().take();
        let Some((lane, mut ring)) = taken else {
            return false;
        };
        // Those with more to write than one visit may go behind everybody else.
        let mut again = Ring::begun_with(&ring);
        for _ in 0..VISITS_PER_TURN {
            let Some(session) = ring.sessions.pop_front() else {
                break;
            };
            if session.visit(core, batch) {
                again.sessions.push_back(session);
            }
        }
        core.tally().on_departed(home, &mut batch.departed);
        if ring.sessions.is_empty() {
            core.tally().on_rung_out(home, ring.since.elapsed());
        }
        let mut rings = self.rings.lock();
        rings.put_back(lane, ring);
        rings.push(again);
        true
    }
}
