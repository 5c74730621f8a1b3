-- How people come in lies beside this file now, in the entrance: this file opens to nobody before they did.
DROP TABLE credential;

-- The workstation's own keys: what it signs with, and what packages to it are encrypted to.
CREATE TABLE secret (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
