-- When each person last signed in with the department's identity provider (seconds since 1970), and the account that they have
-- there: JSON of issuer and subject.
ALTER TABLE door ADD COLUMN provider_at INTEGER;
ALTER TABLE door ADD COLUMN provider_account TEXT CHECK (provider_account IS NULL OR json_valid(provider_account));

-- The provider that the department's signed policy named when the vault was last open: JSON of department::ProviderRule. No row
-- is none. What a policy file alone says changes nobody's second factor.
CREATE TABLE provider (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    rule TEXT NOT NULL CHECK (json_valid(rule))
) STRICT;

-- The latest moment that was on record here, in seconds since 1970: a clock that stands before it was set back.
CREATE TABLE clock (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    latest INTEGER NOT NULL
) STRICT;
