### Said in reports that laws ask for.

rule-report-counts-searches = Searches that the gallery answered, by the day on which they were made, but those for training.
rule-report-counts-gave-nothing = Searches of whose list the examiner kept nobody, or that was never examined.
rule-report-counts-cases = Cases with at least one search in these days.
rule-report-counts-notes = Sealed notes by the day of sealing; a note that was returned and sealed again counts once.
rule-report-counts-corroborated = Notes of a corroborated lead, by the day of sealing, that a supervisor approved and none spoke against.
rule-report-counts-not-corroborated = Notes of a lead that found no sufficient independent support, by the day of sealing.
rule-report-counts-returned = Reviews that returned a note or referred it to audit, by the day on which the note was sealed.
rule-report-counts-results = Results of every kind, by the day on which they happened; one that was corrected counts as corrected.
rule-report-counts-result = Results of this kind, by the day on which they happened: { $kind }. One that was corrected counts as corrected.
rule-report-counts-violations = Arrests, charges and warrants that were recorded in these days as resting on the lead alone, corrected later or not.
rule-report-counts-events = Events of the audit: { $actions }.
rule-report-by-purpose = Purpose
rule-report-by-offence = Offence
rule-report-by-operation = Operation
rule-report-by-source = Kind of image
rule-report-by-disposition = Disposition
rule-report-by-result = Result
rule-report-by-month = Month
rule-report-by-race = Race
rule-report-by-gender = Gender
rule-report-by-age = Age
rule-report-not-recorded = Not recorded
rule-report-pack-unreadable = The pack cannot be read: { $what }
rule-report-pack-field = The field { $field } of the pack asks for what a report cannot tell. A field counts something, tells facts or says why it is not recorded; race, gender and age stand alone, and beside results.
rule-report-pack-not-in-force = { $pack } was not in force in these days.
rule-report-days = The last day lies before the first.
