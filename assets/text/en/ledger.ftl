### Said about the log that outsiders can check: its checkpoints, its proofs, its witnesses.

ledger-too-large = It has { $bytes } bytes; at most { $most } are read.
ledger-malformed = It is not of this form: { $what }.
ledger-key-malformed = This is no key of a log or a witness. Copy it once more, whole.
ledger-key-weak = By this key anybody can sign. Make a new key.
ledger-other-log = It is of the log “{ $found }”, and “{ $wanted }” was asked for.
ledger-not-signed = “{ $name }” did not sign it.
ledger-signature-wrong = The signature of “{ $name }” does not fit: the text was changed, or somebody else signed it.
ledger-no-witness = No witness is named, so none saw it.
ledger-not-included = The proof does not lead from entry { $index } to the log's { $size } entries: the entry is another one, or was never logged.
ledger-rolled-back = The log went back: it had { $seen } entries and now shows { $found }.
ledger-fork = The log shows two histories of { $size } entries.
ledger-inconsistent = The log with { $newer } entries is not the one that had { $older }: its history was changed.
ledger-tile-missing = A part of the log is not there: { $path }.
