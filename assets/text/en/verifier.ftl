### The verifier of the defence kit: a page of its own, opened from a disk by whoever was given a disclosure.

verifier-title = Check a disclosure
verifier-lede = This page reads what a police department disclosed about the use of face recognition in a case. It checks every signature and every rule again, on this machine alone: it makes no connection.
verifier-choose = Choose a disclosure or an exported note (JSON)
verifier-choose-hint = Or drop the file on this page. It stays on this machine.
verifier-enclosed = The disclosure that came in this page was checked. A page can be changed like any file: check disclosure.json again with a verifier that you got elsewhere.
verifier-checking = Checking…
verifier-none = No file is open yet.
verifier-too-long = { $name } has { $megabytes } megabytes. No disclosure is that long; it was not read.
verifier-unreadable = { $name } could not be read.
verifier-not-utf8 = the file is no text in UTF-8

# The finding.
verifier-holds = All that this page can check holds
verifier-holds-partly =
    { $count ->
        [one] What this page checked holds; one record shows nobody’s own signature
       *[other] What this page checked holds; { $count } records show nobody’s own signature
    }
verifier-holds-more = Every byte, signature and rule was checked. What could not be checked stands below.
verifier-refused = This file does not hold
verifier-refused-more = Nothing of it is shown: nothing of it can be relied on. Ask whoever gave it to you for the original, and keep this copy.
verifier-because = { $why }.
verifier-reason = Reason in the pages of the format: { $reason }
verifier-checked = What was checked
verifier-check-form = The file has one reading, and no field that is not its own
verifier-check-seal = SHA-256 and signature of the workstation, over every word
verifier-check-gates = The rules of each step, again from what the record holds
verifier-check-audit =
    { $count ->
        [one] One event of the audit, with its hash
       *[other] { $count } events of the audit, each with its hash
    }
verifier-check-notes =
    { $count ->
        [one] One sealed note with its reviews and addenda, and that the disclosure says the same
       *[other] { $count } sealed notes with their reviews and addenda, and that the disclosure says the same
    }
verifier-check-people =
    { $count ->
        [one] One signature of a person: key, role, training and moment, by the roster of that day, from the root key on
       *[other] { $count } signatures of people: key, role, training and moment, by the roster of that day, from the root key on
    }
verifier-check-ledger =
    { $count ->
        [one] One row of the audit, and the proof that it is in the ledger
       *[other] { $count } rows of the audit, each with the proof that it is in the ledger
    }
verifier-unchecked = What could not be checked
verifier-unchecked-root = Whether this is the department that it says: compare its root key below with one that you got from the department itself.
verifier-unchecked-nobody = Who signed. The file was made without a department and shows nobody’s own signature.
verifier-unchecked-unsigned = { $what } of { $name }: nobody of the department signed it.
verifier-unchecked-moments = Whether it happened when it says. Each moment is the word of whoever signed; nothing outside the department held these records then.
verifier-unchecked-witnessed = Whether it happened when it says. Each moment is the word of whoever signed; a witness that is named under “Ledger” says that it had happened by then, and no more.
verifier-unchecked-pictures = The photographs. They are named here by their SHA-256; choose those that you were given under “Photographs”.
verifier-unchecked-lists = What the gallery answered. The list is as the workstation recorded it; the gallery’s own audit holds each search.
verifier-unchecked-events = Whether other events belong to the case. Only those of the case are in the file.
verifier-unchecked-rules = Rules of this department that are stricter than anybody’s. They were checked when each note was sealed.
verifier-unchecked-words = The words by which the program asks for a supervisor, letters that look alike in other alphabets, and the sentences that it wrote itself. The command corroborate verify-disclosure compares them.

# The department.
verifier-department = Department
verifier-root-label = Root key of the department, as you got it from the department itself (64 digits)
verifier-root-own = Root key in the file
verifier-root-same = The file is of the department whose root key you entered.
verifier-root-malformed = That is no root key: it has 64 digits, 0 to 9 and a to f.
verifier-root-button = Compare

# Who signed.
verifier-signed = Who signed what
verifier-signed-what = What
verifier-signed-who = Who, by the roster of that day
verifier-signed-when = When, as they say
verifier-signed-version = Version
verifier-stated-handover = Handing the case over
verifier-stated-reassignment = Handing the case over in a colleague’s absence
verifier-stated-conclusion = The examiner’s conclusion
verifier-stated-verification = The second examiner’s verification
verifier-stated-conference = The conference
verifier-stated-note = The note
verifier-stated-review = The supervisor’s review
verifier-stated-addendum = An addendum
verifier-stated-disclosure = The disclosure
verifier-caveat-newer-in-force = The signer did not know version { $version }, which was in force.
verifier-caveat-ended-since = From version { $version } on they could not sign this any more; that it was signed before is their word alone.
verifier-caveat-key-ends = The key ends on { $on }; that it was signed by then is their word alone.

# The record.
verifier-person = { $name }, badge { $badge }, { $agency }
verifier-made-label = Made
verifier-made = { $at }, by { $name }
verifier-workstation = Key of the workstation
verifier-sha256 = SHA-256
verifier-case = Case
verifier-case-number = Number
verifier-case-offence = Offence
verifier-case-event = Event
verifier-case-purpose = Purpose of the search
verifier-case-basis = Why it was searched
verifier-case-requested = Asked for by
verifier-case-opened = Opened
verifier-case-confirmed = Confirmed by a supervisor
verifier-referrals = Referred to the auditor because
verifier-photographs = Photographs
verifier-photographs-label = Choose photographs that you were given
verifier-photograph-known = { $name }: this is { $what }.
verifier-photograph-unknown = { $name }: no photograph of this record has its SHA-256 ({ $sha256 }).
verifier-photograph-probe = the probe as it came in
verifier-photograph-further = a further photograph of the probe
verifier-photograph-attachment = a file of an entry
verifier-probe = Probe
verifier-probe-source = Kind
verifier-probe-captured = Taken
verifier-probe-obtained = Obtained
verifier-probe-basis = Legal basis
verifier-probe-quality = Quality of the face, 0 to 100
verifier-probe-file = File
verifier-probe-size = { $width } × { $height } pixels, { $format }, { $name }
verifier-probe-prepared = A prepared copy was searched besides the original.
verifier-search = Search { $number }
verifier-search-made = { $at }, by { $name }
verifier-search-gallery = Gallery and model
verifier-search-scanned = Compared
verifier-search-compared = { $scanned } of { $size } photographs compared; { $out } left out by filters
verifier-search-nothing = This search gave nothing: nobody on its list was kept.
verifier-search-withheld = The list is withheld: its examination was not concluded and unveiled when this was made.
verifier-candidates =
    { $count ->
        [one] One candidate
       *[other] { $count } candidates
    }
verifier-candidate = Candidate
verifier-candidate-score = Score
verifier-candidate-subject = Record
verifier-candidate-taken = Photograph taken
verifier-candidate-conclusion = Conclusion
verifier-score-hint = A score is a similarity from -1 to 1. It is never a probability that two photographs show one person.
verifier-examination = Examination
verifier-examination-by = Examined blind by
verifier-examination-analysis = The probe by itself
verifier-examination-seen = Candidates
verifier-examination-opened = { $opened } opened, { $concluded } concluded on
verifier-examination-concluded = Concluded
verifier-examination-unveiled = Scores and records shown
verifier-examination-lead = Kept as a lead
verifier-examination-nobody = nobody
verifier-examination-open = not concluded
verifier-changes = Changed after scores were shown
verifier-change = { $at }: from { $before } to { $after }. { $reason }
verifier-verification = Second examination
verifier-verification-by = Blind, by
verifier-verification-elsewhere = At another workstation
verifier-verification-came = Came to
verifier-conference = Conference of both
verifier-before = Before
verifier-handed-over = { $at }: the case went from { $from } to { $to }, by { $by }. { $reason }
verifier-before-aside = { $at }: an examination by { $name } was set aside by a further search.
verifier-before-given-up = { $at }: a second examination by { $name } was taken back before it was handed in.
verifier-before-elsewhere = { $at }: { $name } was shown score and record of a listed person in another case.
verifier-corroboration = Corroboration
verifier-entry = Entry { $number }
verifier-entry-shows = Shows
verifier-entry-source = Source
verifier-entry-obtained = Obtained
verifier-entry-link = Link to the crime
verifier-entry-attempts = Sought
verifier-entry-resolution = How it was resolved
verifier-entry-earlier = Said before
verifier-panel = What could speak against the lead
verifier-panel-item = Fact
verifier-panel-answer = Answer
verifier-panel-for = What speaks for the person
verifier-objection-source-knew-result = the source knew the result
verifier-objection-face-comparison = it is a comparison of faces
verifier-objection-shares-root-with-probe = it comes from the probe’s own source
verifier-objection-shares-root-with-entry = it comes from the same source as another entry
verifier-objection-not-about-event = it is not about the event
verifier-objection-name-search-without-record = it was found by the name, and is no earlier record
verifier-objection-second-name-search = a second one that was found by the name
verifier-objection-ownership-only = it is ownership of a vehicle alone
verifier-objection-only-saw-video = the witness only saw the video
verifier-objection-look-alike-profile = it is a profile picture that looks alike
verifier-objection-probe-post = it is the post that the probe came from
verifier-objection-photo-shown-before = the photograph was shown before
verifier-objection-name-told-before = the name was told before
verifier-objection-line-up-from-lead = a line-up was built from the lead
verifier-objection-probe-file = its file is the probe
verifier-objection-part-of-the-case = the witness works on the case
verifier-objection-made-for-another = it was made for somebody else on the list
verifier-note = Note { $number }
verifier-note-sealed = Sealed { $at } by { $name }
verifier-note-account = Account
verifier-note-reason = Reason
verifier-note-facts = What the program wrote from the record
verifier-review = Review
verifier-review-made = { $at }, by { $name }: { $decision }
verifier-addendum = Addendum { $number }
verifier-audit = Events of the audit
verifier-audit-number = Number
verifier-audit-when = When
verifier-audit-who = Who
verifier-audit-what = What
verifier-audit-more = { $count } more events are in the file.
verifier-cut = { $text } … ({ $count } characters)
verifier-yes = yes

# Why something does not hold; each is put into a sentence.
verifier-not-json = The file is not JSON, or is cut off, from character { $at } on
verifier-name-twice = The name “{ $name }” stands twice in one place, so that two readers would read two things
verifier-too-large = It is longer than such a file may be
verifier-not-canonical = It is not written in the one form in which such files are written, so something in it was changed
verifier-malformed = The field { $path } is missing, unknown, or holds what it cannot
verifier-schema = It says that it is of the format “{ $found }”, which this page does not take. Earlier formats prove nothing
verifier-hash = A text in it has another SHA-256 than is said beside it, so it was changed after it was signed
verifier-key-malformed = A key in it has a form that no key has
verifier-key-weak = A key in it is one by which anybody can sign
verifier-signature-wrong = A signature does not fit what it stands beside: text, key or signature was changed
verifier-roster = The department’s roster or policy breaks a rule, at “{ $what }”
verifier-no-documents = It holds no documents of the department
verifier-other-department = A document is of another department
verifier-fork = There are two versions { $number } of the department’s documents
verifier-wrong-number = Version { $number } of the department’s documents does not follow the one before it
verifier-key-changed = A key of the roster changed hands, came back, or begins otherwise
verifier-signed-twice = One key signed a document twice
verifier-not-an-administrator = A document was signed by a key that administered nothing then
verifier-too-few-signatures = A document needs { $needed } signatures of administrators and has { $found }
verifier-no-roster-then = There was no roster at { $at }
verifier-key-unknown = The key is nobody’s in the roster of that day
verifier-key-not-then = The key did not count on that day
verifier-role-missing = { $name } did not have the role for it on that day
verifier-not-trained = The training of { $name } was not current on that day
verifier-no-such-version = Version { $number } of the department, which a signature names, is another one here
verifier-before-its-version = A signature is dated { $at }, before what it names was made
verifier-another-person = The key is that of { $name }, and the record names somebody else
verifier-another-moment = It was signed for another moment than the record says
verifier-no-policy = The department had no policy then
verifier-policy = The department’s policy goes below what any department may have, at { $field }
verifier-department-refused = The department’s documents do not hold: { $inner }
verifier-statement-refused = What { $name } signed does not do: { $inner }
verifier-statement-unreadable = A signature of somebody in it cannot be read
verifier-beside = It holds a signature that no record in it asked for
verifier-no-department = It was made without a department, so who signed cannot be checked
verifier-other-root = It is of another department than the one whose root key you entered: its root key is { $root }
verifier-unsigned = Nobody of the department signed a record of { $name }
verifier-disagrees = The disclosure says something else than the notes that are in it
verifier-gate-audit = Event { $number } of the audit has another hash than its content gives, or is out of place
verifier-gate-review = A review is of another note, by somebody who may not review it, or not what its own answers give
verifier-gate-addendum = Addendum { $number } is of another note or out of order, or one before it is missing
verifier-gate-too-long = A field is longer than any may be
verifier-gate-case-number = The case has no number
verifier-gate-case-offence = The case names no offence
verifier-gate-case-event = The case was opened before the event
verifier-gate-case-charge = The offence does not serve the purpose of the search
verifier-gate-case-basis = The reason for the search says too little
verifier-gate-case-requested = Nobody is named who asked for the search
verifier-gate-case-confirmed = The supervisor’s confirmation is missing, of the wrong person, or out of time
verifier-gate-probe-kind = The probe is of a kind that is never searched
verifier-gate-probe-origin = Where the probe comes from, or the right to have it, is not said
verifier-gate-probe-captured = The probe was taken after it came in, or before the event
verifier-gate-probe-quality = The quality of the probe lies below what any department may search with
verifier-gate-probe-further = A further photograph does not say why it shows the same person, or is too poor
verifier-gate-search = A search is of another purpose, probe or time than the case, or was made with what none is made with
verifier-gate-examination-list = The examination is of another list than the one that was searched
verifier-gate-examination-order = A conclusion is dated before its list, or after the end of the work
verifier-gate-examination-opened = A conclusion stands on somebody who was not opened
verifier-gate-examination-compared = Support stands on somebody whose face was not compared part by part
verifier-gate-examination-contradicts = A conclusion contradicts what was recorded of the face, and gives no reason
verifier-gate-examination-few = Fewer than four candidates were opened
verifier-gate-examination-open = Somebody was opened and no conclusion recorded
verifier-gate-examination-lead = The lead has no support by the examiner’s own conclusion, or there are two answers
verifier-gate-analysis = What the probe shows by itself was not written down first, or allows no comparison
verifier-gate-unveiled = Scores were shown before the examiner had concluded, or something follows that needs it
verifier-gate-changes = A conclusion that was changed after scores were shown is not what the record gives
verifier-gate-seen-before = The examiner had been shown the lead’s score and record before
verifier-gate-verification-own = The second examiner is the first
verifier-gate-verification-person = The second examination names another person than who did it
verifier-gate-verification-order = The second examination is dated before it could begin
verifier-gate-verification-lead = There is no lead that a second examiner could verify
verifier-gate-verification-fillers = The second examiner did not get the lead among three others at least
verifier-gate-verification-whole = The second examiner did not open and conclude on everybody
verifier-gate-verification-claims = What the second examination is said to come to is not what it gives
verifier-gate-verification-asked = The second examiner’s answer is not one to the request that is shown
verifier-gate-conference = The conference is not one of both examiners about their disagreement
verifier-gate-category = One of the three categories has no entry
verifier-gate-entry = Entry { $number } is not whole, or its dates do not fit
verifier-gate-entry-twice = Two entries have one identity
verifier-gate-entry-root = An entry names a root that is not there
verifier-gate-panel = What could speak against the lead is not answered
verifier-gate-supports = Fewer than two independent supports of two categories, one of them fixing place, time or property
verifier-gate-contradiction = What contradicts the lead is not resolved, or not told
verifier-gate-standings = What an entry is worth is not what the record gives
verifier-gate-outcome = What the examination is said to come to is not what it gives
verifier-gate-account = The author’s account says too little, or a confirmation of it is another’s
verifier-gate-disposition = The disposition is not one that the record allows
verifier-gate-verified = A corroborated lead was not verified by a second examiner
verifier-gate-order = Something is dated out of order
verifier-gate-stale = The search is older than a lead may be
verifier-gate-history = An examination that was set aside is of no search
verifier-gate-handover = The case was not handed over from one person to the next, with reasons, or whoever wrote the note did not have it
verifier-gate-told = A list tells more or less than its examination allows
verifier-gate-statement = The standing statement is not the one that every paper carries

# The ledger of a note.
verifier-ledger = Ledger
verifier-logged-note-sealed = The note
verifier-logged-note-reviewed = The review
verifier-logged-addendum-written = An addendum
verifier-logged-department = { $what } is row { $row } of { $size } in the department’s ledger.
verifier-logged-unnamed = { $what } is row { $row } of { $size } in a ledger whose key the department’s roster does not name.
verifier-logged-workstation = { $what } is row { $row } of { $size } in the ledger of the workstation itself, and in no other.
verifier-logged-seen = Witness { $name } saw it there at { $at }.
verifier-logged-missing = Witness { $name } of the department’s roster did not see it.
verifier-logged-no-witness = No witness saw it.
verifier-logged-never = The note was never logged: nobody outside of the workstation can say when it was there.
verifier-logged-review-never = The review was never logged.
verifier-disclosure-logged-parts = notes { $notes } of { $of_notes }, reviews { $reviews } of { $of_reviews }, addenda { $addenda } of { $of_addenda }, events of the audit { $events } of { $of_events }
verifier-disclosure-logged-department = In the department’s ledger: { $parts }.
verifier-disclosure-logged-unnamed = In a ledger whose key the department’s roster does not name: { $parts }.
verifier-disclosure-logged-workstation = In the ledger of the workstation itself, and in no other: { $parts }.
verifier-disclosure-logged-seen = Witness { $name } saw { $count } of these { $rows } rows there, the earliest by { $first } and all of them by { $last }.
verifier-disclosure-logged-missing = Witness { $name } of the department’s roster did not see { $count } of these { $rows } rows.
verifier-disclosure-logged-unseen = No witness saw { $count } of these { $rows } rows.
verifier-disclosure-logged-never = Never shown to be logged: { $parts }. Nobody outside of the workstation can say when they were there.
verifier-disclosure-logged-nothing = The file claims no ledger: nothing in it was shown to be logged, and nobody outside of the workstation can say when it was there.
verifier-logged-wrong = What shows that it was logged does not hold (row { $number } of the audit): { $inner }
verifier-logged-key = It names a ledger’s key that it does not need

# Why something of a ledger does not hold.
verifier-log-too-large = it is larger than a ledger’s files are
verifier-log-malformed = it has not the form that it must have
verifier-log-key-malformed = its key is no key
verifier-log-key-weak = its key signs for everybody
verifier-log-other-log = it is of another ledger
verifier-log-not-signed = who must sign it did not sign it
verifier-log-signature-wrong = a signature does not fit it
verifier-log-no-witness = no witness saw it
verifier-log-not-included = it is not in the ledger
verifier-log-rolled-back = the ledger was longer before
verifier-log-fork = there are two histories of one length
verifier-log-inconsistent = the ledger shows another history than before
verifier-log-tile-missing = a part of the ledger is missing
verifier-log-order = rows of one audit stand out of their order
verifier-log-row = the row is of another record, or does not follow from the one before
