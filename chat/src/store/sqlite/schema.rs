//! The tables, and how an older file becomes a newer one.

use sqlx::{Connection, SqliteConnection, query, query_scalar, raw_sql};

use super::failure::store_error;
use crate::store::StoreError;

/// What turns schema version N into N + 1. Append only: a released step is never changed.
const STEPS: [&str; 2] = [include_str!("schema_1.sql"), include_str!("schema_2.sql")];

/// The newest version.
pub(super) const fn known() -> i64 {
    STEPS.len() as i64
}

/// Brings the file to the newest version, one transaction per step.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: i64 = query_scalar("PRAGMA user_version")
        .fetch_one(&mut *connection)
        .await
        .map_err(store_error)?;
    let known = known();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (version, step) in STEPS
        .iter()
        .enumerate()
        .skip(usize::try_from(found).unwrap_or_default())
    {
        let mut transaction = connection.begin().await.map_err(store_error)?;
        raw_sql(*step)
            .execute(&mut *transaction)
            .await
            .map_err(store_error)?;
        // A pragma takes no parameters; the table of statements grows with STEPS.
        query(VERSIONS[version])
            .execute(&mut *transaction)
            .await
            .map_err(store_error)?;
        transaction.commit().await.map_err(store_error)?;
    }
    Ok(())
}

const VERSIONS: [&str; STEPS.len()] = ["PRAGMA user_version = 1", "PRAGMA user_version = 2"];
