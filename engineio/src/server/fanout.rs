//! One unit for many sessions: a pointer each, and one ring for each flusher.

use std::{collections::VecDeque, sync::Arc};

use smallvec::SmallVec;

use super::{
    core::Core,
    outbox::Priority,
    session::{Fanned, SendError, Session},
    shared::Shared,
};
use crate::Unit;

/// A broadcast under way. Push the recipients, then [`finish`](Self::finish).
///
/// Holding it delays the flushers and nothing else; it must not be held across an await.
#[derive(Debug)]
pub struct Fanout {
    unit: Arc<Unit>,
    expected: usize,
    lists: Option<Lists>,
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
        let fanned = session.push_for(&self.unit, priority, lists.tight)?;
        if matches!(fanned, Fanned::Dropped) {
            self.dropped += 1;
            return Ok(false);
        }
        self.delivered += 1;
        if lists.observed {
            lists.core.flusher().note(shared, &self.unit);
        }
        if matches!(fanned, Fanned::Dirty)
            && let Some(dirty) = lists.dirty.get_mut(shared.home())
        {
            if dirty.is_empty() {
                dirty.reserve_exact(lists.each);
            }
            dirty.push(Arc::clone(shared));
        }
        Ok(true)
    }

    /// Rings the flushers; answers how many sessions have the unit in their outbox.
    pub fn finish(mut self) -> usize {
        self.ring();
        self.delivered
    }

    fn ring(&mut self) {
        let Some(lists) = self.lists.take() else {
            return;
        };
        lists
            .core
            .charge(self.delivered.saturating_mul(self.unit.cost()));
        // Whose share it is does not matter: broadcasts of one room come one after the other.
        lists.core.tally().on_dropped(0, self.dropped);
        for (home, dirty) in lists.dirty.into_iter().enumerate() {
            lists.core.flusher().ring(home, VecDeque::from(dirty));
        }
    }
}

impl Drop for Fanout {
    fn drop(&mut self) {
        self.ring();
    }
}

impl Lists {
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
