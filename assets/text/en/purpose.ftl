### Seen on the step Purpose.

purpose-title = Case and purpose
purpose-locked = Locked. A search was made with these answers; they stay as they are.
purpose-number-label = Case number
purpose-number-hint = Form { $format }, # is a digit
purpose-code-label = Crime code
purpose-code-hint = For instance 211 PC
purpose-offence-label = Offence or event
purpose-event-label = When it happened (local time)
purpose-purpose-label = Purpose of the search
purpose-basis-title = Basis
purpose-requested-by-label = Asked for by
purpose-statement-label = Reasonable suspicion, in your words
purpose-statement-hint = What the person in the image is seen or known to have done. An auditor reads this.
purpose-sensitive-confirm = { $flags }. A supervisor confirms this here before a search runs, and the auditor is told.
purpose-sensitive-confirmed = { $flags }. { $name } confirmed this as supervisor; the auditor is told.
purpose-further-case = This is a further case with the same number
purpose-confirm-button = Confirm and go on to the probe
