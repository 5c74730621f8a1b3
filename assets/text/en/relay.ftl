### Said by the relay and its commands.

relay-mailbox-named-64-hexadecimal-digits = a mailbox is named by 64 hexadecimal digits: the recipient workstation's public key
relay-package-age-file-none-nothing = a package is an age file; this is none. Nothing was stored
relay-another-package-identity-already-nothing = another package has this identity already. Nothing was stored
relay-package-most-bytes-nothing-stored = a package has at most { $max_package } bytes. Nothing was stored
relay-packages-wait-mailbox-owner-must = { $max_waiting } packages wait in this mailbox; its owner must fetch them first. Nothing was stored
relay-no-such-package-mailbox = there is no such package in this mailbox
relay-folder-cannot-used-nothing-stored = the relay's folder cannot be used: { $what }. Nothing was stored
relay-relay = relay: { $error }
relay-cannot-read = cannot read { $path }
relay-cannot-read-stdin = cannot read stdin
relay-no-workstation-card-copy-whole = this is no workstation's card. Copy it whole from the workstation's Settings. Nothing was changed
relay-package-named-uuid = A package is named by a UUID.
relay-another-workstation-mailbox = Another workstation's mailbox
relay-mailbox-opens-workstation-whose-key = A mailbox opens to the workstation whose key names it, and to nobody else.
relay-reader-stopped = the reader stopped
relay-mailboxes-cannot-used = the mailboxes cannot be used: { $what }
relay-system-gives-no-randomness = the system gives no randomness: { $what }
relay-cannot-answer = The relay cannot answer
relay-failed-request-nothing-changed-tell = The relay failed on a request. Nothing was changed; tell its operator.
relay-nothing-changed-try-again-tell = { $error }. Nothing was changed; try again, or tell the relay's operator.
relay-not-mailbox = Not a mailbox
relay-ciphertext-only = Ciphertext only
relay-identity-taken = Identity taken
relay-package-too-long = Package too long
relay-mailbox-full = The mailbox is full
relay-workstation-not-admitted = Workstation not admitted
relay-begin-session-first-post-v1 = Begin a session first: POST /v1/challenges, sign, POST /v1/sessions.
relay-claim-does-not-hold-must = The claim does not hold: it must be signed by the workstation's key, for this relay's address, over a challenge of the last minute that was not answered before.
relay-took-too-long-given-up = This took too long and was given up. Try again later, or tell the relay's operator.
relay-database-cannot-used = the relay's database cannot be used: { $what }
relay-database-form-program-does-not = the relay's database is of form { $what }, which this program does not know. Use the program that wrote it, or a later one
relay-audit-chain-breaks-row-changed = the audit's chain breaks at row { $what }: it was changed, removed or put in
relay-no-workstation-key-roster = No workstation with this key stands in the department's newest roster, so nobody would fetch the package. Nothing was stored.
relay-disk-full-nothing-stored = the relay's disk is full. Nothing was stored; what waits here stays. Tell the relay's operator, and send it again later
relay-no-room = The disk is full
relay-workstation-revoked = Workstation taken out of the roster
relay-workstation-taken-out-of-roster = This workstation was taken out of the department's roster ({ $ended }). Nothing is answered it any more. If that is a mistake, ask an administrator of the department.
relay-workstation-counts-from = The department's roster counts this workstation from { $from } on.
relay-workstation-not-in-roster = The department's newest roster does not have this workstation. Give its card to an administrator, who adds it: `relay roster add-workstation`.
relay-sender-limit = Too much of one sender waits
relay-packages-of-sender-wait = { $most } packages of this workstation wait to be fetched; more are taken once some were. Nothing was stored
relay-bytes-of-sender-wait = at most { $most } bytes of this workstation may wait to be fetched; more are taken once some were. Nothing was stored
relay-bytes-wait-mailbox = at most { $most } bytes may wait in this mailbox; its owner must fetch some first. Nothing was stored
relay-too-many-requests = This workstation may ask { $most } times a minute. Try again in a moment.
relay-too-many-documents = This workstation may bring { $most } documents of the department a minute. Try again in a moment.
relay-document-under-way = This workstation is bringing a document already. Try again when that is done.
relay-too-many-at-a-time = This workstation may send { $most } packages at a time. Try again when one of them has arrived.

relay-no-department-here = No department
relay-no-department = this relay has no department yet, so it admits nobody; packages that lie in its mailboxes stay. `relay init` founds one, `relay adopt` takes up one that was founded elsewhere
relay-department-there-already = there is a department here already, with the root key { $root }. Nothing was changed
relay-version-kept-does-not-hold = version { $number } of the department's documents in this relay's database does not hold: { $why }. It is not served. Put the database back from a backup, or begin with an empty folder and `relay adopt` an export
relay-versions-went-back = the department's documents in this relay's database went back behind version { $number }, or are others now. They are not served; put back the newer ones, or start the relay again if this is meant
relay-version-dated-ahead = the version says that it was made at { $made_at }, and here it is { $now }. Nothing was taken; look at both clocks
relay-version-made-meanwhile = somebody else made a version meanwhile. Nothing was changed; do it again, so that yours follows theirs
relay-version-refused = The version does not hold
relay-chain-fork = Two versions of one number were signed
relay-fork-kept = { $why }. It was not taken; it is kept as evidence, and on the audit. Ask the administrators which one they made.
relay-malformed-request = Malformed request
relay-after-is-a-number = The address takes `after` and a version's number, and nothing else.

relay-serves-older-department = the relay has version { $found } of the department's documents, and version { $seen } was seen here. It was put back from a backup, or holds something back. Nothing was taken up; tell the relay's operator
relay-serves-fork = two versions { $number } of the department's documents were signed: { $one } was seen here, the relay has { $other }. Nothing was taken up; ask the administrators which one they made, and tell the supervisors
relay-serves-other-department = this is the relay of another department, whose root key is { $found }. Nothing was taken up; look at the relay's address
relay-serves-what-does-not-hold = what the relay has of the department does not hold: { $why }. Nothing was taken up; tell the relay's operator
relay-says-another-newest = it does not serve the version that it calls its newest

relay-key-file-cannot-used = { $path } cannot be used: { $source }. Nothing was changed
relay-file-already-there-not-touched = { $path } is there already and was not touched. Name another file
relay-no-key-file = this is no key file: { $what }
relay-key-file-passphrase-wrong = the passphrase does not open this key file, or the file was changed. Nothing was changed
relay-kit-no-groups = this holds no recovery kit: its groups begin with “root1”
relay-kit-too-short = this is { $found } of the recovery kit's { $wanted } characters after “root1”: some are missing, or one is none of the kit's
relay-kit-checksum-wrong = the recovery kit's groups hold a typing error: they do not agree with their checksum
relay-kit-of-another = this recovery kit is not of this department, whose root key is { $root }. Nothing was changed
relay-kit-fits = The recovery kit is whole and is the one of { $department }. Nothing was changed; this drill is on the audit. Lock the kit away again.
relay-kit-text =
    RECOVERY KIT of { $name }
    made on { $made_on }

    Print this page twice, lock each copy away in another safe, and delete the file.
    Whoever holds it can name new administrators of the department. Nothing else can
    bring them back, and there is no other copy.

    The department's root key, in groups:

    {"    "}{ $groups }

    The department's identity (public):

    {"    "}{ $root }

    WHAT IT IS FOR
    - Every administrator lost their key or passphrase, left, or cannot be reached.
    - An administrator must be removed and there are not two others to sign it.
    It signs rosters and nothing else: no policy, no note, no review. It opens no case.

    HOW TO USE IT
    At the relay, with two people present:

        relay recover --data FOLDER

    asks for the groups (capital letters, blanks and line breaks do not matter; a
    typing error is found), for the administrator's badge and agency, for a file in
    which their new key is written, and for its passphrase. `--without BADGE` takes
    somebody out of the roster. The change is a new version of the roster, which every
    workstation of the department reads.

    DRILL, once a year and when a safe changes hands

        relay recover --data FOLDER --drill

    says whether this page is whole and of this department, and changes nothing.
    Date and initials: ____________  ____________  ____________  ____________
relay-no-init-makes-one = there is no relay in { $data }; `relay init` or `relay adopt` makes one
relay-cannot-use-folder = cannot use { $data }
relay-cannot-write = cannot write { $path }
relay-secret-inside-data = { $path } lies inside of the data folder, where every backup would carry it. Name a path outside
relay-nobody-to-ask = nobody can be asked here: give { $flag } ({ $question })
relay-input-ended = the input ended. Nothing was changed
relay-stdin-lacks-a-line = a line of stdin is missing: { $question }. Nothing was changed
relay-ask-department = Name of the department
relay-ask-name = Full name of the administrator
relay-ask-badge = Their badge
relay-ask-ori = Their agency's ORI, nine capital letters and digits
relay-ask-key = File for their key, outside of the data folder
relay-ask-kit = File for the recovery kit, outside of the data folder, to be printed
relay-ask-passphrase = A passphrase for their key
relay-passphrase-once-more = The same once more
relay-passphrases-differ = Those were two different ones.
relay-ask-groups = The recovery kit's groups
relay-passphrase-of = Passphrase of { $path }
relay-founded = { $department } is founded. { $name } administers it with the key in { $key }, which opens by their passphrase.
relay-kit-written = The recovery kit is in { $kit }: print it twice, lock the copies away in two safes, delete the file, and try one copy with `relay recover --data { $data } --drill`. The root key is written nowhere else.
relay-root-fingerprint = The root key is the department's identity; its fingerprint is { $fingerprint }. Here it is whole:
relay-adopted = { $department } is served here from now on.
relay-recovered = { $name } administers the department with the new key in { $key }. Earlier keys of theirs have ended.
relay-key-made = The key is in { $key }. An administrator puts its public half into the roster:
relay-clock-is-behind = the newest version says that it was made at { $made_at }, and here it is { $now }: this machine's clock is behind. Nothing was changed
relay-two-people-of-that-badge = two people have the badge { $badge }: name one by identity, as `relay roster show` prints it
relay-nobody-of-that-badge = nobody in the roster has the badge or identity { $badge }. `relay roster show` prints them
relay-only-the-kit-signs = this takes out so many administrators that only the recovery kit may sign it: `relay recover --without BADGE`. Nothing was changed
relay-key-of-no-administrator = the key in { $path } is of nobody who administers by the newest roster. Nothing was changed
relay-more-must-sign = { $count ->
        [one] an administrator must sign this
       *[other] { $count } administrators must sign this
    }, and keys of { $found } were named: give `--key` once for each. Nothing was changed
relay-others-must-sign = whoever stops administering by this does not sign it: { $count } others must, and keys of { $found } were named. Nothing was changed
relay-person-added = { $name }, badge { $badge }, has the identity { $id }.
relay-workstation-fingerprint = { $name }, fingerprint { $fingerprint }
relay-no-such-workstation = no workstation in the roster has the name or key { $workstation }. `relay roster show` prints them
relay-no-such-key = no such key has the name { $name }. `relay roster show` prints them
relay-no-policy-yet = the department has no policy yet: `relay policy publish`
relay-versions-taken = { $count ->
        [one] 1 version was new.
       *[other] { $count } versions were new.
    }

relay-leaves-gap = row { $expected } of this workstation's audit comes next, and row { $found } was brought first. Nothing was added
relay-leaves-fork = row { $position } of this workstation's audit is { $one } in the ledger, and { $other } was brought: one workstation shows two histories. Nothing was added; tell the department's auditor
relay-audit-gap = Rows are missing
relay-audit-fork = Another row is in the ledger
relay-ledger-key-cannot-used = the ledger's key in { $path } cannot be used: { $what }. Put the file back from a backup
relay-ledger-key-malformed = it has no 64 hexadecimal digits
relay-ledger-key-another = it is the key of another ledger
relay-ledger-key-in-roster = the ledger's key stands in the roster already. Nothing was changed
relay-ledger-files = the ledger's file { $path } cannot be used: { $source }
relay-ledger-row-gone = row { $number } of the ledger is gone from the relay's database. Put back the newest backup of the whole data folder
relay-ledger-rows = { $rows } rows
relay-hash-of-64-digits = A hash has 64 hexadecimal digits in lower case.
relay-rows-one-to-500 = One to 500 rows come in one request.
relay-rows-end-not-signed = The audit's end must be the last of these rows, signed by this workstation.
relay-no-such-row = This row of the audit is not in the ledger.
relay-no-such-part-of-ledger = The ledger has no such part.
relay-witness-not-in-roster = the newest roster names no such witness
relay-witness-runs-already = another witness runs on { $path }
relay-witness-kept-does-not-hold = what is kept in { $path } does not hold: { $why } Nothing is cosigned
relay-witness-key = witness { $name } has the key { $key }
relay-backup-manifest = It is no manifest of a backup that this workstation signed, or is named by no moment. Nothing was changed.
relay-backup-piece-hash = A piece is named by its own SHA-256. Nothing was kept.
relay-backup-nothing-there = No such piece lies here.
relay-backup-incomplete = The backup is not whole
relay-backup-piece-missing = A piece that the manifest names is not here. Bring the pieces first.
relay-backup-under-way = Another piece of this workstation is on its way. Send one after the other.
relay-bytes-of-a-backup = The backups of one workstation may have { $most } bytes.
