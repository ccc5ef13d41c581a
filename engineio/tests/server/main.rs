//! The server through its requests and streams, in memory and with the clock stopped.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod admission;
mod closing;
mod counting;
mod events;
mod harness;
mod hooks;
mod observing;
mod oversized;
mod silence;
mod unread;
