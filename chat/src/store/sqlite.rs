//! Under construction.
use std::path::Path;
use std::sync::Arc;

use super::StoreError;

/// The embedded store: one SQLite database in a locked data directory.
#[derive(Debug)]
pub struct SqliteStore {}

impl SqliteStore {
    /// Opens the data directory, making it when it is not there.
    pub async fn open(directory: &Path) -> Result<Arc<dyn super::Store>, StoreError> {
        Err(StoreError::Damaged(format!(
            "{} cannot be opened yet",
            directory.display()
        )))
    }
}
