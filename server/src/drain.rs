//! The way out for clients: not ready, no new sessions, and the transports closed one after the other.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chat::auth::Identity;
use chat::{Action, Chat, Speaker};
use engineio::CloseReason;
use engineio::server::Session;
use socketio::SocketIo;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until, timeout};

use crate::shutdown::StopSender;

/// How much of the time one client is worth. A few are closed at once; from a thousand on the setting decides. Stock
/// clients come back within a second and a half, so it is the one who takes them that this is for.
const PER_CLIENT: Duration = Duration::from_millis(5);

/// How often some are closed.
const STEP: Duration = Duration::from_millis(20);

/// How long what was asked for may take to be answered before its transport is closed.
const ANSWER_DEADLINE: Duration = Duration::from_secs(1);

/// How long transports may take to close. A polling client hears of it with its next poll, which comes at once from
/// everybody who is still there; nobody waits for who has silently gone.
const TRANSPORTS_DEADLINE: Duration = Duration::from_secs(2);

/// More than everything that comes after the drain may take together, also on a machine that is busy with it.
const AFTER_DRAIN: Duration = Duration::from_secs(20);

/// Empties the server of its clients. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Drain {
    /// Raised first: balancers send nothing new.
    draining: Arc<StopSender>,
    io: SocketIo,
    chat: Chat,
    /// The longest time over which transports are closed.
    duration: Duration,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The process is about to end, so there is no way back.
    leaving: AtomicBool,
    /// What empties the server while the process stays. Taken alone.
    task: Mutex<Option<AbortHandle>>,
}

impl Drain {
    pub(crate) fn new(
        draining: Arc<StopSender>,
        (io, chat): (SocketIo, Chat),
        duration: Duration,
    ) -> Self {
        Self {
            draining,
            io,
            chat,
            duration,
            state: Arc::default(),
        }
    }

    /// Closes everything that clients hold, for good. Returns in bounded time.
    pub(crate) async fn leave(&self) {
        self.state.leaving.store(true, Ordering::SeqCst);
        self.empty().await;
    }

    /// Does the same while the process stays, and returns at once.
    pub(crate) fn begin(&self) {
        // Here, so that whoever asked finds it raised.
        self.draining.stop();
        let this = self.clone();
        let task = tokio::spawn(async move { this.empty().await });
        self.replace(Some(task.abort_handle()));
    }

    fn replace(&self, task: Option<AbortHandle>) {
        let mut current = self
            .state
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = std::mem::replace(&mut *current, task) {
            before.abort();
        }
    }

    async fn empty(&self) {
        self.draining.stop();
        // New connections are still accepted, or no polling client could fetch its goodbye. New sessions are refused.
        let mut sessions = self.io.stop();
        let time = self.duration.min(PER_CLIENT * count(&sessions));
        tracing::info!(sessions = sessions.len(), ?time, "draining");
        // Who came together does not have to go together: behind one address there may be one proxy, or one office.
        let chance = RandomState::new();
        sessions.sort_by_cached_key(|session| chance.hash_one(session.number()));
        self.close_over(&sessions, time).await;
        drop(sessions);
        let rest = timeout(TRANSPORTS_DEADLINE, self.io.shutdown()).await;
        if rest.is_err() {
            let sessions = self.io.sessions();
            tracing::info!(sessions, "some clients did not say goodbye");
        }
    }

    /// Takes new sessions again; false when the process is about to end.
    pub(crate) fn lift(&self) -> bool {
        if self.state.leaving.load(Ordering::SeqCst) {
            return false;
        }
        self.replace(None);
        self.io.resume();
        self.draining.lower();
        tracing::info!("taking sessions again");
        true
    }

    /// The longest time over which transports are closed.
    pub(crate) const fn duration(&self) -> Duration {
        self.duration
    }

    /// The longest time until the process has ended.
    pub(crate) const fn farewell(&self) -> Duration {
        self.duration.saturating_add(AFTER_DRAIN)
    }

    /// How many are still there.
    pub(crate) fn sessions(&self) -> usize {
        self.io.sessions()
    }

    async fn close_over(&self, sessions: &[Session], time: Duration) {
        let begun = Instant::now();
        let mut rest = sessions;
        while !rest.is_empty() {
            let elapsed = begun.elapsed() + STEP;
            let due = share(sessions.len(), elapsed, time);
            let closed = sessions.len() - rest.len();
            let (now, later) = rest.split_at(due.saturating_sub(closed).clamp(1, rest.len()));
            self.close(now).await;
            rest = later;
            if !rest.is_empty() {
                sleep_until(begun + elapsed.min(time)).await;
            }
        }
    }

    /// What these have asked for is answered, then their transports are closed. Not their namespaces: a stock client
    /// that gets a DISCONNECT stays away.
    async fn close(&self, sessions: &[Session]) {
        sessions.iter().for_each(Session::hush);
        let nobody = Speaker::new(Arc::new(Identity::guest()));
        // Behind everything that is queued now; its own answer does not matter.
        let answered = self.chat.act(&nobody, Action::Pass);
        if timeout(ANSWER_DEADLINE, answered).await.is_err() {
            tracing::warn!("the chat is busy; some requests are cut");
        }
        for session in sessions {
            session.close(CloseReason::ServerShutdown);
        }
    }
}

fn count(sessions: &[Session]) -> u32 {
    u32::try_from(sessions.len()).unwrap_or(u32::MAX)
}

/// How many of `all` are to be closed when so much of the time has passed.
fn share(all: usize, elapsed: Duration, time: Duration) -> usize {
    if elapsed >= time {
        return all;
    }
    let part = elapsed.as_secs_f64() / time.as_secs_f64();
    // Of a number of sessions, which is far below what a float counts exactly.
    (all as f64 * part).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_grows_evenly_and_ends_with_everybody() {
        let (second, half) = (Duration::from_secs(1), Duration::from_millis(500));
        assert_eq!(share(5000, half, second), 2500);
        assert_eq!(share(3, Duration::from_millis(1), second), 1);
        assert_eq!(share(5000, second, second), 5000);
        assert_eq!(share(5000, second, Duration::ZERO), 5000);
        assert_eq!(share(0, half, second), 0);
    }
}
