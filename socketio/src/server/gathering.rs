//! The answers to a broadcast: one ack id for all recipients, one place where they come together.
//!
//! Nothing is kept per recipient but its id in a set, and nothing in its socket. An answer finds its
//! gathering by the ack id in a table of the namespace, which only has an entry while somebody waits.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use engineio::server::SendError;
use parking_lot::{Mutex, RwLock};
use rustc_hash::{FxHashMap, FxHashSet};

use super::error::{AckError, EmitError};
use super::names::SocketId;
use crate::Args;

/// What one recipient answered, or why it did not.
pub(crate) type Settled = (SocketId, Result<Args, AckError>);

/// The answers to one broadcast while somebody waits for them.
#[derive(Default)]
pub struct Gathering(Mutex<State>);

#[derive(Default)]
struct State {
    recipients: usize,
    /// Who has not answered; none as long as it is not known who the recipients are.
    owing: Option<FxHashSet<SocketId>>,
    /// What came before that was known; of each socket the first, so it is bounded by their number.
    early: FxHashMap<SocketId, Result<Args, AckError>>,
    ready: VecDeque<Settled>,
    waker: Option<Waker>,
}

impl State {
    fn settle(&mut self, id: SocketId, result: Result<Args, AckError>) {
        match &mut self.owing {
            None => _ = self.early.entry(id).or_insert(result),
            // Late, doubled or never asked for is ignored, as in the reference (protocol B.6).
            Some(owing) => {
                if owing.remove(&id) {
                    self.ready.push_back((id, result));
                }
            }
        }
    }
}

impl Gathering {
    /// The broadcast is in the outboxes of `takers`; `failed` could not take it.
    pub(crate) fn seal(&self, takers: &[SocketId], failed: &[(SocketId, SendError)]) {
        let mut state = self.0.lock();
        state.recipients = takers.len() + failed.len();
        state.owing = Some(takers.iter().copied().collect());
        let failed = failed.iter().map(|&(id, error)| {
            let error = AckError::Emit(EmitError::from(error));
            (id, Err(error))
        });
        state.ready.extend(failed);
        for (id, result) in std::mem::take(&mut state.early) {
            state.settle(id, result);
        }
    }

    fn settle(&self, id: SocketId, result: Result<Args, AckError>) {
        let mut state = self.0.lock();
        state.settle(id, result);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Who still has to answer counts as late from here on: these.
    pub(crate) fn expire(&self) -> FxHashSet<SocketId> {
        let mut state = self.0.lock();
        let late = state.owing.replace(FxHashSet::default());
        let late = late.unwrap_or_default();
        let missing = late.iter().map(|&id| (id, Err(AckError::Timeout)));
        state.ready.extend(missing);
        late
    }

    pub(crate) fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Option<Settled>> {
        let mut state = self.0.lock();
        if let Some(settled) = state.ready.pop_front() {
            return Poll::Ready(Some(settled));
        }
        if state.owing.as_ref().is_some_and(FxHashSet::is_empty) {
            return Poll::Ready(None);
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    pub(crate) fn recipients(&self) -> usize {
        self.0.lock().recipients
    }

    fn owes(&self, id: SocketId) -> bool {
        let state = self.0.lock();
        state.owing.as_ref().is_none_or(|owing| owing.contains(&id))
    }
}

impl fmt::Debug for Gathering {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Gathering")
            .field("recipients", &self.recipients())
            .finish_non_exhaustive()
    }
}

/// The gatherings of a namespace by ack id. Its lock is taken before that of a gathering.
#[derive(Debug, Default)]
pub(crate) struct Gatherings(RwLock<FxHashMap<u64, Arc<Gathering>>>);

impl Gatherings {
    pub(crate) fn open(&self, ack: u64) -> Arc<Gathering> {
        let gathering = Arc::<Gathering>::default();
        self.0.write().insert(ack, Arc::clone(&gathering));
        gathering
    }

    pub(crate) fn close(&self, ack: u64) {
        let mut gatherings = self.0.write();
        gatherings.remove(&ack);
        if gatherings.is_empty() {
            *gatherings = FxHashMap::default();
        }
    }

    pub(crate) fn resolve(&self, ack: u64, socket: SocketId, args: Args) {
        let gathering = self.0.read().get(&ack).cloned();
        if let Some(gathering) = gathering {
            gathering.settle(socket, Ok(args));
        }
    }

    /// A socket that is gone answers nothing any more.
    pub(crate) fn depart(&self, socket: SocketId) {
        let gatherings = self.0.read();
        if gatherings.is_empty() {
            return;
        }
        let all: Vec<_> = gatherings.values().cloned().collect();
        drop(gatherings);
        for gathering in all {
            gathering.settle(socket, Err(AckError::Disconnected));
        }
    }

    /// Whether any of them waits for that socket.
    pub(crate) fn awaits(&self, socket: SocketId) -> bool {
        let gatherings = self.0.read();
        gatherings.values().any(|gathering| gathering.owes(socket))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.read().len()
    }
}
