//! `echo`: each client asks, waits for the ack, and asks again.

use std::ops::Range;
use std::time::Duration;

use socketio::client::{ClientError, Notice};

use super::check::Check;
use super::clients::Clients;
use super::latency::Latency;
use super::mark::{self, Mark};
use super::scene::{Count, Findings, Measured, Scene};

/// How long one poll may take when nothing comes.
const TICK: Duration = Duration::from_millis(50);

/// What each client has asked.
#[derive(Debug)]
pub(super) struct Echo {
    /// By client; `None` when it is gone.
    asked: Vec<Option<Asked>>,
    waiting: usize,
    size: usize,
    is_stopped: bool,
    has_begun: bool,
    count: Count,
    check: Check,
    latency: Latency,
    window: Range<u64>,
    packet: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Asked {
    /// The number of the next question, which is its ack id too.
    next: u32,
    is_waiting: bool,
}

impl Echo {
    pub(super) fn new(clients: usize, size: usize) -> Self {
        Self {
            asked: vec![Some(Asked::default()); clients],
            waiting: 0,
            size,
            is_stopped: false,
            has_begun: false,
            count: Count::default(),
            check: Check::default(),
            latency: Latency::default(),
            window: 0..0,
            packet: Vec::new(),
        }
    }

    fn ask(&mut self, who: usize, now: u64, clients: &mut Clients) {
        let Some(Some(asked)) = self.asked.get_mut(who) else {
            return;
        };
        if asked.is_waiting || self.is_stopped {
            return;
        }
        let number = asked.next;
        asked.next += 1;
        asked.is_waiting = true;
        self.waiting += 1;
        self.count.messages += 1;
        self.packet.clear();
        self.packet
            .extend_from_slice(format!(r#"2{number}["echo",""#).as_bytes());
        Mark { number, at: now }.encode(self.size, &mut self.packet);
        self.packet.extend_from_slice(b"\"]");
        clients.send(who, &self.packet);
    }
}

impl Scene for Echo {
    fn on_notice(&mut self, who: usize, notice: Notice<'_>, now: u64) {
        let Notice::Ack { id, args } = notice else {
            return;
        };
        let Some(Some(asked)) = self.asked.get_mut(who) else {
            return;
        };
        let Some(Mark { number, at }) = Mark::decode(args, mark::ACK, self.size) else {
            return self.check.damage();
        };
        if u64::from(number) != id || number >= asked.next {
            return self.check.damage();
        }
        if !asked.is_waiting || number + 1 != asked.next {
            return self.check.late(who, number);
        }
        asked.is_waiting = false;
        self.waiting -= 1;
        self.count.deliveries += 1;
        if self.window.contains(&at) {
            self.latency.record(now.saturating_sub(at));
        }
    }

    fn on_read(&mut self, who: usize, now: u64, clients: &mut Clients) {
        self.ask(who, now, clients);
    }

    fn on_end(&mut self, who: usize, _: &ClientError) {
        if let Some(asked) = self.asked.get_mut(who).and_then(Option::take) {
            self.waiting -= usize::from(asked.is_waiting);
        }
    }
}

impl Measured for Echo {
    fn on_time(&mut self, now: u64, clients: &mut Clients) {
        if !std::mem::replace(&mut self.has_begun, true) {
            for who in 0..self.asked.len() {
                self.ask(who, now, clients);
                clients.write(who);
            }
        }
    }

    fn patience(&self, _: u64) -> Duration {
        TICK
    }

    fn set_window(&mut self, window: Range<u64>) {
        self.window = window;
    }

    fn stop(&mut self) {
        self.is_stopped = true;
    }

    fn is_waiting(&self) -> bool {
        self.waiting > 0
    }

    fn give_up(&mut self) {
        for (who, asked) in self.asked.iter_mut().enumerate() {
            let Some(asked) = asked.as_mut().filter(|asked| asked.is_waiting) else {
                continue;
            };
            asked.is_waiting = false;
            self.waiting -= 1;
            self.check.skip(who, asked.next - 1);
        }
        // Whoever lost one asks again.
        self.has_begun = false;
    }

    fn is_empty(&self) -> bool {
        self.asked.iter().all(Option::is_none)
    }

    fn count(&self) -> Count {
        self.count
    }

    fn findings(&self) -> Findings {
        Findings::of(&self.check, self.latency.summary())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(clients: usize) -> Echo {
        let mut scene = Echo::new(clients, mark::LEN);
        scene.on_time(0, &mut Clients::default());
        scene
    }

    fn hear(scene: &mut Echo, id: u64, number: u32) {
        let mut args = mark::ACK.to_vec();
        Mark { number, at: 0 }.encode(mark::LEN, &mut args);
        args.extend_from_slice(b"\"]");
        scene.on_notice(0, Notice::Ack { id, args: &args }, 1);
    }

    #[test]
    fn one_answer_makes_place_for_one_question() {
        let mut scene = asked(1);
        hear(&mut scene, 0, 0);
        assert!(!scene.is_waiting());
        scene.on_read(0, 2, &mut Clients::default());
        assert!(scene.is_waiting());
        hear(&mut scene, 0, 0);
        assert!(scene.is_waiting(), "that was the old one");
        hear(&mut scene, 1, 1);
        let Count {
            messages,
            deliveries,
        } = scene.count();
        assert_eq!((messages, deliveries), (2, 2));
        assert_eq!(scene.findings().duplicated, 1);
    }

    #[test]
    fn an_answer_to_another_question_is_damaged() {
        let mut scene = asked(1);
        hear(&mut scene, 0, 1);
        hear(&mut scene, 1, 1);
        assert_eq!(scene.findings().damaged, 2);
        assert!(scene.is_waiting());
    }

    #[test]
    fn an_answer_that_does_not_come_is_lost() {
        let mut scene = asked(2);
        hear(&mut scene, 0, 0);
        scene.give_up();
        assert_eq!(scene.findings().lost, 1);
        assert!(!scene.is_waiting());
        scene.on_time(1, &mut Clients::default());
        assert_eq!(scene.count().messages, 4);
    }
}
