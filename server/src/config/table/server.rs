//! Where the server listens, and for whom.

use super::super::Takes::{Many, Nothing, One};
use super::super::{Kind, Setting};
use super::Section;

pub(super) const LISTEN: Section = Section {
    name: "",
    about: "Where to listen. In a file each address may be a table instead: `[[listen]]` with `address`, and `profile` or \
            `internal = true`, which is the same as `internal.listen`.",
    settings: &[Setting::new(
        "listen",
        Kind::Listen,
        "Where to listen; may be repeated, each with a profile of its own.",
    )
    .env(&["ROOMCAST_LISTEN"])
    .flag("listen", Many("ADDR:PORT[=PROFILE]"))
    .unset(
        "the port of the profile on 127.0.0.1 and [::1]; without a profile 8000",
        "0.0.0.0:8000",
    )],
};

pub(super) const SERVER: Section = Section {
    name: "server",
    about: "Who this server is.",
    settings: &[
        Setting::new(
            "server.profile",
            Kind::Text,
            "The surroundings of one application: its port, its service name, its policy. One of `chatty`, `messenger`, \
             `shows`, `chats`, `platform`.",
        )
        .env(&["ROOMCAST_PROFILE"])
        .flag("profile", One("NAME"))
        .unset("none", "chatty"),
        Setting::new(
            "server.port",
            Kind::Number(0, 65_535),
            "The port on this machine. `listen` goes before it; `messenger` listens one port above it, as its clients expect.",
        )
        .env(&["PORT"])
        .unset("that of the profile; without one 8000", "9000"),
        Setting::new(
            "server.allow_open",
            Kind::Flag,
            "Listen beyond this machine without authentication.",
        )
        .env(&["ROOMCAST_ALLOW_OPEN"])
        .flag("allow-open", Nothing("true"))
        .is("false"),
    ],
};

pub(super) const TLS: Section = Section {
    name: "tls",
    about: "Encryption, unless a proxy does it. Renewed files are taken with a SIGHUP.",
    settings: &[
        Setting::new(
            "tls.cert",
            Kind::Path,
            "The certificate of TLS with its chain, as PEM; clients then use https and wss.",
        )
        .flag("tls-cert", One("FILE"))
        .unset("none: plain HTTP", "/etc/roomcast/cert.pem")
        .reloads(),
        Setting::new(
            "tls.key",
            Kind::Path,
            "The key of that certificate, as PEM.",
        )
        .flag("tls-key", One("FILE"))
        .unset("none", "/etc/roomcast/key.pem")
        .reloads(),
    ],
};

pub(super) const CORS: Section = Section {
    name: "cors",
    about: "Which pages may call, over REST, polling and WebSocket.",
    settings: &[Setting::new(
        "cors.origins",
        Kind::Origins,
        "An origin whose pages may call; may be repeated. `*` is every origin; the server's own pages always may.",
    )
    .env(&["ROOMCAST_CORS_ORIGINS", "SOCKETIO_CORS_ORIGINS"])
    .flag("cors-origin", Many("ORIGIN"))
    .unset("every origin", "https://app.example.com")
    .reloads()],
};
