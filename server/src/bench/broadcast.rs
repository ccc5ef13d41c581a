//! Messages into rooms: `fanout`, `rooms`, `latency`, `slow` and `polling`.

use std::time::Duration;

use socketio::client::{ClientError, Notice};

use super::check::Check;
use super::clients::Clients;
use super::latency::Latency;
use super::mark::{self, Mark};
use super::pace::Pace;
use super::room::Room;
use super::scene::{Count, Findings, Measured, Scene};

/// How long one poll may take when nothing is due.
const TICK: Duration = Duration::from_millis(50);

/// Rooms, who is in them, and what is on its way to whom.
#[derive(Debug)]
pub(super) struct Broadcast {
    rooms: Vec<Room>,
    /// By client: where it is and what it gets next. `None` for those who do not read.
    members: Vec<Option<Member>>,
    pace: Pace,
    size: usize,
    names: String,
    /// The room whose turn it is.
    turn: usize,
    /// Messages that have not reached everybody.
    waiting: usize,
    is_stopped: bool,
    count: Count,
    check: Check,
    latency: Latency,
    window: std::ops::Range<u64>,
    packet: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Member {
    room: usize,
    next: u32,
}

/// Who is where.
#[derive(Debug)]
pub(super) struct Seats {
    pub(super) rooms: usize,
    /// By client, the room in which it reads.
    pub(super) members: Vec<Option<usize>>,
    /// Who sends for all rooms, when not their members do.
    pub(super) herald: Option<usize>,
    /// What the names of the rooms begin with.
    pub(super) names: String,
}

impl Seats {
    /// The name of a room.
    pub(super) fn name(names: &str, room: usize) -> String {
        format!("{names}-{room}")
    }
}

impl Broadcast {
    pub(super) fn new(seats: Seats, pace: Pace, size: usize) -> Self {
        let mut rooms: Vec<Room> = (0..seats.rooms).map(|_| Room::default()).collect();
        for (who, room) in seats.members.iter().enumerate() {
            if let Some(room) = room.and_then(|room| rooms.get_mut(room)) {
                room.enter();
                if seats.herald.is_none() {
                    room.senders.push_back(who);
                }
            }
        }
        if let Some(herald) = seats.herald {
            for room in &mut rooms {
                room.senders.push_back(herald);
            }
        }
        let member = |room| Member { room, next: 0 };
        let members = seats.members.iter();
        Self {
            rooms,
            members: members.map(|room| room.map(member)).collect(),
            pace,
            size,
            names: seats.names,
            turn: 0,
            waiting: 0,
            is_stopped: false,
            count: Count::default(),
            check: Check::default(),
            latency: Latency::default(),
            window: 0..0,
            packet: Vec::new(),
        }
    }

    /// Sends one message into the room whose turn it is, as of `at`; whether there was anybody to send it.
    fn send(&mut self, at: u64, clients: &mut Clients) -> bool {
        for _ in 0..self.rooms.len() {
            let place = self.turn;
            self.turn = (place + 1) % self.rooms.len();
            let Some(room) = self.rooms.get_mut(place).filter(|room| !room.is_empty()) else {
                continue;
            };
            while let Some(&sender) = room.senders.front() {
                if !clients.is_open(sender) {
                    room.senders.pop_front();
                    continue;
                }
                let number = room.send();
                self.packet.clear();
                let name = Seats::name(&self.names, place);
                self.packet
                    .extend_from_slice(format!(r#"2["msg","{name}",""#).as_bytes());
                Mark { number, at }.encode(self.size, &mut self.packet);
                self.packet.extend_from_slice(b"\"]");
                clients.send(sender, &self.packet);
                clients.write(sender);
                self.waiting += 1;
                self.count.messages += 1;
                return true;
            }
        }
        false
    }

    /// Client `who` got message `number`.
    fn arrive(&mut self, who: usize, number: u32) {
        let Some(Some(member)) = self.members.get_mut(who) else {
            return;
        };
        let Some(room) = self.rooms.get_mut(member.room) else {
            return;
        };
        if number == member.next {
            member.next += 1;
            self.waiting -= usize::from(room.reach(number));
        } else if number >= room.next() {
            self.check.damage();
        } else if number < member.next {
            self.check.late(who, number);
        } else {
            for skipped in member.next..number {
                self.check.skip(who, skipped);
                self.waiting -= usize::from(room.reach(skipped));
            }
            member.next = number + 1;
            self.waiting -= usize::from(room.reach(number));
        }
    }
}

impl Scene for Broadcast {
    fn on_notice(&mut self, who: usize, notice: Notice<'_>, now: u64) {
        let Notice::Event(array) = notice else {
            return;
        };
        // What somebody who did not read finds at the end was not delivered when it was to be.
        if !self.members.get(who).is_some_and(Option::is_some) {
            return;
        }
        let Some(Mark { number, at }) = Mark::decode(array, mark::EVENT, self.size) else {
            return self.check.damage();
        };
        self.count.deliveries += 1;
        if self.window.contains(&at) {
            self.latency.record(now.saturating_sub(at));
        }
        self.arrive(who, number);
    }

    fn on_read(&mut self, _: usize, now: u64, clients: &mut Clients) {
        self.on_time(now, clients);
    }

    fn on_end(&mut self, who: usize, _: &ClientError) {
        let Some(Member { room, next }) = self.members.get_mut(who).and_then(Option::take) else {
            return;
        };
        if let Some(room) = self.rooms.get_mut(room) {
            self.waiting -= room.leave(next);
        }
    }
}

impl Measured for Broadcast {
    fn on_time(&mut self, now: u64, clients: &mut Clients) {
        while !self.is_stopped {
            let at = match &mut self.pace {
                Pace::InFlight(limit) => (self.waiting < *limit).then_some(now),
                Pace::Clock(schedule) => schedule.take(now),
            };
            match at {
                Some(at) if self.send(at, clients) => {}
                _ => return,
            }
        }
    }

    fn patience(&self, now: u64) -> Duration {
        match &self.pace {
            Pace::Clock(schedule) if !self.is_stopped => schedule.patience(now).min(TICK),
            _ => TICK,
        }
    }

    fn open_window(&mut self, from: u64, until: u64) {
        self.window = from..until;
    }

    fn stop(&mut self) {
        self.is_stopped = true;
    }

    fn is_waiting(&self) -> bool {
        self.waiting > 0
    }

    fn give_up(&mut self) {
        for (who, member) in self.members.iter_mut().enumerate() {
            let Some(member) = member else { continue };
            let Some(room) = self.rooms.get_mut(member.room) else {
                continue;
            };
            for number in member.next..room.next() {
                self.check.skip(who, number);
                self.waiting -= usize::from(room.reach(number));
            }
            member.next = room.next();
        }
    }

    fn is_empty(&self) -> bool {
        self.rooms.iter().all(Room::is_empty)
    }

    fn count(&self) -> Count {
        self.count
    }

    fn findings(&self) -> Findings {
        Findings {
            lost: self.check.lost(),
            duplicated: self.check.duplicated(),
            reordered: self.check.reordered(),
            damaged: self.check.damaged(),
            latency: self.latency.summary(),
        }
    }
}

#[cfg(test)]
mod tests;
