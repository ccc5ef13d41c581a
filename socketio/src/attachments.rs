//! Puts packets and their attachments together again (protocol B.3).

use bytes::Bytes;
use engineio::Message;

use crate::packet::{self, Decoded, MAX_ATTACHMENTS, Packet};
use crate::{DecodeError, placeholder};

/// What a peer may send in one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Attachments per packet. Default 10, as in the reference decoder.
    pub attachments: usize,
    /// Bytes of all attachments of one packet together. Default 10 MB: ten attachments of the
    /// default `maxPayload`, the most that a stock server takes.
    pub attachment_bytes: usize,
    /// How deep arrays and objects may nest. Default 128, the depth which serde_json still reads
    /// into typed values.
    pub nesting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attachments: MAX_ATTACHMENTS,
            attachment_bytes: 10_000_000,
            nesting: 128,
        }
    }
}

/// Decodes the Engine.IO messages of one session into packets.
///
/// The state lives as long as the session: a polling body or a transport may end between a packet
/// and its attachments. After an error the session is over, and so is its decoder.
///
/// ```
/// use engineio::Message;
/// use socketio::{Decoder, Limits};
///
/// let mut decoder = Decoder::new(Limits::default());
/// let head = r#"51-["file",{"_placeholder":true,"num":0}]"#;
/// assert_eq!(decoder.decode(Message::Text(head.into()))?, None);
/// let packet = decoder.decode(Message::Binary("abc".into()))?.expect("complete");
/// assert_eq!(packet.attachments, ["abc"]);
/// # Ok::<(), socketio::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Decoder {
    limits: Limits,
    /// Boxed because nearly every session has none, nearly always.
    pending: Option<Box<Pending>>,
    /// How many packets had to wait for attachments so far.
    begun: u64,
}

#[derive(Debug)]
struct Pending {
    packet: Packet,
    missing: usize,
    bytes: usize,
}

impl Decoder {
    /// A decoder at the start of a session.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            pending: None,
            begun: 0,
        }
    }

    /// Whether attachments of a packet are outstanding.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// The packet whose attachments are outstanding, by its number among those that had to wait. One
    /// that is complete within its time may be followed by the next at once: they are told apart by this.
    #[must_use]
    pub fn pending_number(&self) -> Option<u64> {
        self.pending.as_ref().map(|_| self.begun)
    }

    /// Takes the next message; a packet comes out when it is complete.
    ///
    /// # Errors
    /// The rule that the message breaks. The session has to be closed then.
    pub fn decode(&mut self, message: Message) -> Result<Option<Packet>, DecodeError> {
        match message {
            Message::Text(_) if self.pending.is_some() => Err(DecodeError::UnexpectedText),
            Message::Text(text) => {
                let decoded =
                    packet::decode_text(text, self.limits.attachments, self.limits.nesting)?;
                self.decoded(decoded)
            }
            Message::Binary(bytes) => self.attach(bytes),
        }
    }

    /// With no attachment announced (`50-…`) the packet is complete: the reference forgets that and
    /// fails on the next text.
    fn decoded(&mut self, decoded: Decoded) -> Result<Option<Packet>, DecodeError> {
        let Decoded {
            packet,
            attachments,
        } = decoded;
        if attachments > 0 {
            self.begun = self.begun.wrapping_add(1);
            self.pending = Some(Box::new(Pending {
                packet,
                missing: attachments,
                bytes: 0,
            }));
            return Ok(None);
        }
        Ok(Some(packet))
    }

    fn attach(&mut self, bytes: Bytes) -> Result<Option<Packet>, DecodeError> {
        let Some(mut pending) = self.pending.take() else {
            return Err(DecodeError::UnexpectedBinary);
        };
        let max = self.limits.attachment_bytes;
        pending.bytes = pending.bytes.saturating_add(bytes.len());
        if pending.bytes > max {
            return Err(DecodeError::AttachmentsTooLarge { max });
        }
        pending.packet.attachments.push(bytes);
        pending.missing -= 1;
        if pending.missing > 0 {
            self.pending = Some(pending);
            return Ok(None);
        }
        let Pending { packet, .. } = *pending;
        let json = packet.data.as_deref().unwrap_or_default();
        if !placeholder::all_within(json, packet.attachments.len()) {
            return Err(DecodeError::IllegalAttachments);
        }
        Ok(Some(packet))
    }
}

#[cfg(test)]
mod tests;
