//! The data directory, and the lock that keeps a second process out of it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// The file that is locked. Locking the database itself would disturb SQLite's own locks.
const LOCK: &str = "lock";

/// A data directory that belongs to this process until the value is dropped, also by a crash.
#[derive(Debug)]
pub struct DataDirectory {
    path: PathBuf,
    _lock: File,
}

/// Makes the directory, for its owner alone: everybody's messages are in it.
fn create(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

impl DataDirectory {
    /// Locks it, making it when it is not there.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while another process has it; else what the system says.
    pub fn lock(path: &Path) -> Result<Self, StoreError> {
        let failed = |error: io::Error| StoreError::Directory {
            path: path.to_owned(),
            cause: error.to_string(),
        };
        create(path).map_err(failed)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join(LOCK))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path: path.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}
