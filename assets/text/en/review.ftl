### Seen beside a sealed note: its review, addenda and files.

review-title = Review
review-from = From { $workstation }. A decision goes back there by itself.
review-judged-yes = Yes.
review-judged-no = No.
review-remark-on = { $field }:
# Follows what else was decided.
review-further = as well by { $name }, { $at }, on another workstation. The first review counts; a different one keeps the note from leaving as a lead.
review-judged-remark-label = What is wrong
review-remark-place-label = Remark on
review-remark-text-label = What is to be mended
review-remark-remove-button = Take away
review-remark-add-button = Remark on a field
review-decision-label = Decision
review-refer-reason-label = Why
review-sign-button = Sign the review
review-waits = Waits for a supervisor who took no part in the case.
review-addendum-label = Addendum
review-addendum-hint = The note stays as it was sealed; an addendum is signed too.
review-addendum-button = Sign the addendum
review-report-button = Lead report (PDF)
review-report-draft-button = Draft of the report (PDF)
review-report-wrong-button = Report, marked as found wrong (PDF)
review-note-found-wrong = The lead was found wrong: its note leaves as a file no more
review-note-button = Signed note
review-note-refused = Only an approved note leaves as a file
review-disclosure-print-button = Disclosure (PDF)
review-disclosure-export-button = Disclosure (JSON)
review-kit-button = Defence kit (ZIP)
review-kit-hint = The disclosure as JSON and PDF, the probe, and a page that checks every signature and rule without any connection.
review-package-button = Case package for { $workstation } as a file
review-written = Written: { $file }
review-case-button = CASE (JSON-LD)
