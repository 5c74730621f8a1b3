### Seen on the step Verify.

verify-title = Verification
verify-open = A second trained examiner compares blind: the probe, your lead and { $fillers } others with similar scores, shuffled anew, without your marks and conclusions. Two people who do not know each other's answer err less than one.
verify-ask-button = Ask for a verification
verify-asked = Asked for { $at }. It waits for a colleague: lock the window, and whoever signs in finds it under Cases.
verify-begun = Asked for { $at }. A colleague compares; the answer appears here when it is handed in.
verify-go-on-meanwhile-button = Go on to the corroboration meanwhile
verify-withdraw-button = Withdraw the question
verify-by-label = Verified by
verify-conclusion-label = Conclusion on the lead
verify-agreement-label = Agreement
verify-standing-label = What stands
verify-conference-title = Conference
verify-conference-held = Held and confirmed by { $names }, { $at }.
verify-conference-names-join = {" and "}
verify-conference-explained = A disagreement counts as inconclusive. Both examiners may look again together; what they agree on is recorded with both names, and the verifier confirms it here with their own passphrase.
verify-conference-account-label = What you looked at again, and why one of you changed
verify-conference-agreed-label = What both conclude
verify-conference-passphrase-label = { $name }'s passphrase
verify-conference-button = Record the conference
verify-go-on-button = Go on to the corroboration
verify-no-lead = There is no lead, so there is nothing to verify.
verify-not-yet = Unveil the examination first.
