### Seen on the step Examine and in a second examination: the probe alone, the list, the comparison, what was unveiled.

examine-label = Examination
examine-lead-title = Lead: subject { $subject }
examine-lead-about = taken { $taken }, agency { $agency }; your conclusion { $conclusion }
examine-not-known = not known
examine-no-conclusion = none
examine-blind-title = Candidates
examine-blind-title-verifying = Compare blind
examine-blind-count = { $looked } of { $all } opened, { $concluded } concluded; at least { $wanted } to be opened. Most lists do not hold the person who is looked for.
examine-blind-count-verifying = { $looked } of { $all } opened, { $concluded } concluded; a conclusion on each is asked
examine-concluded-title = Your conclusions are final
examine-concluded-explained = Scores and records were not shown yet.
examine-unveiled-title = Unveiled
examine-unveiled-explained = In the gallery's order. A score orders a list; it decides nothing.
examine-probe-alt = The probe
examine-probe-tag = Probe

examine-record-button = Record the analysis
examine-exclude-button = Exclude
examine-keep-button = Keep as lead
examine-kept-button = Kept as lead
examine-none-button = None of these
examine-conclude-button = Conclude
examine-hand-in-button = Hand in
examine-unveil-button = Unveil scores and records
examine-go-on-verify-button = Go on to the verification
examine-go-on-note-button = Go on to the note

examine-components-label = Components
examine-beside-label = Beside the candidates
examine-probe-alone-title = The probe alone
examine-probe-alone-count = { $count } candidates came back and wait.
examine-probe-alone-explained = Write down what it shows before a candidate can suggest what to see.
examine-to-list-button = ← List
examine-to-list-title = Escape
examine-position = Candidate { $number } of { $count }
examine-before-label = Candidate before
examine-next-label = Next candidate

examine-components-done = { $done } of { $all } answered · keys ↑ ↓ 1–{ $answers } E
examine-component-note-label = Note on { $component }
examine-component-note-placeholder = What you see (E)
examine-component-not-visible = not visible
examine-component-not-in-probe = not visible in the probe
examine-suitability-label = What the probe allows as a whole (7, 8, 9)
examine-limits-label = What limits it
examine-conclusion-label = Your conclusion (S, M, I, X)
examine-conclusion = Your conclusion: { $conclusion }
examine-contradiction = { $contradiction } Explain it below.
examine-reason-label = In your own words (optional)
examine-explanation-label = Explanation

examine-list-label = Candidates
examine-list-candidate-label = Candidate { $number }
examine-list-lead-label = kept as lead
examine-list-withdrawn-label = withdrawn by the gallery
examine-list-lead = lead, { $conclusion }
examine-list-unopened = excluded unopened
examine-list-opened = opened
examine-list-withdrawn = withdrawn
# The keys of the list: each text follows the key that it speaks of, the first is about the arrows.
examine-list-keys-move = Arrows move ·
examine-list-keys-compare = compares ·
examine-list-keys-exclude = excludes at the thumbnail, which does not count as opened
examine-list-keys-none = none of these

examine-table-rank = Rank
examine-table-photograph = Photograph
examine-table-subject = Subject
examine-table-score = Score
examine-table-worth = A score like this
examine-table-taken = Taken
examine-table-agency = Agency
examine-table-conclusion = Your conclusion
examine-table-open-label = Look at it again
examine-table-lead = Lead.
examine-table-changed = Changed after unveiling: { $reason }
examine-table-changed-blind = Changed after unveiling, blind: { $conclusion }: { $reason }
examine-change-button = Change
examine-change-explained = Your blind conclusion stays on the record beside this one. Nobody becomes a lead by a change after unveiling; a lead without support is given up.
examine-change-label = Conclusion since
examine-change-reason-label = Why you change it after you have seen scores and records
examine-change-save-button = Record the change
examine-change-cancel-button = Cancel
