-- Times are milliseconds since 1970. Ids of users and rooms are opaque text, those of messages UUIDs in 16 bytes.

CREATE TABLE users (
    id           TEXT PRIMARY KEY,
    handle       TEXT UNIQUE,
    name         TEXT NOT NULL,
    username     TEXT,
    created_at   INTEGER NOT NULL,
    last_seen_at INTEGER
) STRICT, WITHOUT ROWID;

-- A room's last seq is the highest of its messages, found through messages_in_room: no row to update per message.
CREATE TABLE rooms (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    room_id   TEXT NOT NULL,
    user_id   TEXT NOT NULL,
    role      TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    read_seq  INTEGER NOT NULL,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_user ON members (user_id, room_id);

-- num is the rowid, so that new messages of all rooms are appended in one place.
CREATE TABLE messages (
    num           INTEGER PRIMARY KEY,
    room_id       TEXT NOT NULL,
    seq           INTEGER NOT NULL,
    id            BLOB NOT NULL UNIQUE,
    sender_id     TEXT NOT NULL,
    kind          TEXT NOT NULL,
    body          TEXT NOT NULL,
    parent_id     BLOB,
    is_reply      INTEGER NOT NULL,
    client_msg_id TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted_at    INTEGER,
    change        INTEGER
) STRICT;

CREATE UNIQUE INDEX messages_in_room ON messages (room_id, seq);
CREATE UNIQUE INDEX messages_sent ON messages (sender_id, room_id, client_msg_id) WHERE client_msg_id IS NOT NULL;
CREATE UNIQUE INDEX messages_changed ON messages (change) WHERE change IS NOT NULL;

CREATE TABLE checkins (
    key            INTEGER PRIMARY KEY,
    room_id        TEXT NOT NULL,
    user_id        TEXT NOT NULL,
    sid            TEXT NOT NULL,
    checked_in_at  INTEGER NOT NULL,
    checked_out_at INTEGER
) STRICT;

CREATE INDEX checkins_in_room ON checkins (room_id);
CREATE UNIQUE INDEX checkins_open ON checkins (room_id, user_id) WHERE checked_out_at IS NULL;

-- Only a hash of the token is stored.
CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL,
    metadata   TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
