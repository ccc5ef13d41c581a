//! The embedded store on a real disk.

use sqlx::raw_sql;

use super::*;
use crate::model::{RoomKind, User};
use crate::store::conformance;
use crate::testing::Scratch;
use crate::time::Timestamp;

#[tokio::test]
async fn it_conforms() {
    let scratch = Scratch::new();
    let store = SqliteStore::open(scratch.path())
        .await
        .expect("an empty directory opens");
    conformance::check(&*store).await;
}

#[tokio::test]
async fn a_second_process_is_refused_until_the_first_is_gone() {
    let scratch = Scratch::new();
    let first = SqliteStore::open(scratch.path()).await.expect("free");
    let error = SqliteStore::open(scratch.path()).await.expect_err("locked");
    assert_eq!(error, StoreError::InUse(scratch.path().to_owned()));
    assert!(error.to_string().ends_with("is in use by another process"));
    drop(first);
    SqliteStore::open(scratch.path()).await.expect("free again");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.path()).expect("writable");
    std::fs::write(
        scratch.path().join(FILE),
        "certainly no database".repeat(100),
    )
    .expect("writable");
    let error = SqliteStore::open(scratch.path())
        .await
        .expect_err("damaged");
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

#[tokio::test]
async fn a_directory_that_is_a_file_is_refused() {
    let scratch = Scratch::new();
    std::fs::write(scratch.path(), "").expect("writable");
    let error = SqliteStore::open(scratch.path())
        .await
        .expect_err("no directory");
    assert!(matches!(error, StoreError::Directory { .. }), "{error}");
}

#[tokio::test]
async fn a_database_of_a_later_version_is_refused() {
    let scratch = Scratch::new();
    let store = SqliteStore::connect(scratch.path()).await.expect("opens");
    raw_sql("PRAGMA user_version = 99")
        .execute(store.writer.lock().await.connection())
        .await
        .expect("writable");
    drop(store);
    let error = SqliteStore::open(scratch.path())
        .await
        .expect_err("too new");
    assert!(
        matches!(error, StoreError::Newer { found: 99, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    let scratch = Scratch::new();
    let user = User::guest(UserId::from("anna"));
    let room = Room {
        id: RoomId::from("r"),
        name: "r".into(),
        kind: RoomKind::Direct,
        created_at: Timestamp::now(),
    };
    let store = SqliteStore::open(scratch.path()).await.expect("opens");
    let changes = [
        Change::User(Arc::new(user.clone())),
        Change::Room(Arc::new(room.clone())),
    ];
    store.commit(&changes).await.expect("writable");
    drop(store);
    let store = SqliteStore::open(scratch.path())
        .await
        .expect("opens again");
    assert_eq!(store.user(&user.id).await, Ok(Some(user)));
    assert_eq!(store.room(&room.id).await, Ok(Some((room, 0))));
}

#[tokio::test]
async fn a_full_disk_fails_the_commit_and_reading_goes_on() {
    let scratch = Scratch::new();
    let store = SqliteStore::connect(scratch.path()).await.expect("opens");
    let user = |text: String| Change::User(Arc::new(User::guest(UserId::from(text))));
    store
        .commit(&[user("anna".into())])
        .await
        .expect("room enough");
    // SQLite answers SQLITE_FULL at its own limit just as at the disk's.
    raw_sql("PRAGMA max_page_count = 1")
        .execute(store.writer.lock().await.connection())
        .await
        .expect("a setting");
    let error = store
        .commit(&[user("b".repeat(100_000))])
        .await
        .expect_err("full");
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert!(
        store
            .user(&UserId::from("anna"))
            .await
            .expect("readable")
            .is_some()
    );
    raw_sql("PRAGMA max_page_count = 100000")
        .execute(store.writer.lock().await.connection())
        .await
        .expect("a setting");
    store
        .commit(&[user("ben".into())])
        .await
        .expect("room again");
}

#[tokio::test]
async fn at_rest_everything_is_in_the_one_file() {
    let scratch = Scratch::new();
    let store = SqliteStore::open(scratch.path()).await.expect("opens");
    store.settle().await.expect("nobody reads");
    let log = scratch.path().join(format!("{FILE}-wal"));
    assert_eq!(std::fs::metadata(log).map_or(0, |log| log.len()), 0);
    assert!(
        std::fs::metadata(scratch.path().join(FILE))
            .expect("there")
            .len()
            > 4096
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_directory_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let _store = SqliteStore::open(scratch.path()).await.expect("opens");
    let mode = std::fs::metadata(scratch.path())
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}
