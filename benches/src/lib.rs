//! Criterion benchmarks: `cargo bench` at the root runs them all in a few minutes.
//!
//! | file | what it measures |
//! |---|---|
//! | `benches/codec.rs` | encoding and decoding one packet, by kind and size, and whole polling bodies |
//! | `benches/broadcast.rs` | one message to 1, 100 and 10,000 clients in memory, through the engine alone and through a room |
//!
//! This library holds what they share.
//!
//! | file | what it is |
//! |---|---|
//! | `settings` | how long everything is measured, and on which messages |
//! | `wire` | a WebSocket client without a network: it says what it was given and counts what it gets |

mod settings;
mod wire;

pub use settings::{SIZES, binary, criterion, text};
pub use wire::{CONNECT, Seen, Wire, request};
