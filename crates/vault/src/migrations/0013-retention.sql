-- Each case has its own key, sealed under the secret `cases`; what a case holds is sealed with it (src/sealing.rs). A purge removes the
-- key, and with it whatever a copy of this file's pages still holds of the case.
CREATE TABLE case_key (
    case_id TEXT PRIMARY KEY REFERENCES case_file(case_id),
    sealed BLOB NOT NULL CHECK (length(sealed) = 72)
) STRICT;
CREATE TRIGGER case_key_is_never_changed BEFORE UPDATE ON case_key
    BEGIN SELECT RAISE(ABORT, 'the key of a case is never changed'); END;

-- Foreign keys are off while steps run. The rows follow sealed: src/sealing.rs moves them and drops the tables before.
DROP TRIGGER no_part_of_a_moved_case;
DROP TRIGGER no_change_of_a_moved_case;
DROP TRIGGER original_is_never_changed;
ALTER TABLE case_part RENAME TO case_part_before;
CREATE TABLE case_part (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (case_id, name)
) STRICT;
ALTER TABLE original RENAME TO original_before;
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
CREATE TRIGGER original_is_never_changed BEFORE UPDATE ON original
    BEGIN SELECT RAISE(ABORT, 'an original is never changed'); END;
CREATE TRIGGER no_part_of_a_moved_case BEFORE INSERT ON case_part
WHEN EXISTS (SELECT 1 FROM case_moved WHERE case_id = NEW.case_id)
BEGIN
    SELECT RAISE(ABORT, 'the case moved to another workstation');
END;
CREATE TRIGGER no_change_of_a_moved_case BEFORE UPDATE ON case_part
WHEN EXISTS (SELECT 1 FROM case_moved WHERE case_id = NEW.case_id)
BEGIN
    SELECT RAISE(ABORT, 'the case moved to another workstation');
END;

-- What supervisors said of how long a case is kept, signed; oldest first.
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

-- Certificates of cases that were purged, signed. What stays of them besides is the audit.
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
CREATE TRIGGER purged_is_never_changed BEFORE UPDATE ON purged
    BEGIN SELECT RAISE(ABORT, 'a certificate is never changed'); END;
CREATE TRIGGER purged_is_never_removed BEFORE DELETE ON purged
    BEGIN SELECT RAISE(ABORT, 'a certificate is never removed'); END;
CREATE TRIGGER purged_is_never_replaced BEFORE INSERT ON purged
    WHEN EXISTS (SELECT 1 FROM purged WHERE case_id = NEW.case_id)
    BEGIN SELECT RAISE(ABORT, 'a case is purged once'); END;
-- The rule once more, in the database: what is held, open or elsewhere is not purged, whoever writes the row.
CREATE TRIGGER purged_was_not_held BEFORE INSERT ON purged
    WHEN (SELECT word FROM keeping WHERE case_id = NEW.case_id AND word IN ('hold-set', 'hold-lifted')
          ORDER BY number DESC LIMIT 1) IS 'hold-set'
    BEGIN SELECT RAISE(ABORT, 'a legal hold stands'); END;
CREATE TRIGGER purged_had_ended BEFORE INSERT ON purged
    WHEN NOT EXISTS (SELECT 1 FROM case_file WHERE case_id = NEW.case_id)
        OR EXISTS (SELECT 1 FROM case_moved WHERE case_id = NEW.case_id)
        OR EXISTS (SELECT 1 FROM sealed_note n WHERE n.case_id = NEW.case_id
                   AND NOT EXISTS (SELECT 1 FROM review r WHERE r.note_id = n.note_id))
    BEGIN SELECT RAISE(ABORT, 'only a case that has ended here is purged'); END;
-- What was purged does not come back. Every other table refers to this one.
CREATE TRIGGER purged_case_stays_away BEFORE INSERT ON case_file
    WHEN EXISTS (SELECT 1 FROM purged WHERE case_id = NEW.case_id)
    BEGIN SELECT RAISE(ABORT, 'the case was purged'); END;

-- What is never removed goes under a certificate, and in no other way.
DROP TRIGGER sealed_note_is_never_removed;
CREATE TRIGGER sealed_note_is_never_removed BEFORE DELETE ON sealed_note
    WHEN NOT EXISTS (SELECT 1 FROM purged WHERE case_id = OLD.case_id)
    BEGIN SELECT RAISE(ABORT, 'a sealed note is never removed'); END;
DROP TRIGGER review_is_never_removed;
CREATE TRIGGER review_is_never_removed BEFORE DELETE ON review
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN sealed_note n USING (case_id) WHERE n.note_id = OLD.note_id)
    BEGIN SELECT RAISE(ABORT, 'a review is never removed'); END;
DROP TRIGGER further_review_is_never_removed;
CREATE TRIGGER further_review_is_never_removed BEFORE DELETE ON further_review
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN sealed_note n USING (case_id) WHERE n.note_id = OLD.note_id)
    BEGIN SELECT RAISE(ABORT, 'a review is never removed'); END;
DROP TRIGGER addendum_is_never_removed;
CREATE TRIGGER addendum_is_never_removed BEFORE DELETE ON addendum
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN sealed_note n USING (case_id) WHERE n.note_id = OLD.note_id)
    BEGIN SELECT RAISE(ABORT, 'an addendum is never removed'); END;
DROP TRIGGER verification_asked_is_never_removed;
CREATE TRIGGER verification_asked_is_never_removed BEFORE DELETE ON verification_asked
    WHEN NOT EXISTS (SELECT 1 FROM purged WHERE case_id = OLD.case_id)
    BEGIN SELECT RAISE(ABORT, 'what was asked is never removed'); END;
DROP TRIGGER verification_reply_is_never_removed;
CREATE TRIGGER verification_reply_is_never_removed BEFORE DELETE ON verification_reply
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN verification_asked a USING (case_id) WHERE a.request_id = OLD.request_id)
    BEGIN SELECT RAISE(ABORT, 'what came back is never removed'); END;
DROP TRIGGER statement_is_never_removed;
CREATE TRIGGER statement_is_never_removed BEFORE DELETE ON statement
    WHEN NOT EXISTS (
        SELECT 1 FROM purged p, json_each(p.content, '$.gone') gone
        WHERE json_extract(gone.value, '$.kind') IS 'statement' AND json_extract(gone.value, '$.sha256') IS OLD.record)
    BEGIN SELECT RAISE(ABORT, 'what somebody signed is never removed'); END;
CREATE TRIGGER keeping_is_never_changed BEFORE UPDATE ON keeping
    BEGIN SELECT RAISE(ABORT, 'what was said of how long a case is kept is never changed'); END;
CREATE TRIGGER keeping_is_never_removed BEFORE DELETE ON keeping
    WHEN NOT EXISTS (SELECT 1 FROM purged WHERE case_id = OLD.case_id)
    BEGIN SELECT RAISE(ABORT, 'what was said of how long a case is kept is never removed'); END;
