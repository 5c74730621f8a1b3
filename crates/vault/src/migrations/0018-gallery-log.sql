-- The logs of galleries' audits as the auditor's desk saw them: each checkpoint follows from the one before it.
CREATE TABLE desk_gallery_log (
    address TEXT PRIMARY KEY,
    log TEXT NOT NULL,
    newest TEXT NOT NULL,
    -- The newest one with witnesses' lines.
    cosigned TEXT,
    since TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;
-- What a gallery showed that does not fit to that, each once for each checkpoint that was kept.
CREATE TABLE desk_gallery_fault (
    number INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    kind TEXT NOT NULL,
    seq INTEGER,
    seen TEXT NOT NULL,
    shown TEXT,
    noticed_at TEXT NOT NULL,
    UNIQUE (address, kind, seen)
) STRICT;
CREATE TRIGGER desk_gallery_fault_is_never_changed BEFORE UPDATE ON desk_gallery_fault
    BEGIN SELECT RAISE(ABORT, 'a fault is never changed'); END;
CREATE TRIGGER desk_gallery_fault_is_never_removed BEFORE DELETE ON desk_gallery_fault
    BEGIN SELECT RAISE(ABORT, 'a fault is never removed'); END;
