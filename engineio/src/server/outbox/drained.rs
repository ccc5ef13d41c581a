//! Waiting until everything is out.

use std::task::{Poll, Waker};

use super::{Outbox, Phase, Writer};
use crate::server::SendError;

impl<W> Outbox<W> {
    /// Messages that left, on whichever transport.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Whether everything is out; `Pending` has registered the waker.
    pub(crate) fn poll_drained(&mut self, waker: &Waker) -> Poll<Result<(), SendError>> {
        if self.phase == Phase::Aborted {
            return Poll::Ready(Err(SendError::Closed));
        }
        if self.is_drained() {
            return Poll::Ready(Ok(()));
        }
        if !self
            .drain_waiters
            .iter()
            .any(|other| other.will_wake(waker))
        {
            self.drain_waiters.push(waker.clone());
        }
        Poll::Pending
    }

    /// Those who wait, once everything is out or nothing more will leave. The caller wakes them
    /// when it has released the lock.
    pub(crate) fn take_drained(&mut self) -> Vec<Waker> {
        if self.phase == Phase::Aborted || self.is_drained() {
            std::mem::take(&mut self.drain_waiters)
        } else {
            Vec::new()
        }
    }

    fn is_drained(&self) -> bool {
        !self.has_output() && self.writer != Writer::Writing
    }
}
