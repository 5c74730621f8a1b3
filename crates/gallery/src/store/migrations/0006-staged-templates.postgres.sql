-- Templates of the model that a gallery moves to, until all of them are there (`gallery reembed`).
CREATE TABLE staged_template (
    record_id BIGINT PRIMARY KEY REFERENCES record (record_id) ON DELETE CASCADE,
    subject_no BIGINT NOT NULL,
    model TEXT NOT NULL,
    sealed BYTEA NOT NULL CHECK (length(sealed) > 28 AND length(sealed) % 4 = 0)
);
ALTER TABLE staged_template ALTER COLUMN sealed SET STORAGE PLAIN;
