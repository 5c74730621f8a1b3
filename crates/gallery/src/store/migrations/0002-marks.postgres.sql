-- Each row of the outbox carries a mark, so that one history is told from another that was restored from a backup.
ALTER TABLE outbox ADD COLUMN mark TEXT NOT NULL DEFAULT gen_random_uuid()::TEXT;
