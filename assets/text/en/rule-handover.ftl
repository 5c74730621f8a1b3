### Said where a case is handed over to a colleague.

rule-handover-who-answers = Whoever has a case answers for it; what each did stays with their name.
rule-handover-say-why = Say why the case is handed over: the next one, the reviewer and an auditor read it.
rule-handover-to-another = Choose a colleague who does not have the case.
rule-handover-not-yours = Only whoever has the case hands it over, or a supervisor while they are away.
rule-handover-verification-first = A second examiner is asked. Wait for the answer, or take the question back, and then hand over.
rule-handover-to-somebody-apart = They confirmed, reviewed or verified something of this case, and must stay apart from it. Choose somebody else.
rule-handover-do-not-follow = The handings over of the case do not follow one another.
rule-handover-author-has-case = Only whoever has the case writes its note.
rule-handover-stays-here = This case was searched, so it stays at this workstation. Hand it over to somebody who works here.
rule-handover-list-is-here = The gallery shows the photographs of a list only to the workstation that searched.
