CREATE TABLE subject (
    subject_no INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_id TEXT NOT NULL UNIQUE CHECK (length(subject_id) BETWEEN 1 AND 200),
    suppressed_because TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE TABLE subject_key (
    subject_no INTEGER PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
CREATE TABLE agency (
    agency_no INTEGER PRIMARY KEY AUTOINCREMENT,
    ori TEXT NOT NULL UNIQUE,
    purposes TEXT,
    searches_a_day INTEGER CHECK (searches_a_day > 0),
    minimum_seconds INTEGER CHECK (minimum_seconds >= 0)
) STRICT;
CREATE TABLE record (
    record_id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject_no INTEGER NOT NULL REFERENCES subject (subject_no),
    source_sha256 TEXT NOT NULL,
    photo TEXT NOT NULL,
    captured_on TEXT,
    agency_no INTEGER REFERENCES agency (agency_no),
    model TEXT NOT NULL,
    enrolled_at TEXT NOT NULL,
    UNIQUE (subject_no, source_sha256, model)
) STRICT;
CREATE TABLE template (
    record_id INTEGER PRIMARY KEY REFERENCES record (record_id) ON DELETE CASCADE,
    value BLOB NOT NULL CHECK (length(value) > 0 AND length(value) % 4 = 0)
) STRICT;
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL,
    op TEXT NOT NULL CHECK (op IN ('add', 'remove'))
) STRICT;
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
CREATE TABLE tombstone (
    digest TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL
) STRICT;
CREATE TABLE certificate (
    certificate_id TEXT PRIMARY KEY,
    begun_at TEXT NOT NULL,
    subject_no INTEGER,
    photos TEXT NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    content TEXT,
    signature TEXT,
    public_key TEXT
) STRICT;
CREATE TABLE token (
    token_id TEXT PRIMARY KEY,
    secret_sha256 TEXT NOT NULL UNIQUE,
    agency TEXT NOT NULL,
    holder TEXT NOT NULL,
    scopes TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
) STRICT;
CREATE TABLE search (
    search_id TEXT PRIMARY KEY,
    token_id TEXT NOT NULL REFERENCES token (token_id),
    agency TEXT NOT NULL,
    holder TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX search_of_holder ON search (agency, holder, at);
CREATE TABLE search_candidate (
    candidate_id TEXT PRIMARY KEY,
    search_id TEXT NOT NULL REFERENCES search (search_id),
    record_id INTEGER NOT NULL,
    score REAL NOT NULL
) STRICT;
CREATE INDEX candidate_of_search ON search_candidate (search_id);
CREATE TABLE search_photo (
    photo_id TEXT PRIMARY KEY,
    search_id TEXT NOT NULL REFERENCES search (search_id),
    record_id INTEGER NOT NULL
) STRICT;
CREATE TABLE idempotency (
    token_id TEXT NOT NULL,
    key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    answer TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT;
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    agency TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
