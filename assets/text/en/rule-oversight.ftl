### Said to an auditor: topics for training, searches that stand alone, what may be opened and closed.

rule-oversight-unfinished = Searches without a note
rule-oversight-unfinished-why = { $name }: { $cases } of { $of } searched cases have no note { $days } days after the search.
rule-oversight-many-searches = Many searches of a case
rule-oversight-many-searches-why = { $name }: { $cases ->
    [one] one case was
    *[other] { $cases } cases were
  } searched more than { $most } times, the most { $highest } times.
rule-oversight-many-searches-usual = A case is usually searched { $usual ->
    [one] once
    *[other] { $usual } times
  }.
rule-oversight-same-basis = The same basis again and again
rule-oversight-same-basis-why = { $name }: { $cases } of { $of } cases were searched with nearly the same statement.
rule-oversight-same-basis-usual = Up to { $most } cases with one statement are no topic: events have several cases.
rule-oversight-weak-basis = Bases that say little or are flagged
rule-oversight-weak-basis-why = { $name }: the basis of { $cases } of { $of } searched cases says little or was flagged.
rule-oversight-near-floor = Probes near the quality floor
rule-oversight-near-floor-why = { $name }: the probe of { $cases } of { $of } searched cases was within { $points } points of the quality floor.
rule-oversight-in-seconds = Lists examined in seconds
rule-oversight-in-seconds-why = { $name }: in { $cases } of { $of } examinations each conclusion took less than { $seconds } seconds.
rule-oversight-top-score = The lead always has the highest score
rule-oversight-top-score-why = { $name }: each of { $leads } leads was the candidate with the highest score.
rule-oversight-changed = Conclusions changed after unveiling
rule-oversight-changed-why = { $name }: conclusions were changed after scores were shown in { $cases } of { $of } examinations.
rule-oversight-same-pair = Always the same examiner and verifier
rule-oversight-same-pair-why = { $name }: { $other } verified each of { $cases } examinations.
rule-oversight-same-pair-usual = { $topic } That is how much of a colleague’s work the same person verifies.
rule-oversight-never-returns = Nothing is ever returned
rule-oversight-never-returns-why = { $name } approved each of { $notes } notes and returned none.
rule-oversight-never-returns-usual = Colleagues approve { $share } of 100 notes.
rule-oversight-copied = Entries copied between cases
rule-oversight-copied-why = { $name }: entries of the corroboration are nearly the same in { $cases } cases.
rule-oversight-copied-usual = Each case has evidence of its own; entries of different cases are rarely alike.
rule-oversight-hours = Searches at unusual hours
rule-oversight-hours-why = { $name }: { $searches } of { $of } searches were made before { $from }:00 or after { $until }:00.
rule-oversight-exports = Many exports
rule-oversight-exports-why = { $name } exported { $exports } files within 30 days.
rule-oversight-exports-usual = Colleagues export up to { $usual } in so many days; more than { $most } is a topic.
rule-oversight-failed-sign-ins = Many failed sign-ins
rule-oversight-failed-why = Somebody failed { $times } times within a day to sign in as { $name }.
rule-oversight-failed-usual = It usually happens up to { $usual } times; more than { $most } is a topic.
rule-oversight-policy = The policy was loosened
rule-oversight-policy-why = A version of the policy allows more than the one before. { $workstations ->
    [one] One workstation has
    *[other] { $workstations } workstations have
  } taken it up.
rule-oversight-usual-share = Among colleagues it is { $share } of 100 cases.
rule-oversight-usual-searches = Among colleagues it is { $share } of 100 searches.

rule-oversight-alone-unsigned = The gallery was asked for a search that no workstation signed: whoever asked had the token, and no case has it.
rule-oversight-alone-unknown-key = The gallery was asked for a search signed by a key that is no workstation’s of this department.
rule-oversight-alone-no-event = The workstation that signed this search has no event of it, though its events go on after that time.
rule-oversight-alone-not-heard-of = The workstation that signed this search has not sent its events since. They may still come.
rule-oversight-alone-other-time = A case names this search, but at another time than the gallery.
rule-oversight-alone-other-number = A case names this search, but the gallery was given another case number.
rule-oversight-alone-other-workstation = A case names this search, but another workstation signed it.
rule-oversight-alone-twice = Two events name this one search.
rule-oversight-alone-not-at-gallery = A case has a search that the gallery did not audit.

rule-oversight-close-own = This is about you, or you had a hand in it. Another auditor closes it.
rule-oversight-close-own-why = Nobody audits their own work.
rule-oversight-close-reason = Say in at least three words why it is closed.
rule-oversight-close-reason-why = Whoever reads the audit later begins with your reason.
rule-oversight-open-own = You had a hand in this case. Another auditor opens it.
rule-oversight-open-verifier = A second examiner is asked for this case, and that could be you. Wait until the comparison is handed in.
rule-oversight-open-reason = Say in at least three words why the case is opened for audit.
rule-oversight-open-reason-why = Each opening is on record, and supervisors and the case show who read it and why.

rule-oversight-sample-seed = This is not the seed that was committed to.
rule-oversight-sample-nothing = No case was searched for the first time since the seed was committed. Draw later.
rule-oversight-sample-other = The cases are not those that the seed gives.

rule-oversight-referred-by = { $by } referred the note to audit.
