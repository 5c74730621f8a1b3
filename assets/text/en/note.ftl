### Seen on the step Note and on the sealed note.

note-form-title = Case note
note-returned = Returned by { $name }, { $at }
note-answers-title = Your answer to each remark
note-disposition-label = Disposition
note-reason-label = What excludes
note-outline-button = Begin with an outline
note-outline-none-button = Begin with: none is the person of the probe
note-outline-none = None of the candidates that I opened is the person of the probe.
note-outline-done = What was done
note-outline-result = What it came to
note-outline-unknown = What is not known
note-outline-next = What comes next
note-narrative-label = Account: what was done and what it came to
note-narrative-hint = Begin a line with # for a heading, with - for a list. The facts below are added by themselves.
note-account-confirm = The account: { $flags }. A supervisor confirms this here before the note is saved, and the auditor is told.
note-facts-title = What the record shows
note-read-button = Read the sealed note
note-missing-button = Not yet: show what is missing
note-save-button = Save and seal the note
note-save-explained = Sealing signs the whole record; nothing in it changes afterwards, addenda can be added.

note-title = Case note { $number }
note-sealed = Sealed { $at }
note-sealed-decided = { $decision } · Sealed { $at }
note-author = by { $name }, badge { $badge }, { $ori }

note-amended-title = Returned before: what was asked, answered and changed
note-amended-asked = Asked
note-amended-answer = Answer
note-changes-field = Field
note-changes-before = Before
note-changes-now = Now
note-account-title = Account
note-excludes = What excludes:

note-case-title = Case and purpose
note-case-offence = Offence
note-case-purpose = Purpose
note-case-basis = Basis
note-case-requested-by = Asked for by
note-probe-title = Probe
note-probe-alt = The probe
note-probe-kind = Kind
note-probe-taken = { $source }, taken { $at }
note-probe-obtained = Obtained
note-probe-quality-label = Quality
note-probe-quality = { $quality } of 100
note-probe-quality-warning = { $quality } of 100. { $warning }
note-probe-hash = SHA-256
note-probe-further = Photograph { $number }

note-examination-title = Searches and examination
# The last three stand empty where nothing was prepared or limited.
note-search = { $at }: { $count } candidates of { $scanned } templates compared exactly, model { $model }, by { $name }{ $prepared }{ $agencies }{ $taken }. The use of face recognition must be disclosed.
note-search-prepared = , with a prepared copy of the probe: { $steps }
note-search-agencies = , only agencies { $agencies }
note-search-taken = , only photographs taken { $from } to { $until }
note-search-taken-since = , only photographs taken on { $from } or later
note-search-taken-until = , only photographs taken on { $until } or earlier
note-lead-alt = The lead
# Before and between the subject and the conclusion, which stand out.
note-lead-subject = Kept as investigative lead: subject
note-lead-conclusion = , conclusion
note-lead-examined = { $count } candidates examined blind.
note-lead-verified = Second examination by { $name }: { $conclusion }. { $agreement }
note-lead-not-verified = Not verified by a second examiner.
note-not-known = not known
note-no-lead = None of these: the examination kept no candidate.
note-changed = Changed after unveiling { $at }: from { $from } to { $to }. { $reason }
note-no-conclusion = no conclusion

note-corroboration-title = Corroboration
note-entries-category = Category
note-entries-finding = Finding
note-entries-what = What
note-entries-standing = Standing
note-panel-title = What could speak against it
note-panel-line = { $item }: { $answer }
note-panel-line-rests-on = { $item }: { $answer } ({ $ground })
note-panel-not-answered = not answered
note-panel-for = What speaks for the person:
note-addenda-title = Addenda
note-addendum = { $number }. { $name }, badge { $badge }
note-amends = Amends { $count ->
    [one] a note that was
   *[other] { $count } notes that were
} returned:
note-signature = Note { $id } · SHA-256 { $sha256 } · signed with the key { $key }
