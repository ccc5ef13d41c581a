//! The settings of the chat, with their defaults.

use std::sync::Arc;
use std::time::Duration;

use crate::observer::Observer;

/// Whether somebody without a token may speak.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AuthPolicy {
    /// For development: no token means a guest.
    #[default]
    Open,
    /// Everybody needs a token.
    Required,
}

/// How often one user may send.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RateLimit {
    /// This many messages ...
    pub messages: usize,
    /// ... in any window of this length.
    pub window: Duration,
}

/// The limits that can be changed while the chat runs; `None` lifts one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rates {
    /// How often one user may send.
    pub messages: Option<RateLimit>,
    /// How many sessions one address may open.
    pub sessions: Option<RateLimit>,
}

/// All settings of the chat.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whether somebody without a token may speak.
    pub auth: AuthPolicy,
    /// Whether joining an unknown room makes it.
    pub auto_create: bool,
    /// The largest text of a message in bytes. 16 KiB is five printed pages, and a sixtieth of a payload's limit.
    pub max_text: usize,
    /// Messages of history on joining, at most: what the `shows` vocabulary promises. Of messages that are too large
    /// for one client to be told all at once, fewer.
    pub history: usize,
    /// The largest page of a list.
    pub page: u32,
    /// People in a presence list, at most; what they count to stays exact.
    pub present: usize,
    /// The largest chat whose members hear of each other's coming and going.
    pub status_members: usize,
    /// How long the last socket of a user has to be gone before others hear of it.
    pub grace: Duration,
    /// Rooms that a socket hears without joining, at most: a quarter of what one socket may be in.
    pub auto_join: usize,
    /// Rooms that one socket may hear, counted once for each vocabulary. Less than it may join: the room of its own
    /// id and that of its session are rooms too.
    pub rooms: usize,
    /// The limit on sending; `None` lifts it.
    pub rate_limit: Option<RateLimit>,
    /// How long a session token is good.
    pub session_lifetime: Duration,
    /// How many sessions one address may open; `None` lifts it. Many people can share an address.
    pub session_rate: Option<RateLimit>,
    /// Commands that wait for the committer. Full means that senders wait.
    pub queue: usize,
    /// Commands in one transaction, at most: beyond 256 rows a multi-row insert gains little, and the first
    /// sender of the batch waits for the last.
    pub batch: usize,
    /// Commands that one socket may have in flight.
    pub in_flight: usize,
    /// Who counts what happens; nobody, unless set.
    pub observer: Arc<dyn Observer>,
}

impl Config {
    /// Those of the settings that can be changed later.
    #[must_use]
    pub const fn rates(&self) -> Rates {
        Rates {
            messages: self.rate_limit,
            sessions: self.session_rate,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            auth: AuthPolicy::Open,
            auto_create: false,
            max_text: 16 * 1024,
            history: 50,
            page: 100,
            present: 500,
            status_members: 500,
            grace: Duration::from_secs(5),
            auto_join: 1000,
            rooms: 4094,
            rate_limit: Some(RateLimit {
                messages: 20,
                window: Duration::from_secs(10),
            }),
            session_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            session_rate: Some(RateLimit {
                messages: 60,
                window: Duration::from_secs(60),
            }),
            queue: 1024,
            batch: 256,
            in_flight: 16,
            observer: Arc::new(()),
        }
    }
}
