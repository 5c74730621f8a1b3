-- Who may ask is said by the department's roster, and no longer by the relay's operator.
DROP TABLE workstation;
-- The department, once it was founded or adopted.
CREATE TABLE department (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    root TEXT NOT NULL CHECK (length(root) = 64)
) STRICT;
-- The chain of its documents, byte for byte (crates/department).
CREATE TABLE version (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    document TEXT NOT NULL,
    taken_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER version_stays BEFORE UPDATE ON version BEGIN SELECT RAISE(ABORT, 'a version stays as it was'); END;
CREATE TRIGGER version_kept BEFORE DELETE ON version BEGIN SELECT RAISE(ABORT, 'a version stays'); END;
CREATE TRIGGER department_stays BEFORE UPDATE ON department BEGIN SELECT RAISE(ABORT, 'a department stays'); END;
CREATE TRIGGER department_kept BEFORE DELETE ON department BEGIN SELECT RAISE(ABORT, 'a department stays'); END;
-- Second versions of a number that were signed as well: evidence, which the audit names.
CREATE TABLE fork (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    brought_by TEXT NOT NULL,
    brought_at TEXT NOT NULL
) STRICT;
-- Packages that wait, and who put them; '' where that was not kept.
CREATE TABLE package (
    mailbox TEXT NOT NULL,
    id TEXT NOT NULL,
    sender TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (mailbox, id)
) STRICT;
