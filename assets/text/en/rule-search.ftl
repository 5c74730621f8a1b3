### Said before a search.

rule-search-complete-purpose-probe-first = Complete purpose and probe first.
rule-search-no-without-case-probe = No search without a case and a probe.
rule-search-needs-nobody-confirmation = This search needs nobody's confirmation.
rule-search-probe-searched-times-already-supervisor = This probe was searched { $made } times already. A supervisor confirms another search here with their own passphrase, and the auditor is told.
rule-search-repeated-until-somebody-comes-up = A search that is repeated until somebody comes up finds somebody.
rule-search-list-does-not-answer-sent = This list does not answer a search that was sent for this case, purpose and probe. It was not taken in; search again.
rule-search-agency-named-ori-nine-capital = An agency is named by its ORI: nine capital letters and digits.
rule-search-last-year-lies-before-first = The last year lies before the first. Correct whichever is wrong.
rule-search-capture-years = capture years
rule-search-department-does-not-allow-filter = Your department does not allow a filter by { $name }. Remove it.
rule-search-department-no-longer-allows-purpose = Your department no longer allows this purpose ({ $law }).
rule-search-workstation-clock-stands-before-probe = The workstation's clock stands before the probe's import. Correct the clock.
rule-search-not-searched-cannot-found = What is not searched cannot be found: filters are for what is known, never for what is guessed.
rule-search-encoding-impossible = The search says that its template was made of no photograph, or of a face of impossible quality.
