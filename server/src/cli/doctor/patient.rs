//! The server, and what is known about it by now.

use super::super::wire::{Dialer, Opening};
use super::DoctorArgs;

/// The server, and what is known about it by now.
#[derive(Debug)]
pub(super) struct Patient<'a> {
    pub(super) args: &'a DoctorArgs,
    pub(super) dialer: Dialer,
    /// What it said when a session opened over polling; nothing when it offers no polling.
    pub(super) opening: Option<Opening>,
    /// Whether a session over polling works.
    pub(super) polls: bool,
    /// Whether a session over WebSocket works.
    pub(super) streams: bool,
}

impl<'a> Patient<'a> {
    pub(super) const fn new(args: &'a DoctorArgs, dialer: Dialer) -> Self {
        Self {
            args,
            dialer,
            opening: None,
            polls: false,
            streams: false,
        }
    }

    /// The namespace that clients want.
    pub(super) fn namespace(&self) -> &str {
        &self.dialer.site().namespace
    }
}
