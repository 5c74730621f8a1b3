### Said about the department's documents (roster, policy) and about what its people signed.

rule-department-too-large = It has { $bytes } bytes; at most { $most } are read. Ask whoever sent it for the right file.
rule-department-too-many = Too many of { $what }: at most { $most }.
rule-department-not-text = It is not readable JSON ({ $what }). Ask for the file once more, whole.
rule-department-duplicate-name = The name “{ $name }” stands twice in it: two programs could read it in two ways.
rule-department-unknown-field = It has a field “{ $name }” that this format does not know. A newer program may have made it.
rule-department-malformed = It is not of this format: { $what }.
rule-department-not-canonical = It is not in the one form in which it is signed (RFC 8785): it was changed or written by another program.
rule-department-schema-downgraded = It is of an earlier format, { $found }, that counts no longer.
rule-department-schema-unknown = It is of a format that this program does not know: { $found }. Update the program.
rule-department-key-malformed = “{ $key }” is no public key: a key has 64 digits and letters from a to f, in lower case.
rule-department-key-weak = By the key { $key } anybody can sign. Make a new key.
rule-department-recipient-malformed = The key to encrypt to of “{ $name }” is none: it begins with age1. Copy it once more.
rule-department-signature-malformed = A signature is not of 128 digits and letters from a to f.
rule-department-signature-malleable = A signature was turned into another form. It counts in the form in which it was made.
rule-department-signature-wrong = The signature by the key { $key } does not fit: the text was changed, or somebody else signed it.
rule-department-no-documents = There is no document of the department yet.
rule-department-other-department = It is a document of another department, { $found }.
rule-department-wrong-number = Version { $expected } comes next, and this is version { $found }. Fetch what lies between.
rule-department-wrong-predecessor = Version { $number } does not follow from the version before it that is known here.
rule-department-fork = There are two versions { $number } of the department's documents, both signed: { $one } and { $other }. Trust neither; ask the administrators which one they made.
rule-department-rollback = Version { $seen } was seen here before, and what is offered ends with version { $found }. Somebody holds back what came later.
rule-department-dates-out-of-order = Days are out of order for { $what }: { $later } should not lie before { $earlier }.
rule-department-not-an-administrator = The key { $key } was no administrator's in version { $number }, the one before.
rule-department-signed-twice = { $name } signed twice. Each person counts once.
rule-department-too-few-signatures = It needs { $needed ->
    [one] the signature of an administrator
   *[other] signatures of { $needed } administrators
}; { $found } count.
rule-department-removal-needs-others = { $name } would no longer be an administrator. Two others sign that, or the recovery key.
rule-department-recovery-key-for-policy = The recovery key signs rosters only. Administrators sign a policy.
rule-department-incomplete = The entry of “{ $name }” is not complete. { $first }
rule-department-text-unfit = “{ $what }” is empty, too long, or holds characters that nobody sees.
rule-department-person-twice = { $name } stands twice in the roster: the same identity, or the same badge of one agency.
rule-department-name-twice = “{ $name }” stands twice in the roster.
rule-department-person-swapped = The entry of { $name } would become another person's: name and badge change at once. Give the other person an entry of their own.
rule-department-no-administrator = Nobody would administer the department any more. Name another administrator first.
rule-department-administrator-without-key = { $name } would be an administrator without a key that counts. Add their key.
rule-department-key-twice = The key { $key } stands twice in the roster. Every key is one person's or one machine's.
rule-department-key-of-another = The key { $key } was somebody else's before. A key never changes hands.
rule-department-key-came-back = The key { $key } had ended. It never counts again; make a new one.
rule-department-key-begins-otherwise = The first day of the key { $key } would change. It stays as it was first written.
rule-department-kind-unfit = “{ $kind }” is no kind of statement.
rule-department-no-such-version = It names version { $number } of the department's documents; the newest known here is { $newest }. Fetch the newer ones.
rule-department-other-roster = It names a version { $number } of the department's documents that is not the one known here. Ask the administrators which one they made.
rule-department-before-its-version = It says that it was signed at { $at }, before version { $number } that it names was made, at { $made_at }. The clock of one of the two machines is wrong, or the moment is.
rule-department-no-roster-then = At { $at } the department had no roster yet.
rule-department-after-the-log = It says that it was signed at { $at }, and the ledger held it by { $logged } already.
rule-department-key-unknown = The key { $key } is nobody's of the department at that time.
rule-department-key-not-yet = The key { $key } counts from { $from } on, and not yet then.
rule-department-key-ended = The key { $key } counted until { $ended } and no longer then.
rule-department-another-person = It names { $named }, and the key is another person's.
rule-department-role-missing = { $name } was no { $role } at that time.
rule-department-not-trained = { $name } had no current training then. { $first }
rule-department-payload-differs = It holds more or less than this kind of record has.
rule-department-recovery-kit = Recovery kit
