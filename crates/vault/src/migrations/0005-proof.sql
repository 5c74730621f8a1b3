-- The second lock, against a row that somebody writes by hand. It is no copy of the rules: README and SECURITY.md say what it
-- checks, and vault/tests/hostile_rows.rs feeds it such rows.

-- Characters that say nothing: white space of every kind, what nobody sees, and marks without a letter. A text that
-- consists of them is empty.
CREATE TABLE blank (id INTEGER PRIMARY KEY CHECK (id = 1), characters TEXT NOT NULL) STRICT;
INSERT INTO blank VALUES (1, char(9,10,11,12,13,32,33,34,35,39,40,41,42,43,44,45,46,47,58,59,63,64,91,92,93,95,96,126,133,160,173,847,1564,4447,4448,5760,6068,6069,6155,6156,6157,6158,8192,8193,8194,8195,8196,8197,8198,8199,8200,8201,8202,8203,8204,8205,8206,8207,8208,8209,8210,8211,8212,8213,8214,8215,8216,8217,8218,8219,8220,8221,8222,8223,8224,8225,8226,8227,8228,8229,8230,8231,8232,8233,8234,8235,8236,8237,8238,8239,8287,8288,8289,8290,8291,8292,8293,8294,8295,8296,8297,8298,8299,8300,8301,8302,8303,10240,12288,12644,65024,65025,65038,65039,65279,65440));
CREATE TRIGGER blank_is_never_changed BEFORE UPDATE ON blank BEGIN SELECT RAISE(ABORT, 'a rule is never changed'); END;
CREATE TRIGGER blank_is_never_removed BEFORE DELETE ON blank BEGIN SELECT RAISE(ABORT, 'a rule is never removed'); END;

CREATE TRIGGER sealed_note_is_signed BEFORE INSERT ON sealed_note
    WHEN NEW.signature IS NULL OR NEW.public_key IS NULL
    BEGIN SELECT RAISE(ABORT, 'a note is signed'); END;

CREATE TRIGGER sealed_note_says_something BEFORE INSERT ON sealed_note
    WHEN trim(coalesce(json_extract(NEW.content, '$.narrative'), ''), (SELECT characters FROM blank)) = ''
        OR (NEW.disposition = 'excluded'
            AND trim(coalesce(json_extract(NEW.content, '$.reason'), ''), (SELECT characters FROM blank)) = '')
        OR trim(coalesce(json_extract(NEW.content, '$.case.basis.statement'), ''), (SELECT characters FROM blank)) = ''
    BEGIN SELECT RAISE(ABORT, 'a note needs an account, and an exclusion its reason, in words'); END;

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

-- What is claimed to count is held against its own answers.
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

CREATE TRIGGER excluded_excludes BEFORE INSERT ON sealed_note
    WHEN NEW.disposition = 'excluded'
        AND json_extract(NEW.content, '$.outcome.kind') = 'lead'
        AND coalesce(json_extract(NEW.content, '$.outcome.conclusion'), '') NOT IN ('inconclusive', 'exclusion')
        AND NOT EXISTS (SELECT 1 FROM json_each(NEW.content, '$.checklist.entries') e
            WHERE json_extract(e.value, '$.finding') = 'contradicts')
        AND NOT EXISTS (SELECT 1 FROM json_each(NEW.content, '$.checklist.panel.answers') a
            WHERE json_extract(a.value, '$.answer') = 'contradicts')
    BEGIN SELECT RAISE(ABORT, 'nothing on record excludes'); END;

CREATE TRIGGER review_is_by_a_supervisor BEFORE INSERT ON review
    WHEN coalesce(json_extract(NEW.content, '$.role'), '') <> 'supervisor'
    BEGIN SELECT RAISE(ABORT, 'a review is made in the role of a supervisor'); END;
