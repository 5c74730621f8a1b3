-- Templates are sealed with their person's key: `store/sealed.rs` moves what was held in the clear.
ALTER TABLE template RENAME TO template_in_the_clear;
ALTER TABLE template_in_the_clear RENAME CONSTRAINT template_pkey TO template_in_the_clear_pkey;
ALTER TABLE subject_key RENAME TO subject_key_before;
ALTER TABLE subject_key_before RENAME CONSTRAINT subject_key_pkey TO subject_key_before_pkey;
CREATE TABLE template (
    record_id BIGINT PRIMARY KEY REFERENCES record (record_id) ON DELETE CASCADE,
    subject_no BIGINT NOT NULL,
    model TEXT NOT NULL,
    sealed BYTEA NOT NULL CHECK (length(sealed) > 28 AND length(sealed) % 4 = 0)
);
ALTER TABLE template ALTER COLUMN sealed SET STORAGE PLAIN;
-- A destroyed key is 32 zeros: it is overwritten where it lies, and its row stays, so that pages never move and leave
-- copies of keys behind.
CREATE TABLE subject_key (
    subject_no BIGINT PRIMARY KEY,
    key BYTEA NOT NULL CHECK (length(key) = 32)
);
INSERT INTO subject_key (subject_no, key) SELECT subject_no, key FROM subject_key_before ORDER BY subject_no;
DROP TABLE subject_key_before;
-- Keys of the index's files, of each node; rows are used again for the same reason.
CREATE TABLE index_key (
    slot BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    index_id TEXT NOT NULL CHECK (length(index_id) = 32),
    file TEXT NOT NULL CHECK (length(file) = 20),
    key BYTEA NOT NULL CHECK (length(key) = 32)
);
