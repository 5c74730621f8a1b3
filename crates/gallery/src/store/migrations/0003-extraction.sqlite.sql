-- 3: what is needed so that nobody takes the gallery out by searching, and records belong to agencies.
ALTER TABLE agency ADD COLUMN searches_together INTEGER CHECK (searches_together > 0);
ALTER TABLE agency ADD COLUMN photographs_a_day INTEGER CHECK (photographs_a_day > 0);
ALTER TABLE agency ADD COLUMN photographs_together INTEGER CHECK (photographs_together > 0);
-- A token that names a key takes searches signed by it and no others.
ALTER TABLE token ADD COLUMN signing_key TEXT;
-- Keys whose possession a token proved; mailboxes belong to them.
CREATE TABLE proved_key (
    token_id TEXT NOT NULL REFERENCES token (token_id),
    public_key TEXT NOT NULL,
    proved_at TEXT NOT NULL,
    PRIMARY KEY (token_id, public_key)
) STRICT;
-- The person that a search counts for: the examiner where one is named, else the token's holder.
ALTER TABLE search ADD COLUMN person TEXT NOT NULL DEFAULT '';
UPDATE search SET person = holder;
CREATE INDEX search_of_person ON search (agency, person, at);
CREATE INDEX search_of_token ON search (token_id, at);
ALTER TABLE search_candidate ADD COLUMN opened_at TEXT;
ALTER TABLE search_photo ADD COLUMN candidate_id TEXT;
-- Photographs that were shown and candidates that were opened, for as long as a limit looks back.
CREATE TABLE shown (
    at TEXT NOT NULL,
    agency TEXT NOT NULL,
    person TEXT NOT NULL,
    token_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('thumbnail', 'whole', 'opened')),
    subject_no INTEGER NOT NULL
) STRICT;
CREATE INDEX shown_to_person ON shown (agency, person, at);
CREATE INDEX shown_to_token ON shown (token_id, at);
-- Who may not search until an operator says so: a token's identity, or an agency and a person.
CREATE TABLE pause (
    who TEXT PRIMARY KEY,
    token_id TEXT NOT NULL,
    since TEXT NOT NULL,
    because TEXT NOT NULL
) STRICT;
-- A key is claimed before its request runs; without an answer it is under way, and an empty one is no longer kept.
CREATE TABLE request (
    token_id TEXT NOT NULL,
    key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    search_id TEXT NOT NULL,
    answer TEXT,
    at TEXT NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT;
INSERT INTO request (token_id, key, request_sha256, search_id, answer, at)
    SELECT token_id, key, request_sha256, COALESCE(json_extract(answer, '$.search_id'), ''), answer, at FROM idempotency;
DROP TABLE idempotency;
-- An agency hides its own records of a person and not another agency's.
ALTER TABLE record ADD COLUMN suppressed_because TEXT;
UPDATE record SET suppressed_because =
    (SELECT s.suppressed_because FROM subject s WHERE s.subject_no = record.subject_no);
UPDATE subject SET suppressed_because = NULL;
-- Who had the record expunged; and of its photographs 64 bits each, so that a copy that was scaled or saved anew is
-- known again. They are too few to make a template of.
ALTER TABLE tombstone ADD COLUMN agency TEXT;
CREATE TABLE tombstone_trace (
    certificate_id TEXT NOT NULL,
    agency TEXT,
    template BLOB,
    picture BLOB
) STRICT;
