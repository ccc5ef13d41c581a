//! The server's rules (protocol B.4 to B.6, B.9), asked over raw WebSockets.

mod acks;
mod bulk;
mod connect;
mod disconnect;
mod dynamic;
mod events;
mod gates;
mod harness;
mod kept;
mod limits;
mod rooms;
mod service;
