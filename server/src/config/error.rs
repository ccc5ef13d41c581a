//! What can be wrong with the settings.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Refused, Setting};

/// How many letters may be different for a suggestion.
const NEAR: usize = 3;

/// Where something was said. Written in front of what is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Place {
    /// The environment.
    Environment,
    /// A variable.
    Variable(String),
    /// A line of a file.
    Line(Arc<PathBuf>, usize),
    /// The same, and a key on it.
    Key(Arc<PathBuf>, usize, String),
    /// A flag.
    Flag(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment => f.write_str("the environment"),
            Self::Variable(name) => f.write_str(name),
            Self::Line(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Key(path, line, key) => write!(f, "{}:{line}: {key}", path.display()),
            Self::Flag(name) => write!(f, "--{name}"),
        }
    }
}

/// A setting that cannot be used. The texts are for the person who wrote it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A value that the setting does not take.
    #[error("{place}: `{value}` is not {expected}")]
    Value {
        /// Where it was given.
        place: Place,
        /// What was given.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// A setting of ours that does not exist.
    #[error("{}", unknown(.place, .name, .suggestion.as_deref()))]
    Unknown {
        /// Where it is said.
        place: Place,
        /// What it is called.
        name: String,
        /// The nearest one that exists.
        suggestion: Option<String>,
    },
    /// The file that a setting names cannot be read.
    #[error("{place}: cannot read {}: {cause}", .path.display())]
    File {
        /// The setting.
        place: Place,
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
    /// A file of settings that is no TOML.
    #[error("{place}: {cause}")]
    Syntax {
        /// Where it ends to be.
        place: Place,
        /// Why.
        cause: String,
    },
    /// The same twice.
    #[error("{name} and {other} are both set; keep one")]
    Twice {
        /// The one.
        name: String,
        /// The other.
        other: String,
    },
    /// A profile that does not exist.
    #[error("unknown profile `{name}`; there is {known}")]
    Profile {
        /// What was asked for.
        name: String,
        /// What there is.
        known: String,
    },
    /// Tokens are required and none could be verified.
    #[error(
        "authentication is required, but there is no key to verify tokens with; give --jwt-secret (or ROOMCAST_JWT_SECRET_FILE), auth.jwt_public_keys or auth.jwks"
    )]
    NoKey,
    /// A certificate without a key, or a key without a certificate.
    #[error("TLS needs both --tls-cert and --tls-key (ROOMCAST_TLS_CERT, ROOMCAST_TLS_KEY)")]
    HalfTls,
    /// An empty secret, which anybody knows.
    #[error("{key} is empty")]
    EmptySecret {
        /// Which one.
        key: &'static str,
    },
    /// Two places to listen that are one.
    #[error("{address} is listened on twice, by {one} and by {other}; keep one")]
    ListenTwice {
        /// Where.
        address: SocketAddr,
        /// The setting that says so.
        one: &'static str,
        /// The one that says so again.
        other: &'static str,
    },
    /// Everybody on the network could speak as anybody.
    #[error(
        "refusing to listen on {address} without authentication: everybody who reaches it could speak as anybody; use --auth required with --jwt-secret, or say --allow-open"
    )]
    OpenToTheWorld {
        /// Where.
        address: SocketAddr,
    },
    /// Everybody on the network could read the metrics and send everybody away.
    #[error(
        "refusing to listen on {address} for metrics and drain without a secret; set ROOMCAST_INTERNAL_SECRET, or listen on this machine only"
    )]
    InternalWithoutSecret {
        /// Where.
        address: SocketAddr,
    },
}

impl ConfigError {
    /// The line of the file that it is on.
    pub(super) const fn line(&self) -> Option<usize> {
        match self {
            Self::Value { place, .. }
            | Self::Unknown { place, .. }
            | Self::File { place, .. }
            | Self::Syntax { place, .. } => match place {
                Place::Line(_, line) | Place::Key(_, line, _) => Some(*line),
                Place::Environment | Place::Variable(_) | Place::Flag(_) => None,
            },
            _ => None,
        }
    }

    /// What was given is not what the setting takes. A secret is not shown.
    pub(super) fn value(place: Place, setting: &Setting, refused: Refused) -> Self {
        let value = match setting.is_secret() {
            true => "***".to_owned(),
            false => refused.part,
        };
        Self::Value {
            place,
            value,
            expected: refused.expected,
        }
    }
}

/// Everything that is wrong with the settings; at least one thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, error) in self.0.iter().enumerate() {
            let lead = if number > 0 { "\n" } else { "" };
            write!(f, "{lead}{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

fn unknown(place: &Place, name: &str, suggestion: Option<&str>) -> String {
    let what = match place {
        Place::Environment => format!("unknown setting {name} in the environment"),
        place => format!("{place}: unknown setting {name}"),
    };
    match suggestion {
        Some(suggestion) => format!("{what}; did you mean {suggestion}?"),
        None => what,
    }
}

/// The known name that was most likely meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distances = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    let (distance, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= NEAR).then_some(known)
}
