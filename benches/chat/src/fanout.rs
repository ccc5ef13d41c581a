//! Deliveries into one large room: group messages here, and the same bytes on a server that stores nothing.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use socketio::client::Notice;

use crate::crowd::{Crowd, Scene, is_ok};
use crate::{Outcome, Target, process};

const WARM_UP: Duration = Duration::from_secs(1);

/// What is around the text in an event of the comparison's program: `["msg",""]`.
const AROUND: usize = 10;

struct Fanout {
    members: usize,
    /// By client, how many messages it got: each gets all, in order.
    got: Vec<usize>,
    /// Of the messages that are on their way, how many still have to arrive; the first is number `first`.
    missing: VecDeque<usize>,
    first: usize,
    packet: String,
    delivered: usize,
    messages: usize,
    refused: usize,
    bytes: usize,
}

impl Fanout {
    fn send(&mut self, out: &mut Vec<(usize, String)>) {
        self.missing.push_back(self.members);
        out.push((0, self.packet.clone()));
    }

    /// A message that everybody has makes room for the next.
    fn arrive(&mut self, who: usize, out: &mut Vec<(usize, String)>) {
        let Some(got) = self.got.get_mut(who) else {
            return;
        };
        let place = *got - self.first;
        *got += 1;
        if let Some(missing) = self.missing.get_mut(place) {
            *missing -= 1;
        }
        while self.missing.front() == Some(&0) {
            self.missing.pop_front();
            self.first += 1;
            self.messages += 1;
            self.send(out);
        }
    }
}

impl Scene for Fanout {
    fn on(&mut self, who: usize, notice: Notice<'_>, out: &mut Vec<(usize, String)>) {
        match notice {
            Notice::Event(array) if who > 0 && !array.starts_with(br#"["user_"#) => {
                self.bytes = array.len();
                self.delivered += 1;
                self.arrive(who, out);
            }
            Notice::Ack { args, .. } if !is_ok(args) => self.refused += 1,
            _ => {}
        }
    }
}

pub(crate) fn run(
    target: &Target,
    members: usize,
    in_flight: usize,
    bytes: Option<usize>,
) -> Outcome {
    let mut crowd = Crowd::connect(target, members + 1)?;
    let (join, packet) = match bytes {
        None => (
            r#"20["join_room",{"room_id":"everybody"}]"#.to_owned(),
            format!(
                r#"21["send_group_message",{{"room_id":"everybody","content":"{}"}}]"#,
                "x".repeat(120)
            ),
        ),
        Some(bytes) => (
            r#"20["join","everybody"]"#.to_owned(),
            format!(
                r#"2["msg","everybody","{}"]"#,
                "x".repeat(bytes.saturating_sub(AROUND))
            ),
        ),
    };
    // The sender of the comparison stays outside, so that the same number hears it.
    crowd.ask(|who| (who > 0 || bytes.is_none()).then(|| join.clone()))?;
    let mut fanout = Fanout {
        members,
        got: vec![0; members + 1],
        missing: VecDeque::new(),
        first: 0,
        packet,
        delivered: 0,
        messages: 0,
        refused: 0,
        bytes: 0,
    };
    settle(&mut crowd, &mut fanout)?;
    let mut out = Vec::new();
    for _ in 0..in_flight {
        fanout.send(&mut out);
    }
    for (who, packet) in out {
        crowd.send(who, &packet);
    }
    drive(&mut crowd, &mut fanout, Instant::now() + WARM_UP)?;
    let (begun, cpu, own) = (
        Instant::now(),
        process::cpu(target.server_pid),
        process::cpu(std::process::id()),
    );
    let delivered = fanout.delivered;
    drive(
        &mut crowd,
        &mut fanout,
        begun + Duration::from_secs_f64(target.seconds),
    )?;
    let took = begun.elapsed().as_secs_f64();
    println!(
        r#"{{"deliveries":{:.0},"bytes":{},"server_cpu":{:.2},"load_cpu":{:.2},"refused":{},"cut":{}}}"#,
        (fanout.delivered - delivered) as f64 / took,
        fanout.bytes,
        (process::cpu(target.server_pid) - cpu).as_secs_f64() / took,
        (process::cpu(std::process::id()) - own).as_secs_f64() / took,
        fanout.refused,
        crowd.cut,
    );
    Ok(())
}

fn drive(crowd: &mut Crowd, fanout: &mut Fanout, end: Instant) -> std::io::Result<()> {
    while Instant::now() < end {
        crowd.turn(Duration::from_millis(20), fanout)?;
    }
    Ok(())
}

/// Until what the joining has caused has been heard.
fn settle(crowd: &mut Crowd, fanout: &mut Fanout) -> std::io::Result<()> {
    drive(crowd, fanout, Instant::now() + Duration::from_millis(1500))?;
    fanout.got.fill(0);
    fanout.delivered = 0;
    Ok(())
}
