//! Ten healthy clients in one room, five on each transport, who chat while others misbehave.
//!
//! Each of them sends a numbered message per tick of the table, every third with an attachment, and
//! keeps a log of all it hears. The logs must be the same: nothing lost, doubled or in another order.

use crate::line::Line;
use serde_json::{Value, json};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use tests::Server;

/// How many clients there are; the first half is on WebSocket.
const MEMBERS: usize = 10;

/// What was heard: who said it, and its number.
type Log = Vec<(u64, u64)>;

#[derive(Debug, Default)]
struct Clock {
    tick: u64,
    /// A rest is asked for: its number.
    rest: u64,
    /// How many members have come to rest.
    resting: usize,
    over: bool,
}

type Shared = Arc<(Mutex<Clock>, Condvar)>;

/// The healthy clients, each on a thread of its own.
pub(crate) struct Crowd {
    clock: Shared,
    members: Vec<JoinHandle<Log>>,
}

impl Crowd {
    /// Brings them all into the room.
    pub(crate) fn gather(server: &Arc<Server>) -> Self {
        let clock = Shared::default();
        let members: Vec<Member> = (0..MEMBERS).map(|i| Member::join(server, i)).collect();
        let members = members.into_iter().map(|member| {
            let clock = Arc::clone(&clock);
            std::thread::spawn(move || member.chat(&clock))
        });
        Self {
            members: members.collect(),
            clock,
        }
    }

    /// Each says something more.
    pub(crate) fn tick(&self) {
        self.change(|clock| clock.tick += 1);
    }

    /// Waits until all has been heard that was said, so that nothing of theirs is queued.
    ///
    /// # Panics
    /// When one of them has met trouble.
    pub(crate) fn rest(&self) {
        self.change(|clock| {
            clock.rest += 1;
            clock.resting = 0;
        });
        let (clock, changed) = &*self.clock;
        let mut clock = clock.lock().expect("nothing panics under it");
        while clock.resting < MEMBERS {
            let broken = self.members.iter().any(JoinHandle::is_finished);
            assert!(!broken, "a healthy client met trouble, see above");
            let second = std::time::Duration::from_secs(1);
            (clock, _) = changed
                .wait_timeout(clock, second)
                .expect("nothing panics under it");
        }
    }

    /// Ends the chat. The number of messages that each has heard.
    ///
    /// # Panics
    /// When one of them did not hear what the others heard, or did not hear all.
    pub(crate) fn finish(self) -> usize {
        self.change(|clock| clock.over = true);
        let logs = self.members.into_iter().map(|member| member.join());
        let logs: Vec<Log> = logs.collect::<Result<_, _>>().expect("all are well");
        let (first, others) = logs.split_first().expect("ten members");
        for (index, log) in others.iter().enumerate() {
            assert!(log == first, "member {} heard something else", index + 1);
        }
        for member in 0..MEMBERS as u64 {
            let said = first.iter().filter(|(by, _)| *by == member);
            let in_turn = said.zip(0..).all(|((_, number), turn)| *number == turn);
            assert!(in_turn, "what member {member} said came in another order");
        }
        first.len()
    }

    fn change(&self, change: impl FnOnce(&mut Clock)) {
        let (clock, changed) = &*self.clock;
        change(&mut clock.lock().expect("nothing panics under it"));
        changed.notify_all();
    }
}

struct Member {
    number: u64,
    said: u64,
    line: Line,
    log: Log,
    /// Markers of the present rest that were heard.
    resting: usize,
}

impl Member {
    fn join(server: &Arc<Server>, index: usize) -> Self {
        let mut line = Line::open(server, index < MEMBERS / 2);
        line.say(&[r#"421["join","crowd"]"#], &[]);
        while line.hear() != "431[]" {}
        Self {
            number: index as u64,
            said: 0,
            line,
            log: Log::new(),
            resting: 0,
        }
    }

    fn chat(mut self, shared: &Shared) -> Log {
        let (mut tick, mut rest) = (0, 0);
        loop {
            let (resting, over) = {
                let (clock, changed) = &**shared;
                let clock = clock.lock().expect("nothing panics under it");
                let idle =
                    |clock: &mut Clock| clock.tick == tick && clock.rest == rest && !clock.over;
                let clock = changed.wait_while(clock, idle);
                let clock = clock.expect("nothing panics under it");
                tick = clock.tick;
                let resting = clock.rest > rest;
                rest = clock.rest;
                (resting, clock.over && !resting)
            };
            if over {
                return self.log;
            }
            self.turn(resting);
            if resting {
                let (clock, changed) = &**shared;
                clock.lock().expect("nothing panics under it").resting += 1;
                changed.notify_all();
            }
        }
    }

    /// Says something and listens until it is heard; in a rest, until all were heard.
    fn turn(&mut self, resting: bool) {
        let number = self.said;
        self.said += 1;
        let attached = number.is_multiple_of(3);
        let mut args = json!(["emit", {"to": ["crowd"]}, "chat", self.number, number, resting]);
        if attached {
            let list = args.as_array_mut().expect("a list");
            list.push(json!({"_placeholder": true, "num": 0}));
            let bytes = [self.number as u8; 3];
            self.line.say(&[&format!("451-{args}")], &[&bytes]);
        } else {
            self.line.say(&[&format!("42{args}")], &[]);
        }
        let mine = (self.number, number);
        while self.log.last() != Some(&mine) && !self.log.iter().rev().take(999).any(|m| *m == mine)
        {
            self.listen();
        }
        while resting && self.resting < MEMBERS {
            self.listen();
        }
        if resting {
            self.resting = 0;
        }
    }

    /// Takes one message of anybody.
    fn listen(&mut self) {
        let packet = self.line.hear();
        let (attached, json) = match packet.strip_prefix("451-") {
            Some(json) => (true, json),
            None => (false, packet.strip_prefix("42").unwrap_or_default()),
        };
        let event: Value = serde_json::from_str(json).unwrap_or_default();
        assert_eq!(event[0], "chat", "{packet}");
        let by = event[1].as_u64().expect("a member");
        if attached {
            // nothing may come between the two
            self.line.hear_attachment(&[by as u8; 3]);
        }
        self.log.push((by, event[2].as_u64().expect("a number")));
        self.resting += usize::from(event[3] == true);
    }
}
