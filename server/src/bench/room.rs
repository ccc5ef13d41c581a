//! One room as the load sees it: who sends, and what was sent.
//!
//! Messages that are on their way at once are of different members, as in a chat. Nobody can say in which order the server gets those,
//! but the messages of one member have an order. So each of the senders has numbers of its own: of three, the first has 0, 3, 6, and so on.

/// A room as the load sees it.
#[derive(Debug)]
pub(super) struct Room {
    /// Those who can send: the clients in it that read, or one outside.
    pub(super) senders: Vec<usize>,
    /// How many read.
    readers: u64,
    /// For each sender the number of its next message.
    next: Box<[u32]>,
    /// Whose turn it is.
    turn: usize,
}

impl Room {
    /// A room in which so many send by turns.
    pub(super) fn new(senders: u32) -> Self {
        Self {
            senders: Vec::new(),
            readers: 0,
            next: (0..senders).collect(),
            turn: 0,
        }
    }

    /// Somebody who reads comes in.
    pub(super) fn enter(&mut self) {
        self.readers += 1;
    }

    /// How many read: a message is as many deliveries.
    pub(super) fn readers(&self) -> u64 {
        self.readers
    }

    /// Whether anybody would get one.
    pub(super) fn is_empty(&self) -> bool {
        self.readers == 0
    }

    /// For each sender, the number of its next message.
    pub(super) fn next(&self) -> &[u32] {
        &self.next
    }

    /// Who sends next.
    pub(super) fn sender(&self) -> Option<usize> {
        let place = self.turn.checked_rem(self.senders.len())?;
        self.senders.get(place).copied()
    }

    /// A message leaves; its number.
    pub(super) fn send(&mut self) -> u32 {
        let turn = self.turn;
        self.turn = (turn + 1) % self.next.len();
        let step = self.next.len() as u32;
        self.next.get_mut(turn).map_or(0, |next| {
            let number = *next;
            *next = number.wrapping_add(step);
            number
        })
    }

    /// Somebody who read is gone.
    pub(super) fn leave(&mut self) {
        self.readers = self.readers.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn senders_have_numbers_of_their_own() {
        let mut room = Room::new(3);
        room.senders = vec![7, 8];
        let sent: Vec<_> = (0..5).map(|_| (room.sender(), room.send())).collect();
        let expected = [(7, 0), (8, 1), (7, 2), (7, 3), (8, 4)];
        assert_eq!(sent, expected.map(|(who, number)| (Some(who), number)));
        assert_eq!(room.next(), [6, 7, 5]);
    }
}
