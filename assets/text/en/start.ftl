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
start-sign-in-button = Sign in
start-sign-in-asking-button = Checking …
start-own-title = Choose a passphrase of your own
start-own-explained = The code that you came in with works once. Every record will carry your name, so nobody else may know your passphrase.
start-own-before-label = The code or passphrase that was given to you
start-own-label = Your own passphrase
start-own-hint = At least { $count } characters
start-own-button = Set and go on

start-news-title = Who may work here has changed
start-news-explained = Every supervisor is told of it. One person has one account: whoever examines, verifies and reviews must be different people. If you do not know of a change, ask who made it before you review a note.
start-news-unnamed = A person
start-news-by = { $at }, by { $name }
start-news-button = I have read this

start-enrolment-label = Your enrolment code
start-enrolment-hint = 16 letters and digits from the administrator who added you. It works once; you choose a passphrase next.
start-code-label = Code of your second factor
start-code-hint = Six digits from your authenticator app, or one of your recovery codes
start-second-title = Set up a second factor
start-second-explained = A passphrase can be watched or guessed. From now on you sign in with it and with a code from an authenticator app on your telephone: any app that does time-based codes, no network needed.
start-second-picture = QR code for an authenticator app
start-second-scan = Scan this with the app.
start-second-type = No camera? Add an account by key and type:
start-second-code-label = The six digits that the app shows now
start-second-code-hint = They change every 30 seconds
start-second-button = Set and go on
start-recovery-title = Keep these recovery codes
start-recovery-explained = Each lets you in once, in place of the app’s code, when the telephone is lost. They are shown this one time. Write them down and keep them away from this workstation.
start-recovery-button = I have kept them
start-kit-title = The department’s recovery kit
start-kit-explained = You have founded a department. This page is the only copy of its root key: print it twice, or copy it by hand, and lock both copies away. It is shown until you have done so.
start-kit-print-button = Print
start-kit-put-button = I have it on paper
start-kit-typed-label = Its last three groups
start-kit-typed-hint = The last ten letters of the key, from the paper
start-kit-kept-button = Go on
start-kit-again-button = Show it again

start-browser-explained = Your second factor is asked for at { $host }, in the browser.
start-browser-button = Continue in the browser
start-browser-waiting = Sign in at { $host } in the browser that has opened, then come back here. What you typed here is kept.
start-browser-waiting-button = Waiting for the browser …
start-browser-cancel-button = Do not wait
start-browser-away = { $host } cannot be reached. Within { $hours } hours of your last sign-in with it, a code of your authenticator app does; it is on record. Without a code the browser is tried again.
