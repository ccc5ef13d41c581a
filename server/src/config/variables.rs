//! The table of variables.

use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use chat::store::Durability;

use super::{Auth, ListenError, LogFormat, Secret, Settings};

/// A variable of the environment and what it sets.
pub struct Variable {
    /// The name. Secrets can also be in the file that `<name>_FILE` names.
    pub name: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Whether `<name>_FILE` exists.
    pub is_secret: bool,
    pub(super) set: fn(&mut Settings, &str) -> Result<(), &'static str>,
}

impl std::fmt::Debug for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// All variables. A later one goes before an earlier one that sets the same.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "PORT",
        help: "the port on loopback",
        is_secret: false,
        set: set_port,
    },
    Variable {
        name: "SOCKETIO_CORS_ORIGINS",
        help: "origins whose pages may call, separated by commas",
        is_secret: false,
        set: set_cors,
    },
    Variable {
        name: "ROOMCAST_CORS_ORIGINS",
        help: "the same under our own name",
        is_secret: false,
        set: set_cors,
    },
    Variable {
        name: "ROOMCAST_PROFILE",
        help: "the surroundings of one application",
        is_secret: false,
        set: |settings, value| {
            settings.profile = Some(value.to_owned());
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_LISTEN",
        help: "addresses with ports, separated by commas, each with =PROFILE behind it or without",
        is_secret: false,
        set: set_listen,
    },
    Variable {
        name: "ROOMCAST_DATA_DIR",
        help: "where the data is",
        is_secret: false,
        set: |settings, value| {
            settings.data_dir = Some(PathBuf::from(value));
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_JWT_SECRET",
        help: "the secret that tokens are signed with",
        is_secret: true,
        set: |settings, value| {
            settings.jwt_secret = Some(Secret::new(value));
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_TLS_CERT",
        help: "the file with the certificate of TLS and its chain",
        is_secret: false,
        set: |settings, value| {
            settings.tls_cert = Some(PathBuf::from(value));
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_TLS_KEY",
        help: "the file with the key of that certificate",
        is_secret: false,
        set: |settings, value| {
            settings.tls_key = Some(PathBuf::from(value));
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_AUTH",
        help: "open or required",
        is_secret: false,
        set: |settings, value| {
            settings.auth = Some(Auth::from_str(value, true).map_err(|_| "open or required")?);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_RATE_LIMITS",
        help: "true or false: whether the limits per user and address hold",
        is_secret: false,
        set: |settings, value| {
            settings.rate_limits = Some(decode_bool(value)?);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_CONNECTIONS_PER_ADDRESS",
        help: "how many connections one address may have, this machine too; 0 is as many as it likes",
        is_secret: false,
        set: |settings, value| {
            let limit = value.parse().map_err(|_| "a number")?;
            settings.connections_per_address = Some(limit);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_HEAD_TIMEOUT",
        help: "how many seconds the head of a request may take",
        is_secret: false,
        set: |settings, value| {
            settings.head_timeout = Some(seconds(value)?);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_BODY_TIMEOUT",
        help: "how many seconds the body of a request may take",
        is_secret: false,
        set: |settings, value| {
            settings.body_timeout = Some(seconds(value)?);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_DURABILITY",
        help: "full or normal: whether an acknowledged message survives also that the machine loses its power",
        is_secret: false,
        set: |settings, value| {
            settings.durability = Some(match value {
                "full" => Durability::Full,
                "normal" => Durability::Normal,
                _ => return Err("full or normal"),
            });
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_ROOMS_AUTO_CREATE",
        help: "true or false: whether joining an unknown room makes it",
        is_secret: false,
        set: |settings, value| {
            settings.rooms_auto_create = Some(decode_bool(value)?);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_CHATS_AUTO_JOIN",
        help: "true or false: whether sockets hear all chats of their users without joining them",
        is_secret: false,
        set: |settings, value| {
            settings.chats_auto_join = Some(decode_bool(value)?);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_ALLOW_OPEN",
        help: "true or false: listen beyond loopback without authentication",
        is_secret: false,
        set: |settings, value| {
            settings.allow_open = Some(decode_bool(value)?);
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_LOG",
        help: "what is logged, as in info,chat=debug",
        is_secret: false,
        set: |settings, value| {
            settings.log = Some(value.to_owned());
            Ok(())
        },
    },
    Variable {
        name: "ROOMCAST_LOG_FORMAT",
        help: "auto, pretty or json",
        is_secret: false,
        set: |settings, value| {
            let format = LogFormat::from_str(value, true).map_err(|_| "auto, pretty or json")?;
            settings.log_format = Some(format);
            Ok(())
        },
    },
];

fn set_port(settings: &mut Settings, value: &str) -> Result<(), &'static str> {
    settings.port = Some(value.parse().map_err(|_| "a port number")?);
    Ok(())
}

fn set_cors(settings: &mut Settings, value: &str) -> Result<(), &'static str> {
    settings.cors_origins = Some(list(value).map(str::to_owned).collect());
    Ok(())
}

fn set_listen(settings: &mut Settings, value: &str) -> Result<(), &'static str> {
    let addresses: Result<Vec<_>, _> = list(value).map(str::parse).collect();
    settings.listen = Some(
        addresses
            .map_err(|_: ListenError| "addresses with ports, such as 127.0.0.1:8000=chatty")?,
    );
    Ok(())
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn seconds(value: &str) -> Result<Duration, &'static str> {
    match value.parse() {
        Ok(seconds @ 1..) => Ok(Duration::from_secs(seconds)),
        Ok(0) | Err(_) => Err("a number of seconds, at least 1"),
    }
}

fn decode_bool(value: &str) -> Result<bool, &'static str> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("true or false"),
    }
}
