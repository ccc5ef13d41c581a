//! What the system knows of this process, under the names that every exporter uses.

use std::fmt;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// In which Linux counts CPU time for programs: 100 a second on every common architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// Fields of `/proc/self/stat` behind the name, which is in brackets and may contain anything.
mod field {
    pub(super) const USER: usize = 11;
    pub(super) const SYSTEM: usize = 12;
    pub(super) const STARTED: usize = 19;
}

/// Where the system has no `/proc`, nothing is told.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let encoder = &mut encoder;
        if let Some([user, system, started]) = times() {
            let cpu = ConstCounter::new(user + system);
            counter(encoder, "process_cpu_seconds", "CPU time used", &cpu)?;
            if let Some(boot) = booted() {
                let name = "process_start_time_seconds";
                gauge(encoder, name, "When it started, since 1970", boot + started)?;
            }
        }
        if let Some(bytes) = resident() {
            let name = "process_resident_memory_bytes";
            gauge(encoder, name, "Memory that is really used", bytes)?;
        }
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            let open = open.count() as f64;
            gauge(encoder, "process_open_fds", "Open files and sockets", open)?;
        }
        if let Ok((soft, _)) = rlimit::getrlimit(rlimit::Resource::NOFILE) {
            let name = "process_max_fds";
            gauge(encoder, name, "Files and sockets it may open", soft as f64)?;
        }
        Ok(())
    }
}

fn counter(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: &ConstCounter<f64>,
) -> fmt::Result {
    value.encode(encoder.encode_descriptor(name, help, None, value.metric_type())?)
}

fn gauge(encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: f64) -> fmt::Result {
    let value = ConstGauge::new(value);
    value.encode(encoder.encode_descriptor(name, help, None, value.metric_type())?)
}

/// User time, system time, and the start since the machine's, in seconds.
fn times() -> Option<[f64; 3]> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let seconds = |field: usize| -> Option<f64> {
        let ticks: f64 = fields.get(field)?.parse().ok()?;
        Some(ticks / TICKS_PER_SECOND)
    };
    Some([
        seconds(field::USER)?,
        seconds(field::SYSTEM)?,
        seconds(field::STARTED)?,
    ])
}

/// When the machine started, in seconds since 1970.
fn booted() -> Option<f64> {
    let text = fs::read_to_string("/proc/stat").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse().ok()
}

fn resident() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}
