//! What a scenario does with what its clients hear.

use std::ops::Range;
use std::time::Duration;

use socketio::client::{ClientError, Notice};

use super::check::Check;
use super::clients::Clients;
use super::latency::Summary;

/// The part of a scenario that runs for every event: it is called from the loop over what is readable.
pub(super) trait Scene {
    /// Client `who` heard something at `now`.
    fn on_notice(&mut self, who: usize, notice: Notice<'_>, now: u64);

    /// All that client `who` had to read is read: time to send.
    fn on_read(&mut self, who: usize, now: u64, clients: &mut Clients);

    /// The connection of client `who` has ended.
    fn on_end(&mut self, who: usize, error: &ClientError);
}

/// A scene that is measured over time.
pub(super) trait Measured: Scene {
    /// Sends what is to be sent at the beginning, or by now.
    fn on_time(&mut self, now: u64, clients: &mut Clients);

    /// How long to wait for events.
    fn patience(&self, now: u64) -> Duration;

    /// Of the latencies, those count of what leaves in that time.
    fn set_window(&mut self, window: Range<u64>);

    /// Nothing more is sent.
    fn stop(&mut self);

    /// Whether something is still on its way.
    fn is_waiting(&self) -> bool;

    /// Nothing has come for long: what is on its way is lost.
    fn give_up(&mut self);

    /// Whether there is nobody left.
    fn is_empty(&self) -> bool;

    /// What was counted so far.
    fn count(&self) -> Count;

    /// What was found, at the end.
    fn findings(&self) -> Findings;
}

/// What goes up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    /// Messages that were sent.
    pub(super) messages: u64,
    /// Messages, or acks, that a client got.
    pub(super) deliveries: u64,
}

/// What was found on the way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Findings {
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) reordered: u64,
    pub(super) damaged: u64,
    pub(super) latency: Option<Summary>,
}

impl Findings {
    /// All that was checked, and how long it took.
    pub(super) fn of(check: &Check, latency: Option<Summary>) -> Self {
        Self {
            lost: check.lost(),
            duplicated: check.duplicated(),
            reordered: check.reordered(),
            damaged: check.damaged(),
            latency,
        }
    }
}
