### Said about how long cases are kept.

rule-retention-supervisor-alone = Only a supervisor decides how long a case is kept.
rule-retention-somebody-answers = What goes cannot come back, so somebody answers for it with their name.
rule-retention-say-why = Say why, in a sentence.
rule-retention-read-later = Whoever asks later why the case is still there, or is gone, reads it.
rule-retention-stands-already = That stands already, or there is nothing to end: look at the case again.
rule-retention-took-part = You worked on this case or decided on it. Another supervisor lets it go.
rule-retention-lifted-it = You lifted the hold on this case. Another supervisor lets it go.
rule-retention-nobody-lets-own-work-go = Nobody removes what may speak against them.
rule-retention-clock-before = The clock stands before what was last said of this case.
rule-retention-what-is-due = Only what is due goes, and nothing of what is held.
rule-retention-held = A legal hold stands. It goes no sooner than it is lifted.
rule-retention-duty = It is kept for those who are accused until the proceedings have ended.
rule-retention-not-yet = Its days are not over.
rule-retention-open = It has not ended: something about it is open, here or at another workstation.
rule-retention-notice = Supervisors must have been told { $days } days before that it is due.
rule-retention-look-again = Look at what goes again: it is not what was looked at.
rule-retention-what-was-looked-at = What goes is exactly what somebody looked at.
rule-retention-certificate-days = The certificate names days that no policy allows.
rule-retention-certificate-order = What the certificate tells did not happen in the order, or with the notice, that the rule asks for.
rule-retention-certificate-gone = The certificate does not list what went by its hashes, in order.
rule-retention-supervisors-and-auditors = Supervisors and auditors see how long cases are kept.
