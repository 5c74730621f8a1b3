### Said about verifications.

rule-verification-no-unveiled-lead-waits = There is no unveiled lead that waits for a verification.
rule-verification-list-other-candidates-verifier-must = The list has { $among } other candidates; a verifier must get at least { $fillers } beside the lead. Search a larger gallery.
rule-verification-no-asked-here-any-more = No verification is asked for here any more.
rule-verification-seen-case-before-cannot-verify = You have seen of this case before: you cannot verify it. Another trained examiner must.
rule-verification-own-case-cannot-verify-another = This is your own case: you cannot verify it. Another trained examiner must.
rule-verification-another-examiner-taken-comparison-up = Another examiner has taken this comparison up already.
rule-verification-seen-case-since-began-compared = You have seen of this case since you began: what you compared can no longer verify it.
rule-verification-no-hand = There is no verification of yours to hand in.
rule-verification-no-confer-about = There is no verification to confer about.
rule-verification-agrees = agrees
rule-verification-disagrees-lead = disagrees on the lead
rule-verification-supports-another-candidate-too = supports another candidate too
rule-verification-disagreement-counts-inconclusive-until-both = A disagreement counts as inconclusive until both have looked again together and said why.
rule-verification-no-open-disagreement-resolve = There is no open disagreement to resolve.
rule-verification-conference-held-confirmed-examiner-verifier = A conference is held and confirmed by examiner and verifier.
rule-verification-write-looked-again-together-why = Write what you looked at again together, and why one of you changed the conclusion.
