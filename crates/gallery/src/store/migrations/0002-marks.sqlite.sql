-- Each row of the outbox carries a mark, so that one history is told from another that was restored from a backup.
CREATE TABLE outbox_marked (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL,
    op TEXT NOT NULL CHECK (op IN ('add', 'remove')),
    mark TEXT NOT NULL DEFAULT (lower(hex(randomblob(8))))
) STRICT;
INSERT INTO outbox_marked (seq, record_id, op) SELECT seq, record_id, op FROM outbox ORDER BY seq;
DROP TABLE outbox;
ALTER TABLE outbox_marked RENAME TO outbox;
