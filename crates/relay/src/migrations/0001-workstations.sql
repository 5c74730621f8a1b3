-- Workstations whose card the relay's operator admitted.
CREATE TABLE workstation (
    public_key TEXT PRIMARY KEY CHECK (length(public_key) = 64),
    card TEXT NOT NULL,
    admitted_at TEXT NOT NULL
) STRICT;
-- What was done, each row linked to the one before (crates/ledger).
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
