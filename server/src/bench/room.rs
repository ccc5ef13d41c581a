//! One room: which of its messages have not reached everybody.

use std::collections::VecDeque;

/// A room as the load sees it.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Those who send, in turn: the clients in it that read, or one outside.
    pub(super) senders: VecDeque<usize>,
    /// How many read.
    readers: u32,
    /// The number of the next message.
    next: u32,
    /// For each message since the oldest that has not arrived everywhere, how many it has yet to reach.
    open: VecDeque<u32>,
}

impl Room {
    /// Somebody who reads comes in.
    pub(super) fn enter(&mut self) {
        self.readers += 1;
    }

    /// The number of the next message.
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    /// Whether anybody would get one.
    pub(super) fn is_empty(&self) -> bool {
        self.readers == 0
    }

    /// A message leaves; its number.
    pub(super) fn send(&mut self) -> u32 {
        let number = self.next;
        self.open.push_back(self.readers);
        self.next = self.next.wrapping_add(1);
        number
    }

    /// A message has reached somebody, or will not; whether that was the last one.
    pub(super) fn reach(&mut self, number: u32) -> bool {
        let behind = self.next.wrapping_sub(number) as usize;
        let place = self.open.len().checked_sub(behind);
        let left = place.and_then(|place| self.open.get_mut(place));
        let Some(left) = left.filter(|left| **left > 0) else {
            return false;
        };
        *left -= 1;
        let is_done = *left == 0;
        while self.open.front() == Some(&0) {
            self.open.pop_front();
        }
        is_done
    }

    /// Somebody is gone who had still to get everything from `number` on; how many messages waited only for that.
    pub(super) fn leave(&mut self, number: u32) -> usize {
        self.readers = self.readers.saturating_sub(1);
        (number..self.next)
            .filter(|&number| self.reach(number))
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_done_when_everybody_has_it() {
        let mut room = Room::default();
        room.enter();
        room.enter();
        assert_eq!((room.send(), room.send()), (0, 1));
        assert!(!room.reach(0) && !room.reach(1));
        assert!(room.reach(0) && room.reach(1));
        assert!(!room.reach(1), "it is done already");
        assert_eq!(room.send(), 2);
        assert!(!room.reach(7), "never sent");
    }

    #[test]
    fn nobody_waits_for_somebody_who_left() {
        let mut room = Room::default();
        room.enter();
        room.enter();
        for _ in 0..3 {
            room.send();
        }
        assert!(!room.reach(0) && !room.reach(1) && !room.reach(2));
        assert_eq!(room.leave(1), 2);
        assert!(room.reach(0));
        room.send();
        assert!(room.reach(3));
    }
}
