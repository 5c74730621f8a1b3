### Seen on the step Search.

search-title = Search
search-image-alt = The probe
search-leaves-title = What leaves this workstation
search-leaves-template = { $faces ->
    [1] the encoded template of the picked face: numbers, no image
   *[other] one encoded template of the { $faces } picked faces: numbers, no image
}
search-leaves-prepared = a second template of the prepared version, in a search of its own
search-leaves-purpose = purpose: { $purpose }
search-leaves-case = case number { $number }, crime code and basis
search-leaves-examiner = your identity as examiner
search-returns-title = What comes back
search-returns-explained = At least 20 candidates, shown in shuffled order, without scores and names until you have recorded your own conclusions. A candidate is an investigative lead at most.
search-quality-warning = { $warning } This warning stays on the record.
search-done = Searched { $at }: { $count } candidates of { $scanned } templates compared, exact. Model { $model }.
search-done-filtered = Searched { $at }: { $count } candidates of { $scanned } templates compared, exact; { $left } left out by filters. Model { $model }.
search-thorough-label = Encode thoroughly.
search-thorough-explained = The mirrored face is encoded too and both are summed: a few milliseconds more, and fewer missed persons on labelled photographs.
search-filters-title = Limit which records are searched
search-filters-explained = For what is known, never for what is guessed: there is no filter by sex, race or age. A record whose value is not known is always searched. What you set is recorded with the search.
search-agencies-label = Agencies (ORI, several with commas)
search-agencies-placeholder = all
search-from-label = Taken from year
search-until-label = to year
search-year-placeholder = any
search-supervisor-confirm = This probe was searched before. A supervisor confirms another search here, and the auditor is told.
search-button = Search the gallery
search-again-button = Search again
search-again-explained = A new search begins a new examination; this one stays on the record.
