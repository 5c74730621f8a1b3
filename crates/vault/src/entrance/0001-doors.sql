-- How each person gets in. JSON of casework::PersonRef.
CREATE TABLE door (
    person_id TEXT PRIMARY KEY,
    person TEXT NOT NULL CHECK (json_valid(person)),
    -- `own`: a passphrase of theirs opens it; `code`: the enrolment code that they were given; `earlier`: the passphrase
    -- that an earlier program kept as an Argon2id string.
    kind TEXT NOT NULL CHECK (kind IN ('own', 'code', 'earlier')),
    salt BLOB,
    sealed BLOB,
    earlier TEXT,
    -- Whether the passphrase of an earlier program was somebody else's choice, and whether the person administers there.
    temporary INTEGER NOT NULL DEFAULT 0 CHECK (temporary IN (0, 1)),
    administers INTEGER NOT NULL DEFAULT 0 CHECK (administers IN (0, 1)),
    -- The person's public key, in hexadecimal, once there is one.
    public_key TEXT,
    -- When an enrolment code ends.
    until TEXT,
    -- Whether a second factor is asked for, and the last time step whose code was used (RFC 6238, section 5.2).
    second INTEGER NOT NULL DEFAULT 0 CHECK (second IN (0, 1)),
    used_step INTEGER NOT NULL DEFAULT 0,
    -- Wrong attempts in a row, and when the last was.
    wrong INTEGER NOT NULL DEFAULT 0,
    wrong_at TEXT,
    CHECK ((kind = 'earlier') = (earlier IS NOT NULL)),
    CHECK ((kind = 'earlier') = (sealed IS NULL)),
    CHECK ((kind = 'code') = (until IS NOT NULL))
) STRICT;

-- What happened here while the vault was closed. The vault's audit takes it in when it opens.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    person TEXT NOT NULL CHECK (json_valid(person)),
    action TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail))
) STRICT;

-- The key of a vault of an earlier program, until an administrator has signed in.
CREATE TABLE earlier_key (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key TEXT NOT NULL
) STRICT;
