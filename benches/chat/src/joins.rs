//! Everybody joins one show within two seconds, while somebody asks for a pong again and again.

use std::time::{Duration, Instant};

use socketio::client::Notice;

use crate::crowd::{Crowd, Scene, is_ok};
use crate::{Outcome, Target, process};

/// "5,000 sockets join a `shows` room within two seconds."
const SPREAD: Duration = Duration::from_secs(2);

/// It is over when nobody has heard anything for so long.
const QUIET: Duration = Duration::from_millis(700);

/// Pings of the one who does not join.
const PING_EVERY: Duration = Duration::from_millis(20);

const JOIN: &str = r#"20["join_show",{"show_id":"premiere"}]"#;
const PING: &str = r#"29["ping"]"#;
const JOINED: u64 = 0;

struct Joins {
    /// By client, when it asked to be let in.
    asked: Vec<Instant>,
    times: Vec<Duration>,
    pinged: Option<Instant>,
    slowest_pong: Duration,
    bytes: usize,
    announcements: usize,
    refused: usize,
    last: Instant,
    last_ack: Instant,
}

impl Scene for Joins {
    fn on(&mut self, who: usize, notice: Notice<'_>, _: &mut Vec<(usize, String)>) {
        let now = Instant::now();
        match notice {
            Notice::Event(array) => {
                if array.starts_with(br#"["pong"#) {
                    return;
                }
                self.bytes += array.len();
                self.announcements += usize::from(array.starts_with(br#"["user_joined"#));
                self.last = now;
            }
            Notice::Ack { id: JOINED, args } => {
                self.bytes += args.len();
                self.last = now;
                self.last_ack = now;
                self.refused += usize::from(!is_ok(args));
                if let Some(asked) = self.asked.get(who) {
                    self.times.push(now - *asked);
                }
            }
            Notice::Ack { .. } => {
                if let Some(pinged) = self.pinged.take() {
                    self.slowest_pong = self.slowest_pong.max(now - pinged);
                }
            }
            _ => {}
        }
    }
}

pub(crate) fn run(target: &Target, clients: usize) -> Outcome {
    // The last one only pings.
    let mut crowd = Crowd::connect(target, clients + 1)?;
    let mut warm = Joins::new();
    let settled = Instant::now() + Duration::from_secs(1);
    while Instant::now() < settled {
        crowd.turn(Duration::from_millis(20), &mut warm)?;
    }
    let mut joins = Joins::new();
    let (begun, cpu) = (Instant::now(), process::cpu(target.server_pid));
    let own = process::cpu(std::process::id());
    let mut next_ping = begun;
    loop {
        let now = Instant::now();
        let share = (now - begun).as_secs_f64() / SPREAD.as_secs_f64();
        let due = ((clients as f64 * share) as usize).min(clients);
        while joins.asked.len() < due {
            joins.asked.push(Instant::now());
            crowd.send(joins.asked.len() - 1, JOIN);
        }
        if now >= next_ping && joins.pinged.is_none() {
            joins.pinged = Some(now);
            crowd.send(clients, PING);
            next_ping = now + PING_EVERY;
        }
        crowd.turn(Duration::from_millis(1), &mut joins)?;
        let is_quiet = joins.last.elapsed() > QUIET;
        if due == clients && (joins.times.len() == clients || crowd.cut > 0) && is_quiet {
            break;
        }
        if begun.elapsed() > Duration::from_secs(60) {
            return Err(format!(
                "{} of {clients} have joined after a minute",
                joins.times.len()
            )
            .into());
        }
    }
    joins.times.sort_unstable();
    let at = |share: f64| {
        joins
            .times
            .get((joins.times.len() as f64 * share) as usize)
            .map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    println!(
        r#"{{"clients":{clients},"joined":{},"seconds":{:.2},"calm_after":{:.2},"p50_ms":{:.1},"p99_ms":{:.1},"slowest_pong_ms":{:.1},"announcements_each":{:.1},"megabytes":{:.1},"server_cpu_s":{:.2},"load_cpu_s":{:.2},"refused":{},"cut":{}}}"#,
        joins.times.len(),
        (joins.last_ack - begun).as_secs_f64(),
        (joins.last - begun).as_secs_f64(),
        at(0.5),
        at(0.99),
        joins.slowest_pong.as_secs_f64() * 1e3,
        joins.announcements as f64 / clients as f64,
        joins.bytes as f64 / 1e6,
        (process::cpu(target.server_pid) - cpu).as_secs_f64(),
        (process::cpu(std::process::id()) - own).as_secs_f64(),
        joins.refused,
        crowd.cut,
    );
    Ok(())
}

impl Joins {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            asked: Vec::new(),
            times: Vec::new(),
            pinged: None,
            slowest_pong: Duration::ZERO,
            bytes: 0,
            announcements: 0,
            refused: 0,
            last: now,
            last_ack: now,
        }
    }
}
