//! What was measured, as the JSON object has it.

use engineio::Transport;
use serde::Serialize;

use super::latency::Summary;
use super::meter::Window;
use super::plan::{Plan, Scenario};
use super::process::Cpu;
use super::scene::Findings;
use super::verdict;

/// One measurement.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    pub(super) scenario: Scenario,
    pub(super) url: String,
    pub(super) transport: &'static str,
    /// How many were asked for.
    pub(super) clients: usize,
    pub(super) rooms: usize,
    pub(super) in_flight: usize,
    pub(super) rate: Option<f64>,
    pub(super) size: usize,
    /// How long was measured.
    pub(super) seconds: f64,
    /// What clients got meanwhile: messages, acks, or being let in.
    pub(super) deliveries: u64,
    pub(super) deliveries_per_second: f64,
    /// What they sent meanwhile.
    pub(super) messages: u64,
    /// From the first message to the last that was waited for, not only in the time measured.
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) reordered: u64,
    /// Messages that nobody has sent so.
    pub(super) damaged: u64,
    /// Clients whose connection ended.
    pub(super) cut: usize,
    pub(super) first_cut: Option<String>,
    /// Clients that were told not to read, and those of them who were cut.
    pub(super) stalled: usize,
    pub(super) stalled_cut: usize,
    pub(super) latency_us: Option<Summary>,
    pub(super) server: Option<Server>,
    pub(super) load: Load,
    pub(super) counts: bool,
    pub(super) why_not: Vec<String>,
}

/// What the server used.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Server {
    pub(super) pid: u32,
    pub(super) user_seconds: f64,
    pub(super) system_seconds: f64,
    /// The share of one core; above 1 with several threads.
    pub(super) busy: f64,
    pub(super) user_us_per_delivery: Option<f64>,
    pub(super) cpu_us_per_delivery: Option<f64>,
    /// Resident sets in bytes: without clients, with them, and after all have left.
    pub(super) rss_before: Option<u64>,
    pub(super) rss_after: Option<u64>,
    pub(super) rss_after_disconnect: Option<u64>,
    pub(super) bytes_per_client: Option<f64>,
    pub(super) cpu_us_per_connect: Option<f64>,
}

/// What the load itself used.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Load {
    /// The share of one core.
    pub(super) busy: f64,
    pub(super) user_us_per_delivery: Option<f64>,
    pub(super) cpu_us_per_delivery: Option<f64>,
}

/// What a report is made of.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) window: Window,
    pub(super) findings: Findings,
    /// While clients came, and how many did.
    pub(super) connecting: Window,
    pub(super) connected: usize,
    pub(super) memory: Memory,
    pub(super) cuts: Cuts,
}

/// Resident sets of the server.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    pub(super) before: Option<u64>,
    pub(super) after: Option<u64>,
    pub(super) after_disconnect: Option<u64>,
}

/// Connections that ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Cuts {
    pub(super) reading: usize,
    pub(super) stalled: usize,
    pub(super) reason: Option<String>,
}

impl Report {
    pub(super) fn new(plan: &Plan, outcome: Outcome) -> Self {
        let Outcome {
            window,
            findings,
            cuts,
            ..
        } = outcome.clone();
        let deliveries = window.count.deliveries;
        let load = window.load.unwrap_or_default();
        let mut report = Self {
            scenario: plan.scenario,
            url: plan.url.clone(),
            transport: match plan.transport {
                Transport::Polling => "polling",
                Transport::WebSocket => "websocket",
            },
            clients: plan.clients,
            rooms: plan.rooms,
            in_flight: plan.in_flight,
            rate: plan.rate,
            size: plan.size,
            seconds: rounded(window.time.as_secs_f64()),
            deliveries,
            deliveries_per_second: rounded(deliveries as f64 / window.time.as_secs_f64()),
            messages: window.count.messages,
            lost: findings.lost,
            duplicated: findings.duplicated,
            reordered: findings.reordered,
            damaged: findings.damaged,
            cut: cuts.reading,
            first_cut: cuts.reason,
            stalled: plan.stalled,
            stalled_cut: cuts.stalled,
            latency_us: findings.latency,
            server: Server::new(plan, &outcome),
            load: Load {
                busy: rounded(window.busy(load)),
                user_us_per_delivery: per(load.user.as_secs_f64(), deliveries),
                cpu_us_per_delivery: per(load.total().as_secs_f64(), deliveries),
            },
            counts: false,
            why_not: Vec::new(),
        };
        report.why_not = verdict::why_not(&report, plan.server);
        report.counts = report.why_not.is_empty();
        report
    }
}

impl Server {
    /// `None` when no process was named, or it is gone.
    fn new(plan: &Plan, outcome: &Outcome) -> Option<Self> {
        let pid = plan.server?;
        let Cpu { user, system } = outcome.window.server?;
        let deliveries = outcome.window.count.deliveries;
        let total = user + system;
        let memory = outcome.memory;
        let grown = memory.after.zip(memory.before);
        let connecting = outcome.connecting.server.map(Cpu::total);
        let connected = outcome.connected as u64;
        Some(Self {
            pid,
            user_seconds: rounded(user.as_secs_f64()),
            system_seconds: rounded(system.as_secs_f64()),
            busy: rounded(outcome.window.busy(Cpu { user, system })),
            user_us_per_delivery: per(user.as_secs_f64(), deliveries),
            cpu_us_per_delivery: per(total.as_secs_f64(), deliveries),
            rss_before: memory.before,
            rss_after: memory.after,
            rss_after_disconnect: memory.after_disconnect,
            bytes_per_client: grown
                .filter(|_| connected > 0)
                .map(|(after, before)| rounded((after as f64 - before as f64) / connected as f64)),
            cpu_us_per_connect: connecting.and_then(|cpu| per(cpu.as_secs_f64(), connected)),
        })
    }
}

/// Microseconds for each of so many.
fn per(seconds: f64, count: u64) -> Option<f64> {
    (count > 0).then(|| rounded(seconds * 1e6 / count as f64))
}

/// Three digits behind the point are more than can be measured.
fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

#[cfg(test)]
pub(super) mod tests;
