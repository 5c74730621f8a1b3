-- Packages of further kinds; each is about something that has an identity of its own.
ALTER TABLE outbox RENAME TO outbox_before;
CREATE TABLE outbox (
    package_id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL REFERENCES workstation(public_key),
    kind TEXT NOT NULL CHECK (kind <> ''),
    about TEXT NOT NULL,
    made_at TEXT NOT NULL,
    bytes BLOB NOT NULL,
    sent_at TEXT,
    UNIQUE (recipient, kind, about)
) STRICT;
INSERT INTO outbox (package_id, recipient, kind, about, made_at, bytes, sent_at)
    SELECT package_id, recipient, kind, about, made_at, bytes, sent_at FROM outbox_before ORDER BY rowid;
DROP TABLE outbox_before;

-- Verifications that this workstation asked of another one, with the key that turns their tokens back.
CREATE TABLE verification_asked (
    request_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    recipient TEXT NOT NULL CHECK (length(recipient) = 64),
    content TEXT NOT NULL CHECK (json_valid(content)),
    CHECK (request_id IS json_extract(content, '$.asked.request.id'))
) STRICT;
CREATE TRIGGER verification_asked_is_never_changed BEFORE UPDATE ON verification_asked
    BEGIN SELECT RAISE(ABORT, 'what was asked is never changed'); END;
CREATE TRIGGER verification_asked_is_never_removed BEFORE DELETE ON verification_asked
    BEGIN SELECT RAISE(ABORT, 'what was asked is never removed'); END;

-- What came back, whole: the one that counts, and each that does not, with why.
CREATE TABLE verification_reply (
    package_id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES verification_asked(request_id),
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    why TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content)),
    statement TEXT
) STRICT;
CREATE UNIQUE INDEX one_reply_counts ON verification_reply (request_id) WHERE counts = 1;
CREATE TRIGGER verification_reply_is_never_changed BEFORE UPDATE ON verification_reply
    BEGIN SELECT RAISE(ABORT, 'what came back is never changed'); END;
CREATE TRIGGER verification_reply_is_never_removed BEFORE DELETE ON verification_reply
    BEGIN SELECT RAISE(ABORT, 'what came back is never removed'); END;

-- Comparisons that other workstations ask of somebody here, and the pictures for them while they last.
CREATE TABLE requested (
    request_id TEXT PRIMARY KEY,
    sender TEXT NOT NULL CHECK (length(sender) = 64),
    person_id TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE TABLE requested_picture (
    request_id TEXT NOT NULL REFERENCES requested(request_id),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    bytes BLOB NOT NULL,
    PRIMARY KEY (request_id, sha256)
) STRICT;
-- Withdrawals that arrived before what they withdraw.
CREATE TABLE request_withdrawn (
    request_id TEXT PRIMARY KEY,
    sender TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

-- Conferences that examiners elsewhere ask somebody here to sign.
CREATE TABLE conferred (
    id TEXT PRIMARY KEY,
    sender TEXT NOT NULL CHECK (length(sender) = 64),
    person_id TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
