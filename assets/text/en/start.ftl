### Seen before the first case: setting up, signing in, what changed among the staff, a vault that does not open.

start-broken-title = Corroborate cannot open its vault
start-broken-button = Try again

start-first-title = Who sets this workstation up?
start-first-explained = Every record carries the person who made it. Only a trained examiner may search; without a current training record you can open cases, but not search. You can add colleagues afterwards: a lead needs a second examiner.
start-first-passphrase-title = Passphrase
start-first-passphrase-label = Your passphrase
start-first-button = Begin
start-passphrase-hint = At least { $count } characters: a few words that you can remember
start-again-label = The same again
start-again-differs = The two differ
start-passphrases-differ = The two passphrases differ. Type them again.

start-person-name-label = Full name
start-person-badge-label = Badge or serial number
start-person-ori-label = Agency (ORI)
start-person-ori-hint = Nine capital letters and digits
start-person-ori-placeholder = CA0190000
start-training-title = Training in facial comparison
start-training-course-label = Course
start-training-passed-label = Passed on
start-training-passed-hint = Like 10/28/2026, 28.10.2026 or Oct 28 2026
start-training-passed-placeholder = MM/DD/YYYY
start-training-proficiency-label = Proficiency result, 0 to 100

start-sign-in-title = Sign in
start-sign-in-explained = Every record carries the person who made it.
start-sign-in-locked = The window is locked. Whoever was signed in goes on where they were; everything typed is kept.
start-sign-in-person-label = Person
start-sign-in-passphrase-label = Passphrase
start-sign-in-choose-label = Choose your passphrase
start-sign-in-button = Sign in
start-sign-in-asking-button = Checking …
start-own-title = Choose a passphrase of your own
start-own-explained = The one you used was set by whoever added you. Every record will carry your name, so nobody else may know your passphrase.
start-own-before-label = The passphrase that was set for you
start-own-label = Your own passphrase
start-own-hint = At least { $count } characters
start-own-button = Set and go on

start-news-title = Who may work here has changed
start-news-explained = Every supervisor is told of it. One person has one account: whoever examines, verifies and reviews must be different people. If you do not know of a change, ask who made it before you review a note.
start-news-unnamed = A person
start-news-by = { $at }, by { $name }
start-news-button = I have read this
