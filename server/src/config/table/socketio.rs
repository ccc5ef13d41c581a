//! The two protocols: times, sizes and queues.

use std::time::Duration;

use super::super::{Kind, Setting};
use super::Section;

const SECOND: Kind = Kind::Duration(Duration::from_secs(1));
const SOME: Kind = Kind::Number(1, u64::MAX);
const BYTE: Kind = Kind::Size(1);

pub(super) const SOCKETIO: Section = Section {
    name: "socketio",
    about: "Socket.IO: heartbeat, sizes and queues. The defaults are those of the stock server where it has one.",
    settings: &[
        Setting::new(
            "socketio.ping_interval",
            Kind::Heartbeat,
            "From a pong to the next ping. Together with `ping_timeout` it should stay below the idle time-out of a proxy in \
             front, often 60 s.",
        )
        .is("25s"),
        Setting::new("socketio.ping_timeout", Kind::Heartbeat, "How long a pong may take.").is("20s"),
        Setting::new(
            "socketio.connect_timeout",
            SECOND,
            "How long a client may stay without having joined a namespace, which is when its token is looked at.",
        )
        .is("45s"),
        Setting::new("socketio.upgrade_timeout", SECOND, "How long the move to WebSocket may take.").is("10s"),
        Setting::new("socketio.ack_timeout", SECOND, "How long an answer of a client is awaited.").is("20s"),
        Setting::new(
            "socketio.close_timeout",
            SECOND,
            "How long an orderly close may take to hand over what is queued.",
        )
        .is("30s"),
        Setting::new(
            "socketio.write_timeout",
            SECOND,
            "A connection whose writes make no progress for this long is cut.",
        )
        .is("30s"),
        Setting::new(
            "socketio.transports",
            Kind::Choices(&["polling", "websocket"]),
            "The transports that are served.",
        )
        .is("polling,websocket"),
        Setting::new(
            "socketio.max_payload",
            Kind::Size(1024),
            "The largest POST body and the largest WebSocket message.",
        )
        .is("1MB"),
        Setting::new("socketio.attachments", SOME, "Binary attachments of one packet.").is("10"),
        Setting::new("socketio.attachment_bytes", BYTE, "All attachments of one packet together.").is("10MB"),
        Setting::new("socketio.attachment_timeout", SECOND, "How long a packet may wait for its attachments.").is("30s"),
        Setting::new("socketio.nesting", SOME, "How deep arrays and objects may nest.").is("128"),
        Setting::new(
            "socketio.outbox_limit",
            Kind::Size(1024),
            "What may be queued for one client that reads too slowly.",
        )
        .is("1MiB"),
        Setting::new(
            "socketio.outbox_overflow",
            Kind::Choice(&["cut", "refuse"]),
            "What happens beyond that: `cut` ends the connection, so that the client comes back and sees what it missed; \
             `refuse` drops the message.",
        )
        .is("cut"),
        Setting::new(
            "socketio.outbox_reserve",
            Kind::Size(0),
            "Room above that limit for answers and goodbyes.",
        )
        .is("64KiB"),
        Setting::new(
            "socketio.outbox_total",
            Kind::Size(1 << 20),
            "What may be queued for all clients together; beyond it a client that is behind is cut.",
        )
        .is("1GiB"),
        Setting::new(
            "socketio.send_buffer",
            Kind::Size(1024),
            "The kernel's send buffer of a WebSocket, so that it is no second queue.",
        )
        .is("256KiB"),
        Setting::new(
            "socketio.inbox",
            SOME,
            "Events of one socket that may wait; then the client is not read until there is room.",
        )
        .is("64"),
        Setting::new(
            "socketio.inbox_bytes",
            Kind::Size(1024),
            "Bytes of the events of one client that may wait, in all namespaces; then the client is not read until there is room.",
        )
        .is("1MiB"),
        Setting::new(
            "socketio.auth_bytes",
            Kind::Size(0),
            "What a client may send when it joins a namespace, its token among it; kept while it is there.",
        )
        .is("16KiB"),
        Setting::new("socketio.namespaces", SOME, "Namespaces in which one client may be.").is("32"),
        Setting::new("socketio.namespace_name", BYTE, "The longest name of a namespace.").is("256"),
        Setting::new("socketio.rooms", SOME, "Rooms in which one socket may be.").is("4096"),
        Setting::new("socketio.room_name", BYTE, "The longest name of a room of the protocol.").is("256"),
        Setting::new(
            "socketio.event_name",
            Kind::Size(0),
            "The longest name of an event; a longer one ends the connection. 0 leaves it to `max_payload`, and the chat \
             answers each event that it does not know.",
        )
        .is("0"),
        Setting::new("socketio.flushers", Kind::Number(1, 1024), "Tasks that write to clients.")
            .unset("the number of cores", "16"),
    ],
};
