//! The server's rules (protocol B.4 to B.6, B.9), asked over raw WebSockets.

mod acks;
mod connect;
mod disconnect;
mod events;
mod harness;
mod rooms;
