//! What leaves through a socket.

use std::sync::Arc;

use engineio::Unit;
use engineio::server::{SendError, Session};

use super::Socket;
use crate::encode::{self, Written};
use crate::server::error::EmitError;
use crate::server::outgoing::{Outgoing, Recipient};
use crate::{Arguments, Kind, Packet};

impl Socket {
    pub(crate) fn send_event(
        &self,
        ack: Option<u64>,
        event: &str,
        args: &(impl Arguments + ?Sized),
    ) -> Result<(), EmitError> {
        let unit = encode::event(self.0.namespace.name(), ack, event, args)?;
        self.watch(&unit);
        self.queue(|session| session.send(&Arc::new(unit)))
    }

    pub(crate) fn send_volatile(
        &self,
        event: &str,
        args: &(impl Arguments + ?Sized),
    ) -> Result<bool, EmitError> {
        let unit = Arc::new(encode::event(self.0.namespace.name(), None, event, args)?);
        self.watch(&unit);
        let mut sent = false;
        self.queue(|session| {
            sent = session.send_volatile(&unit);
            Ok(())
        })?;
        Ok(sent)
    }

    fn watch(&self, unit: &Unit) {
        let registry = self.0.namespace.registry();
        registry.watch(|| Outgoing::new(unit, Recipient::Socket(self)));
    }

    pub(crate) fn answer(
        &self,
        id: u64,
        args: &(impl Arguments + ?Sized),
    ) -> Result<(), EmitError> {
        self.answer_written(id, Written::new(args)?)
    }

    pub(crate) fn answer_written(&self, id: u64, written: Written) -> Result<(), EmitError> {
        let unit = written.unit(Kind::Ack, self.0.namespace.name(), Some(id));
        self.queue(|session| session.send_reserved(&Arc::new(unit)))
    }

    /// Sends a packet of the protocol itself, whatever the phase.
    pub(crate) fn send_packet(&self, packet: &Packet) {
        // A session that has ended needs no packets.
        let _ = self.0.session.send_reserved(&Arc::new(packet.encode()));
    }

    fn queue(&self, send: impl FnOnce(&Session) -> Result<(), SendError>) -> Result<(), EmitError> {
        if self.has_ended() {
            return Err(EmitError::Disconnected);
        }
        Ok(send(&self.0.session)?)
    }
}
