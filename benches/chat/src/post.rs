//! Stored messages per second, and the time from send to ack: senders in rooms of two.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use socketio::client::Notice;

use crate::crowd::{Crowd, Scene, is_ok};
use crate::{Outcome, Target, process};

const SENDERS: usize = 64;

/// Before anything counts.
const WARM_UP: Duration = Duration::from_secs(1);

/// A chat message of ordinary length.
const TEXT: &str = "The quick brown fox jumps over the lazy dog, and nobody in this room of two has anything to add to that. 120 bytes long.";

struct Posting {
    epoch: Instant,
    /// By sender, the times at which its messages were due, in the order of their acks.
    sent: Vec<VecDeque<Instant>>,
    /// Whether an ack makes its sender send the next.
    is_closed: bool,
    acknowledged: usize,
    refused: usize,
    delivered: usize,
    times: Vec<Duration>,
}

fn packet(who: usize) -> String {
    format!(
        r#"21["send_group_message",{{"room_id":"pair {}","content":"{TEXT}"}}]"#,
        who / 2
    )
}

impl Scene for Posting {
    fn on(&mut self, who: usize, notice: Notice<'_>, out: &mut Vec<(usize, String)>) {
        match notice {
            Notice::Ack { args, .. } => {
                let due = self.sent.get_mut(who).and_then(VecDeque::pop_front);
                if is_ok(args) {
                    self.acknowledged += 1;
                    self.times.push(due.unwrap_or(self.epoch).elapsed());
                } else {
                    self.refused += 1;
                }
                if self.is_closed {
                    self.send(who, Instant::now(), out);
                }
            }
            Notice::Event(_) => self.delivered += 1,
            _ => {}
        }
    }
}

impl Posting {
    fn new(is_closed: bool) -> Self {
        Self {
            epoch: Instant::now(),
            sent: vec![VecDeque::new(); SENDERS],
            is_closed,
            acknowledged: 0,
            refused: 0,
            delivered: 0,
            times: Vec::new(),
        }
    }

    /// Everybody sends so many messages at once.
    fn begin(&mut self, crowd: &mut Crowd, in_flight: usize) {
        let mut out = Vec::new();
        for who in (0..SENDERS).flat_map(|who| std::iter::repeat_n(who, in_flight)) {
            self.send(who, Instant::now(), &mut out);
        }
        for (who, packet) in out {
            crowd.send(who, &packet);
        }
    }

    /// Milliseconds from send to ack, of half of them and of 99 in 100.
    fn percentiles(&mut self) -> (f64, f64) {
        self.times.sort_unstable();
        let at = |share: f64| {
            let place = (self.times.len() as f64 * share) as usize;
            let time = self.times.get(place).copied().unwrap_or_default();
            time.as_secs_f64() * 1e3
        };
        (at(0.5), at(0.99))
    }

    fn send(&mut self, who: usize, due: Instant, out: &mut Vec<(usize, String)>) {
        if let Some(sent) = self.sent.get_mut(who) {
            sent.push_back(due);
            out.push((who, packet(who)));
        }
    }

    /// Sends what is due by now, and goes on until `end`.
    fn drive(
        &mut self,
        crowd: &mut Crowd,
        schedule: &mut Option<Schedule>,
        end: Instant,
    ) -> io::Result<()> {
        while Instant::now() < end {
            let mut out = Vec::new();
            if let Some(schedule) = schedule {
                while let Some((who, due)) = schedule.take() {
                    self.send(who, due, &mut out);
                }
            }
            for (who, packet) in out {
                crowd.send(who, &packet);
            }
            let patience = schedule
                .as_ref()
                .map_or(Duration::from_millis(20), Schedule::patience);
            crowd.turn(patience, self)?;
        }
        Ok(())
    }
}

/// Messages that are due at a rate, of one sender after the other.
struct Schedule {
    begun: Instant,
    rate: f64,
    next: u32,
}

impl Schedule {
    fn due(&self) -> Instant {
        self.begun + Duration::from_secs_f64(f64::from(self.next) / self.rate)
    }

    fn take(&mut self) -> Option<(usize, Instant)> {
        let due = self.due();
        (due <= Instant::now()).then(|| {
            let who = self.next as usize % SENDERS;
            self.next += 1;
            (who, due)
        })
    }

    fn patience(&self) -> Duration {
        self.due().saturating_duration_since(Instant::now())
    }
}

pub(crate) fn run(target: &Target, in_flight: usize, rate: Option<f64>) -> Outcome {
    let mut crowd = Crowd::connect(target, SENDERS)?;
    crowd.ask(|who| {
        let room = who / 2;
        Some(format!(r#"20["join_room",{{"room_id":"pair {room}"}}]"#))
    })?;
    let mut posting = Posting::new(rate.is_none());
    let mut schedule = rate.map(|rate| Schedule {
        begun: Instant::now(),
        rate,
        next: 0,
    });
    if rate.is_none() {
        posting.begin(&mut crowd, in_flight);
    }
    posting.drive(&mut crowd, &mut schedule, Instant::now() + WARM_UP)?;
    let begun = Instant::now();
    let (cpu, own) = (
        process::cpu(target.server_pid),
        process::cpu(std::process::id()),
    );
    let before = (posting.acknowledged, posting.delivered);
    posting.times.clear();
    let end = begun + Duration::from_secs_f64(target.seconds);
    posting.drive(&mut crowd, &mut schedule, end)?;
    let took = begun.elapsed().as_secs_f64();
    let (half, most) = posting.percentiles();
    println!(
        r#"{{"stored":{:.0},"delivered":{:.0},"p50_ms":{half:.2},"p99_ms":{most:.2},"server_cpu":{:.2},"load_cpu":{:.2},"refused":{},"cut":{}}}"#,
        (posting.acknowledged - before.0) as f64 / took,
        (posting.delivered - before.1) as f64 / took,
        (process::cpu(target.server_pid) - cpu).as_secs_f64() / took,
        (process::cpu(std::process::id()) - own).as_secs_f64() / took,
        posting.refused,
        crowd.cut,
    );
    Ok(())
}
