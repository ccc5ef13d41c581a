//! What a client has to do in time.

use std::pin::Pin;
use std::task::Context;

use tokio::time::Sleep;

use super::config::Config;

/// The deadlines of one client. Boxed, because nearly always there is none.
#[derive(Debug)]
pub(crate) struct Deadlines {
    /// Until the first namespace is joined; never again after that (protocol B.4).
    connect: Option<Pin<Box<Sleep>>>,
    /// While attachments are outstanding.
    attachments: Option<Pin<Box<Sleep>>>,
}

/// A deadline that was not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missed {
    Connect,
    Attachments,
}

impl Deadlines {
    pub(crate) fn start(config: &Config) -> Self {
        let connect = Box::pin(tokio::time::sleep(config.connect_timeout));
        Self {
            connect: Some(connect),
            attachments: None,
        }
    }

    pub(crate) fn joined(&mut self) {
        self.connect = None;
    }

    pub(crate) fn stop(&mut self) {
        (self.connect, self.attachments) = (None, None);
    }

    /// Starts and stops what has to be, and tells what was missed.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        config: &Config,
        attachments_outstanding: bool,
    ) -> Option<Missed> {
        if attachments_outstanding {
            let start = || Box::pin(tokio::time::sleep(config.attachment_timeout));
            self.attachments.get_or_insert_with(start);
        } else {
            self.attachments = None;
        }
        let mut is_due = |timer: &mut Option<Pin<Box<Sleep>>>| {
            timer
                .as_mut()
                .is_some_and(|timer| timer.as_mut().poll(cx).is_ready())
        };
        if is_due(&mut self.connect) {
            return Some(Missed::Connect);
        }
        is_due(&mut self.attachments).then_some(Missed::Attachments)
    }
}
