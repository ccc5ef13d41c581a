//! What is told of a session: to its observer, and of its end.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use super::Shared;
use crate::server::{CloseDetail, Session, SessionEvent};

impl Shared {
    /// Notes what is about to end the session; the first note counts.
    pub(crate) fn explain(&self, code: &'static str, text: impl Into<Cow<'static, str>>) {
        let mut control = self.control();
        if control.rules.is_open() && control.ending.is_none() && control.detail.is_none() {
            control.detail = Some(Box::new(CloseDetail::new(code, text)));
        }
    }

    /// Tells whoever observes the sessions. One that panics fails alone: it is called by flushers, whose
    /// sessions would not be written any more.
    pub(crate) fn tell(self: &Arc<Self>, event: SessionEvent<'_>) {
        let Some(observer) = self.core.config().hooks.observer() else {
            return;
        };
        let session = Session::from(Arc::clone(self));
        let told = catch_unwind(AssertUnwindSafe(|| observer(&session, &event)));
        if told.is_err() {
            let reason = "panicked";
            tracing::error!(session = self.number, reason, "the observer panicked");
        }
    }

    /// Whether somebody observes the sessions.
    pub(crate) fn is_observed(&self) -> bool {
        self.core.config().hooks.observer().is_some()
    }

    /// Tells that the transport took so many bytes from the queue.
    pub(super) fn tell_flushed(self: &Arc<Self>, bytes: usize) {
        if bytes == 0 || !self.is_observed() {
            return;
        }
        self.core.flusher().tell(self.home);
        self.tell(SessionEvent::Flushed(bytes));
        if self.outbox.lock().buffered() == 0 {
            self.tell(SessionEvent::Drained);
        }
    }
}
