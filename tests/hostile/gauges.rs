//! What must be back where it was after every round: sessions, namespaces, sockets, rooms, bytes that are queued, and tasks. Every timer
//! of the server lives in a task, so none is left where the tasks are back.

use crate::crowd::Crowd;
use crate::joined::{Watcher, gauges};
use serde_json::Value;
use std::time::{Duration, Instant};

/// How long what a round left may take to go: a closed WebSocket waits 5 s for a peer that says nothing.
const SETTLING: Duration = Duration::from_secs(20);

/// The counts while everybody is still.
///
/// # Panics
/// When something stays queued.
pub(crate) fn at_rest(crowd: &Crowd, watcher: &mut Watcher<'_>) -> Value {
    let until = Instant::now() + SETTLING;
    loop {
        crowd.rest();
        let now = gauges(watcher);
        // bytes are freed a moment after they were heard
        if now[0]["queued"] == 0 {
            return now;
        }
        assert!(Instant::now() < until, "something stays queued: {now}");
    }
}

/// Waits until the counts are as before; the healthy clients go on meanwhile.
///
/// # Panics
/// When they are not in time.
pub(crate) fn assert_settles(crowd: &Crowd, watcher: &mut Watcher<'_>, before: &Value) {
    let until = Instant::now() + SETTLING;
    loop {
        crowd.rest();
        let now = gauges(watcher);
        if now == *before {
            return;
        }
        assert!(Instant::now() < until, "before {before}, now {now}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
