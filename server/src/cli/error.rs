//! Why a command could not do what it was asked.

use std::io;
use std::path::PathBuf;

use chat::auth::KeyError;
use chat::store::StoreError;

use crate::config::{ConfigErrors, KeysError};

/// Why a command could not do what it was asked. The texts are for the person who typed it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CliError {
    /// Settings that cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// A key of the settings that cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The data cannot be read, or its copy not written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key or an algorithm that cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No secret is known to sign or verify with.
    #[error("there is no secret: give --secret-file FILE, or set ROOMCAST_JWT_SECRET_FILE")]
    NoSecret,
    /// A file that cannot be read or written.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// What would be written over.
    #[error("{} is there already; --force replaces it", .0.display())]
    Exists(PathBuf),
    /// A copy among the data, where it could replace what a server is writing.
    #[error("{} is in the data directory: a copy belongs elsewhere", .0.display())]
    InsideData(PathBuf),
    /// There is nothing to copy.
    #[error("{} has no database: is this the --data-dir of the server?", .0.display())]
    NoData(PathBuf),
    /// What was typed or piped in cannot be used.
    #[error("standard input: {0}")]
    Input(io::Error),
    /// What was to be printed could not be.
    #[error("standard output: {0}")]
    Output(io::Error),
    /// The certificates of `--ca`, or those of the system, cannot be used.
    #[error("no certificate to trust in {}: {cause}", path.display())]
    Ca {
        /// Which file.
        path: PathBuf,
        /// Why not.
        cause: String,
    },
    /// The runtime did not start.
    #[error("the runtime did not start: {0}")]
    Runtime(io::Error),
}

impl CliError {
    /// What goes wrong with this file.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
