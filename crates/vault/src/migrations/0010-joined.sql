-- What people of the department stated of their doors at other workstations, the newest of each.
CREATE TABLE door_arrived (
    person_id TEXT PRIMARY KEY,
    claims TEXT NOT NULL,
    file TEXT NOT NULL CHECK (json_valid(file))
) STRICT;
