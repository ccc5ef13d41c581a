//! The wait for the answers to a broadcast.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use tokio::time::Sleep;

use super::ack::LATE;
use super::error::{AckError, EmitError};
use super::gathering::Gathering;
use super::names::SocketId;
use super::namespace::Namespace;
use crate::Args;

/// The wait for the answers to a broadcast: a stream of them as they come, or a future of them all.
///
/// It ends when everyone has answered or left, at the deadline at the latest, and at once if there is
/// nobody to answer. The event is sent already; dropping this only stops waiting, and answers that come
/// later are ignored.
///
/// ```
/// # async fn vote(io: &socketio::SocketIo) -> Result<(), socketio::EmitError> {
/// use std::time::Duration;
///
/// let voters = io.of("/").to("voters").timeout(Duration::from_secs(5));
/// let gathered = voters.emit_with_ack("yes or no?", ()).await?;
/// for (socket, answer) in &gathered.answers {
///     println!("{socket}: {}", answer.raw());
/// }
/// println!("{} did not answer", gathered.missing.len());
///
/// let mut answers = voters.emit_with_ack("and now?", ());
/// while let Some((socket, answer)) = answers.next().await {
///     println!("{socket}: {answer:?}");
/// }
/// # Ok(()) }
/// ```
///
/// All arguments of an answer are kept; the reference keeps the first one only (protocol B.9).
#[derive(Debug)]
#[must_use = "the event is sent, but nobody waits for the answers"]
pub struct Answers(State);

/// What a broadcast was answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gathered {
    /// The answers, in the order in which they came.
    pub answers: Vec<(SocketId, Args)>,
    /// Who did not answer, and why.
    pub missing: Vec<(SocketId, AckError)>,
}

impl Gathered {
    /// Whether everyone answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

#[derive(Debug)]
enum State {
    Failed(EmitError),
    Waiting(Box<Wait>),
}

#[derive(Debug)]
struct Wait {
    namespace: Namespace,
    ack: u64,
    gathering: Arc<Gathering>,
    deadline: Pin<Box<Sleep>>,
    gathered: Gathered,
}

impl Answers {
    /// Registers the wait, then sends with `emit`, so that no answer can be missed.
    pub(crate) fn request(
        namespace: &Namespace,
        deadline: Duration,
        emit: impl FnOnce(u64, &Arc<Gathering>) -> Result<(), EmitError>,
    ) -> Self {
        let ack = namespace.next_ack();
        let wait = Wait {
            namespace: namespace.clone(),
            ack,
            gathering: namespace.gatherings().open(ack),
            deadline: Box::pin(tokio::time::sleep(deadline)),
            gathered: Gathered::default(),
        };
        match emit(ack, &wait.gathering) {
            Ok(()) => Self(State::Waiting(Box::new(wait))),
            Err(error) => Self(State::Failed(error)),
        }
    }

    /// How many sockets it was sent to.
    #[must_use]
    pub fn recipients(&self) -> usize {
        match &self.0 {
            State::Failed(_) => 0,
            State::Waiting(wait) => wait.gathering.recipients(),
        }
    }

    /// Why nothing was sent: the event cannot be encoded.
    #[must_use]
    pub fn error(&self) -> Option<&EmitError> {
        match &self.0 {
            State::Failed(error) => Some(error),
            State::Waiting(_) => None,
        }
    }

    /// The next answer, or the next socket that will not answer; `None` when each has done either.
    pub async fn next(&mut self) -> Option<(SocketId, Result<Args, AckError>)> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Answers {
    type Item = (SocketId, Result<Args, AckError>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let State::Waiting(wait) = &mut self.0 else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(next) = wait.gathering.poll_next(cx) {
            return Poll::Ready(next);
        }
        ready!(wait.deadline.as_mut().poll(cx));
        wait.expire();
        wait.gathering.poll_next(cx)
    }
}

impl Future for Answers {
    type Output = Result<Gathered, EmitError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            let next = ready!(self.as_mut().poll_next(cx));
            let wait = match &mut self.0 {
                State::Failed(error) => return Poll::Ready(Err(error.clone())),
                State::Waiting(wait) => wait,
            };
            match next {
                Some((id, Ok(args))) => wait.gathered.answers.push((id, args)),
                Some((id, Err(error))) => wait.gathered.missing.push((id, error)),
                None => return Poll::Ready(Ok(std::mem::take(&mut wait.gathered))),
            }
        }
    }
}

impl Wait {
    /// Nobody is waited for any more.
    fn expire(&self) {
        let late = self.gathering.expire();
        // Who has left meanwhile is no longer awaited: any of them counts for all.
        let one = late.iter().find_map(|&id| self.namespace.socket(id));
        if let Some(one) = one {
            let (namespace, sockets) = (self.namespace.name(), late.len());
            tracing::debug!(namespace, sockets, reason = LATE, "no answers in time");
            one.session().count_limit(LATE, sockets as u64);
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.namespace.gatherings().close(self.ack);
    }
}

#[cfg(test)]
mod tests;
