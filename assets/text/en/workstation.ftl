### Said by what a person does at the workstation.

workstation-user-secret-store = this user's secret store
workstation-vault-put-back-older-state = This vault was put back to an older state, or its audit was rewritten: on { $at } it had { $rows } events on record, as { $held_by } knows, and when that was noticed on { $noticed_at } it did not have them. What was recorded in between is missing here. Tell your auditor before you go on; this is in the audit.
workstation-cannot-read = cannot read { $path }: { $e }
workstation-audit-another = this is the audit of another workstation: { $fingerprint }
workstation-events-chain-whole-last-hash = { $events } events, chain whole, last hash { $head }
workstation-signed-key = signed { $signed_at } with the key { $fingerprint }
workstation-reading-file = Reading the file
workstation-file-cannot-read-nothing-taken = The file cannot be read ({ $e }). Nothing was taken in; check its permissions or copy it to this machine.
workstation-no-single-photograph-larger-than = This is no single photograph, or it is larger than 200 MB. Nothing was taken in.
workstation-looking-faces-measuring-them = Looking for faces and measuring them
workstation-faces-found-crowd-not-probe = { $faces } faces were found: this is a crowd, not a probe. Nothing was taken in; crop the photograph at its source to the person in question.
workstation-pick-face-unknown-person-original = Pick the face of the unknown person in the original first.
workstation-picked-face-not-found-prepared = The picked face is not found in the prepared version. Take a step back; the original is searched as it is.
workstation-not-hand = not at hand
workstation-probe-turned-original = Probe: { $file_name }, turned upright
workstation-probe-untouched-original = Probe: { $file_name }, untouched original
workstation-investigative-lead-photograph-gallery = Investigative lead: photograph of the gallery
workstation-printed-badge = Printed { $time_zone } by { $name }, badge { $badge }
workstation-file-could-not-written-nothing = The file { $to } could not be written ({ $e }). Nothing in the vault was changed; choose another place.
workstation-typed-did-not-arrive-sent = What you typed did not arrive as it was sent. Nothing was changed; type it again.
workstation-cancelled-nothing-changed = Cancelled. Nothing was changed.
workstation-step-not-open-yet = This step is not open yet.
workstation-more = { $missing } ({ $rest } more)
workstation-typed-kept = { $detail }. What you typed is kept.
workstation-typed-kept-2 = { $error }. What you typed is kept.
workstation-file-cannot-read-nothing-taken-2 = The file cannot be read ({ $e }). Nothing was taken in.
workstation-package-taken-before-nothing-changed = This package was taken in before; nothing changed.
workstation-note-taken-waits-review = A note was taken in. It waits for review.
workstation-review-taken = A review was taken in.
workstation-pdf-cannot-shown-file-itself = The PDF cannot be shown ({ $why }). The file itself is kept as it came.
workstation-no-input = it has no input
workstation-took-too-long = it took too long
workstation-damaged-encrypted-no-pdf = it is damaged, encrypted, or no PDF
workstation-addendum-written-where-case-lives = An addendum is written where the case lives. Nothing was added.
workstation-two-supervisors-decided-differently-note = Two supervisors decided differently on this note. It cannot leave as a lead; amend it in another note.
workstation-only-approved-note-can-exported = Only an approved note can be exported. A supervisor reviews it first.
workstation-photograph-looks-like-somebody-else = Photograph { $at } looks like somebody else beside the first; a template of both would find neither. Nothing was sent. Remove it on the probe screen, or begin a case of its own for it.
workstation-search-under-way-wait-answer = A search is under way. Wait for its answer, or cancel it.
workstation-encoding-face = Encoding the face on this workstation
workstation-asking-gallery-model-uses = Asking the gallery which model it uses
workstation-gallery-enrolled-encodes-templates-two = The gallery is enrolled with { $theirs }, this workstation encodes with { $model }. Templates of two models cannot be compared, so nothing was sent. Ask your administrator for the gallery's model.
workstation-gallery-does-not-answer-searches = This gallery does not answer searches for this purpose: training has a gallery of its own. Nothing was sent. Set the right gallery in Settings; the case waits.
workstation-case-probe-changed-meanwhile-nothing = Case or probe were changed meanwhile. Nothing was sent; look at them and search again.
workstation-waiting-gallery = Waiting for the gallery
workstation-cancelled-after-search-sent-gallery = Cancelled after the search had been sent: the gallery has it on record and may count it. Its answer was not taken in; search again when you need it.
workstation-list-original-taken-before = {" "}The list of the original was taken in before.
workstation-file-malformed = The file is malformed: { $e }
workstation-people-already-name-administrator-admin = This workstation has its people already. Name an administrator with --admin BADGE and give their passphrase on the second line of stdin, after the token. Nothing was changed.
workstation-name-person-person-first = Name a person with --person first.
workstation-no-gallery-set-enter-address = No gallery is set. Enter its address and token in Settings.
workstation-no-token-stored-gallery-enter = No token is stored for this gallery. Enter it in Settings.
workstation-signed-out-sign-again-go = You are signed out. Sign in again to go on; what you typed is kept.
workstation-read = Read as { $day }.
workstation-choose-passphrase-own-first-one = Choose a passphrase of your own first; the one you have was set by somebody else.
workstation-people-already-sign = This workstation has its people already. Sign in.
workstation-nothing-taken-typed-kept = {" "}Nothing was taken in; what you typed is kept.
workstation-part-program-stopped-saved-safe = A part of the program stopped. What was saved is safe; start Corroborate again.
workstation-policy-file-cannot-read-nothing = The policy file cannot be read: { $e }. Nothing was changed; correct it.
workstation-program-does-not-know-where = The program does not know where it is: { $e }
workstation-file-no-longer-offered-drop = That file is no longer offered. Drop or choose it again.
workstation-must-sign-once-choose-passphrase = { $name } must sign in once and choose a passphrase first.
workstation-another-case-unread = Another case of this workstation cannot be read, and what was searched and seen in it counts here too. Nothing was changed; tell your administrator that it is case { $case }.
workstation-nobody-named = nobody who is named
workstation-calibration-unreadable = { $file } is not used, and the workstation does not start without it: { $error }. Put a file there that `faces calibrate` wrote, or take it away.
workstation-set-second-factor-first = Set up a second factor first: a passphrase alone opens nothing here.
workstation-code-cannot-be-drawn = The code for the app cannot be drawn ({ $e }). Type the letters instead.
workstation-nobody-with-badge = Nobody with badge { $badge } may come in here. Nothing was changed.
workstation-sign-in-once-in-window = Sign in once in the window first, choose a passphrase and set up a second factor. Nothing was changed.
workstation-policy-unsigned = The policy on this workstation is not the one that the department signed. Nothing was sent. An administrator signs it in Settings, or puts the signed one back.
workstation-another-kit = These are not the last three groups of the recovery kit. It is kept here until you have put it away.
workstation-recovery-kit-first = Put the department’s recovery kit away first.
workstation-calibration-too-large = it is larger than any such file is
workstation-groups-unreadable = { $file } is not shown: { $error }
workstation-validity-gone = That calibration or report is no longer here. Open the screen again.
workstation-first = Workstation 1
workstation-not-own-out = This workstation takes others out and not itself. Do it at another workstation of the department.
workstation-not-yourself-out = Another administrator takes you out.
workstation-taken-out = The department has taken this workstation out: nobody searches here. What was typed is kept; speak to an administrator.
workstation-key-exchanged = Your key was exchanged at another workstation, with a new enrolment code. Sign in there with it first; then you come in here with the passphrase that you choose.
workstation-no-invitation = This is no invitation. Copy it whole from Settings at a workstation of the department.
workstation-name-first = Name this workstation, so that others know it.
workstation-roster-needs-relay = { $why } People, workstations and the policy of a department change only while its relay is reached. Nothing was changed.
workstation-door-taken = Somebody of the department can sign in here now.
workstation-provider-signed-in = Somebody is signed in here. Lock the window first.
workstation-provider-none = The department signs in without an identity provider here. Sign in with the code of your authenticator app.
workstation-provider-not-private = the address is not https
workstation-provider-too-long = its answer is too long
workstation-provider-slow = no answer in time
workstation-provider-opener = { $program }: { $error }
workstation-provider-page-done = You have signed in. Close this page and go back to Corroborate.
workstation-provider-page-refused = You were not signed in. Close this page; Corroborate says why.
workstation-provider-page-foreign = Corroborate does not wait for this answer. Close this page.
workstation-verifier-not-to-be-asked = This person cannot be asked: they are not trained today, work on the case, or have seen of it. Choose somebody else.
workstation-comparison-taken-waits = A comparison or a conference came in. It waits for whoever was asked.
workstation-verification-news-taken = News of a verification came in.
workstation-package-void = The package counts for nothing, and that is on record: { $why }
workstation-case-taken = A case came to this workstation. Whoever has it finds it in their list.
workstation-hand-over-to-nobody = Choose a colleague, or another workstation.
workstation-hand-over-nothing-open = They have no open case at this workstation. Nothing was changed.
workstation-backup-folder-first = Name the folder that backups go to. Nothing was written.
workstation-backup-folder-not-there = The folder { $folder } is not there. Connect the disk or share, or name another folder; nothing was written.
workstation-file-too-long = { $path } is longer than any file that leaves a workstation ({ $megabytes } megabytes at most). It was not read.
workstation-disclosure-holds = Disclosure of case { $case }, made { $at } by { $name }: every byte, gate and signature holds.
workstation-disclosure-key = SHA-256 { $sha256 }, by the workstation with the key { $key }.
workstation-disclosure-counts = Searches: { $searches }. Sealed notes, each proven again: { $notes }. Events of the audit, each with its hash: { $events }.
workstation-disclosure-unchecked = Not checked: { $missing }
workstation-disclosure-nobody-signed = Who signed. The disclosure was made without a department and shows nobody’s own signature.
workstation-disclosure-whose-department = Whether that is your department. Its root key is { $root }; name yours with --department.
workstation-kit-no-page = this program was built without the page that checks a kit. Nothing was written
workstation-kit-unmade = the kit could not be put together: { $e }. Nothing was written
workstation-kit-read-me =
    What must be disclosed about the use of face recognition in case { $number }, made { $at }.

    verify.html       open it in a browser: it shows the record and checks it on your machine, without any connection
    disclosure.json   the record itself, with every signature (SHA-256 { $sha256 })
    disclosure.pdf    the same on paper
    photographs       the probe as it came in, where it is enclosed; verify.html says whether it is the one that was searched

    verify.html came together with the record, from whoever made it. To rely on neither, check disclosure.json with a verifier that
    you got elsewhere, or with the command: corroborate verify-disclosure disclosure.json --department ROOT

    ROOT is the root key of the department. Ask the department for it, or look where it publishes it; do not take it from this kit.
workstation-ledger-refused = The department's ledger was not taken up: { $why }
workstation-ledger-has-other-rows = The department's ledger has events of this workstation that this vault does not have: the vault is older than it was, or was cut. Nothing was sent. Tell your auditor before you go on.
workstation-ledger-other-history = The department's ledger shows another history than before: { $why } Nothing of it was taken up. Tell your auditor; this is in the audit.
workstation-ledger-not-witnessed = The department's ledger has not been seen by its witness ({ $names }) for more than a day. Tell whoever runs the relay.
workstation-events-taken = The events were taken to the auditor’s desk.
