//! What one worker has to visit: rings, in lanes by their size.

use std::{collections::VecDeque, time::Instant};

use super::VISITS_PER_TURN;

/// Each lane takes rings up to this size that are too large for the lane before it.
const LANES: [usize; 3] = [VISITS_PER_TURN, 1024, usize::MAX];

/// Sessions that one call made dirty.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ring<T> {
    /// In the order of its recipients.
    pub(super) sessions: VecDeque<T>,
    /// When the call rang.
    pub(super) since: Instant,
}

impl<T> Ring<T> {
    /// What a call rings for.
    pub(super) fn begun_now(sessions: VecDeque<T>) -> Self {
        let since = Instant::now();
        Self { sessions, since }
    }

    /// Nobody yet, of the same call as another ring.
    pub(super) fn begun_with(other: &Self) -> Self {
        Self {
            sessions: VecDeque::new(),
            since: other.since,
        }
    }
}

/// The rings of one worker. Those of one lane are visited one after the other, the lanes take turns.
#[derive(Debug)]
pub(super) struct Rings<T> {
    lanes: [VecDeque<Ring<T>>; LANES.len()],
    /// The lane whose turn it is.
    next: usize,
}

impl<T> Default for Rings<T> {
    fn default() -> Self {
        Self {
            lanes: LANES.map(|_| VecDeque::new()),
            next: 0,
        }
    }
}

impl<T> Rings<T> {
    /// Puts a ring at the end of its lane.
    pub(super) fn push(&mut self, ring: Ring<T>) {
        if ring.sessions.is_empty() {
            return;
        }
        let mut lanes = self.lanes.iter_mut().zip(LANES);
        if let Some((lane, _)) = lanes.find(|&(_, most)| ring.sessions.len() <= most) {
            lane.push_back(ring);
        }
    }

    /// The first ring of the lane whose turn it is, and the number of the lane; an empty lane has no turn.
    pub(super) fn take(&mut self) -> Option<(usize, Ring<T>)> {
        let lanes = (0..LANES.len()).map(|ahead| (self.next + ahead) % LANES.len());
        for number in lanes {
            if let Some(ring) = self.lanes.get_mut(number).and_then(VecDeque::pop_front) {
                self.next = number + 1;
                return Some((number, ring));
            }
        }
        None
    }

    /// Gives back what is left of the ring that was taken from this lane.
    pub(super) fn put_back(&mut self, number: usize, ring: Ring<T>) {
        if let Some(lane) = self.lanes.get_mut(number)
            && !ring.sessions.is_empty()
        {
            lane.push_front(ring);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(name: char, size: usize) -> Ring<char> {
        Ring::begun_now(vec![name; size].into())
    }

    /// The first of each turn, until nothing is left.
    fn turns(rings: &mut Rings<char>) -> String {
        let mut turns = String::new();
        while let Some((number, mut ring)) = rings.take() {
            let sessions = &mut ring.sessions;
            turns.extend(sessions.front());
            sessions.drain(..VISITS_PER_TURN.min(sessions.len()));
            rings.put_back(number, ring);
        }
        turns
    }

    #[test]
    fn three_sessions_do_not_wait_for_thousands() {
        let mut rings = Rings::default();
        for (name, size) in [('L', 2000), ('s', 3), ('M', 200), ('s', 1)] {
            rings.push(ring(name, size));
        }
        let turns = turns(&mut rings);
        assert!(turns.starts_with("sMLsMLMLML"), "{turns}");
    }

    #[test]
    fn a_large_ring_is_done_before_the_next_of_its_size() {
        let mut rings = Rings::default();
        for name in ['A', 'B'] {
            rings.push(ring(name, 2000));
        }
        let turns = turns(&mut rings);
        let first_of_b = turns.find('B').unwrap();
        assert_eq!(turns.rfind('A'), Some(first_of_b - 1));
        assert_eq!(turns.len(), 2 * 2000_usize.div_ceil(VISITS_PER_TURN));
    }

    #[test]
    fn an_empty_ring_has_no_turn() {
        let mut rings = Rings::default();
        rings.push(ring('x', 0));
        rings.put_back(0, ring('x', 0));
        assert_eq!(rings.take(), None);
    }
}
