-- What came of approved notes: signed, in the order of recording, never changed.
CREATE TABLE result (
    result_id TEXT PRIMARY KEY,
    note_id TEXT NOT NULL REFERENCES sealed_note(note_id),
    number INTEGER NOT NULL CHECK (number > 0),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT NOT NULL CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    UNIQUE (note_id, number),
    CHECK (result_id IS json_extract(content, '$.id')),
    CHECK (note_id IS json_extract(content, '$.note')),
    CHECK (number IS json_extract(content, '$.number'))
) STRICT;
CREATE TRIGGER result_needs_an_approval BEFORE INSERT ON result
    WHEN NOT EXISTS (SELECT 1 FROM review WHERE note_id = NEW.note_id AND decision = 'approve')
    BEGIN SELECT RAISE(ABORT, 'results are recorded once a note is approved'); END;
CREATE TRIGGER result_is_never_changed BEFORE UPDATE ON result
    BEGIN SELECT RAISE(ABORT, 'a result is never changed'); END;
CREATE TRIGGER result_is_never_removed BEFORE DELETE ON result
    BEGIN SELECT RAISE(ABORT, 'a result is never removed'); END;

-- The operation that a case belongs to, JSON of casework::Operation; the last row of a case counts.
CREATE TABLE operation (
    number INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE INDEX operation_of_case ON operation (case_id, number);

-- Reports that were made, and what each told of groups of people (JSON of casework::Told, one a cell): a later one must not give away
-- what an earlier one did not tell.
CREATE TABLE report_made (
    number INTEGER PRIMARY KEY,
    pack TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    made_at TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    told TEXT NOT NULL CHECK (json_valid(told))
) STRICT;
CREATE TRIGGER report_made_is_never_changed BEFORE UPDATE ON report_made
    BEGIN SELECT RAISE(ABORT, 'what a report told is never changed'); END;
CREATE TRIGGER report_made_is_never_removed BEFORE DELETE ON report_made
    BEGIN SELECT RAISE(ABORT, 'what a report told is never removed'); END;
