//! The store, the end, and what those who run the server look at.

use std::time::Duration;

use super::super::Takes::One;
use super::super::{Kind, Setting};
use super::Section;

const SECOND: Duration = Duration::from_secs(1);

pub(super) const STORE: Section = Section {
    name: "store",
    about: "Where messages are kept.",
    settings: &[
        Setting::new(
            "store.data_dir",
            Kind::Path,
            "Where the data is; made when it is not there.",
        )
        .env(&["ROOMCAST_DATA_DIR"])
        .flag("data-dir", One("DIR"))
        .unset("roomcast in the user's data directory", "/var/lib/roomcast"),
        Setting::new(
            "store.durability",
            Kind::Choice(&["full", "normal"]),
            "What an acknowledged message survives: `full` also that the machine loses its power, `normal` that the process \
             is killed.",
        )
        .env(&["ROOMCAST_DURABILITY"])
        .is("full"),
        Setting::new(
            "store.wait_for_lock",
            Kind::Duration(SECOND),
            "How long to wait for a data directory that another process has, instead of refusing to start.",
        )
        .env(&["ROOMCAST_WAIT_FOR_LOCK"])
        .flag("wait-for-lock", One("TIME"))
        .unset("not at all", "1m"),
    ],
};

pub(super) const DRAIN: Section = Section {
    name: "drain",
    about: "The way out.",
    settings: &[Setting::new(
        "drain.duration",
        Kind::Duration(Duration::ZERO),
        "The longest time over which clients are sent away before the end; 0 is at once. Few clients take less: 5 ms for each, so \
         that from a thousand on the 5 s of the default are used.",
    )
    .is("5s")],
};

pub(super) const INTERNAL: Section = Section {
    name: "internal",
    about: "What is for those who run the server: metrics and the drain.",
    settings: &[
        Setting::new("internal.listen", Kind::Address, "Where metrics and the drain are asked for.")
            .flag("internal-listen", One("ADDR:PORT"))
            .unset("nowhere", "127.0.0.1:9000"),
        Setting::new(
            "internal.secret",
            Kind::Secret,
            "What has to be known for it, as a bearer token or a password. With it metrics and the drain are on every listener.",
        )
        .unset("none", ""),
    ],
};

pub(super) const DOCS: Section = Section {
    name: "docs",
    about: "The API to read, at `/api-docs` and `/openapi.json`.",
    settings: &[
        Setting::new("docs.user", Kind::Text, "The name that it wants.").is("docs"),
        Setting::new(
            "docs.password",
            Kind::Secret,
            "Its password. Without one it is there only on this machine's own addresses, and only where nobody needs a token.",
        )
        .unset("none", ""),
    ],
};

pub(super) const LOG: Section = Section {
    name: "log",
    about: "The log, on standard error. It never has a token or the text of a message.",
    settings: &[
        Setting::new(
            "log.filter",
            Kind::Filter,
            "What is logged, as in `info,chat=debug`. Levels are `off`, `error`, `warn`, `info`, `debug` and `trace`; the parts \
             of the server are `server`, `chat`, `socketio` and `engineio`.",
        )
        .env(&["ROOMCAST_LOG"])
        .flag("log", One("FILTER"))
        .is("info")
        .reloads(),
        Setting::new(
            "log.format",
            Kind::Choice(&["auto", "pretty", "json"]),
            "How the log is written; `auto` is pretty on a terminal and JSON anywhere else.",
        )
        .flag("log-format", One("FORMAT"))
        .is("auto"),
    ],
};
