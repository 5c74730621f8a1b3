-- Templates of the model that a gallery moves to, until all of them are there (`gallery reembed`).
CREATE TABLE staged_template (
    record_id INTEGER PRIMARY KEY REFERENCES record (record_id) ON DELETE CASCADE,
    subject_no INTEGER NOT NULL,
    model TEXT NOT NULL,
    sealed BLOB NOT NULL CHECK (length(sealed) > 28 AND length(sealed) % 4 = 0)
) STRICT;
