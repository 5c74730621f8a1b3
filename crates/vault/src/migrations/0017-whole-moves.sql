-- A case moves whole, also once it was searched. `moves` are the records of its moves as they stood when it left (JSON of exchange/moves.rs;
-- none of cases that left by an earlier program), `trace` what the cases here go on knowing of it (JSON of casework::Trace), `search` the
-- identity of the list of which the gallery answers this workstation alone what it has withdrawn, `came_from` the workstation from which
-- it had come.
ALTER TABLE case_moved ADD COLUMN moves TEXT CHECK (moves IS NULL OR json_valid(moves));
ALTER TABLE case_moved ADD COLUMN trace TEXT CHECK (trace IS NULL OR json_valid(trace));
ALTER TABLE case_moved ADD COLUMN search TEXT;
ALTER TABLE case_moved ADD COLUMN came_from TEXT;

-- How a case that lives here came: from which workstation, by which moves.
CREATE TABLE case_came (
    case_id TEXT PRIMARY KEY REFERENCES case_file(case_id),
    sender TEXT NOT NULL CHECK (length(sender) = 64),
    moves TEXT NOT NULL CHECK (json_valid(moves))
) STRICT;

-- Photographs of a list that another workstation searched, sealed with the case's key; 0 is the listed one.
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
CREATE TRIGGER list_photograph_is_never_changed BEFORE UPDATE ON list_photograph
    BEGIN SELECT RAISE(ABORT, 'a photograph is never changed'); END;
-- Whoever reads an approved note sees the lead's photograph alone, which is kept with the note.
CREATE TRIGGER list_photograph_goes_with_the_approval AFTER INSERT ON review
WHEN NEW.decision = 'approve'
BEGIN
    DELETE FROM list_photograph WHERE case_id = (SELECT case_id FROM sealed_note WHERE note_id = NEW.note_id);
END;

-- Candidates that the gallery has withdrawn, as told for a case of another workstation: until it is done here, or on its way on.
CREATE TABLE withdrawn_news (
    case_id TEXT NOT NULL,
    candidate TEXT NOT NULL,
    PRIMARY KEY (case_id, candidate)
) STRICT;

-- What was asked in a case goes with it once it is known to have arrived.
DROP TRIGGER verification_asked_is_never_removed;
CREATE TRIGGER verification_asked_is_never_removed BEFORE DELETE ON verification_asked
    WHEN NOT EXISTS (SELECT 1 FROM purged WHERE case_id = OLD.case_id)
     AND NOT EXISTS (SELECT 1 FROM case_moved WHERE case_id = OLD.case_id AND arrived_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'what was asked is never removed'); END;
DROP TRIGGER verification_reply_is_never_removed;
CREATE TRIGGER verification_reply_is_never_removed BEFORE DELETE ON verification_reply
    WHEN NOT EXISTS (SELECT 1 FROM purged p JOIN verification_asked a USING (case_id) WHERE a.request_id = OLD.request_id)
     AND NOT EXISTS (SELECT 1 FROM case_moved m JOIN verification_asked a USING (case_id)
                     WHERE a.request_id = OLD.request_id AND m.arrived_at IS NOT NULL)
    BEGIN SELECT RAISE(ABORT, 'what came back is never removed'); END;

-- Workstations of the department that said that they were restored from a backup, by the row of their audit; the last time counts.
CREATE TABLE restored_elsewhere (
    sender TEXT PRIMARY KEY CHECK (length(sender) = 64),
    row TEXT NOT NULL
) STRICT;
