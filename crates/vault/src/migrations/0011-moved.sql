-- Cases that moved to another workstation of the department. What of one lies here still does not change any more; it goes once the
-- other workstation has said that it has it.
CREATE TABLE case_moved (
    case_id TEXT PRIMARY KEY,
    package_id TEXT NOT NULL,
    recipient TEXT NOT NULL CHECK (length(recipient) = 64),
    number TEXT NOT NULL,
    holder TEXT NOT NULL,
    moved_at TEXT NOT NULL,
    arrived_at TEXT
) STRICT;

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
