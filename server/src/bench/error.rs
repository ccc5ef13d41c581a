//! Why there is no measurement.

use std::io;

use socketio::client::{AddressError, ClientError};

/// Why `roomcast bench` stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// Flags that do not fit each other.
    #[error("{0}")]
    Flags(&'static str),
    /// A time that is none.
    #[error("{flag} {value} is not a number of seconds from 0 to 86400")]
    Seconds {
        /// Which flag.
        flag: &'static str,
        /// What it was.
        value: f64,
    },
    /// A URL that is no address.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// Nobody is there.
    #[error("no server at {url}: {source}")]
    NoServer {
        /// Where.
        url: String,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else is there, or it refuses.
    #[error("{url} does not take a Socket.IO client: {reason}")]
    NotSocketIo {
        /// Where.
        url: String,
        /// What happened instead.
        reason: String,
    },
    /// It takes clients and does not answer what they ask.
    #[error(
        "{url} did not answer {asked} within {seconds} s (--help says what a server has to have)"
    )]
    NoAnswer {
        /// Where.
        url: String,
        /// What it was asked.
        asked: &'static str,
        /// How long that was waited for.
        seconds: u64,
    },
    /// Clients stopped coming.
    #[error("{ready} of {wanted} clients came, {cut} failed{}, then nothing for {seconds} s", first(.reason))]
    Stuck {
        /// How many came.
        ready: usize,
        /// Of how many.
        wanted: usize,
        /// How many failed.
        cut: usize,
        /// Why the first of them did.
        reason: Option<String>,
        /// How long nothing happened.
        seconds: u64,
    },
    /// Each client is an open file.
    #[error(
        "{needed} files are needed and the limit is {limit}: raise it (ulimit -n), or take fewer --clients"
    )]
    Files {
        /// How many files.
        needed: u64,
        /// How many are allowed.
        limit: u64,
    },
    /// There is no such process, or it may not be read.
    #[error("--server-pid {0}: no such process on this machine")]
    NoProcess(u32),
    /// The system fails.
    #[error("the system refuses: {0}")]
    Io(#[from] io::Error),
}

/// An error with its cause.
pub(super) fn told(error: &ClientError) -> String {
    match error {
        ClientError::Io(cause) => format!("{error}: {cause}"),
        other => other.to_string(),
    }
}

fn first(reason: &Option<String>) -> String {
    reason
        .as_ref()
        .map_or_else(String::new, |reason| format!(" (the first: {reason})"))
}
