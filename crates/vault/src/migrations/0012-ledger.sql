-- What this vault saw of the department's log: its key, the newest checkpoint, which followed from the one before, and the newest that its
-- witnesses cosigned (crates/ledger).
CREATE TABLE log_seen (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    log TEXT NOT NULL,
    newest TEXT NOT NULL,
    cosigned TEXT,
    since TEXT NOT NULL
) STRICT;
-- Checkpoints that the log contradicted later.
CREATE TABLE log_contradicted (
    newest TEXT PRIMARY KEY,
    shown TEXT NOT NULL,
    noticed_at TEXT NOT NULL
) STRICT;
-- Proofs that a row of the audit is in the log.
CREATE TABLE log_proof (
    position INTEGER PRIMARY KEY,
    proof TEXT NOT NULL,
    cosigned INTEGER NOT NULL CHECK (cosigned IN (0, 1))
) STRICT;
