//! What the rest of the server does with a socket.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use parking_lot::MutexGuard;

use super::{Phase, Socket};
use crate::Args;
use crate::server::ack::Owed;
use crate::server::link::Link;
use crate::server::room::{Member, Slot};
use crate::server::rooms::Membership;
use crate::server::values::Values;

impl Socket {
    pub(super) fn phase(&self) -> u8 {
        self.0.phase.load(Ordering::Acquire)
    }

    /// Moves on to a phase; false if the socket was not before it.
    pub(crate) fn enter(&self, phase: Phase) -> bool {
        self.0.phase.fetch_max(phase as u8, Ordering::AcqRel) < phase as u8
    }

    /// Moves from connected to disconnected; false if it was not connected.
    pub(crate) fn end(&self) -> bool {
        let (from, to) = (Phase::Connected as u8, Phase::Disconnected as u8);
        self.0
            .phase
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    /// Whether it has left or was thrown out.
    pub(crate) fn has_ended(&self) -> bool {
        self.phase() == Phase::Disconnected as u8
    }

    pub(crate) fn slot(&self) -> Slot {
        self.0.slot
    }

    pub(crate) fn member(&self) -> Member {
        Member {
            session: self.0.session.clone(),
            slot: self.0.slot,
        }
    }

    pub(crate) fn membership(&self) -> MutexGuard<'_, Membership> {
        self.0.membership.lock()
    }

    pub(crate) fn link(&self) -> &Link {
        &self.0.link
    }

    pub(crate) fn values(&self) -> &Values {
        &self.0.values
    }

    /// Hands over an answer of the client to whoever waits for it.
    pub(crate) fn resolve(&self, ack: u64, args: Args) {
        if let Some(args) = self.0.owed.resolve(ack, args) {
            self.0.namespace.gatherings().resolve(ack, self.0.id, args);
        }
    }

    /// Ends all waits for answers of this socket: it is gone.
    pub(crate) fn fail_waits(&self) {
        self.0.owed.fail();
        self.0.namespace.gatherings().depart(self.0.id);
    }

    /// Whether any answer of this socket is awaited.
    pub(crate) fn is_awaited(&self) -> bool {
        self.0.owed.is_awaited() || self.0.namespace.gatherings().awaits(self.0.id)
    }

    pub(crate) fn owed(&self) -> &Owed {
        &self.0.owed
    }

    pub(crate) fn next_ack(&self) -> u64 {
        self.0.namespace.next_ack()
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
