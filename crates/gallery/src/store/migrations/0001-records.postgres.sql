CREATE TABLE subject (
    subject_no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_id TEXT NOT NULL UNIQUE CHECK (length(subject_id) BETWEEN 1 AND 200),
    suppressed_because TEXT,
    created_at TEXT NOT NULL
);
CREATE TABLE subject_key (
    subject_no BIGINT PRIMARY KEY,
    key BYTEA NOT NULL CHECK (length(key) = 32)
);
CREATE TABLE agency (
    agency_no BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ori TEXT NOT NULL UNIQUE,
    purposes TEXT,
    searches_a_day BIGINT CHECK (searches_a_day > 0),
    minimum_seconds BIGINT CHECK (minimum_seconds >= 0)
);
CREATE TABLE record (
    record_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject_no BIGINT NOT NULL REFERENCES subject (subject_no),
    source_sha256 TEXT NOT NULL,
    photo TEXT NOT NULL,
    captured_on TEXT,
    agency_no BIGINT REFERENCES agency (agency_no),
    model TEXT NOT NULL,
    enrolled_at TEXT NOT NULL,
    UNIQUE (subject_no, source_sha256, model)
);
CREATE TABLE template (
    record_id BIGINT PRIMARY KEY REFERENCES record (record_id) ON DELETE CASCADE,
    value BYTEA NOT NULL CHECK (length(value) > 0 AND length(value) % 4 = 0)
);
ALTER TABLE template ALTER COLUMN value SET STORAGE PLAIN;
CREATE TABLE outbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id BIGINT NOT NULL,
    op TEXT NOT NULL CHECK (op IN ('add', 'remove'))
);
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);
CREATE TABLE tombstone (
    digest TEXT PRIMARY KEY,
    certificate_id TEXT NOT NULL
);
CREATE TABLE certificate (
    certificate_id TEXT PRIMARY KEY,
    begun_at TEXT NOT NULL,
    subject_no BIGINT,
    photos TEXT NOT NULL,
    facts TEXT NOT NULL,
    content TEXT,
    signature TEXT,
    public_key TEXT
);
CREATE TABLE token (
    token_id TEXT PRIMARY KEY,
    secret_sha256 TEXT NOT NULL UNIQUE,
    agency TEXT NOT NULL,
    holder TEXT NOT NULL,
    scopes TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
);
CREATE TABLE search (
    search_id TEXT PRIMARY KEY,
    token_id TEXT NOT NULL REFERENCES token (token_id),
    agency TEXT NOT NULL,
    holder TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX search_of_holder ON search (agency, holder, at);
CREATE TABLE search_candidate (
    candidate_id TEXT PRIMARY KEY,
    search_id TEXT NOT NULL REFERENCES search (search_id),
    record_id BIGINT NOT NULL,
    score DOUBLE PRECISION NOT NULL
);
CREATE INDEX candidate_of_search ON search_candidate (search_id);
CREATE TABLE search_photo (
    photo_id TEXT PRIMARY KEY,
    search_id TEXT NOT NULL REFERENCES search (search_id),
    record_id BIGINT NOT NULL
);
CREATE TABLE idempotency (
    token_id TEXT NOT NULL,
    key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    answer TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (token_id, key)
);
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    agency TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE FUNCTION audit_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit rows are never changed or removed'; END $$;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_never_changed();
