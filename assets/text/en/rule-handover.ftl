### Said where a case is handed over to a colleague.

rule-handover-who-answers = Whoever has a case answers for it; what each did stays with their name.
rule-handover-say-why = Say why the case is handed over: the next one, the reviewer and an auditor read it.
rule-handover-to-another = Choose a colleague who does not have the case.
rule-handover-not-yours = Only whoever has the case hands it over, or a supervisor while they are away.
rule-handover-verification-first = A second examiner is asked. Wait for the answer, or take the question back, and then hand over.
rule-handover-to-somebody-apart = They confirmed, reviewed or verified something of this case, and must stay apart from it. Choose somebody else.
rule-handover-do-not-follow = The handings over of the case do not follow one another.
rule-handover-author-has-case = Only whoever has the case writes its note.
rule-handover-had-it-before = Whoever had the case when it was taken back may have seen what was done with it elsewhere: it is taken back by another supervisor, for somebody who never had it.
rule-handover-taken-back = Taken back on its way to a workstation that was taken out of the department; what was done there, if anything was, is not known here. { $reason }
rule-handover-stays-here = A note of this case was sealed here and came back, so the case stays at this workstation. Hand it over to somebody who works here.
rule-handover-notes-are-here = What was sealed and reviewed of a case is kept, counted and answered for where it was sealed.
rule-handover-answer-comes-here = What somebody was asked is answered to the workstation that asked.
rule-handover-conference-first = A second examiner at another workstation disagreed. Hold the conference first, or hand the case over to somebody who works here.
