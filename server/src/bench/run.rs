//! One measurement from start to report.

use engineio::Transport;

use super::BenchArgs;
use super::broadcast::{Broadcast, Seats};
use super::crowd::Crowd;
use super::echo::Echo;
use super::error::BenchError;
use super::meter::{Meter, Window};
use super::opening::{Opened, Opening, Order};
use super::pace::{Pace, Schedule};
use super::place::Place;
use super::plan::{Plan, Scenario};
use super::play::Play;
use super::process::Process;
use super::progress::Progress;
use super::report::{Cuts, Memory, Outcome, Report};
use super::scene::{Count, Findings, Measured};
use super::table::Table;

/// How many clients join at once.
const JOINING: usize = 200;

/// Bytes of headers of an idle client's request: about what a browser sends.
const HEADERS: usize = 1024;

/// Files that are no clients.
const FILES: u64 = 32;

/// Measures, and prints what was found.
///
/// # Errors
/// There is nothing to measure. What is found on the way, like clients that are cut, is in the report.
pub fn run(args: &BenchArgs) -> Result<(), BenchError> {
    let plan = Plan::new(args)?;
    let server = match plan.server {
        Some(pid) => Some(Process::new(pid).ok_or(BenchError::NoProcess(pid))?),
        None => None,
    };
    raise_limit(plan.clients)?;
    let mut place = Place::find(&plan.url)?;
    if plan.scenario == Scenario::Idle {
        place = place.with_headers_of(HEADERS);
    }
    let bench = Bench {
        plan: &plan,
        place: &place,
        meter: Meter::new(server),
        names: format!("bench-{}", std::process::id()),
        crowd: Crowd::new()?,
        progress: Progress::new(),
        memory: Memory::default(),
    };
    let report = Report::new(&plan, bench.measure()?);
    if args.json {
        let json = serde_json::to_string(&report);
        println!("{}", json.expect("numbers and texts are always JSON"));
    } else {
        print!("{}", Table(&report));
    }
    Ok(())
}

/// Makes room for a file for each client, and says so.
fn raise_limit(clients: usize) -> Result<(), BenchError> {
    let Some(limit) = crate::raise_limit() else {
        return Ok(());
    };
    eprintln!("limit of open files raised to {limit}");
    match clients as u64 + FILES {
        needed if needed > limit => Err(BenchError::Files { needed, limit }),
        _ => Ok(()),
    }
}

/// A measurement under way.
struct Bench<'a> {
    plan: &'a Plan,
    place: &'a Place,
    meter: Meter,
    /// What the rooms of this run begin with: nobody of an earlier one is in them.
    names: String,
    crowd: Crowd,
    progress: Progress,
    memory: Memory,
}

impl Bench<'_> {
    fn measure(mut self) -> Result<Outcome, BenchError> {
        let (opened, connecting) = self.open()?;
        match self.plan.scenario {
            Scenario::Connect => {
                let findings = Findings {
                    latency: opened.latency,
                    ..Findings::default()
                };
                self.memory.after = self.meter.memory();
                Ok(self.close(opened, connecting, (connecting, findings)))
            }
            Scenario::Idle => {
                let time = self.plan.window;
                let window = self.play().stay(time)?;
                self.memory.after = self.meter.memory();
                Ok(self.close(opened, connecting, (window, Findings::default())))
            }
            Scenario::Echo => {
                let scene = Echo::new(self.plan.clients, self.plan.size);
                self.run(opened, connecting, scene)
            }
            Scenario::Fanout
            | Scenario::Rooms
            | Scenario::Latency
            | Scenario::Slow
            | Scenario::Polling => {
                let scene = self.broadcast();
                self.run(opened, connecting, scene)
            }
        }
    }

    /// Lets the clients come.
    fn open(&mut self) -> Result<(Opened, Window), BenchError> {
        let (plan, herald) = (self.plan, self.herald());
        let is_coming = matches!(plan.scenario, Scenario::Idle | Scenario::Connect);
        let joins = !is_coming && plan.scenario != Scenario::Echo;
        let names = &self.names;
        let room = |who: usize| {
            let joins = joins && Some(who) != herald;
            joins.then(|| Seats::name(names, who % plan.rooms))
        };
        let transport = |who| match Some(who) == herald {
            true => Transport::WebSocket,
            false => plan.transport,
        };
        let order = Order {
            place: self.place,
            url: &plan.url,
            clients: plan.clients + usize::from(herald.is_some()),
            at_once: if is_coming { plan.in_flight } else { JOINING },
            transport: &transport,
            room: &room,
        };
        Opening::probe(order)?;
        self.memory.before = self.meter.memory();
        let begun = self.meter.now(Count::default());
        let opened = Opening::new(order).run(&mut self.crowd, &mut self.progress)?;
        let count = Count {
            messages: 0,
            deliveries: opened.clients as u64,
        };
        Ok((opened, begun.until(self.meter.now(count))))
    }

    /// Who sends for clients that poll: what they send themselves waits for the end of a poll.
    fn herald(&self) -> Option<usize> {
        let is_coming = matches!(self.plan.scenario, Scenario::Idle | Scenario::Connect);
        let polls = self.plan.transport == Transport::Polling;
        (polls && !is_coming).then_some(self.plan.clients)
    }

    /// Those who do not read: the last ones, so that the first one can send.
    fn stalled(&self) -> std::ops::Range<usize> {
        self.plan.clients - self.plan.stalled..self.plan.clients
    }

    fn broadcast(&self) -> Broadcast {
        let (plan, stalled) = (self.plan, self.stalled());
        let seat = |who| {
            let reads = !stalled.contains(&who) && self.crowd.clients.is_open(who);
            reads.then_some(who % plan.rooms)
        };
        let seats = Seats {
            rooms: plan.rooms,
            members: (0..plan.clients).map(seat).collect(),
            senders: plan.senders,
            herald: self.herald(),
            names: self.names.clone(),
        };
        let pace = match plan.rate {
            Some(rate) => Pace::Clock(Schedule::new(self.crowd.now(), rate)),
            None => Pace::InFlight(plan.in_flight),
        };
        Broadcast::new(seats, pace, plan.size)
    }

    fn play(&mut self) -> Play<'_> {
        Play {
            crowd: &mut self.crowd,
            progress: &mut self.progress,
            meter: self.meter,
        }
    }

    /// Has a scene run, and looks after those who did not read.
    fn run(
        mut self,
        opened: Opened,
        connecting: Window,
        mut scene: impl Measured,
    ) -> Result<Outcome, BenchError> {
        for who in self.stalled() {
            self.crowd.clients.stall(who, true);
        }
        let plan = self.plan;
        let window = self.play().measure(&mut scene, plan)?;
        self.memory.after = self.meter.memory();
        self.play().drain(&mut scene)?;
        for who in self.stalled() {
            self.crowd.clients.stall(who, false);
        }
        if !self.stalled().is_empty() {
            self.play().wake(&mut scene)?;
        }
        Ok(self.close(opened, connecting, (window, scene.findings())))
    }

    /// Has everybody leave at once.
    fn close(
        mut self,
        opened: Opened,
        connecting: Window,
        (window, findings): (Window, Findings),
    ) -> Outcome {
        let stalled = self
            .stalled()
            .filter(|&who| !self.crowd.clients.is_open(who));
        let stalled = stalled.count();
        let cuts = Cuts {
            reading: self.crowd.cut().saturating_sub(stalled),
            stalled,
            reason: self.crowd.reason().map(ToOwned::to_owned),
        };
        self.crowd.clients.close();
        let stays = matches!(
            self.plan.scenario,
            Scenario::Idle | Scenario::Connect | Scenario::Slow
        );
        if stays {
            self.memory.after_disconnect = self.meter.settled_memory();
        }
        Outcome {
            window,
            findings,
            connecting,
            connected: opened.clients,
            memory: self.memory,
            cuts,
        }
    }
}
