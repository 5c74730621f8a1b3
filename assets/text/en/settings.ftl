### Seen in the settings, with people, other workstations and the audit's export.

settings-title = Settings
settings-gallery-title = Regional gallery
settings-gallery-explained = Only the encoded template of a face goes there, with purpose, case number, basis and your identity. No image leaves this workstation.
settings-address-label = Address
settings-address-hint = https, except for a gallery on this machine
settings-address-placeholder = https://gallery.example.gov
settings-token-label = Token
settings-token-hint = The gallery's operator issues it. It rests in this user's secret store, never in a file.
settings-token-hint-set = A token rests in this user's secret store. Leave empty to keep it.
settings-appearance-title = Appearance
settings-theme-label = Theme
settings-theme-system = As the system
settings-theme-light = Light
settings-theme-dark = Dark
settings-letters-label = Keys of one letter do nothing.
# Before and after the keys that stay.
settings-letters-explained = For speech input, or a hand that brushes keys: X, K, N, 1–4 and the keys of the view are off; arrows, Enter and
settings-letters-explained-stay = stay.
settings-connected = Connected: { $people } people, { $templates } templates, model { $models }.
settings-model-differs = This workstation encodes with another model; no search is possible until one of them changes.
settings-save-button = Save and test
settings-save-asking-button = Asking …
settings-people-button = People and training

settings-audit-title = Audit
# Before and after the command.
settings-audit-explained = Everything that was done at this workstation, closed by its signature. Check the file anywhere with
settings-audit-explained-key = ; it prints the key that signed.
settings-audit-button = Export the audit …
settings-audit-written = Written to { $file }

settings-exchange-title = Other workstations
settings-exchange-explained = Notes go to a supervisor's workstation and reviews come back as signed packages, encrypted to the recipient: through the department's relay, once an administrator of the department has put this workstation's card into its roster, or as files.
settings-exchange-name-label = Name of this workstation
settings-exchange-name-placeholder = Robbery desk 2
settings-exchange-review-label = Notes are reviewed
settings-exchange-review-here = on this workstation
settings-exchange-review-at = at { $workstation }
settings-exchange-relay-label = Department's relay
settings-exchange-relay-hint = Leave it empty where packages travel as files.
settings-exchange-relay-placeholder = https://relay.example.gov
settings-exchange-save-button = Save
settings-exchange-saved = Saved.
settings-exchange-state = { $waiting } waiting to be sent, { $sent } sent
settings-exchange-state-trouble = { $waiting } waiting to be sent, { $sent } sent. { $trouble }
settings-exchange-card-label = This workstation's card
settings-exchange-card-hint = Copy it whole to the other workstation. Fingerprint to read out: { $fingerprint }
settings-exchange-unnamed = Name this workstation first; then its card stands here, to be added on the others.
settings-exchange-fingerprint = , fingerprint { $fingerprint }
settings-exchange-add-label = Add another workstation: paste its card
settings-exchange-add-hint = Compare the fingerprint by voice before you rely on it.
settings-exchange-add-button = Add it
settings-exchange-added = Added.

settings-people-title = People of this workstation
settings-people-add-button = Add a person
settings-person-roles-title = What this person may do
settings-person-passphrase-label = Temporary passphrase
settings-person-passphrase-hint = Tell it to the person alone; they replace it when they sign in first.
settings-second-title = Confirmed by a second administrator
settings-second-explained = Who may work here is decided by two. Every supervisor is told of it.
settings-second-label = Administrator
settings-second-passphrase-label = Their own passphrase
settings-person-add-button = Add
settings-person-save-button = Save
settings-person-cancel-button = Cancel
settings-people-person = Person
settings-people-badge = Badge
settings-people-roles = Roles
settings-people-training = Training
settings-people-trained = { $course }, { $day }, { $proficiency } of 100
settings-people-untrained = none
