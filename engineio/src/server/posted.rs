//! The body of a POST on its way to the session's task.

use bytes::Bytes;

use crate::{DecodeError, Packet, payload};

/// What a POST brought and the session's task has not taken.
///
/// Decoded packet by packet as they are taken: a body of the smallest packets would be a hundred
/// times its size as a list. One POST at a time is read, of at most `max_payload` bytes.
#[derive(Debug, Default)]
pub(crate) struct Posted {
    rest: Option<payload::Decoder>,
    /// The last packet that was taken may still be in its handler.
    in_hand: bool,
    malformed: bool,
}

impl Posted {
    pub(crate) fn put(&mut self, body: Bytes) {
        self.rest = Some(payload::Decoder::new(body));
        self.in_hand = true;
        self.malformed = false;
    }

    /// Whether everything was taken that is to be taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_none()
    }

    /// Whether everything was handled, so that the POST can be answered.
    pub(crate) fn is_handled(&self) -> bool {
        !self.in_hand
    }

    /// Whether the last body held something that is no packet, as far as it was taken.
    pub(crate) fn is_malformed(&self) -> bool {
        self.malformed
    }

    /// Drops what was not taken.
    pub(crate) fn clear(&mut self) {
        self.rest = None;
        self.in_hand = false;
    }

    /// The next packet; the one before it is handled. What follows one that ends the session is nobody's.
    pub(crate) fn take(&mut self) -> Option<Result<Packet, DecodeError>> {
        let Some(rest) = &mut self.rest else {
            self.in_hand = false;
            return None;
        };
        let packet = rest.next();
        if rest.is_at_end() || matches!(packet, Some(Ok(Packet::Close) | Err(_)) | None) {
            self.rest = None;
        }
        self.malformed |= matches!(packet, Some(Err(_)));
        packet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(body: &'static str) -> Posted {
        let mut posted = Posted::default();
        posted.put(Bytes::from_static(body.as_bytes()));
        posted
    }

    #[test]
    fn a_body_is_empty_when_its_last_packet_was_taken() {
        let mut posted = posted("2\x1e3");
        assert!(matches!(posted.take(), Some(Ok(Packet::Ping(_)))));
        assert!(!posted.is_empty());
        assert!(matches!(posted.take(), Some(Ok(Packet::Pong(_)))));
        assert!(posted.is_empty() && !posted.is_malformed());
        assert!(!posted.is_handled());
        assert!(posted.take().is_none());
        assert!(posted.is_handled());
    }

    #[test]
    fn nothing_follows_a_close_or_a_malformed_packet() {
        for (body, malformed) in [("1\x1ex", false), ("x\x1e3", true), ("", true)] {
            let mut posted = posted(body);
            assert!(posted.take().is_some(), "{body}");
            assert!(posted.is_empty(), "{body}");
            assert_eq!(posted.is_malformed(), malformed, "{body}");
        }
    }
}
