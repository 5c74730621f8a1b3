CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The person whom the first-start screen names; JSON of casework::Person.
CREATE TABLE person (
    person_id TEXT PRIMARY KEY,
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

-- A case as far as it is filled in. Every column after the first three is JSON of a casework type.
CREATE TABLE case_file (
    case_id TEXT PRIMARY KEY,
    opened_by TEXT NOT NULL REFERENCES person(person_id),
    changed_at TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

-- Originals as they came in, byte for byte, encrypted with the rest of the file.
CREATE TABLE original (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    kind TEXT NOT NULL CHECK (kind IN ('probe', 'attachment')),
    file_name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (case_id, sha256)
) STRICT;
CREATE TRIGGER original_is_never_changed BEFORE UPDATE ON original
    BEGIN SELECT RAISE(ABORT, 'an original is never changed'); END;

CREATE TABLE sealed_note (
    note_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    sealed_at TEXT NOT NULL,
    disposition TEXT NOT NULL
        CHECK (disposition IN ('no-candidate', 'excluded', 'lead-not-corroborated', 'lead-corroborated')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    content TEXT NOT NULL CHECK (json_valid(content)),
    CHECK (disposition IS json_extract(content, '$.disposition')),
    CHECK (note_id IS json_extract(content, '$.id')),
    CHECK (case_id IS json_extract(content, '$.case.id')),
    CHECK (length(trim(coalesce(json_extract(content, '$.narrative'), ''))) > 0),
    CHECK (json_extract(content, '$.statement') LIKE 'INVESTIGATIVE LEAD ONLY.%')
) STRICT;

-- The gate once more, in the database: a hand-written row without its three categories is refused.
CREATE TRIGGER sealed_note_needs_examination BEFORE INSERT ON sealed_note
    WHEN json_extract(NEW.content, '$.examination.concluded_at') IS NULL
        OR json_array_length(NEW.content, '$.searches') IS NULL
        OR json_array_length(NEW.content, '$.searches') < 1
        OR coalesce(json_extract(NEW.content, '$.outcome.kind'), '') NOT IN ('lead', 'none-of-these')
        OR (NEW.disposition IN ('lead-corroborated', 'lead-not-corroborated')
            AND json_extract(NEW.content, '$.outcome.kind') IS NOT 'lead')
        OR (NEW.disposition = 'no-candidate' AND json_extract(NEW.content, '$.outcome.kind') IS NOT 'none-of-these')
    BEGIN SELECT RAISE(ABORT, 'a note needs a concluded examination of a search, and a disposition that fits its outcome'); END;

CREATE TRIGGER sealed_note_needs_three_categories BEFORE INSERT ON sealed_note
    WHEN NEW.disposition IN ('lead-corroborated', 'lead-not-corroborated')
        AND (SELECT count(DISTINCT json_extract(e.value, '$.details.category'))
             FROM json_each(NEW.content, '$.checklist.entries') e
             WHERE json_extract(e.value, '$.details.category') IN ('vehicle', 'witness', 'media')) IS NOT 3
    BEGIN SELECT RAISE(ABORT, 'a note needs vehicle information, a witness statement and open-source media answered'); END;

CREATE TRIGGER sealed_note_needs_whole_entries BEFORE INSERT ON sealed_note
    WHEN NEW.disposition <> 'no-candidate'
        AND EXISTS (
            SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e
            WHERE coalesce(json_extract(e.value, '$.finding'), '')
                NOT IN ('supports', 'contradicts', 'inconclusive', 'sought-not-found')
            OR (json_extract(e.value, '$.finding') <> 'sought-not-found'
                AND (trim(coalesce(json_extract(e.value, '$.shows'), '')) = ''
                    OR trim(coalesce(json_extract(e.value, '$.source'), '')) = ''
                    OR trim(coalesce(json_extract(e.value, '$.obtained_by'), '')) = ''
                    OR trim(coalesce(json_extract(e.value, '$.obtained_how'), '')) = ''
                    OR json_extract(e.value, '$.obtained_at') IS NULL))
            OR (json_extract(e.value, '$.finding') = 'supports'
                AND trim(coalesce(json_extract(e.value, '$.link_to_crime'), '')) = '')
            OR (json_extract(e.value, '$.finding') = 'sought-not-found'
                AND (SELECT count(*) FROM json_each(e.value, '$.attempts') a
                     WHERE trim(coalesce(json_extract(a.value, '$.what'), '')) <> ''
                       AND trim(coalesce(json_extract(a.value, '$.place'), '')) <> ''
                       AND json_extract(a.value, '$.at') IS NOT NULL) < 2))
    BEGIN SELECT RAISE(ABORT, 'an entry of the checklist is not whole: finding, provenance, or two attempts'); END;

CREATE TRIGGER sealed_note_needs_panel BEFORE INSERT ON sealed_note
    WHEN NEW.disposition IN ('lead-corroborated', 'lead-not-corroborated')
        AND ((SELECT count(DISTINCT json_extract(a.value, '$.item'))
              FROM json_each(NEW.content, '$.checklist.panel.answers') a
              WHERE json_extract(a.value, '$.answer') IN ('consistent', 'contradicts', 'not-known')
                AND json_extract(a.value, '$.item') IN
                    ('height', 'weight', 'age', 'marks', 'physical-condition', 'custody', 'known-location')) IS NOT 7
             OR trim(coalesce(json_extract(NEW.content, '$.checklist.panel.speaks_for_the_person'), '')) = '')
    BEGIN SELECT RAISE(ABORT, 'a note needs every answer on what could speak against it, and what speaks for the person'); END;

-- Two supports that count, from two categories, and a second examiner.
CREATE TRIGGER corroborated_needs_support BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'lead-corroborated'
        AND ((SELECT count(DISTINCT json_extract(e.value, '$.details.category'))
              FROM json_each(NEW.content, '$.checklist.entries') e
              JOIN json_each(NEW.content, '$.standings') s ON json_extract(s.value, '$[0]') = json_extract(e.value, '$.id')
              WHERE json_extract(s.value, '$[1].kind') = 'independent'
                AND json_extract(e.value, '$.finding') = 'supports') < 2
             OR coalesce(json_extract(NEW.content, '$.verification.conclusion'), '') NOT IN ('support', 'limited-support')
             OR json_extract(NEW.content, '$.verification.verifier.id') IS json_extract(NEW.content, '$.examination.examiner.id'))
    BEGIN SELECT RAISE(ABORT, 'a corroborated lead needs two independent supports from two categories and a second examiner'); END;

CREATE TRIGGER excluded_needs_reason BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'excluded' AND trim(coalesce(json_extract(NEW.content, '$.reason'), '')) = ''
    BEGIN SELECT RAISE(ABORT, 'an exclusion needs its reason'); END;

CREATE TRIGGER sealed_note_is_never_replaced BEFORE INSERT ON sealed_note
    WHEN EXISTS (SELECT 1 FROM sealed_note WHERE note_id = NEW.note_id)
    BEGIN SELECT RAISE(ABORT, 'a sealed note is never replaced'); END;
CREATE TRIGGER sealed_note_is_never_changed BEFORE UPDATE ON sealed_note
    BEGIN SELECT RAISE(ABORT, 'a sealed note is never changed'); END;
CREATE TRIGGER sealed_note_is_never_removed BEFORE DELETE ON sealed_note
    BEGIN SELECT RAISE(ABORT, 'a sealed note is never removed'); END;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE seq >= NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'audit rows are only added at the end'); END;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
