-- The auditor's desk: events of all workstations, each as its workstation chained it, and what else an auditor works with.
CREATE TABLE desk_source (
    source INTEGER PRIMARY KEY,
    workstation TEXT NOT NULL UNIQUE CHECK (length(workstation) = 64),
    -- How far its audit is here without a gap, and the hash there.
    rows INTEGER NOT NULL,
    head TEXT NOT NULL,
    last_at TEXT,
    heard_at TEXT NOT NULL
) STRICT;

CREATE TABLE desk_event (
    -- Seconds since 1970 times 2^20, and a number within the second: what is newer has the greater place.
    place INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES desk_source(source),
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    action TEXT NOT NULL,
    case_id TEXT,
    number TEXT,
    purpose TEXT,
    told TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (source, seq)
) STRICT;
CREATE INDEX desk_event_of_action ON desk_event (action, place);
CREATE TRIGGER desk_event_is_never_changed BEFORE UPDATE ON desk_event
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER desk_event_is_never_removed BEFORE DELETE ON desk_event
    BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;

-- Words and marks of each event, by its place: what is searched by is one intersection of sorted lists.
CREATE VIRTUAL TABLE desk_word USING fts5(
    words, content = '', detail = none, prefix = '2 3', tokenize = "unicode61 remove_diacritics 0 tokenchars ':-'"
);
-- The words that people look for, so that the beginning of one becomes the few words that begin so.
CREATE TABLE desk_term (term TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- What is wrong with what a workstation delivered.
CREATE TABLE desk_fault (
    source INTEGER NOT NULL REFERENCES desk_source(source),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('changed', 'fork', 'ledger')),
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (source, seq, kind)
) STRICT;
-- Rows that came before those that they follow.
CREATE TABLE desk_waiting (
    source INTEGER NOT NULL REFERENCES desk_source(source),
    first INTEGER NOT NULL,
    rows TEXT NOT NULL,
    PRIMARY KEY (source, first)
) STRICT;

-- How each case was conducted, as a workstation says: one that says it of another's case replaces nothing.
CREATE TABLE desk_case (
    case_id TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES desk_source(source),
    number TEXT NOT NULL,
    searches INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (case_id, source)
) STRICT;
CREATE INDEX desk_case_of_number ON desk_case (number);

-- Searches of the gallery's audit, and how far that was read.
CREATE TABLE desk_gallery (
    address TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    head TEXT NOT NULL,
    first_at TEXT,
    last_at TEXT,
    read_at TEXT NOT NULL,
    broken_at INTEGER
) STRICT;
CREATE TABLE desk_gallery_search (
    address TEXT NOT NULL,
    seq INTEGER NOT NULL,
    agency TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (address, seq)
) STRICT;

CREATE TABLE desk_closing (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX desk_closing_of_key ON desk_closing (key);
CREATE TRIGGER desk_closing_is_never_changed BEFORE UPDATE ON desk_closing
    BEGIN SELECT RAISE(ABORT, 'a closing is never changed'); END;
CREATE TRIGGER desk_closing_is_never_removed BEFORE DELETE ON desk_closing
    BEGIN SELECT RAISE(ABORT, 'a closing is never removed'); END;

-- A seed that was committed to, and what was drawn by it.
CREATE TABLE desk_sample (
    sha256 TEXT PRIMARY KEY,
    committed_at TEXT NOT NULL,
    seed TEXT NOT NULL,
    draw TEXT
) STRICT;

-- How far this workstation's audit was delivered to a desk.
CREATE TABLE desk_sent (
    recipient TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    proofs INTEGER NOT NULL,
    cases_at TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
