//! A bare loop of inserts of many rows into the schema of the store: no sockets, no rules, no reading.

use std::path::Path;
use std::time::{Duration, Instant};

use chat::store::SqliteStore;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection, query};
use uuid::Uuid;

use crate::Outcome;

/// Rows of one insert, and of one transaction: as many as the server puts into one at most.
const ROWS: usize = 256;

/// Rooms, as many as the senders of the other measurement have.
const ROOMS: usize = 32;

const TEXT: &str = "The quick brown fox jumps over the lazy dog, and nobody in this room of two has anything to add to that. 120 bytes long.";

pub(crate) fn run(directory: &Path, kind: (bool, bool), seconds: f64) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let rows = runtime.block_on(insert(directory, kind, Duration::from_secs_f64(seconds)))?;
    println!(r#"{{"rows":{:.0}}}"#, rows as f64 / seconds);
    Ok(())
}

async fn insert(
    directory: &Path,
    (is_full, or_rollback): (bool, bool),
    time: Duration,
) -> Result<usize, Box<dyn std::error::Error>> {
    // It makes the tables.
    drop(SqliteStore::open(directory).await?);
    let file = std::fs::read_dir(directory)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|kind| kind == "sqlite3"))
        .ok_or("no database")?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if is_full {
            SqliteSynchronous::Full
        } else {
            SqliteSynchronous::Normal
        })
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    let row = "(?, ?, ?, ?, ?, 'text', ?, NULL, 0, NULL, ?, ?, NULL, NULL)";
    let resolution = if or_rollback { "OR ROLLBACK " } else { "" };
    let sql = format!(
        "INSERT {resolution}INTO messages (num, room_id, seq, id, sender_id, kind, body, parent_id, is_reply, client_msg_id, created_at, \
         updated_at, deleted_at, change) VALUES {}",
        [row; ROWS].join(", ")
    );
    let rooms: Vec<String> = (0..ROOMS).map(|room| format!("pair {room}")).collect();
    let (begun, mut rows) = (Instant::now(), 0);
    while begun.elapsed() < time {
        transaction(&mut connection, &sql, &rooms, rows).await?;
        rows += ROWS;
    }
    Ok(rows)
}

async fn transaction(
    connection: &mut SqliteConnection,
    sql: &str,
    rooms: &[String],
    from: usize,
) -> Result<(), Box<dyn std::error::Error>> {
    let ids: Vec<Uuid> = (0..ROWS).map(|_| Uuid::now_v7()).collect();
    let senders: Vec<String> = (0..ROWS)
        .map(|row| (row % (2 * ROOMS)).to_string())
        .collect();
    let mut insert = query(sqlx::AssertSqlSafe(sql));
    for (row, id) in ids.iter().enumerate() {
        let number = i64::try_from(from + row)?;
        let now = 1_700_000_000_000 + number;
        insert = insert
            .bind(number + 1)
            .bind(rooms[row % ROOMS].as_str())
            .bind(number / i64::try_from(ROOMS)? + 1)
            .bind(id.as_bytes().as_slice())
            .bind(senders[row].as_str())
            .bind(TEXT)
            .bind(now)
            .bind(now);
    }
    query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    insert.execute(&mut *connection).await?;
    query("COMMIT").execute(connection).await?;
    Ok(())
}
