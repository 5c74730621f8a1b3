-- The department's documents as they were signed, version 1 first. Its root key is the setting `department`.
CREATE TABLE department_version (
    number INTEGER PRIMARY KEY,
    document TEXT NOT NULL CHECK (json_valid(document))
) STRICT;
CREATE TRIGGER department_version_is_never_changed BEFORE UPDATE ON department_version
    BEGIN SELECT RAISE(ABORT, 'a version of the department is never changed'); END;
CREATE TRIGGER department_version_is_never_removed BEFORE DELETE ON department_version
    BEGIN SELECT RAISE(ABORT, 'a version of the department is never removed'); END;

-- What people signed of records, by the record's SHA-256.
CREATE TABLE statement (
    record TEXT NOT NULL CHECK (length(record) = 64),
    kind TEXT NOT NULL,
    person_id TEXT NOT NULL,
    file TEXT NOT NULL CHECK (json_valid(file)),
    PRIMARY KEY (record, kind, person_id)
) STRICT;
CREATE TRIGGER statement_is_never_changed BEFORE UPDATE ON statement
    BEGIN SELECT RAISE(ABORT, 'what somebody signed is never changed'); END;
CREATE TRIGGER statement_is_never_removed BEFORE DELETE ON statement
    BEGIN SELECT RAISE(ABORT, 'what somebody signed is never removed'); END;
