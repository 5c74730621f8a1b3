-- Positions of events that a disclosure showed: their proofs are fetched with those of records.
CREATE TABLE log_wanted (
    position INTEGER PRIMARY KEY
) STRICT;
