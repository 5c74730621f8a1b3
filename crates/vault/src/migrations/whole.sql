-- What the steps come to in an empty file. Written by a test of schema.rs: CORROBORATE_WRITE_SCHEMA=1.
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
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
CREATE TABLE blank (id INTEGER PRIMARY KEY CHECK (id = 1), characters TEXT NOT NULL) STRICT;
CREATE TABLE case_came (
    case_id TEXT PRIMARY KEY REFERENCES case_file(case_id),
    sender TEXT NOT NULL CHECK (length(sender) = 64),
    moves TEXT NOT NULL CHECK (json_valid(moves))
) STRICT;
CREATE TABLE "case_file" (
    case_id TEXT PRIMARY KEY,
    opened_by TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    home TEXT CHECK (length(home) = 64)
) STRICT;
CREATE TABLE case_key (
    case_id TEXT PRIMARY KEY REFERENCES case_file(case_id),
    sealed BLOB NOT NULL CHECK (length(sealed) = 72)
) STRICT;
CREATE TABLE case_moved (
    case_id TEXT PRIMARY KEY,
    package_id TEXT NOT NULL,
    recipient TEXT NOT NULL CHECK (length(recipient) = 64),
    number TEXT NOT NULL,
    holder TEXT NOT NULL,
    moved_at TEXT NOT NULL,
    arrived_at TEXT
, moves TEXT CHECK (moves IS NULL OR json_valid(moves)), trace TEXT CHECK (trace IS NULL OR json_valid(trace)), search TEXT, came_from TEXT) STRICT;
CREATE TABLE case_part (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (case_id, name)
) STRICT;
CREATE TABLE conferred (
    id TEXT PRIMARY KEY,
    sender TEXT NOT NULL CHECK (length(sender) = 64),
    person_id TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE TABLE department_version (
    number INTEGER PRIMARY KEY,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE TABLE desk_case (
    case_id TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES desk_source(source),
    number TEXT NOT NULL,
    searches INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (case_id, source)
) STRICT;
CREATE TABLE desk_closing (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    content TEXT NOT NULL
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
CREATE TABLE "desk_fault" (
    source INTEGER NOT NULL REFERENCES desk_source(source),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('changed', 'fork', 'ledger', 'lost')),
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (source, seq, kind)
) STRICT;
CREATE TABLE desk_gallery (
    address TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    head TEXT NOT NULL,
    first_at TEXT,
    last_at TEXT,
    read_at TEXT NOT NULL,
    broken_at INTEGER
) STRICT;
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
CREATE TABLE desk_gallery_log (
    address TEXT PRIMARY KEY,
    log TEXT NOT NULL,
    newest TEXT NOT NULL,
    -- The newest one with witnesses' lines.
    cosigned TEXT,
    since TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_gallery_search (
    address TEXT NOT NULL,
    seq INTEGER NOT NULL,
    agency TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (address, seq)
) STRICT;
CREATE TABLE desk_sample (
    sha256 TEXT PRIMARY KEY,
    committed_at TEXT NOT NULL,
    seed TEXT NOT NULL,
    draw TEXT
) STRICT;
CREATE TABLE desk_sent (
    recipient TEXT PRIMARY KEY,
    rows INTEGER NOT NULL,
    proofs INTEGER NOT NULL,
    cases_at TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_source (
    source INTEGER PRIMARY KEY,
    workstation TEXT NOT NULL UNIQUE CHECK (length(workstation) = 64),
    -- How far its audit is here without a gap, and the hash there.
    rows INTEGER NOT NULL,
    head TEXT NOT NULL,
    last_at TEXT,
    heard_at TEXT NOT NULL
) STRICT;
CREATE TABLE desk_term (term TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE desk_waiting (
    source INTEGER NOT NULL REFERENCES desk_source(source),
    first INTEGER NOT NULL,
    rows TEXT NOT NULL,
    PRIMARY KEY (source, first)
) STRICT;
CREATE VIRTUAL TABLE desk_word USING fts5(
    words, content = '', detail = none, prefix = '2 3', tokenize = "unicode61 remove_diacritics 0 tokenchars ':-'"
);
CREATE TABLE door_arrived (
    person_id TEXT PRIMARY KEY,
    claims TEXT NOT NULL,
    file TEXT NOT NULL CHECK (json_valid(file))
) STRICT;
CREATE TABLE further_review (
    note_id TEXT NOT NULL REFERENCES sealed_note(note_id),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT PRIMARY KEY CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    CHECK (note_id IS json_extract(content, '$.note'))
) STRICT;
CREATE TABLE inbox (
    package_id TEXT PRIMARY KEY,
    sender TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    taken_at TEXT NOT NULL
) STRICT;
CREATE TABLE keeping (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    number INTEGER NOT NULL CHECK (number > 0),
    word TEXT NOT NULL CHECK (word IN ('hold-set', 'hold-lifted', 'duty-begun', 'duty-ended')),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT NOT NULL CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    PRIMARY KEY (case_id, number),
    CHECK (case_id IS json_extract(content, '$.case')),
    CHECK (word IS json_extract(content, '$.word'))
) STRICT;
CREATE TABLE list_photograph (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    candidate TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 255),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    -- Of what is sealed.
    length INTEGER NOT NULL CHECK (length >= 0),
    bytes BLOB NOT NULL,
    PRIMARY KEY (case_id, candidate, number)
) STRICT;
CREATE TABLE log_contradicted (
    newest TEXT PRIMARY KEY,
    shown TEXT NOT NULL,
    noticed_at TEXT NOT NULL
) STRICT;
CREATE TABLE log_proof (
    position INTEGER PRIMARY KEY,
    proof TEXT NOT NULL,
    cosigned INTEGER NOT NULL CHECK (cosigned IN (0, 1))
) STRICT;
CREATE TABLE log_seen (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    log TEXT NOT NULL,
    newest TEXT NOT NULL,
    cosigned TEXT,
    since TEXT NOT NULL
) STRICT;
CREATE TABLE log_wanted (
    position INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE operation (
    number INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE TABLE original (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    kind TEXT NOT NULL CHECK (kind IN ('probe', 'attachment', 'candidate')),
    -- Of a candidate its identity.
    file_name TEXT NOT NULL,
    -- Of what is sealed.
    length INTEGER NOT NULL CHECK (length >= 0),
    bytes BLOB NOT NULL,
    PRIMARY KEY (case_id, sha256)
) STRICT;
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
CREATE TABLE person (
    person_id TEXT PRIMARY KEY,
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE TABLE purged (
    case_id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT NOT NULL CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    -- What figures over all cases count of it (casework::CaseDigest): no name, no picture, no account.
    digest TEXT CHECK (digest IS NULL OR json_valid(digest)),
    CHECK (case_id IS json_extract(content, '$.case')),
    CHECK (json_extract(content, '$.schema') IS 'corroborate.purge-certificate.v1'),
    CHECK (json_array_length(content, '$.gone') > 0),
    CHECK (length(json_extract(content, '$.confirmed.by.id')) > 0)
) STRICT;
CREATE TABLE report_made (
    number INTEGER PRIMARY KEY,
    pack TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    made_at TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    told TEXT NOT NULL CHECK (json_valid(told))
) STRICT;
CREATE TABLE request_withdrawn (
    request_id TEXT PRIMARY KEY,
    sender TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
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
CREATE TABLE restored_elsewhere (
    sender TEXT PRIMARY KEY CHECK (length(sender) = 64),
    row TEXT NOT NULL
) STRICT;
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
CREATE TABLE review (
    note_id TEXT PRIMARY KEY REFERENCES sealed_note(note_id),
    decision TEXT NOT NULL CHECK (decision IN ('approve', 'return', 'refer')),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT NOT NULL CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    CHECK (note_id IS json_extract(content, '$.note')),
    CHECK (decision IS json_extract(content, '$.decision'))
) STRICT;
CREATE TABLE sealed_note (
    note_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    sealed_at TEXT NOT NULL,
    disposition TEXT NOT NULL
        CHECK (disposition IN ('no-candidate', 'excluded', 'lead-not-corroborated', 'lead-corroborated')),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    content TEXT NOT NULL CHECK (json_valid(content)), signature TEXT CHECK (length(signature) = 128), public_key TEXT CHECK (length(public_key) = 64),
    CHECK (disposition IS json_extract(content, '$.disposition')),
    CHECK (note_id IS json_extract(content, '$.id')),
    CHECK (case_id IS json_extract(content, '$.case.id')),
    CHECK (length(trim(coalesce(json_extract(content, '$.narrative'), ''))) > 0),
    CHECK (json_extract(content, '$.statement') LIKE 'INVESTIGATIVE LEAD ONLY.%')
) STRICT;
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE statement (
    record TEXT NOT NULL CHECK (length(record) = 64),
    kind TEXT NOT NULL,
    person_id TEXT NOT NULL,
    file TEXT NOT NULL CHECK (json_valid(file)),
    PRIMARY KEY (record, kind, person_id)
) STRICT;
CREATE TABLE verification_asked (
    request_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    recipient TEXT NOT NULL CHECK (length(recipient) = 64),
    content TEXT NOT NULL CHECK (json_valid(content)),
    CHECK (request_id IS json_extract(content, '$.asked.request.id'))
) STRICT;
CREATE TABLE verification_reply (
    package_id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES verification_asked(request_id),
    counts INTEGER NOT NULL CHECK (counts IN (0, 1)),
    why TEXT NOT NULL,
    taken_at TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content)),
    statement TEXT
) STRICT;
CREATE TABLE withdrawn_news (
    case_id TEXT NOT NULL,
    candidate TEXT NOT NULL,
    PRIMARY KEY (case_id, candidate)
) STRICT;
CREATE TABLE workstation (
    public_key TEXT PRIMARY KEY CHECK (length(public_key) = 64),
    content TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE INDEX desk_case_of_number ON desk_case (number);
CREATE INDEX desk_closing_of_key ON desk_closing (key);
CREATE INDEX desk_event_of_action ON desk_event (action, place);
CREATE UNIQUE INDEX one_reply_counts ON verification_reply (request_id) WHERE counts = 1;
CREATE INDEX operation_of_case ON operation (case_id, number);
CREATE TRIGGER addendum_is_never_changed BEFORE UPDATE ON addendum
    BEGIN SELECT RAISE(ABORT, 'an addendum is never changed'); END;
CREATE TRIGGER addendum_is_never_removed BEFORE DELETE ON addendum
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN sealed_note n USING (case_id) WHERE n.note_id = OLD.note_id)
    BEGIN SELECT RAISE(ABORT, 'an addendum is never removed'); END;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit rows are never removed'); END;
CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE seq >= NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'audit rows are only added at the end'); END;
CREATE TRIGGER blank_is_never_changed BEFORE UPDATE ON blank BEGIN SELECT RAISE(ABORT, 'a rule is never changed'); END;
CREATE TRIGGER blank_is_never_removed BEFORE DELETE ON blank BEGIN SELECT RAISE(ABORT, 'a rule is never removed'); END;
CREATE TRIGGER case_key_is_never_changed BEFORE UPDATE ON case_key
    BEGIN SELECT RAISE(ABORT, 'the key of a case is never changed'); END;
CREATE TRIGGER corroborated_has_no_open_contradiction BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'lead-corroborated'
        AND (EXISTS (
                SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e, blank b
                WHERE json_extract(e.value, '$.finding') = 'contradicts'
                    AND coalesce(json_extract(e.value, '$.made_for'), json_extract(NEW.content, '$.outcome.candidate')) IS json_extract(NEW.content, '$.outcome.candidate')
                    AND trim(coalesce(json_extract(e.value, '$.resolution'), ''), b.characters) = '')
            OR EXISTS (
                SELECT 1 FROM json_each(NEW.content, '$.checklist.panel.answers') a, blank b
                WHERE json_extract(a.value, '$.answer') = 'contradicts'
                    AND trim(coalesce(json_extract(a.value, '$.resolution'), ''), b.characters) = ''))
    BEGIN SELECT RAISE(ABORT, 'a contradiction is answered, never passed over'); END;
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
CREATE TRIGGER corroborated_support_is_clean BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'lead-corroborated'
        AND EXISTS (
            SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e
            JOIN json_each(NEW.content, '$.standings') s ON json_extract(s.value, '$[0]') = json_extract(e.value, '$.id')
            WHERE json_extract(s.value, '$[1].kind') = 'independent'
                AND (json_extract(e.value, '$.finding') IS NOT 'supports'
                    OR json_extract(e.value, '$.obtained_at') IS NULL
                    OR coalesce(json_extract(e.value, '$.details.photo_shown_before'), 0)
                    OR coalesce(json_extract(e.value, '$.details.name_told_before'), 0)
                    OR coalesce(json_extract(e.value, '$.details.lineup_from_lead'), 0)
                    OR coalesce(json_extract(e.value, '$.details.only_saw_video'), 0)
                    OR coalesce(json_extract(e.value, '$.details.ownership_only'), 0)
                    OR coalesce(json_extract(e.value, '$.details.is_probe_post'), 0)
                    OR coalesce(json_extract(e.value, '$.details.lookalike_profile'), 0)
                    OR coalesce(json_extract(e.value, '$.independence.compares_faces'), 1)
                    OR NOT coalesce(json_extract(e.value, '$.independence.about_event'), 0)
                    OR json_extract(e.value, '$.independence.source_knew_result') IS NULL
                    OR coalesce(json_extract(e.value, '$.independence.root.kind'), 'probe') = 'probe'
                    OR EXISTS (SELECT 1 FROM json_each(e.value, '$.attachments') f
                        WHERE json_extract(f.value, '$.sha256') = json_extract(NEW.content, '$.probe.image.sha256'))
                    -- An undated record is none that was made before the search.
                    OR (json_extract(e.value, '$.details.category') = 'vehicle'
                        AND json_extract(e.value, '$.details.seen_at') IS NULL)
                    OR (json_extract(e.value, '$.details.category') = 'witness'
                        AND json_extract(e.value, '$.details.stated_at') IS NULL)
                    OR (json_extract(e.value, '$.details.category') = 'media'
                        AND json_extract(e.value, '$.details.captured_at') IS NULL)))
    BEGIN SELECT RAISE(ABORT, 'a support that counts is dated and not contaminated'); END;
CREATE TRIGGER department_version_is_never_changed BEFORE UPDATE ON department_version
    BEGIN SELECT RAISE(ABORT, 'a version of the department is never changed'); END;
CREATE TRIGGER department_version_is_never_removed BEFORE DELETE ON department_version
    BEGIN SELECT RAISE(ABORT, 'a version of the department is never removed'); END;
CREATE TRIGGER desk_closing_is_never_changed BEFORE UPDATE ON desk_closing
    BEGIN SELECT RAISE(ABORT, 'a closing is never changed'); END;
CREATE TRIGGER desk_closing_is_never_removed BEFORE DELETE ON desk_closing
    BEGIN SELECT RAISE(ABORT, 'a closing is never removed'); END;
CREATE TRIGGER desk_event_is_never_changed BEFORE UPDATE ON desk_event
    BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER desk_event_is_never_removed BEFORE DELETE ON desk_event
    BEGIN SELECT RAISE(ABORT, 'an event is never removed'); END;
CREATE TRIGGER desk_gallery_fault_is_never_changed BEFORE UPDATE ON desk_gallery_fault
    BEGIN SELECT RAISE(ABORT, 'a fault is never changed'); END;
CREATE TRIGGER desk_gallery_fault_is_never_removed BEFORE DELETE ON desk_gallery_fault
    BEGIN SELECT RAISE(ABORT, 'a fault is never removed'); END;
CREATE TRIGGER excluded_excludes BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'excluded'
        AND json_extract(NEW.content, '$.outcome.kind') = 'lead'
        AND coalesce(json_extract(NEW.content, '$.outcome.conclusion'), '') NOT IN ('inconclusive', 'exclusion')
        AND NOT EXISTS (SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e
            WHERE json_extract(e.value, '$.finding') = 'contradicts')
        AND NOT EXISTS (SELECT 1 FROM json_each(NEW.content, '$.checklist.panel.answers') a
            WHERE json_extract(a.value, '$.answer') = 'contradicts')
    BEGIN SELECT RAISE(ABORT, 'nothing on record excludes'); END;
CREATE TRIGGER excluded_needs_reason BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'excluded' AND trim(coalesce(json_extract(NEW.content, '$.reason'), '')) = ''
    BEGIN SELECT RAISE(ABORT, 'an exclusion needs its reason'); END;
CREATE TRIGGER further_review_is_never_changed BEFORE UPDATE ON further_review
    BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER further_review_is_never_removed BEFORE DELETE ON further_review
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN sealed_note n USING (case_id) WHERE n.note_id = OLD.note_id)
    BEGIN SELECT RAISE(ABORT, 'a review is never removed'); END;
CREATE TRIGGER keeping_is_never_changed BEFORE UPDATE ON keeping
    BEGIN SELECT RAISE(ABORT, 'what was said of how long a case is kept is never changed'); END;
CREATE TRIGGER keeping_is_never_removed BEFORE DELETE ON keeping
    WHEN NOT EXISTS (SELECT 1 FROM purged WHERE case_id = OLD.case_id)
    BEGIN SELECT RAISE(ABORT, 'what was said of how long a case is kept is never removed'); END;
CREATE TRIGGER list_photograph_goes_with_the_approval AFTER INSERT ON review
WHEN NEW.decision = 'approve'
BEGIN
    DELETE FROM list_photograph WHERE case_id = (SELECT case_id FROM sealed_note WHERE note_id = NEW.note_id);
END;
CREATE TRIGGER list_photograph_is_never_changed BEFORE UPDATE ON list_photograph
    BEGIN SELECT RAISE(ABORT, 'a photograph is never changed'); END;
CREATE TRIGGER no_change_of_a_moved_case BEFORE UPDATE ON case_part
WHEN EXISTS (SELECT 1 FROM case_moved WHERE case_id = NEW.case_id)
BEGIN
    SELECT RAISE(ABORT, 'the case moved to another workstation');
END;
CREATE TRIGGER no_part_of_a_moved_case BEFORE INSERT ON case_part
WHEN EXISTS (SELECT 1 FROM case_moved WHERE case_id = NEW.case_id)
BEGIN
    SELECT RAISE(ABORT, 'the case moved to another workstation');
END;
CREATE TRIGGER original_is_never_changed BEFORE UPDATE ON original
    BEGIN SELECT RAISE(ABORT, 'an original is never changed'); END;
CREATE TRIGGER purged_case_stays_away BEFORE INSERT ON case_file
    WHEN EXISTS (SELECT 1 FROM purged WHERE case_id = NEW.case_id)
    BEGIN SELECT RAISE(ABORT, 'the case was purged'); END;
CREATE TRIGGER purged_had_ended BEFORE INSERT ON purged
    WHEN NOT EXISTS (SELECT 1 FROM case_file WHERE case_id = NEW.case_id)
        OR EXISTS (SELECT 1 FROM case_moved WHERE case_id = NEW.case_id)
        OR EXISTS (SELECT 1 FROM sealed_note n WHERE n.case_id = NEW.case_id
                   AND NOT EXISTS (SELECT 1 FROM review r WHERE r.note_id = n.note_id))
    BEGIN SELECT RAISE(ABORT, 'only a case that has ended here is purged'); END;
CREATE TRIGGER purged_is_never_changed BEFORE UPDATE ON purged
    BEGIN SELECT RAISE(ABORT, 'a certificate is never changed'); END;
CREATE TRIGGER purged_is_never_removed BEFORE DELETE ON purged
    BEGIN SELECT RAISE(ABORT, 'a certificate is never removed'); END;
CREATE TRIGGER purged_is_never_replaced BEFORE INSERT ON purged
    WHEN EXISTS (SELECT 1 FROM purged WHERE case_id = NEW.case_id)
    BEGIN SELECT RAISE(ABORT, 'a case is purged once'); END;
CREATE TRIGGER purged_was_not_held BEFORE INSERT ON purged
    WHEN (SELECT word FROM keeping WHERE case_id = NEW.case_id AND word IN ('hold-set', 'hold-lifted')
          ORDER BY number DESC LIMIT 1) IS 'hold-set'
    BEGIN SELECT RAISE(ABORT, 'a legal hold stands'); END;
CREATE TRIGGER report_made_is_never_changed BEFORE UPDATE ON report_made
    BEGIN SELECT RAISE(ABORT, 'what a report told is never changed'); END;
CREATE TRIGGER report_made_is_never_removed BEFORE DELETE ON report_made
    BEGIN SELECT RAISE(ABORT, 'what a report told is never removed'); END;
CREATE TRIGGER result_is_never_changed BEFORE UPDATE ON result
    BEGIN SELECT RAISE(ABORT, 'a result is never changed'); END;
CREATE TRIGGER result_is_never_removed BEFORE DELETE ON result
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN sealed_note n USING (case_id) WHERE n.note_id = OLD.note_id)
    BEGIN SELECT RAISE(ABORT, 'a result is never removed'); END;
CREATE TRIGGER result_needs_an_approval BEFORE INSERT ON result
    WHEN NOT EXISTS (SELECT 1 FROM review WHERE note_id = NEW.note_id AND decision = 'approve')
    BEGIN SELECT RAISE(ABORT, 'results are recorded once a note is approved'); END;
CREATE TRIGGER review_is_by_a_supervisor BEFORE INSERT ON review
    WHEN coalesce(json_extract(NEW.content, '$.role'), '') <> 'supervisor'
    BEGIN SELECT RAISE(ABORT, 'a review is made in the role of a supervisor'); END;
CREATE TRIGGER review_is_by_another_badge BEFORE INSERT ON review
    WHEN EXISTS (SELECT 1 FROM sealed_note n WHERE n.note_id = NEW.note_id
        AND lower(json_extract(NEW.content, '$.reviewer.ori') || ' ' || json_extract(NEW.content, '$.reviewer.badge')) IN (
            lower(json_extract(n.content, '$.author.ori') || ' ' || json_extract(n.content, '$.author.badge')),
            lower(json_extract(n.content, '$.examination.examiner.ori') || ' ' || json_extract(n.content, '$.examination.examiner.badge')),
            lower(json_extract(n.content, '$.case.opened_by.ori') || ' ' || json_extract(n.content, '$.case.opened_by.badge')),
            coalesce(lower(json_extract(n.content, '$.verification.verifier.ori') || ' ' || json_extract(n.content, '$.verification.verifier.badge')), '')))
    BEGIN SELECT RAISE(ABORT, 'a review is by somebody who took no part in the note'); END;
CREATE TRIGGER review_is_by_somebody_else BEFORE INSERT ON review
    WHEN EXISTS (SELECT 1 FROM sealed_note n WHERE n.note_id = NEW.note_id
        AND (n.sha256 IS NOT json_extract(NEW.content, '$.note_sha256')
            OR coalesce(json_extract(NEW.content, '$.reviewer.id'), '') IN (
                '', json_extract(n.content, '$.author.id'), json_extract(n.content, '$.examination.examiner.id'),
                json_extract(n.content, '$.case.opened_by.id'), coalesce(json_extract(n.content, '$.verification.verifier.id'), ''))))
    BEGIN SELECT RAISE(ABORT, 'a review is of the note as it was sealed, by somebody who took no part in it'); END;
CREATE TRIGGER review_is_never_changed BEFORE UPDATE ON review
    BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER review_is_never_removed BEFORE DELETE ON review
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN sealed_note n USING (case_id) WHERE n.note_id = OLD.note_id)
    BEGIN SELECT RAISE(ABORT, 'a review is never removed'); END;
CREATE TRIGGER review_is_never_replaced BEFORE INSERT ON review
    WHEN EXISTS (SELECT 1 FROM review WHERE note_id = NEW.note_id)
    BEGIN SELECT RAISE(ABORT, 'a note is reviewed once'); END;
CREATE TRIGGER sealed_note_entries_say_something BEFORE INSERT ON sealed_note
    WHEN NEW.disposition <> 'no-candidate'
        AND (EXISTS (
            SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e, blank b
            WHERE (json_extract(e.value, '$.finding') <> 'sought-not-found'
                AND (trim(coalesce(json_extract(e.value, '$.shows'), ''), b.characters) = ''
                    OR trim(coalesce(json_extract(e.value, '$.source'), ''), b.characters) = ''
                    OR trim(coalesce(json_extract(e.value, '$.obtained_by'), ''), b.characters) = ''
                    OR trim(coalesce(json_extract(e.value, '$.obtained_how'), ''), b.characters) = ''))
            OR (json_extract(e.value, '$.finding') = 'supports'
                AND trim(coalesce(json_extract(e.value, '$.link_to_crime'), ''), b.characters) = '')
            OR (json_extract(e.value, '$.finding') = 'sought-not-found'
                AND (SELECT count(DISTINCT lower(trim(json_extract(a.value, '$.what'), b.characters)))
                     FROM json_each(e.value, '$.attempts') a
                     WHERE trim(coalesce(json_extract(a.value, '$.what'), ''), b.characters) <> ''
                       AND trim(coalesce(json_extract(a.value, '$.place'), ''), b.characters) <> ''
                       AND json_extract(a.value, '$.at') IS NOT NULL) < 2))
        OR (NEW.disposition IN ('lead-corroborated', 'lead-not-corroborated')
            AND trim(coalesce(json_extract(NEW.content, '$.checklist.panel.speaks_for_the_person'), ''),
                (SELECT characters FROM blank)) = ''))
    BEGIN SELECT RAISE(ABORT, 'an entry of the checklist says nothing'); END;
CREATE TRIGGER sealed_note_is_never_changed BEFORE UPDATE ON sealed_note
    BEGIN SELECT RAISE(ABORT, 'a sealed note is never changed'); END;
CREATE TRIGGER sealed_note_is_never_removed BEFORE DELETE ON sealed_note
    WHEN NOT EXISTS (SELECT 1 FROM purged WHERE case_id = OLD.case_id)
    BEGIN SELECT RAISE(ABORT, 'a sealed note is never removed'); END;
CREATE TRIGGER sealed_note_is_never_replaced BEFORE INSERT ON sealed_note
    WHEN EXISTS (SELECT 1 FROM sealed_note WHERE note_id = NEW.note_id)
    BEGIN SELECT RAISE(ABORT, 'a sealed note is never replaced'); END;
CREATE TRIGGER sealed_note_is_signed BEFORE INSERT ON sealed_note
    WHEN NEW.signature IS NULL OR NEW.public_key IS NULL
    BEGIN SELECT RAISE(ABORT, 'a note is signed'); END;
CREATE TRIGGER sealed_note_needs_captures BEFORE INSERT ON sealed_note
    WHEN NEW.disposition <> 'no-candidate'
        AND EXISTS (
            SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e
            WHERE json_extract(e.value, '$.details.category') = 'media'
                AND json_extract(e.value, '$.finding') <> 'sought-not-found'
                AND coalesce(json_array_length(e.value, '$.attachments'), 0) < 1)
    BEGIN SELECT RAISE(ABORT, 'open-source media needs its capture'); END;
CREATE TRIGGER sealed_note_needs_examination BEFORE INSERT ON sealed_note
    WHEN json_extract(NEW.content, '$.examination.concluded_at') IS NULL
        OR json_array_length(NEW.content, '$.searches') IS NULL
        OR json_array_length(NEW.content, '$.searches') < 1
        OR coalesce(json_extract(NEW.content, '$.outcome.kind'), '') NOT IN ('lead', 'none-of-these')
        OR (NEW.disposition IN ('lead-corroborated', 'lead-not-corroborated')
            AND json_extract(NEW.content, '$.outcome.kind') IS NOT 'lead')
        OR (NEW.disposition = 'no-candidate' AND json_extract(NEW.content, '$.outcome.kind') IS NOT 'none-of-these')
    BEGIN SELECT RAISE(ABORT, 'a note needs a concluded examination of a search, and a disposition that fits its outcome'); END;
CREATE TRIGGER sealed_note_needs_panel BEFORE INSERT ON sealed_note
    WHEN NEW.disposition IN ('lead-corroborated', 'lead-not-corroborated')
        AND ((SELECT count(DISTINCT json_extract(a.value, '$.item'))
              FROM json_each(NEW.content, '$.checklist.panel.answers') a
              WHERE json_extract(a.value, '$.answer') IN ('consistent', 'contradicts', 'not-known')
                AND json_extract(a.value, '$.item') IN
                    ('height', 'weight', 'age', 'marks', 'physical-condition', 'custody', 'known-location')) IS NOT 7
             OR trim(coalesce(json_extract(NEW.content, '$.checklist.panel.speaks_for_the_person'), '')) = '')
    BEGIN SELECT RAISE(ABORT, 'a note needs every answer on what could speak against it, and what speaks for the person'); END;
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
CREATE TRIGGER sealed_note_says_something BEFORE INSERT ON sealed_note
    WHEN trim(coalesce(json_extract(NEW.content, '$.narrative'), ''), (SELECT characters FROM blank)) = ''
        OR (NEW.disposition = 'excluded'
            AND trim(coalesce(json_extract(NEW.content, '$.reason'), ''), (SELECT characters FROM blank)) = '')
        OR trim(coalesce(json_extract(NEW.content, '$.case.basis.statement'), ''), (SELECT characters FROM blank)) = ''
    BEGIN SELECT RAISE(ABORT, 'a note needs an account, and an exclusion its reason, in words'); END;
CREATE TRIGGER statement_is_never_changed BEFORE UPDATE ON statement
    BEGIN SELECT RAISE(ABORT, 'what somebody signed is never changed'); END;
CREATE TRIGGER statement_is_never_removed BEFORE DELETE ON statement
    WHEN NOT EXISTS (
        SELECT 1 FROM purged p, json_each(p.content, '$.gone') gone
        WHERE json_extract(gone.value, '$.kind') IS 'statement' AND json_extract(gone.value, '$.sha256') IS OLD.record)
    BEGIN SELECT RAISE(ABORT, 'what somebody signed is never removed'); END;
CREATE TRIGGER verification_asked_is_never_changed BEFORE UPDATE ON verification_asked
    BEGIN SELECT RAISE(ABORT, 'what was asked is never changed'); END;
CREATE TRIGGER verification_asked_is_never_removed BEFORE DELETE ON verification_asked
    WHEN NOT EXISTS (SELECT 1 FROM purged WHERE case_id = OLD.case_id)
     AND NOT EXISTS (SELECT 1 FROM case_moved WHERE case_id = OLD.case_id AND arrived_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'what was asked is never removed'); END;
CREATE TRIGGER verification_reply_is_never_changed BEFORE UPDATE ON verification_reply
    BEGIN SELECT RAISE(ABORT, 'what came back is never changed'); END;
CREATE TRIGGER verification_reply_is_never_removed BEFORE DELETE ON verification_reply
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN verification_asked a USING (case_id) WHERE a.request_id = OLD.request_id)
     AND NOT EXISTS (SELECT 1 FROM case_moved m JOIN verification_asked a USING (case_id)
                     WHERE a.request_id = OLD.request_id AND m.arrived_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'what came back is never removed'); END;
INSERT INTO blank VALUES (1, CAST(x'090a0b0c0d202122232728292a2b2c2d2e2f3a3b3f405b5c5d5f607ec285c2a0c2adcd8fd89ce1859fe185a0e19a80e19eb4e19eb5e1a08be1a08ce1a08de1a08ee28080e28081e28082e28083e28084e28085e28086e28087e28088e28089e2808ae2808be2808ce2808de2808ee2808fe28090e28091e28092e28093e28094e28095e28096e28097e28098e28099e2809ae2809be2809ce2809de2809ee2809fe280a0e280a1e280a2e280a3e280a4e280a5e280a6e280a7e280a8e280a9e280aae280abe280ace280ade280aee280afe2819fe281a0e281a1e281a2e281a3e281a4e281a5e281a6e281a7e281a8e281a9e281aae281abe281ace281ade281aee281afe2a080e38080e385a4efb880efb881efb88eefb88fefbbbfefbea0' AS TEXT));
