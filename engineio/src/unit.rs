//! Frames that must leave next to each other.

use crate::{Frame, Packet};

/// An inseparable run of frames: one alone, or a text frame and the attachments that it announces.
///
/// Nothing may stand between two frames of a unit on any transport, and a session changes its transport only between two units.
/// Made once and shared: `Arc<Unit>` is what queues hold.
///
/// ```
/// use engineio::{Frame, Unit};
///
/// let head = Frame::text(32, |out| out.extend_from_slice(br#"51-["file",{"_placeholder":true,"num":0}]"#));
/// let unit = Unit::with_attachments(head, vec![Frame::binary(&[1, 2, 3])]);
/// assert_eq!(unit.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Unit {
    head: Frame,
    attachments: Vec<Frame>,
    cost: usize,
}

impl Unit {
    /// What a frame is charged beside its bytes: its place in the queue and its share of the bookkeeping. Without it, a flood of empty
    /// messages would be free.
    pub const OVERHEAD: usize = 64;

    /// A frame alone.
    #[must_use]
    pub fn new(head: Frame) -> Self {
        Self::with_attachments(head, Vec::new())
    }

    /// A text frame and its attachments, in their order.
    #[must_use]
    pub fn with_attachments(head: Frame, attachments: Vec<Frame>) -> Self {
        let frames = std::iter::once(&head).chain(&attachments);
        let cost = frames
            .map(|frame| frame.websocket().len() + Self::OVERHEAD)
            .sum();
        Self {
            head,
            attachments,
            cost,
        }
    }

    /// The frames in the order in which they leave.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> + Clone {
        std::iter::once(&self.head).chain(&self.attachments)
    }

    /// The frame at place `i`.
    #[must_use]
    pub fn frame(&self, i: usize) -> Option<&Frame> {
        match i.checked_sub(1) {
            None => Some(&self.head),
            Some(i) => self.attachments.get(i),
        }
    }

    /// How many frames there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always a head")]
    pub fn len(&self) -> usize {
        1 + self.attachments.len()
    }

    /// What an outbox is charged for it, in bytes: every frame with its WebSocket header and [`Unit::OVERHEAD`].
    #[must_use]
    pub fn cost(&self) -> usize {
        self.cost
    }
}

impl From<Frame> for Unit {
    fn from(head: Frame) -> Self {
        Self::new(head)
    }
}

impl From<&Packet> for Unit {
    fn from(packet: &Packet) -> Self {
        Self::new(packet.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_keep_their_order_and_are_charged_one_by_one() {
        let head = Frame::text(1, |out| out.push(b'a'));
        let unit = Unit::with_attachments(head, vec![Frame::binary(b"bc"), Frame::binary(b"")]);
        let messages: Vec<_> = unit.frames().map(Frame::message).collect();
        assert_eq!(messages, [&b"a"[..], b"bc", b""]);
        assert_eq!(unit.cost(), (4 + 4 + 2) + 3 * Unit::OVERHEAD);
        let by_place = (0..4).map(|i| unit.frame(i).map(Frame::message));
        assert_eq!(
            by_place.collect::<Vec<_>>(),
            [Some(&b"a"[..]), Some(b"bc"), Some(b""), None]
        );
    }
}
