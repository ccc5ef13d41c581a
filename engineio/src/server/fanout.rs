//! One unit for many sessions: a pointer each, and one ring for each flusher.

use std::{collections::VecDeque, sync::Arc};

use smallvec::SmallVec;

use super::{
    core::Core,
    outbox::{Priority, Push},
    session::{SendError, Session},
    shared::Shared,
};
use crate::Unit;

/// A broadcast under way. Push the recipients, then [`finish`](Self::finish).
///
/// Pushing wakes nobody, ends no session and runs nothing of the application's, so that it may be done
/// under a lock; all that is due happens in `finish`. Until then the flushers wait: not to be held across
/// an await.
#[derive(Debug)]
pub struct Fanout {
    unit: Arc<Unit>,
    expected: usize,
    lists: Option<Lists>,
    /// Polls to wake and sessions to cut.
    owed: Vec<(Arc<Shared>, Push)>,
    delivered: usize,
    dropped: u64,
}

/// What the first recipient tells: the engine, and with it how many flushers there are.
#[derive(Debug)]
struct Lists {
    core: Arc<Core>,
    tight: bool,
    observed: bool,
    /// Room for this many is made in a list when its first session comes.
    each: usize,
    dirty: SmallVec<[Vec<Arc<Shared>>; INLINE]>,
}

/// Flushers whose lists need no allocation beside their own.
const INLINE: usize = 4;

impl Fanout {
    /// A broadcast of `unit` to about `expected` recipients of one engine.
    pub fn new(unit: Arc<Unit>, expected: usize) -> Self {
        Self {
            unit,
            expected,
            lists: None,
            owed: Vec::new(),
            delivered: 0,
            dropped: 0,
        }
    }

    /// Queues the unit for one more session.
    ///
    /// # Errors
    /// The session is closed, or is cut because its outbox is full. The others are not concerned.
    pub fn push(&mut self, session: &Session) -> Result<(), SendError> {
        self.queue(session, Priority::Normal).map(drop)
    }

    /// Queues the unit if it can leave at once; answers whether it did.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn push_volatile(&mut self, session: &Session) -> Result<bool, SendError> {
        self.queue(session, Priority::Volatile)
    }

    fn queue(&mut self, session: &Session, priority: Priority) -> Result<bool, SendError> {
        let shared = session.shared();
        let lists = self
            .lists
            .get_or_insert_with(|| Lists::new(shared.core(), self.expected));
        let push = shared
            .outbox()
            .lock()
            .push(&self.unit, priority, lists.tight);
        match push {
            Push::Ring => lists.add(shared),
            Push::Queued => {}
            Push::Wake(_) => self.owed.push((Arc::clone(shared), push)),
            Push::Dropped => {
                self.dropped += 1;
                return Ok(false);
            }
            Push::Overflow { .. } => {
                self.owed.push((Arc::clone(shared), push));
                return Err(SendError::SlowConsumer);
            }
            Push::Full => return Err(SendError::Full),
            Push::Closed => return Err(SendError::Closed),
        }
        self.delivered += 1;
        if lists.observed {
            lists.core.flusher().note(shared, &self.unit);
        }
        Ok(true)
    }

    /// Rings the flushers, wakes polls and cuts who had no room; answers how many sessions have the unit in
    /// their outbox.
    pub fn finish(mut self) -> usize {
        self.settle();
        self.delivered
    }

    fn settle(&mut self) {
        let Some(lists) = self.lists.take() else {
            return;
        };
        lists
            .core
            .charge(self.delivered.saturating_mul(self.unit.cost()));
        // Whose share it is does not matter: one addition for all recipients.
        lists.core.tally().on_dropped(0, self.dropped);
        for (home, dirty) in lists.dirty.into_iter().enumerate() {
            lists.core.flusher().ring(home, VecDeque::from(dirty));
        }
        for (shared, push) in self.owed.drain(..) {
            // Whoever pushed has been told already.
            let _ = shared.after(push);
        }
    }
}

impl Drop for Fanout {
    fn drop(&mut self) {
        self.settle();
    }
}

impl Lists {
    /// Puts a session on the list of its flusher.
    fn add(&mut self, shared: &Arc<Shared>) {
        let Some(dirty) = self.dirty.get_mut(shared.home()) else {
            return;
        };
        if dirty.is_empty() {
            dirty.reserve_exact(self.each);
        }
        dirty.push(Arc::clone(shared));
    }

    fn new(core: &Arc<Core>, expected: usize) -> Self {
        let workers = core.flusher().workers();
        // Homes are spread at random: half as many again as the mean leaves room for chance.
        let each = if workers == 1 {
            expected
        } else {
            expected / workers * 3 / 2 + 16
        };
        Self {
            core: Arc::clone(core),
            tight: core.is_tight(),
            observed: core.config().hooks.observer().is_some(),
            each,
            dirty: (0..workers).map(|_| Vec::new()).collect(),
        }
    }
}
