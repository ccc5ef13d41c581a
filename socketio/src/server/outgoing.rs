//! What leaves, as catch-all listeners for outgoing events see it.

use bytes::Bytes;
use bytestring::ByteString;
use engineio::Unit;

use super::broadcast::Audience;
use super::socket::Socket;
use crate::{Event, packet};

/// An event that is about to leave. One for many sockets is seen once, with its audience, and not once
/// per socket as in the reference: the fan-out does not stop at each for it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outgoing<'a> {
    /// The event as its recipients will read it.
    pub event: Event,
    /// Whom it is for.
    pub recipient: Recipient<'a>,
}

/// Whom an event is for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Recipient<'a> {
    /// One socket.
    Socket(&'a Socket),
    /// Those whom a broadcast describes.
    Audience(&'a Audience),
}

impl<'a> Outgoing<'a> {
    /// Reads back what was encoded: only done for those who listen.
    pub(crate) fn new(unit: &Unit, recipient: Recipient<'a>) -> Option<Self> {
        let mut frames = unit.frames();
        let head = ByteString::try_from(Bytes::copy_from_slice(frames.next()?.message())).ok()?;
        let data = packet::decode_text(head, usize::MAX, usize::MAX).ok()?;
        let data = data.packet.data?;
        let attachments = frames.map(|frame| Bytes::copy_from_slice(frame.message()));
        let event = Event::decode(data, attachments.collect())?;
        Some(Self { event, recipient })
    }
}
