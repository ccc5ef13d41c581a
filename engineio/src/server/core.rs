//! What all sessions of one engine share.

use std::{
    sync::{
        Arc, Once,
        atomic::{AtomicBool, AtomicIsize, AtomicU64, Ordering},
    },
    time::Duration,
};

use dashmap::{DashMap, Entry};
use parking_lot::RwLock;
use tokio::{sync::Notify, time::Instant};

use super::{
    BadRequest, Config, Cors, HttpError, Objection, Session,
    admission::{Gate, Place},
    flusher::Flusher,
    outbox::Limits,
    stats::ByTransport,
    tally::Tally,
};
use crate::{Sid, Transport};

/// Later than any server stops: about 30 years.
const FAR_AWAY: Duration = Duration::from_hours(24 * 365 * 30);

/// Configuration, clock, the table of sessions, the flusher and the budget of all outboxes.
#[derive(Debug)]
pub(crate) struct Core {
    config: Config,
    /// What holds now; the configuration has what held at first. Locked for as long as a pointer is copied.
    cors: RwLock<Arc<Cors>>,
    epoch: Instant,
    sessions: DashMap<Sid, Resident>,
    gate: Arc<Gate>,
    flusher: Flusher,
    started: Once,
    /// Bytes charged to all outboxes. Signed: a flusher may refund what a broadcast is about to
    /// charge.
    queued: AtomicIsize,
    stopping: AtomicBool,
    /// Rung when the last session has gone.
    empty: Notify,
    tally: Tally,
    /// The number of the next session.
    next_number: AtomicU64,
}

/// A session in the table.
#[derive(Debug)]
struct Resident {
    session: Session,
    /// Free again when the session leaves the table.
    _place: Place,
}

impl Core {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            cors: RwLock::new(Arc::new(config.cors.clone())),
            epoch: Instant::now(),
            sessions: DashMap::new(),
            gate: Arc::new(Gate::new(config.admission.clone())),
            flusher: Flusher::new(config.flushers),
            started: Once::new(),
            queued: AtomicIsize::new(0),
            stopping: AtomicBool::new(false),
            empty: Notify::new(),
            tally: Tally::new(config.flushers),
            next_number: AtomicU64::new(1),
            config,
        }
    }

    /// Starts the flusher, the first time. Needs a runtime, which [`new`](Self::new) does not.
    pub(crate) fn start(self: &Arc<Self>) {
        self.started.call_once(|| Flusher::spawn(self));
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn cors(&self) -> Arc<Cors> {
        Arc::clone(&self.cors.read())
    }

    pub(crate) fn set_cors(&self, cors: Cors) {
        *self.cors.write() = Arc::new(cors);
    }

    pub(crate) fn gate(&self) -> &Arc<Gate> {
        &self.gate
    }

    pub(crate) fn flusher(&self) -> &Flusher {
        &self.flusher
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// A number for one session, which nobody else has.
    pub(crate) fn number(&self) -> u64 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// Time since the engine was made: the clock of all sessions.
    pub(crate) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// That moment on tokio's clock; what is beyond it is far away.
    pub(crate) fn instant(&self, at: Duration) -> Instant {
        let far = || self.epoch + FAR_AWAY;
        self.epoch.checked_add(at).unwrap_or_else(far)
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits {
            normal: self.config.outbox_limit,
            reserve: self.config.outbox_reserve,
            overflow: self.config.outbox_overflow,
        }
    }

    pub(crate) fn charge(&self, bytes: usize) {
        self.queued
            .fetch_add(bytes.cast_signed(), Ordering::Relaxed);
    }

    pub(crate) fn refund(&self, bytes: usize) {
        if bytes > 0 {
            self.queued
                .fetch_sub(bytes.cast_signed(), Ordering::Relaxed);
        }
    }

    pub(crate) fn queued(&self) -> usize {
        usize::try_from(self.queued.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// Whether all outboxes together are over their budget.
    pub(crate) fn is_tight(&self) -> bool {
        self.queued() > self.config.outbox_total
    }

    pub(crate) fn insert(&self, session: &Session, place: Place) -> Result<(), HttpError> {
        match self.sessions.entry(*session.id()) {
            Entry::Occupied(_) => return Err(HttpError::BadRequest(BadRequest::IdGeneration)),
            Entry::Vacant(entry) => {
                let session = session.clone();
                drop(entry.insert(Resident {
                    session,
                    _place: place,
                }));
            }
        }
        // Checked after the insertion: whoever stops the engine sees this session, or we see that
        // it is stopping.
        if self.is_stopping() {
            self.remove(session.id());
            return Err(HttpError::forbidden(Objection::Stopping));
        }
        Ok(())
    }

    pub(crate) fn find(&self, sid: &Sid) -> Option<Session> {
        self.sessions.get(sid).map(|entry| entry.session.clone())
    }

    pub(crate) fn remove(&self, sid: &Sid) {
        self.sessions.remove(sid);
        if self.is_stopping() && self.sessions.is_empty() {
            self.empty.notify_waiters();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.sessions.len()
    }

    /// How many sessions are on each transport, counted now.
    pub(crate) fn residents(&self) -> ByTransport {
        // Nothing is awaited, and no other lock is held, while a session says where it is.
        let mut all = ByTransport::default();
        for entry in &self.sessions {
            match entry.session.transport() {
                Transport::Polling => all.polling += 1,
                Transport::WebSocket => all.websocket += 1,
            }
        }
        all
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Refuses new sessions from here; answers those there are.
    pub(crate) fn stop(&self) -> Vec<Session> {
        self.stopping.store(true, Ordering::SeqCst);
        self.sessions
            .iter()
            .map(|entry| entry.session.clone())
            .collect()
    }

    /// Takes new sessions again.
    pub(crate) fn resume(&self) {
        self.stopping.store(false, Ordering::SeqCst);
    }

    /// Waits until the last session has gone.
    pub(crate) async fn drained(&self) {
        loop {
            let empty = self.empty.notified();
            if self.sessions.is_empty() {
                return;
            }
            empty.await;
        }
    }
}
