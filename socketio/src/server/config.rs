//! Settings of the server, each default with its reason.

use std::time::Duration;

use crate::Limits;

/// Settings of a [`SocketIo`](crate::SocketIo) server.
///
/// Every limit has a reason code which appears as the `reason` field of its log line.
#[derive(Debug, Clone)]
pub struct Config {
    /// Settings of the Engine.IO layer; its path is `/socket.io/` unless set otherwise.
    pub engine: engineio::server::Config,
    /// How long a client may stay without having joined any namespace. Default 45 s, as in the
    /// reference (protocol B.4). Reason `connect_timeout`.
    pub connect_timeout: Duration,
    /// How long [`Socket::emit_with_ack`](crate::Socket::emit_with_ack) waits unless told otherwise.
    /// Default 20 s: as long as a missing pong is waited for. Reason `ack_timeout`.
    pub ack_timeout: Duration,
    /// What a client may send in one packet. Reasons are those of [`DecodeError::code`](crate::DecodeError::code).
    pub limits: Limits,
    /// How long a packet may wait for its attachments. Default 30 s: a full attachment at 30 kB/s.
    /// Reason `attachment_timeout`.
    pub attachment_timeout: Duration,
    /// Events of one socket that may wait for the handler in front of them; when they are that many,
    /// the client is not read until there is room. Default 64: absorbs a burst, bounds the memory. Reason
    /// `inbox_full`.
    pub inbox: usize,
    /// The same while an answer of the client is awaited: the answer may be behind events, and a handler
    /// that waits for it would otherwise wait for its own end. Default 1,024.
    pub inbox_while_awaiting: usize,
    /// Bytes of the events that wait, over all namespaces of a client, attachments and a fixed part for
    /// each counted; when they are that many, the client is not read until there is room. Default 1 MiB:
    /// as much as the outbox of a client. The event in flight does not count, and one that waits is always
    /// taken whole. It holds also while an answer is awaited: one behind more than that comes too late.
    /// Reason `inbox_too_large`.
    pub inbox_bytes: usize,
    /// Bytes of what a client sends with CONNECT, which lives as long as its socket. Default 16 KiB: a
    /// token and what goes with it. Reason `auth_too_large`.
    pub auth_bytes: usize,
    /// Namespaces in which one client may be. Default 32: stock apps use a handful. Reason
    /// `too_many_namespaces`.
    pub namespaces_per_client: usize,
    /// Bytes of the name of a namespace that a client may bring into being. Default 256. Reason
    /// `namespace_name_too_long`.
    pub namespace_name_length: usize,
    /// Keeps the children of dynamic namespaces when nobody is in them. Default false, unlike the
    /// reference: clients name them, and could fill the memory with them.
    pub keep_empty_namespaces: bool,
    /// Rooms in which one socket may be, its own not counted. Default 4,096: more than any list a
    /// person keeps. Reason `too_many_rooms`.
    pub rooms_per_socket: usize,
    /// Bytes of a room name. Default 256: several ids with prefixes. Reason `room_name_too_long`.
    pub room_name_length: usize,
    /// Bytes of the name of an inbound event. Default 256. Reason `event_name_too_long`.
    pub event_name_length: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            engine: engineio::server::Config {
                path: "/socket.io/".into(),
                ..Default::default()
            },
            connect_timeout: Duration::from_secs(45),
            ack_timeout: Duration::from_secs(20),
            limits: Limits::default(),
            attachment_timeout: Duration::from_secs(30),
            inbox: 64,
            inbox_while_awaiting: 1024,
            inbox_bytes: 1 << 20,
            auth_bytes: 16 << 10,
            namespaces_per_client: 32,
            namespace_name_length: 256,
            keep_empty_namespaces: false,
            rooms_per_socket: 4096,
            room_name_length: 256,
            event_name_length: 256,
        }
    }
}
