-- Mailboxes are the relay's, and so is who may open them.
DROP TABLE proved_key;
