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
    /// While attachments are outstanding: the number of their packet, and its timer.
    attachments: Option<(u64, Pin<Box<Sleep>>)>,
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

    /// Starts and stops what has to be, and tells what was missed. Each packet that waits for
    /// attachments has its own time, also if it begins in the turn in which the one before it is complete.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        config: &Config,
        pending_packet: Option<u64>,
    ) -> Option<Missed> {
        let sleep = || tokio::time::sleep(config.attachment_timeout);
        match (pending_packet, &mut self.attachments) {
            (None, timer) => *timer = None,
            (Some(packet), timer @ None) => *timer = Some((packet, Box::pin(sleep()))),
            (Some(packet), Some((timed, timer))) => {
                if *timed != packet {
                    *timed = packet;
                    timer.set(sleep());
                }
            }
        }
        let mut is_due = |timer: &mut Pin<Box<Sleep>>| timer.as_mut().poll(cx).is_ready();
        if self.connect.as_mut().is_some_and(&mut is_due) {
            return Some(Missed::Connect);
        }
        let attachments = self.attachments.as_mut();
        attachments
            .is_some_and(|(_, timer)| is_due(timer))
            .then_some(Missed::Attachments)
    }
}
