//! CPU time and memory of a process with its children, as Linux tells them.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

/// In which the system counts CPU time for programs: 100 a second on every common architecture.
const TICK: Duration = Duration::from_millis(10);

/// Fields of `/proc/PID/stat` behind the name, which is in brackets and may contain anything.
mod field {
    pub(super) const PARENT: usize = 1;
    pub(super) const USER: usize = 11;
    pub(super) const SYSTEM: usize = 12;
    pub(super) const USER_OF_ENDED_CHILDREN: usize = 13;
    pub(super) const SYSTEM_OF_ENDED_CHILDREN: usize = 14;
}

/// A process on this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Process {
    pid: u32,
}

/// CPU time that was used.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cpu {
    pub(super) user: Duration,
    pub(super) system: Duration,
}

impl Cpu {
    pub(super) fn total(self) -> Duration {
        self.user + self.system
    }

    /// What was used since an earlier moment.
    pub(super) fn since(self, earlier: Self) -> Self {
        Self {
            user: self.user.saturating_sub(earlier.user),
            system: self.system.saturating_sub(earlier.system),
        }
    }
}

impl Process {
    /// A process, if there is one with this id.
    pub(super) fn new(pid: u32) -> Option<Self> {
        stat(pid).map(|_| Self { pid })
    }

    /// This one.
    pub(super) fn own() -> Self {
        let pid = std::process::id();
        Self { pid }
    }

    /// The CPU time of all its threads, of its children and of theirs; `None` when it is gone.
    pub(super) fn cpu(self) -> Option<Cpu> {
        stat(self.pid)?;
        let mut sum = Cpu::default();
        for pid in self.family() {
            let Some(fields) = stat(pid) else { continue };
            let ticks = |field| fields.get(field).copied().unwrap_or(0);
            sum.user += times(ticks(field::USER) + ticks(field::USER_OF_ENDED_CHILDREN));
            sum.system += times(ticks(field::SYSTEM) + ticks(field::SYSTEM_OF_ENDED_CHILDREN));
        }
        Some(sum)
    }

    /// The resident set of it and its children, in bytes; `None` when it is gone.
    pub(super) fn memory(self) -> Option<u64> {
        resident(self.pid)?;
        Some(self.family().into_iter().filter_map(resident).sum())
    }

    /// Its id, those of its children, and theirs.
    fn family(self) -> Vec<u32> {
        let mut children: HashMap<u64, Vec<u32>> = HashMap::new();
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        for pid in entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()) {
            let parent = stat(pid).and_then(|fields| fields.get(field::PARENT).copied());
            children.entry(parent.unwrap_or(0)).or_default().push(pid);
        }
        let mut family = vec![self.pid];
        let mut next = 0;
        while let Some(&pid) = family.get(next) {
            family.extend(children.remove(&u64::from(pid)).unwrap_or_default());
            next += 1;
        }
        family
    }
}

/// The numbers behind the name; what is no number, like the state, counts as 0.
fn stat(pid: u32) -> Option<Vec<u64>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let fields = fields.split_whitespace();
    Some(fields.map(|field| field.parse().unwrap_or(0)).collect())
}

fn times(ticks: u64) -> Duration {
    TICK * u32::try_from(ticks).unwrap_or(u32::MAX)
}

fn resident(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn work_is_seen_as_cpu_time() {
        let process = Process::own();
        let before = process.cpu().unwrap();
        while process.cpu().unwrap().since(before).total() < 3 * TICK {
            std::hint::black_box((0..100_000).sum::<u64>());
        }
        assert!(process.memory().unwrap() > 1024 * 1024);
    }

    #[test]
    fn children_belong_to_it_and_a_process_may_be_gone() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let pid = child.id();
        assert!(Process::own().family().contains(&pid));
        let process = Process::new(pid).unwrap();
        assert!(process.memory().is_some());
        drop(child.stdin.take());
        child.wait().unwrap();
        assert!(Process::new(pid).is_none() && process.cpu().is_none());
    }
}
