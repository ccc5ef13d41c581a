//! What can be wrong with the settings.

use std::net::SocketAddr;
use std::path::PathBuf;

/// A setting that cannot be used. The texts are for the person who wrote it.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A value that the setting does not take.
    #[error("{name}: `{value}` is not {expected}")]
    Value {
        /// The setting, as it was given.
        name: &'static str,
        /// What was given.
        value: String,
        /// What it takes.
        expected: &'static str,
    },
    /// A variable of ours that does not exist.
    #[error("unknown setting {name} in the environment{}", hint(.suggestion))]
    Unknown {
        /// The variable.
        name: String,
        /// The nearest one that exists.
        suggestion: Option<&'static str>,
    },
    /// The file that a `_FILE` variable names cannot be read.
    #[error("{name}: cannot read {}: {cause}", .path.display())]
    File {
        /// The variable.
        name: String,
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
    /// The same secret twice.
    #[error("{name} and {name}_FILE are both set; keep one")]
    Twice {
        /// The variable.
        name: &'static str,
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
        "authentication is required, but there is no key to verify tokens with; give --jwt-secret (or ROOMCAST_JWT_SECRET_FILE)"
    )]
    NoKey,
    /// A certificate without a key, or a key without a certificate.
    #[error("TLS needs both --tls-cert and --tls-key (ROOMCAST_TLS_CERT, ROOMCAST_TLS_KEY)")]
    HalfTls,
    /// An empty key, with which anybody could make tokens.
    #[error("the JWT secret is empty")]
    EmptySecret,
    /// Everybody on the network could speak as anybody.
    #[error(
        "refusing to listen on {address} without authentication: everybody who reaches it could speak as anybody; use --auth required with --jwt-secret, or say --allow-open"
    )]
    OpenToTheWorld {
        /// Where.
        address: SocketAddr,
    },
}

fn hint(suggestion: &Option<&'static str>) -> String {
    suggestion
        .map(|name| format!("; did you mean {name}?"))
        .unwrap_or_default()
}
