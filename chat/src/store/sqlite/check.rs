//! Whether the file is whole, before anything is built on it.

use std::path::Path;

use sqlx::{SqliteConnection, query_scalar};

use super::failure::store_error;
use crate::store::StoreError;

/// Larger files are not read from end to end: a start should take a second, not a minute. Damage in them is found
/// by who reads it, and is an error to them alone.
const LARGEST_CHECKED: u64 = 256 * 1024 * 1024;

/// Reads all pages of a file that is not too large.
pub(super) async fn check(
    connection: &mut SqliteConnection,
    file: &Path,
) -> Result<(), StoreError> {
    let length = std::fs::metadata(file).map_or(0, |file| file.len());
    if length > LARGEST_CHECKED {
        return Ok(());
    }
    let found: String = query_scalar("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await
        .map_err(store_error)?;
    match found.as_str() {
        "ok" => Ok(()),
        _ => Err(StoreError::Damaged(found.replace('\n', " "))),
    }
}
