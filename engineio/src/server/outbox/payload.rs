//! The outbox as a long poll sees it.

use std::task::Waker;

use super::{Carrier, Outbox, Phase};
use crate::payload;

/// How many packets of units one poll is answered with at the most. The stock Python client gives
/// up on a body of more than 16 packets; a ping, a noop and the close packet may come on top.
const PACKETS_PER_POLL: usize = 13;

/// What a pending poll gets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// The body of the answer, and how many bytes of the queue it freed.
    Ready {
        /// Packets joined by the record separator.
        body: Vec<u8>,
        /// Bytes of the queue it freed.
        freed: usize,
    },
    /// Nothing to say yet; the waker is registered.
    Pending,
}

impl<W> Outbox<W> {
    /// The body for a pending GET: what is queued, in whole units, up to [`PACKETS_PER_POLL`]; what
    /// it freed is charged no more. After [`drain`](Self::drain) the close packet is the last of it.
    pub(crate) fn poll_payload(&mut self, waker: &Waker) -> Payload {
        if !matches!(self.carrier, Carrier::Polling { .. }) {
            return self.farewell();
        }
        if !self.has_output() {
            if self.phase == Phase::Sealed {
                return self.farewell();
            }
            self.carrier = Carrier::Polling {
                waiting: Some(waker.clone()),
            };
            return Payload::Pending;
        }
        let mut body = Vec::new();
        let draining = self.phase == Phase::Draining;
        if !draining {
            self.lane
                .drain_packets(|packet| payload::push(&mut body, packet));
        }
        let freed = self.hand_out(&mut body);
        if draining && self.queue.is_empty() {
            // Without anything buffered a poll that comes after the close gets a noop first, as
            // the reference has it.
            if body.is_empty() && !self.answered_at_close {
                payload::push(&mut body, b"6");
            }
            payload::push(&mut body, b"1");
            self.phase = Phase::Sealed;
        }
        Payload::Ready { body, freed }
    }

    /// Moves units into `body`, at least one, and no more than the client takes in one answer.
    fn hand_out(&mut self, body: &mut Vec<u8>) -> usize {
        let mut packets = 0usize;
        let mut count = 0;
        let mut freed = 0usize;
        for unit in &self.queue {
            packets = packets.saturating_add(unit.len());
            if count > 0 && packets > PACKETS_PER_POLL {
                break;
            }
            for frame in unit.frames() {
                payload::push(body, frame.polling());
            }
            freed = freed.saturating_add(unit.cost());
            self.sent = self.sent.wrapping_add(unit.len() as u64);
            count += 1;
        }
        self.queue.drain(..count);
        if self.queue.is_empty() {
            return self.clear();
        }
        self.bytes = self.bytes.saturating_sub(freed);
        freed
    }

    /// What a poll gets that is still pending when its session has gone, or has moved to
    /// WebSocket: a noop if one was left for it, else the close packet.
    fn farewell(&self) -> Payload {
        let body = if self.lane.has_noop() {
            b"6".to_vec()
        } else {
            b"1".to_vec()
        };
        Payload::Ready { body, freed: 0 }
    }
}
