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
async fn a_database_with_a_damaged_page_is_refused_and_named() {
    let scratch = Scratch::new();
    let store = SqliteStore::open(scratch.path()).await.expect("opens");
    let users: Vec<_> = (0..500)
        .map(|number| {
            Change::User(Arc::new(User::guest(
                format!("user-{number}").as_str().into(),
            )))
        })
        .collect();
    store.commit(&users).await.expect("writable");
    store.settle().await.expect("nobody reads");
    drop(store);
    let file = scratch.path().join(FILE);
    let mut bytes = std::fs::read(&file).expect("there");
    // The header and the schema stay as they are: only whoever reads everything sees it.
    let damaged = bytes.len() / 2..;
    bytes[damaged].fill(0x5a);
    std::fs::write(&file, bytes).expect("writable");
    let error = SqliteStore::open(scratch.path())
        .await
        .expect_err("damaged");
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    assert!(error.to_string().contains(FILE), "{error}");
}

#[tokio::test]
async fn a_database_that_ends_early_is_refused() {
    let scratch = Scratch::new();
    let store = SqliteStore::open(scratch.path()).await.expect("opens");
    store.settle().await.expect("nobody reads");
    drop(store);
    let file = scratch.path().join(FILE);
    let bytes = std::fs::read(&file).expect("there");
    std::fs::write(&file, &bytes[..bytes.len() / 2]).expect("writable");
    let error = SqliteStore::open(scratch.path())
        .await
        .expect_err("damaged");
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
}

#[tokio::test]
async fn a_database_of_the_first_version_is_brought_up_to_date() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.path()).expect("writable");
    let old = SqliteConnectOptions::new()
        .filename(scratch.path().join(FILE))
        .create_if_missing(true);
    let mut old = old.connect().await.expect("opens");
    for sql in [
        include_str!("schema_1.sql"),
        "INSERT INTO users VALUES ('anna', 'a', 'Anna', NULL, 1, NULL)",
        "INSERT INTO rooms VALUES ('r', 'Room', 'public', 2)",
        "INSERT INTO members VALUES ('r', 'anna', 'owner', 3, 1)",
        "INSERT INTO messages VALUES (7, 'r', 1, x'018f0000000070008000000000000001', 'anna', 'text', 'old', NULL, 0, 'c', 4, 4, NULL, NULL)",
        "PRAGMA user_version = 1",
    ] {
        raw_sql(sql)
            .execute(&mut old)
            .await
            .expect("the first schema");
    }
    drop(old);
    for _ in 0..2 {
        let store = SqliteStore::open(scratch.path()).await.expect("migrated");
        let (anna, room) = (UserId::from("anna"), RoomId::from("r"));
        let found = store.sent(&room, &anna, "c").await.expect("readable");
        let found = found.expect("kept");
        assert_eq!((found.body.as_str(), found.num), ("old", 7));
        assert_eq!(
            store.room(&room).await.expect("readable").expect("kept").1,
            1
        );
        assert!(
            store
                .kept(&anna, 0, 9)
                .await
                .expect("a table that is new")
                .is_empty()
        );
        store
            .commit(&[Change::Kept(anna, 7)])
            .await
            .expect("writable");
        store
            .commit(&[Change::Collected("anna".into(), 7)])
            .await
            .expect("writable");
    }
}

#[tokio::test]
async fn somebody_elses_lock_fails_the_commit_and_reading_goes_on() {
    let scratch = Scratch::new();
    let store = SqliteStore::open(scratch.path()).await.expect("opens");
    let user = |name: &str| [Change::User(Arc::new(User::guest(UserId::from(name))))];
    store.commit(&user("anna")).await.expect("free");
    let other = SqliteConnectOptions::new().filename(scratch.path().join(FILE));
    let mut other = other
        .connect()
        .await
        .expect("a person with a database tool");
    let sql = |sql| raw_sql(sql);
    sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .expect("locked");
    let error = store.commit(&user("ben")).await.expect_err("locked");
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    let anna = store.user(&UserId::from("anna")).await;
    assert!(anna.expect("readable").is_some());
    sql("ROLLBACK").execute(&mut other).await.expect("free");
    store.commit(&user("ben")).await.expect("free again");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_directory_that_takes_no_files_is_refused_and_named() {
    // Not even the superuser can write there.
    let error = SqliteStore::open(Path::new("/proc/roomcast"))
        .await
        .expect_err("no such place");
    assert!(matches!(error, StoreError::Directory { .. }), "{error}");
    assert!(error.to_string().starts_with("/proc/roomcast: "), "{error}");
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
    let store = SqliteStore::connect(
        DataDirectory::lock(scratch.path()).unwrap(),
        Durability::Full,
    )
    .await
    .expect("opens");
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
    let store = SqliteStore::connect(
        DataDirectory::lock(scratch.path()).unwrap(),
        Durability::Full,
    )
    .await
    .expect("opens");
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
