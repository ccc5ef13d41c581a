//! How many sessions there may be, in all and of one address, and how fast they may open.

use std::{
    hash::{BuildHasher, RandomState},
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use dashmap::{DashMap, Entry};
use parking_lot::RwLock;

/// Rates are kept in a table of this many cells, whatever the number of addresses. Addresses that
/// share a cell share their rate; with a seed of its own in each process nobody can choose whose.
const CELLS: usize = 4096;

/// Limits on new sessions. `None` lifts one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Sessions in all. 100,000: about the memory of a small server. Reason `too_many_sessions`,
    /// status 503.
    pub sessions: Option<usize>,
    /// Sessions of one address: a large office behind one. 4,096. Reason
    /// `too_many_sessions_of_address`, status 429.
    pub sessions_per_address: Option<usize>,
    /// New sessions of one address. 100 a second after 1,000 at once, so that an office comes back
    /// after a restart. Reason `too_many_handshakes`, status 429.
    pub handshakes_per_address: Option<Rate>,
}

/// So many in a second, after so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In each second, in the long run. At least 1.
    pub per_second: u32,
    /// At once, after a quiet time. At least 1.
    pub burst: u32,
}

impl Default for Admission {
    fn default() -> Self {
        Self {
            sessions: Some(100_000),
            sessions_per_address: Some(4096),
            handshakes_per_address: Some(Rate {
                per_second: 100,
                burst: 1000,
            }),
        }
    }
}

impl Admission {
    /// No limit at all, for load tests.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self {
            sessions: None,
            sessions_per_address: None,
            handshakes_per_address: None,
        }
    }
}

/// The limit of [`Admission`] that a new session would pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// [`Admission::sessions`].
    #[error("Too many sessions")]
    Sessions,
    /// [`Admission::sessions_per_address`].
    #[error("Too many sessions from this address")]
    SessionsOfAddress,
    /// [`Admission::handshakes_per_address`].
    #[error("Too many handshakes from this address")]
    Handshakes,
}

impl Limit {
    /// The word in log lines and metrics.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Sessions => "too_many_sessions",
            Self::SessionsOfAddress => "too_many_sessions_of_address",
            Self::Handshakes => "too_many_handshakes",
        }
    }
}

/// Who shares a limit: an IPv4 address, or the 64 leading bits of an IPv6 one, since that is the
/// least that one customer gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Origin(u64);

impl Origin {
    fn of(address: SocketAddr) -> Self {
        // An IPv4 address becomes a prefix that no IPv6 host has.
        Self(match address.ip().to_canonical() {
            IpAddr::V4(ip) => u64::from(u32::from(ip)),
            IpAddr::V6(ip) => (u128::from(ip) >> 64) as u64,
        })
    }
}

/// Counts sessions and handshakes.
#[derive(Debug)]
pub(crate) struct Gate {
    /// Locked for as long as it is copied.
    limits: RwLock<Admission>,
    seed: RandomState,
    /// For each cell the time, in nanoseconds, at which it would be full again ("virtual
    /// scheduling" of the generic cell rate algorithm: a token bucket in one word).
    cells: Box<[AtomicU64]>,
    sessions: AtomicUsize,
    /// Addresses with sessions; no larger than the table of sessions.
    origins: DashMap<Origin, usize>,
}

/// The place of one session; free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    gate: Arc<Gate>,
    origin: Option<Origin>,
}

impl Gate {
    pub(crate) fn new(limits: Admission) -> Self {
        Self {
            limits: RwLock::new(limits),
            seed: RandomState::new(),
            cells: (0..CELLS).map(|_| AtomicU64::new(0)).collect(),
            sessions: AtomicUsize::new(0),
            origins: DashMap::new(),
        }
    }

    /// Other limits for whoever comes from here on.
    pub(crate) fn set_limits(&self, limits: Admission) {
        *self.limits.write() = limits;
    }

    /// A place for a session of `address` that asks for one at `now`. An address that the accept
    /// loop did not tell is subject to the limit of all sessions only.
    pub(crate) fn admit(
        self: &Arc<Self>,
        address: Option<SocketAddr>,
        now: Duration,
    ) -> Result<Place, Limit> {
        let limits = self.limits.read().clone();
        let origin = address.map(Origin::of);
        if let (Some(origin), Some(rate)) = (origin, limits.handshakes_per_address) {
            self.count_handshake(origin, rate, now)?;
        }
        let limit = limits.sessions.unwrap_or(usize::MAX);
        let another = |count: usize| count.checked_add(1).filter(|&count| count <= limit);
        self.sessions
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, another)
            .map_err(|_| Limit::Sessions)?;
        // From here the place counts: dropping it undoes what was done.
        let mut place = Place {
            gate: Arc::clone(self),
            origin: None,
        };
        if let (Some(origin), Some(limit)) = (origin, limits.sessions_per_address) {
            let limit = limit.max(1);
            let mut count = self.origins.entry(origin).or_insert(0);
            if *count >= limit {
                // A guard of the table must not live on to the drop of the place.
                drop(count);
                return Err(Limit::SessionsOfAddress);
            }
            *count += 1;
            place.origin = Some(origin);
        }
        Ok(place)
    }

    fn count_handshake(&self, origin: Origin, rate: Rate, now: Duration) -> Result<(), Limit> {
        let cell = self.seed.hash_one(origin) as usize % CELLS;
        let Some(cell) = self.cells.get(cell) else {
            return Ok(());
        };
        let now = u64::try_from(now.as_nanos()).unwrap_or(u64::MAX);
        let each = 1_000_000_000 / u64::from(rate.per_second.max(1));
        let burst = each.saturating_mul(u64::from(rate.burst.max(1)));
        let another = |full_at: u64| {
            let next = full_at.max(now).saturating_add(each);
            (next - now <= burst).then_some(next)
        };
        cell.fetch_update(Ordering::Relaxed, Ordering::Relaxed, another)
            .map(drop)
            .map_err(|_| Limit::Handshakes)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.gate.sessions.fetch_sub(1, Ordering::Relaxed);
        let Some(origin) = self.origin else { return };
        if let Entry::Occupied(mut count) = self.gate.origins.entry(origin) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests;
