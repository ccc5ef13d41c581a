//! Acks both ways: answers to clients, and answers from clients.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::sync::oneshot;
use tokio::time::Sleep;

use super::error::{AckError, EmitError};
use super::socket::Socket;
use crate::{Args, Arguments};

/// The answer that a client may be waiting for.
///
/// A handler that takes it answers itself, now or later and from any task; a handler that does not,
/// answers with what it returns. Answering twice is impossible: [`send`](Self::send) consumes it.
#[derive(Debug)]
#[must_use = "the client waits for the answer"]
pub struct Ack {
    socket: Socket,
    id: Option<u64>,
}

impl Ack {
    pub(crate) fn new(socket: Socket, id: Option<u64>) -> Self {
        Self { socket, id }
    }

    /// Whether the client asked for an answer. If not, sending one does nothing.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.id.is_some()
    }

    /// Sends the answer.
    ///
    /// # Errors
    /// It cannot be encoded, or the socket is gone.
    pub fn send(self, args: impl Arguments) -> Result<(), EmitError> {
        match self.id {
            Some(id) => self.socket.answer(id, &args),
            None => Ok(()),
        }
    }
}

/// What the log and the metrics call an answer that does not come in time.
pub(crate) const LATE: &str = "ack_timeout";

/// The answers one socket still owes, by ack id.
#[derive(Debug, Default)]
pub(crate) struct Owed(
    /// Only looked up under the lock: nobody is woken.
    Mutex<FxHashMap<u64, oneshot::Sender<Args>>>,
);

impl Owed {
    pub(crate) fn expect(&self, id: u64) -> oneshot::Receiver<Args> {
        let (sender, receiver) = oneshot::channel();
        self.0.lock().insert(id, sender);
        receiver
    }

    /// Whether any answer is awaited.
    pub(crate) fn is_awaited(&self) -> bool {
        !self.0.lock().is_empty()
    }

    /// Hands over an answer; one that is late or was never asked for is ignored (protocol B.6).
    /// What nobody here waits for comes back.
    pub(crate) fn resolve(&self, id: u64, args: Args) -> Option<Args> {
        let sender = self.0.lock().remove(&id);
        match sender {
            // An error means that nobody waits any more.
            Some(sender) => _ = sender.send(args),
            None => return Some(args),
        }
        None
    }

    fn forget(&self, id: u64) {
        let mut owed = self.0.lock();
        let forgotten = owed.remove(&id);
        if owed.is_empty() {
            *owed = FxHashMap::default();
        }
        drop(owed);
        // Dropping it wakes whoever waits.
        drop(forgotten);
    }

    /// Fails all waits: the socket is gone.
    pub(crate) fn fail(&self) {
        let all = std::mem::take(&mut *self.0.lock());
        drop(all);
    }
}

/// The wait for a client's answer: a future that ends at its deadline at the latest.
///
/// The event is sent already; dropping this only stops waiting.
#[derive(Debug)]
#[must_use = "the event is sent, but nobody waits for the answer"]
pub struct Answer(State);

#[derive(Debug)]
enum State {
    Failed(EmitError),
    Waiting(Wait),
}

#[derive(Debug)]
struct Wait {
    socket: Socket,
    id: u64,
    receiver: oneshot::Receiver<Args>,
    deadline: Pin<Box<Sleep>>,
}

impl Answer {
    /// Registers the wait, then sends with `emit`, so that no answer can be missed.
    pub(crate) fn request(
        socket: &Socket,
        deadline: Duration,
        emit: impl FnOnce(u64) -> Result<(), EmitError>,
    ) -> Self {
        let id = socket.next_ack();
        let wait = Wait {
            socket: socket.clone(),
            id,
            receiver: socket.owed().expect(id),
            deadline: Box::pin(tokio::time::sleep(deadline)),
        };
        socket.link().go_on_reading();
        match emit(id) {
            Ok(()) => Self(State::Waiting(wait)),
            Err(error) => Self(State::Failed(error)),
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.socket.owed().forget(self.id);
    }
}

impl Future for Answer {
    type Output = Result<Args, AckError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let wait = match &mut self.0 {
            State::Failed(error) => return Poll::Ready(Err(error.clone().into())),
            State::Waiting(wait) => wait,
        };
        if let Poll::Ready(answer) = Pin::new(&mut wait.receiver).poll(cx) {
            return Poll::Ready(answer.map_err(|_| AckError::Disconnected));
        }
        wait.deadline.as_mut().poll(cx).map(|()| {
            tracing::debug!(socket = %wait.socket.id(), reason = LATE, "no answer in time");
            wait.socket.session().count_limit(LATE, 1);
            Err(AckError::Timeout)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Answer;
    use crate::AckError;
    use crate::server::crowd::crowd;

    #[tokio::test(start_paused = true)]
    async fn no_wait_leaves_anything_behind() {
        let (_, sockets) = crowd(1).await;
        let socket = &sockets[0];
        let owed = || socket.owed().0.lock().len();
        let wait = |seconds| Answer::request(socket, Duration::from_secs(seconds), |_| Ok(()));

        let dropped = wait(1);
        assert_eq!(owed(), 1);
        drop(dropped);
        assert_eq!(owed(), 0);
        assert_eq!(wait(1).await, Err(AckError::Timeout));
        assert_eq!(owed(), 0);
        let error = socket.emit_with_ack("connect", ()).await;
        assert!(matches!(error, Err(AckError::Emit(_))));
        assert_eq!(owed(), 0);
    }
}
