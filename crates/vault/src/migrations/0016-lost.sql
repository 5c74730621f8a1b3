-- A workstation that was restored from a backup says which rows are lost: a fault of its own at the auditor's desk.
CREATE TABLE desk_fault_with_lost (
    source INTEGER NOT NULL REFERENCES desk_source(source),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('changed', 'fork', 'ledger', 'lost')),
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (source, seq, kind)
) STRICT;
INSERT INTO desk_fault_with_lost SELECT source, seq, kind, noticed_at FROM desk_fault;
DROP TABLE desk_fault;
ALTER TABLE desk_fault_with_lost RENAME TO desk_fault;
