//! What was used between two moments.

use std::time::{Duration, Instant};

use super::process::{Cpu, Process};
use super::scene::Count;

/// How long a server may take to give memory back.
const SETTLE: Duration = Duration::from_secs(5);

/// The two processes of a measurement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    server: Option<Process>,
    load: Process,
}

/// One moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    at: Instant,
    count: Count,
    server: Option<Cpu>,
    load: Option<Cpu>,
}

/// The time between two moments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) time: Duration,
    pub(super) count: Count,
    /// Of the server; `None` without one, or when it is gone.
    pub(super) server: Option<Cpu>,
    /// Of the load itself; `None` where the system does not tell.
    pub(super) load: Option<Cpu>,
}

impl Meter {
    pub(super) fn new(server: Option<Process>) -> Self {
        let load = Process::own();
        Self { server, load }
    }

    pub(super) fn now(self, count: Count) -> Moment {
        Moment {
            at: Instant::now(),
            count,
            server: self.server.and_then(Process::cpu),
            load: self.load.cpu(),
        }
    }

    /// The server's resident set when it has had time to give back what clients that left had.
    pub(super) fn settled_memory(self) -> Option<u64> {
        let server = self.server?;
        std::thread::sleep(SETTLE);
        server.memory()
    }

    /// The server's resident set.
    pub(super) fn memory(self) -> Option<u64> {
        self.server?.memory()
    }
}

impl Moment {
    /// From here to a later one.
    pub(super) fn until(self, later: Self) -> Window {
        let since = |later: Option<Cpu>, earlier: Option<Cpu>| Some(later?.since(earlier?));
        Window {
            time: later.at.duration_since(self.at),
            count: Count {
                messages: later.count.messages - self.count.messages,
                deliveries: later.count.deliveries - self.count.deliveries,
            },
            server: since(later.server, self.server),
            load: since(later.load, self.load),
        }
    }
}

impl Window {
    /// The share of one core that was used.
    pub(super) fn busy(&self, cpu: Cpu) -> f64 {
        cpu.total().as_secs_f64() / self.time.as_secs_f64().max(f64::EPSILON)
    }
}
