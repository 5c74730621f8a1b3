-- Ed25519 over the canonical text, in hexadecimal, and the public key of the workstation that signed.
ALTER TABLE sealed_note ADD COLUMN signature TEXT CHECK (length(signature) = 128);
ALTER TABLE sealed_note ADD COLUMN public_key TEXT CHECK (length(public_key) = 64);

-- One review a note: a second one is refused, whoever writes it.
CREATE TABLE review (
    note_id TEXT PRIMARY KEY REFERENCES sealed_note(note_id),
    decision TEXT NOT NULL CHECK (decision IN ('approve', 'return', 'refer')),
    content TEXT NOT NULL CHECK (json_valid(content)),
    signature TEXT NOT NULL CHECK (length(signature) = 128),
    public_key TEXT NOT NULL CHECK (length(public_key) = 64),
    CHECK (note_id IS json_extract(content, '$.note')),
    CHECK (decision IS json_extract(content, '$.decision'))
) STRICT;
CREATE TRIGGER review_is_by_somebody_else BEFORE INSERT ON review
    WHEN EXISTS (SELECT 1 FROM sealed_note n WHERE n.note_id = NEW.note_id
        AND (n.sha256 IS NOT json_extract(NEW.content, '$.note_sha256')
            OR coalesce(json_extract(NEW.content, '$.reviewer.id'), '') IN (
                '', json_extract(n.content, '$.author.id'), json_extract(n.content, '$.examination.examiner.id'),
                json_extract(n.content, '$.case.opened_by.id'), coalesce(json_extract(n.content, '$.verification.verifier.id'), ''))))
    BEGIN SELECT RAISE(ABORT, 'a review is of the note as it was sealed, by somebody who took no part in it'); END;
CREATE TRIGGER review_is_never_replaced BEFORE INSERT ON review
    WHEN EXISTS (SELECT 1 FROM review WHERE note_id = NEW.note_id)
    BEGIN SELECT RAISE(ABORT, 'a note is reviewed once'); END;
CREATE TRIGGER review_is_never_changed BEFORE UPDATE ON review
    BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END;
CREATE TRIGGER review_is_never_removed BEFORE DELETE ON review
    BEGIN SELECT RAISE(ABORT, 'a review is never removed'); END;
