-- The log that outsiders can check: whose audit has which row at which position, in the order in which it came (crates/ledger).
CREATE TABLE leaf (
    number INTEGER PRIMARY KEY CHECK (number >= 0),
    writer BLOB NOT NULL CHECK (length(writer) = 32),
    position INTEGER NOT NULL CHECK (position > 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (writer, position)
) STRICT;
CREATE TRIGGER leaf_follows BEFORE INSERT ON leaf
    WHEN NEW.number IS NOT (SELECT coalesce(max(number) + 1, 0) FROM leaf)
        OR NEW.position IS NOT (SELECT coalesce(max(position) + 1, 1) FROM leaf WHERE writer = NEW.writer)
    BEGIN SELECT RAISE(ABORT, 'a row of the log follows the one before'); END;
CREATE TRIGGER leaf_stays BEFORE UPDATE ON leaf BEGIN SELECT RAISE(ABORT, 'a row of the log stays as it was'); END;
CREATE TRIGGER leaf_kept BEFORE DELETE ON leaf BEGIN SELECT RAISE(ABORT, 'a row of the log stays'); END;
-- The end of a workstation's audit as it signed it last.
CREATE TABLE head (
    writer BLOB PRIMARY KEY CHECK (length(writer) = 32),
    position INTEGER NOT NULL,
    at TEXT NOT NULL,
    signature TEXT NOT NULL
) STRICT;
-- The log's own key, once it has one. Its audit is in the log too.
CREATE TABLE own_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
CREATE TRIGGER own_key_stays BEFORE UPDATE ON own_key BEGIN SELECT RAISE(ABORT, 'a log keeps its key'); END;
CREATE TRIGGER own_key_kept BEFORE DELETE ON own_key BEGIN SELECT RAISE(ABORT, 'a log keeps its key'); END;
CREATE TRIGGER audit_logged AFTER INSERT ON audit
    BEGIN
        INSERT INTO leaf (number, writer, position, hash)
        SELECT (SELECT coalesce(max(number) + 1, 0) FROM leaf), key, NEW.seq, unhex(NEW.hash) FROM own_key;
    END;
