-- What a case holds, each in a row of its own, so that what is typed in one part rewrites no other.
CREATE TABLE case_part (
    case_id TEXT NOT NULL REFERENCES case_file(case_id),
    name TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content)),
    PRIMARY KEY (case_id, name)
) STRICT;
INSERT INTO case_part (case_id, name, content)
    SELECT c.case_id, part.key, c.content -> ('$.' || part.key) FROM case_file c, json_each(c.content) part
    -- Names of other kinds mean nothing to any program that wrote here.
    WHERE part.key NOT GLOB '*[^a-z_]*';
ALTER TABLE case_file DROP COLUMN content;
