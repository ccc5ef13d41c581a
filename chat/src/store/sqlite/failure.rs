//! From SQLite's result codes to [`StoreError`].

use crate::store::StoreError;

/// The primary result codes that mean that one row is at fault: CONSTRAINT, TOOBIG, MISMATCH.
const ROW: [i32; 3] = [19, 18, 20];

/// The primary result codes that mean that the file is: CORRUPT, NOTADB.
const FILE: [i32; 2] = [11, 26];

pub(super) fn store_error(error: sqlx::Error) -> StoreError {
    // Extended codes keep the primary one in their lowest byte.
    let code = match &error {
        sqlx::Error::Database(database) => {
            database.code().and_then(|code| code.parse::<i32>().ok())
        }
        _ => None,
    };
    match code.map(|code| code & 0xff) {
        Some(code) if ROW.contains(&code) => StoreError::Rejected(error.to_string()),
        Some(code) if FILE.contains(&code) => StoreError::Damaged(error.to_string()),
        _ => StoreError::Unavailable(error.to_string()),
    }
}
