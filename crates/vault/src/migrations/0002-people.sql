-- Passphrases as Argon2id strings. A person without a row chooses one at the first sign-in.
CREATE TABLE credential (
    person_id TEXT PRIMARY KEY REFERENCES person(person_id),
    passphrase TEXT NOT NULL CHECK (passphrase LIKE '$argon2id$%'),
    -- Set by whoever added the person; the person replaces it at the first sign-in.
    temporary INTEGER NOT NULL CHECK (temporary IN (0, 1)),
    -- Wrong ones in a row, and when the last was.
    wrong INTEGER NOT NULL DEFAULT 0,
    wrong_at TEXT
) STRICT;

-- A disagreement counts only once a conference of both resolved it.
DROP TRIGGER corroborated_needs_support;
CREATE TRIGGER corroborated_needs_support BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'lead-corroborated'
        AND ((SELECT count(DISTINCT json_extract(e.value, '$.details.category'))
              FROM json_each(NEW.content, '$.checklist.entries') e
              JOIN json_each(NEW.content, '$.standings') s ON json_extract(s.value, '$[0]') = json_extract(e.value, '$.id')
              WHERE json_extract(s.value, '$[1].kind') = 'independent'
                AND json_extract(e.value, '$.finding') = 'supports') < 2
             OR coalesce(json_extract(NEW.content, '$.outcome.conclusion'), '') NOT IN ('support', 'limited-support')
             OR (json_extract(NEW.content, '$.verification.agreement') IS NOT 'agrees'
                 AND coalesce(json_extract(NEW.content, '$.verification.conference.agreed'), '')
                     NOT IN ('support', 'limited-support'))
             OR coalesce(json_extract(NEW.content, '$.verification.verifier.id'), '')
                 IN ('', json_extract(NEW.content, '$.examination.examiner.id'), json_extract(NEW.content, '$.author.id')))
    BEGIN SELECT RAISE(ABORT, 'a corroborated lead needs two independent supports from two categories and a second examiner'); END;
