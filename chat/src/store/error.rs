//! How a store fails.

use std::path::{Path, PathBuf};

/// Why a store did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process uses the data directory.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// The data directory cannot be made, opened or locked.
    #[error("{}: {cause}", path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system says.
        cause: String,
    },
    /// The database was written by a later version of this program.
    #[error("the database has schema version {found}, this program knows up to {known}")]
    Newer {
        /// Of the file.
        found: i64,
        /// Of this program.
        known: i64,
    },
    /// The file is no database, or is damaged.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// A row contradicts another one. Only this row is at fault.
    #[error("row rejected: {0}")]
    Rejected(String),
    /// The disk is full, the database is locked, or reading and writing fail: nothing was written.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
}

impl StoreError {
    /// Whether one row is at fault and the others can still be written.
    #[must_use]
    pub const fn is_about_a_row(&self) -> bool {
        matches!(self, Self::Rejected(_))
    }

    /// The same, with the file that it is about.
    pub(super) fn about(self, file: &Path) -> Self {
        match self {
            Self::Damaged(cause) => Self::Damaged(format!("{}: {cause}", file.display())),
            Self::Unavailable(cause) => Self::Unavailable(format!("{}: {cause}", file.display())),
            other => other,
        }
    }
}
