### Seen in parts that many steps share: fields, notices, the list of what is missing, a supervisor's confirmation.

parts-yes = Yes
parts-no = No
parts-choose = Choose …

parts-confirm-supervisor-label = Supervisor
parts-confirm-passphrase-label = Their own passphrase
parts-confirm-code-label = Code of their second factor
parts-confirm-button = Confirm as supervisor
parts-confirm-nobody = No supervisor is named at this workstation. An administrator adds one in People.

parts-day-open-label = Choose the day: { $label }
parts-day-month-before = Month before
parts-day-month-after = Month after

parts-gaps-label = Missing before the note can be saved
parts-gaps-label-verifying = Missing before this can be handed in
parts-gaps-blank = A case is created with its first answer.
parts-gaps-none = Nothing is missing: the case note can be saved.
parts-gaps-none-verifying = Nothing is missing: it can be handed in.
parts-gaps-none-sealed = The case note is sealed.
parts-gaps-step = { $step }: { $count } missing
parts-gaps-why = Why: { $why }
parts-gaps-next = Next:
parts-gaps-by-step = Missing by step:
parts-gaps-open-button = Show all and why
parts-gaps-close-button = Close

parts-moment-hint = Write it like 2026-03-01 21:40, 3/1 21:40
parts-moment-hint-day = Write it like 2026-03-01 21:40, 3/1 21:40 or 21:40
parts-moment-placeholder = YYYY-MM-DD HH:MM

parts-notice-progress = { $doing } …
parts-notice-working = Working
parts-notice-cancel-button = Cancel
parts-notice-several = All of them stand in the list of what is missing; each one leads to its place.
parts-notice-close-button = Close

parts-picture-failed = This photograph cannot be shown.
parts-picture-failed-why = The gallery may be out of reach, or the record was expunged since. Nothing of your work is lost; try again, or search again.

parts-suggest-offers-label = { $label }: answered before
