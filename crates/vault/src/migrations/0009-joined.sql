-- Packages of other kinds than notes and reviews leave: what a kind is about depends on it.
CREATE TABLE outbox_new (
    package_id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL REFERENCES workstation(public_key),
    kind TEXT NOT NULL,
    -- The note, or of somebody's door the first half of the statement's SHA-256.
    about TEXT NOT NULL,
    made_at TEXT NOT NULL,
    bytes BLOB NOT NULL,
    sent_at TEXT,
    UNIQUE (recipient, kind, about)
) STRICT;
INSERT INTO outbox_new SELECT package_id, recipient, kind, about, made_at, bytes, sent_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;

-- What people of the department stated of their doors at other workstations, the newest of each.
CREATE TABLE door_arrived (
    person_id TEXT PRIMARY KEY,
    claims TEXT NOT NULL,
    file TEXT NOT NULL CHECK (json_valid(file))
) STRICT;
