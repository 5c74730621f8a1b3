### Seen on the list of cases, and in the row of steps beside an open case.

cases-title = Cases
cases-new-button = New case
cases-handed-in = ✓ Handed in.
cases-handed-in-explained = The examiner of the case sees what you concluded; you need not do more.

cases-queue-title = Notes that wait for your review
cases-queue-case = Case
cases-queue-offence = Offence or event
cases-queue-purpose = Purpose
cases-queue-disposition = Says
cases-queue-author = By
cases-queue-waits = Waits
cases-queue-amended = { $offence } (amended)
cases-queue-urgent = { $purpose }: urgent
cases-queue-days = { $days ->
    [0] since today
    [one] { $days } day
   *[other] { $days } days
}

cases-waiting-title = Comparisons that wait for a second examiner
cases-waiting-explained = A colleague's lead, blind: you see the probe and several candidates, and nothing of the case or of what anybody concluded.
cases-waiting-begin-button = Compare
cases-waiting-go-on-button = Go on comparing
cases-waiting-line-from = { $count } candidates, asked for { $at } by { $from }
cases-waiting-decline-button = I cannot now
cases-waiting-decline-label = Why not
cases-waiting-decline-send-button = Tell who asked
cases-waiting-decline-back-button = Go back
cases-conferences-title = Conferences that wait for your signature
cases-conferences-explained = You compared blind and came to another conclusion than the examiner. Sign only what you talked about and agree to.
cases-conferences-line = { $name } at { $from } wrote on { $at }. What both conclude: { $conclusion }
cases-conferences-sign-button = I agree, and sign
cases-conferences-decline-button = I do not agree
cases-waiting-line = { $count } candidates, asked for { $at }

cases-handover-open-button = Hand over…
cases-handover-title = Hand over { $number }
cases-handover-explained = Your colleague goes on where you are and answers for the case. What you concluded stays with your name; a comparison that you have not concluded they begin afresh, blind. To another workstation it moves whole, with the photographs of its list, and nothing of it stays here.
cases-handover-to-label = To whom
cases-handover-myself = Nobody else: I go on elsewhere
cases-handover-place-label = Where
cases-handover-here = At this workstation
cases-handover-reason-label = Why
cases-handover-button = Hand over
cases-handover-back-button = Go back
cases-list-handed-over = from { $name }: { $reason }
cases-list-moved = Lives at { $place } now
cases-list-stranded = Was on its way to { $place }, which was taken out of the department, and is not known to have arrived. A supervisor gives it to a colleague of yours: “A colleague is away”
cases-away-button = A colleague is away…
cases-away-title = Hand over the cases of a colleague who is away
cases-away-explained = All their open cases at this workstation go to one colleague. You are shown nothing of them.
cases-away-from-label = Whose
cases-away-holder = { $name } ({ $count })
cases-away-holder-stranded = { $name } ({ $count }; of these on the way to a workstation that was taken out: { $stranded })
cases-away-give-button = Hand all over
cases-away-done = { $count ->
    [0] All were handed over.
    [one] The others were handed over. One stays, because:
   *[other] The others were handed over. { $count } stay, because:
}

cases-exchange-label = Exchange with other workstations
cases-exchange-waiting = { $count ->
    [0] Everything that was due has left for the other workstations.
    [one] { $count } package waits to be sent.
   *[other] { $count } packages wait to be sent.
}
cases-exchange-open-button = Open a case package …
cases-exchange-open-offered-button = Open { $file }
cases-exchange-write-button = Write them as files
cases-exchange-written = { $count } written as files.

cases-no-gallery = No gallery is set yet, so nothing can be searched.
cases-no-gallery-button = Enter its address and token in Settings.

cases-empty-title = No case yet
cases-empty-explained = A case takes a photograph of an unknown person to candidates, and candidates to a note that is corroborated, or says honestly that it is not.

cases-search-label = Search the list by number or offence
cases-search-placeholder = Number or offence
cases-filter-label = Who a case waits for
cases-filter-all = All { $count }
cases-filter-you = Waits for you
cases-filter-examiner = Waits for an examiner
cases-filter-supervisor = Waits for a supervisor
cases-filter-auditor = Waits for an auditor
cases-filter-nobody = Done
cases-filter-none = No case fits.
cases-filter-none-button = Show all

cases-list-case = Case
cases-list-offence = Offence or event
cases-list-stands = Stands at
cases-list-waits = Waits for
cases-list-changed = Last change
cases-list-unread = Cannot be read
cases-list-unread-why = It is kept as it is. Tell your administrator: case { $id }, { $code }
cases-list-without-number = without number
cases-list-waits-you = you
cases-list-waits-examiner = an examiner
cases-list-waits-supervisor = a supervisor
cases-list-waits-auditor = an auditor

cases-stands-returned = Returned
cases-stands-approved = Approved
cases-stands-referred = Referred to audit
cases-stands-sealed = Sealed, to be reviewed
cases-stands-asked = A second examiner is asked
cases-stands-begun = A second examiner compares

cases-rail-label = Steps
cases-rail-done = done
cases-rail-open = open
cases-rail-shut = not open yet
cases-rail-not-needed = not needed
cases-rail-asked = asked for
cases-rail-compared = is compared
cases-rail-missing = { $count } missing
cases-results-button = Results and reports
