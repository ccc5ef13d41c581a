//! What all sessions of one engine share.

use std::{
    sync::{
        Arc, Once,
        atomic::{AtomicBool, AtomicIsize, Ordering},
    },
    time::Duration,
};

use dashmap::DashMap;
use tokio::{sync::Notify, time::Instant};

use super::{Config, Session, flusher::Flusher, outbox::Limits};
use crate::Sid;

/// Configuration, clock, the table of sessions, the flusher and the budget of all outboxes.
#[derive(Debug)]
pub(crate) struct Core {
    config: Config,
    epoch: Instant,
    sessions: DashMap<Sid, Session>,
    flusher: Flusher,
    started: Once,
    /// Bytes charged to all outboxes. Signed: a flusher may refund what a broadcast is about to
    /// charge.
    queued: AtomicIsize,
    stopping: AtomicBool,
    /// Rung when the last session has gone.
    empty: Notify,
}

impl Core {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            epoch: Instant::now(),
            sessions: DashMap::new(),
            flusher: Flusher::new(config.flushers),
            started: Once::new(),
            queued: AtomicIsize::new(0),
            stopping: AtomicBool::new(false),
            empty: Notify::new(),
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

    pub(crate) fn flusher(&self) -> &Flusher {
        &self.flusher
    }

    /// Time since the engine was made: the clock of all sessions.
    pub(crate) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    pub(crate) fn instant(&self, at: Duration) -> Instant {
        self.epoch + at
    }

    pub(crate) fn limits(&self) -> Limits {
        Limits {
            normal: self.config.outbox_limit,
            reserve: self.config.outbox_reserve,
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

    /// `None` once the engine is stopping.
    pub(crate) fn insert(&self, session: &Session) -> Option<()> {
        self.sessions.insert(*session.id(), session.clone());
        // Checked after the insertion: whoever stops the engine sees this session, or we see that
        // it is stopping.
        if self.stopping.load(Ordering::SeqCst) {
            self.remove(session.id());
            return None;
        }
        Some(())
    }

    pub(crate) fn find(&self, sid: &Sid) -> Option<Session> {
        self.sessions.get(sid).map(|session| session.clone())
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

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Refuses new sessions from here; answers those there are.
    pub(crate) fn stop(&self) -> Vec<Session> {
        self.stopping.store(true, Ordering::SeqCst);
        self.sessions
            .iter()
            .map(|session| session.clone())
            .collect()
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
