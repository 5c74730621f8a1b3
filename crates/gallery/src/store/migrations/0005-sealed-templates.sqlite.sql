-- Templates are sealed with their person's key: `store/sealed.rs` moves what was held in the clear.
ALTER TABLE template RENAME TO template_in_the_clear;
ALTER TABLE subject_key RENAME TO subject_key_before;
CREATE TABLE template (
    record_id INTEGER PRIMARY KEY REFERENCES record (record_id) ON DELETE CASCADE,
    subject_no INTEGER NOT NULL,
    model TEXT NOT NULL,
    sealed BLOB NOT NULL CHECK (length(sealed) > 28 AND length(sealed) % 4 = 0)
) STRICT;
-- A destroyed key is 32 zeros: it is overwritten where it lies, and its row stays, so that pages never move and leave
-- copies of keys behind.
CREATE TABLE subject_key (
    subject_no INTEGER PRIMARY KEY,
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
INSERT INTO subject_key (subject_no, key) SELECT subject_no, key FROM subject_key_before ORDER BY subject_no;
DROP TABLE subject_key_before;
-- Keys of the index's files, of each node; rows are used again for the same reason.
CREATE TABLE index_key (
    slot INTEGER PRIMARY KEY,
    index_id TEXT NOT NULL CHECK (length(index_id) = 32),
    file TEXT NOT NULL CHECK (length(file) = 20),
    key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
