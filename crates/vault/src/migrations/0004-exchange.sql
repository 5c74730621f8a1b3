-- Foreign keys are off while steps run.
-- A case may live on another workstation, whose people are not this one's: the column names whose case it is, and no
-- longer refers to a person of this vault.
CREATE TABLE case_file_new (
    case_id TEXT PRIMARY KEY,
    opened_by TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content)),
    -- Public key of the workstation where the case lives; absent for this one's own.
    home TEXT CHECK (length(home) = 64)
) STRICT;
INSERT INTO case_file_new (case_id, opened_by, changed_at, content)
    SELECT case_id, opened_by, changed_at, content FROM case_file;
DROP TABLE case_file;
ALTER TABLE case_file_new RENAME TO case_file;

-- The photograph of a lead is kept as the note's reader saw it.
CREATE TABLE original_new (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    kind TEXT NOT NULL CHECK (kind IN ('probe', 'attachment', 'candidate')),
    -- Of a candidate its identity.
    file_name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (case_id, sha256)
) STRICT;
INSERT INTO original_new SELECT case_id, sha256, kind, file_name, bytes FROM original;
DROP TABLE original;
ALTER TABLE original_new RENAME TO original;
CREATE TRIGGER original_is_never_changed BEFORE UPDATE ON original
    BEGIN SELECT RAISE(ABORT, 'an original is never changed'); END;

-- Only the three mandatory categories make a lead corroborated.
DROP TRIGGER corroborated_needs_support;
CREATE TRIGGER corroborated_needs_support BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'lead-corroborated'
        AND ((SELECT count(DISTINCT json_extract(e.value, '$.details.category'))
              FROM json_each(NEW.content, '$.checklist.entries') e
              JOIN json_each(NEW.content, '$.standings') s ON json_extract(s.value, '$[0]') = json_extract(e.value, '$.id')
              WHERE json_extract(s.value, '$[1].kind') = 'independent'
                AND json_extract(e.value, '$.details.category') IN ('vehicle', 'witness', 'media')
                AND json_extract(e.value, '$.finding') = 'supports') < 2
             OR coalesce(json_extract(NEW.content, '$.outcome.conclusion'), '') NOT IN ('support', 'limited-support')
             OR (json_extract(NEW.content, '$.verification.agreement') IS NOT 'agrees'
                 AND coalesce(json_extract(NEW.content, '$.verification.conference.agreed'), '')
                     NOT IN ('support', 'limited-support'))
             OR coalesce(json_extract(NEW.content, '$.verification.verifier.id'), '')
                 IN ('', json_extract(NEW.content, '$.examination.examiner.id'), json_extract(NEW.content, '$.author.id')))
    BEGIN SELECT RAISE(ABORT, 'a corroborated lead needs two independent supports from two categories and a second examiner'); END;

CREATE TRIGGER sealed_note_needs_captures BEFORE INSERT ON sealed_note
    WHEN NEW.disposition <> 'no-candidate'
        AND EXISTS (
            SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e
            WHERE json_extract(e.value, '$.details.category') = 'media'
                AND json_extract(e.value, '$.finding') <> 'sought-not-found'
                AND coalesce(json_array_length(e.value, '$.attachments'), 0) < 1)
    BEGIN SELECT RAISE(ABORT, 'open-source media needs its capture'); END;

-- Across workstations a person is known by agency and badge.
CREATE TRIGGER review_is_by_another_badge BEFORE INSERT ON review
    WHEN EXISTS (SELECT 1 FROM sealed_note n WHERE n.note_id = NEW.note_id
        AND lower(json_extract(NEW.content, '$.reviewer.ori') || ' ' || json_extract(NEW.content, '$.reviewer.badge')) IN (
            lower(json_extract(n.content, '$.author.ori') || ' ' || json_extract(n.content, '$.author.badge')),
            lower(json_extract(n.content, '$.examination.examiner.ori') || ' ' || json_extract(n.content, '$.examination.examiner.badge')),
            lower(json_extract(n.content, '$.case.opened_by.ori') || ' ' || json_extract(n.content, '$.case.opened_by.badge')),
            coalesce(lower(json_extract(n.content, '$.verification.verifier.ori') || ' ' || json_extract(n.content, '$.verification.verifier.badge')), '')))
    BEGIN SELECT RAISE(ABORT, 'a review is by somebody who took no part in the note'); END;

-- A second review of one note, made on another workstation at the same time. It never counts, and it is never lost.
CREATE TABLE further_review (
    note_id TEXT NOT NULL REFERENCES sealed_note(note_id),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT PRIMARY KEY CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    CHECK (note_id IS json_extract(content, '$.note'))
) STRICT;
CREATE TRIGGER further_review_is_never_changed BEFORE UPDATE ON further_review
    BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER further_review_is_never_removed BEFORE DELETE ON further_review
    BEGIN SELECT RAISE(ABORT, 'a review is never removed'); END;

CREATE TABLE addendum (
    note_id TEXT NOT NULL REFERENCES sealed_note(note_id),
    number INTEGER NOT NULL CHECK (number > 0),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT NOT NULL CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    PRIMARY KEY (note_id, number),
    CHECK (note_id IS json_extract(content, '$.note')),
    CHECK (number IS json_extract(content, '$.number'))
) STRICT;
CREATE TRIGGER addendum_is_never_changed BEFORE UPDATE ON addendum
    BEGIN SELECT RAISE(ABORT, 'an addendum is never changed'); END;
CREATE TRIGGER addendum_is_never_removed BEFORE DELETE ON addendum
    BEGIN SELECT RAISE(ABORT, 'an addendum is never removed'); END;

-- Workstations that this one exchanges packages with, by public key; content is their card.
CREATE TABLE workstation (
    public_key TEXT PRIMARY KEY CHECK (length(public_key) = 64),
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

-- Packages that leave. The bytes never change, so that a repeated sending is the same package.
CREATE TABLE outbox (
    package_id TEXT PRIMARY KEY,
    recipient TEXT NOT NULL REFERENCES workstation(public_key),
    kind TEXT NOT NULL CHECK (kind IN ('note', 'review')),
    -- The note.
    about TEXT NOT NULL,
    made_at TEXT NOT NULL,
    bytes BLOB NOT NULL,
    sent_at TEXT,
    UNIQUE (recipient, kind, about)
) STRICT;

-- Packages that came in; each is taken in once.
CREATE TABLE inbox (
    package_id TEXT PRIMARY KEY,
    sender TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    taken_at TEXT NOT NULL
) STRICT;
