-- A door that travels to the other workstations of the department: what its person stated of it, where that was done here, and
-- when the newest statement that is known was made.
ALTER TABLE door ADD COLUMN stated TEXT CHECK (json_valid(stated));
ALTER TABLE door ADD COLUMN stated_at TEXT;
-- Whether something of it changed since.
ALTER TABLE door ADD COLUMN changed INTEGER NOT NULL DEFAULT 1 CHECK (changed IN (0, 1));
-- The key of this vault, sealed to the person of a door that came from elsewhere, until they first come in here.
ALTER TABLE door ADD COLUMN here BLOB;

-- Whether the person is not of the department any more. Their door stays: a vault without any is a new one.
ALTER TABLE door ADD COLUMN gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1));

-- The key of a vault that waits to be let into a department, and the one that it gets when its first people are there.
CREATE TABLE joining (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    key TEXT NOT NULL,
    next TEXT
) STRICT;

-- The department's policy as it was in force when somebody last sat here, for the rules of signing in.
CREATE TABLE policy (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    text TEXT NOT NULL
) STRICT;
