-- Personal messages that were written while their recipient was offline, until they are handed over.
CREATE TABLE kept (
    user_id TEXT NOT NULL,
    num     INTEGER NOT NULL,
    PRIMARY KEY (user_id, num)
) STRICT, WITHOUT ROWID;
