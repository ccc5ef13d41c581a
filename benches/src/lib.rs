//! Criterion benchmarks: `cargo bench` at the root runs them all in a few minutes.
//!
//! | file | what it measures |
//! |---|---|
//! | `benches/codec.rs` | encoding and decoding one Engine.IO packet, by kind and size, and whole polling bodies |
//! | `benches/packets.rs` | encoding and decoding one Socket.IO packet, by kind and size |
//! | `benches/rooms.rs` | joining and leaving, by the number of those who are there |
//! | `benches/broadcast.rs` | one message to 1, 100 and 10,000 clients in memory, through the engine alone and through a room |
//!
//! This library holds what they share.
//!
//! | file | what it is |
//! |---|---|
//! | `house` | clients in memory, and the server's side of their connections |
//! | `settings` | how long everything is measured, and on which messages |
//! | `wire` | a WebSocket client without a network: it says what it was given and counts what it gets |

mod house;
mod settings;
mod wire;

pub use house::{House, quiet};
pub use settings::{SIZES, binary, criterion, text};
pub use wire::{CONNECT, Seen, Wire, request};
