//! Messages into rooms: `fanout`, `rooms`, `latency`, `slow` and `polling`.

use std::ops::Range;
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
    /// By client the room where it is; `None` for those who do not read.
    members: Vec<Option<usize>>,
    /// How many send by turns in each room.
    senders: usize,
    /// By client, and for each sender in its room, the number that it gets next.
    wanted: Vec<u32>,
    pace: Pace,
    size: usize,
    names: String,
    /// The room whose turn it is.
    turn: usize,
    /// Deliveries that have yet to come.
    outstanding: u64,
    is_stopped: bool,
    count: Count,
    check: Check,
    latency: Latency,
    window: Range<u64>,
    packet: Vec<u8>,
}

/// Who is where.
#[derive(Debug)]
pub(super) struct Seats {
    pub(super) rooms: usize,
    /// By client, the room in which it reads.
    pub(super) members: Vec<Option<usize>>,
    /// How many send by turns in each room.
    pub(super) senders: usize,
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
        let senders = seats.senders;
        let mut rooms: Vec<Room> = (0..seats.rooms)
            .map(|_| Room::new(senders as u32))
            .collect();
        for (who, room) in seats.members.iter().enumerate() {
            if let Some(room) = room.and_then(|room| rooms.get_mut(room)) {
                room.enter();
                if seats.herald.is_none() {
                    room.senders.push(who);
                }
            }
        }
        if let Some(herald) = seats.herald {
            for room in &mut rooms {
                room.senders.push(herald);
            }
        }
        let first = 0..senders as u32;
        let wanted = seats.members.iter().flat_map(|_| first.clone());
        Self {
            rooms,
            wanted: wanted.collect(),
            members: seats.members,
            senders,
            pace,
            size,
            names: seats.names,
            turn: 0,
            outstanding: 0,
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
            while let Some(sender) = room.sender() {
                if !clients.is_open(sender) {
                    room.senders.retain(|&other| other != sender);
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
                self.outstanding += room.readers();
                self.count.messages += 1;
                return true;
            }
        }
        false
    }

    /// Client `who` got message `number`.
    fn arrive(&mut self, who: usize, number: u32) {
        let Some(Some(room)) = self.members.get(who) else {
            return;
        };
        let sender = number as usize % self.senders;
        let sent = self
            .rooms
            .get(*room)
            .and_then(|room| room.next().get(sender));
        let wanted = self.wanted.get_mut(who * self.senders + sender);
        let (Some(&sent), Some(wanted)) = (sent, wanted) else {
            return;
        };
        if number >= sent {
            return self.check.damage();
        }
        if number < *wanted {
            return self.check.late(who, number);
        }
        for skipped in (*wanted..number).step_by(self.senders) {
            self.check.skip(who, skipped);
            self.outstanding -= 1;
        }
        *wanted = number + self.senders as u32;
        self.outstanding -= 1;
    }

    /// Nobody waits any more for what `who` has not got; what that is.
    fn excuse(&mut self, who: usize) -> Vec<u32> {
        let Some(Some(room)) = self.members.get(who) else {
            return Vec::new();
        };
        let all = self
            .wanted
            .get_mut(who * self.senders..(who + 1) * self.senders);
        let sent = self.rooms.get(*room).map_or(&[][..], Room::next);
        let mut left_out = Vec::new();
        for (wanted, &sent) in all.into_iter().flatten().zip(sent) {
            left_out.extend((*wanted..sent).step_by(self.senders));
            *wanted = sent;
        }
        self.outstanding -= left_out.len() as u64;
        left_out
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
        self.excuse(who);
        let room = self.members.get_mut(who).and_then(Option::take);
        if let Some(room) = room.and_then(|room| self.rooms.get_mut(room)) {
            room.leave();
        }
    }
}

impl Measured for Broadcast {
    fn on_time(&mut self, now: u64, clients: &mut Clients) {
        while !self.is_stopped {
            let at = match &mut self.pace {
                Pace::InFlight(limit) => {
                    let readers = self.rooms.get(self.turn).map_or(0, Room::readers);
                    let most = readers.saturating_mul(*limit as u64);
                    (self.outstanding + readers <= most).then_some(now)
                }
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

    fn set_window(&mut self, window: Range<u64>) {
        self.window = window;
    }

    fn stop(&mut self) {
        self.is_stopped = true;
    }

    fn is_waiting(&self) -> bool {
        self.outstanding > 0
    }

    fn give_up(&mut self) {
        for who in 0..self.members.len() {
            for number in self.excuse(who) {
                self.check.skip(who, number);
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.rooms.iter().all(Room::is_empty)
    }

    fn count(&self) -> Count {
        self.count
    }

    fn findings(&self) -> Findings {
        Findings::of(&self.check, self.latency.summary())
    }
}

#[cfg(test)]
mod tests;
