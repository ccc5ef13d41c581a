//! A copy of the database in one file, while its server runs or not.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection, query, query_scalar};

use super::failure::store_error;
use super::{BUSY_TIMEOUT, FILE, schema};
use crate::store::StoreError;

/// What is in a copy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Contents {
    /// The version of its tables.
    pub schema: i64,
    /// How many users.
    pub users: i64,
    /// How many rooms.
    pub rooms: i64,
    /// How many messages, those that were deleted among them.
    pub messages: i64,
}

/// The file in a data directory that is copied.
#[must_use]
pub fn database(directory: &Path) -> PathBuf {
    directory.join(FILE)
}

/// Copies the state of one moment into a file, which is empty or not there yet. It takes no lock that a server
/// needs: readers and the writer go on.
///
/// # Errors
/// When the database cannot be read, or the file not written.
pub async fn copy(directory: &Path, file: &Path) -> Result<(), StoreError> {
    let from = database(directory);
    let copied = async {
        let mut connection = open(&from).await?;
        let done = query("VACUUM INTO ?")
            .bind(file.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await;
        // The error of the copy is the one that matters.
        let closed = connection.close().await;
        done?;
        closed
    };
    let copied: Result<(), sqlx::Error> = copied.await;
    copied.map_err(|error| store_error(error).about(&from))
}

/// Reads a copy from end to end.
///
/// # Errors
/// When it is damaged, or of a later version of this program.
pub async fn verify(file: &Path) -> Result<Contents, StoreError> {
    let read = async {
        let mut connection = open(file).await.map_err(store_error)?;
        let found: String = number(&mut connection, "PRAGMA integrity_check(1)").await?;
        if found != "ok" {
            return Err(StoreError::Damaged(found.replace('\n', " ")));
        }
        let schema = number(&mut connection, "PRAGMA user_version").await?;
        if schema > schema::known() {
            let known = schema::known();
            return Err(StoreError::Newer {
                found: schema,
                known,
            });
        }
        let contents = Contents {
            schema,
            users: number(&mut connection, "SELECT count(*) FROM users").await?,
            rooms: number(&mut connection, "SELECT count(*) FROM rooms").await?,
            messages: number(&mut connection, "SELECT count(*) FROM messages").await?,
        };
        connection.close().await.map_err(store_error)?;
        Ok(contents)
    };
    read.await.map_err(|error: StoreError| error.about(file))
}

async fn open(file: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    options.connect().await
}

async fn number<T>(connection: &mut SqliteConnection, sql: &'static str) -> Result<T, StoreError>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite> + Send + Unpin,
{
    query_scalar(sql)
        .fetch_one(connection)
        .await
        .map_err(store_error)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ids::UserId;
    use crate::model::User;
    use crate::store::{Change, SqliteStore};
    use crate::testing::Scratch;

    fn user(name: &str) -> Change {
        Change::User(Arc::new(User::guest(UserId::from(name))))
    }

    #[tokio::test]
    async fn a_copy_of_a_store_in_use_is_whole_and_opens_as_one() {
        let (scratch, other) = (Scratch::new(), Scratch::new());
        let store = SqliteStore::open(scratch.path()).await.expect("opens");
        store
            .commit(&[user("anna"), user("ben")])
            .await
            .expect("writable");
        std::fs::create_dir_all(other.path()).expect("writable");
        let file = database(other.path());
        copy(scratch.path(), &file).await.expect("copied");
        store
            .commit(&[user("later")])
            .await
            .expect("still writable");
        let contents = verify(&file).await.expect("whole");
        assert_eq!(
            (contents.users, contents.rooms, contents.messages),
            (2, 0, 0)
        );
        let restored = SqliteStore::open(other.path()).await.expect("opens");
        assert!(
            restored
                .user(&UserId::from("ben"))
                .await
                .expect("readable")
                .is_some()
        );
    }

    #[tokio::test]
    async fn a_store_that_nobody_uses_is_copied_too() {
        let (scratch, other) = (Scratch::new(), Scratch::new());
        let store = SqliteStore::open(scratch.path()).await.expect("opens");
        store.commit(&[user("anna")]).await.expect("writable");
        drop(store);
        std::fs::create_dir_all(other.path()).expect("writable");
        copy(scratch.path(), &database(other.path()))
            .await
            .expect("copied");
        assert_eq!(
            verify(&database(other.path()))
                .await
                .map(|found| found.users),
            Ok(1)
        );
    }

    #[tokio::test]
    async fn a_damaged_copy_is_not_whole() {
        let scratch = Scratch::new();
        std::fs::create_dir_all(scratch.path()).expect("writable");
        let file = database(scratch.path());
        std::fs::write(&file, "certainly no database".repeat(100)).expect("writable");
        let error = verify(&file).await.expect_err("damaged");
        assert!(matches!(error, StoreError::Damaged(_)), "{error}");
        assert!(error.to_string().contains(FILE), "{error}");
    }

    #[tokio::test]
    async fn there_is_no_copy_of_what_is_not_there() {
        let scratch = Scratch::new();
        let error = copy(scratch.path(), &scratch.path().join("copy"))
            .await
            .expect_err("nothing");
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        assert!(error.to_string().contains(FILE), "{error}");
    }
}
