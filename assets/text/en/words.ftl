### Words for codes of records, seen on many steps and in lists: purposes, decisions, findings and their like.

purpose-felony = Felony
purpose-misdemeanor-with-injury = Misdemeanor with injury
purpose-missing-person = Missing person
purpose-deceased-identification = Naming a deceased person
purpose-unable-to-identify-self = Person unable to say who they are
purpose-imminent-threat = Imminent threat to life
purpose-training = Training

source-fixed-camera-still = Still from a fixed camera
source-witness-photo = Photograph by a witness
source-social-media-post = Social-media post
source-id-document = Identity document
source-deceased = Deceased person
source-other-still = Other still photograph
source-live-video = Live video
source-body-worn-video = Body-worn camera
source-sketch = Sketch
source-composite = Composite
source-look-alike = Look-alike
source-generated-or-edited = Generated or face-edited

verdict-good = good
verdict-fair = fair
verdict-poor = poor

step-purpose = Purpose
step-probe = Probe
step-search = Search
step-examine = Examine
step-verify = Verify
step-corroborate = Corroborate
step-note = Note

conclusion-support = Support
conclusion-limited-support = Limited support
conclusion-inconclusive = Inconclusive
conclusion-exclusion = Exclusion

visibility-clear = clear
visibility-partly = partly
visibility-not-visible = not visible

suitability-suitable = suitable
suitability-limited = limited
suitability-unsuitable = unsuitable

similarity-similar = similar
similarity-different = different
similarity-cannot-tell = can't tell

decision-approve-name = Approve
decision-approve-done = Approved
decision-approve-means = The note stands. A lead may be handed on, as a lead.
decision-return-name = Return
decision-return-done = Returned
decision-return-means = Back to the author as a draft, with what is wrong.
decision-refer-name = Refer to audit
decision-refer-done = Referred to audit
decision-refer-means = An auditor looks at it first.

agreement-agrees = Both examinations support the lead.
agreement-disagrees-on-lead = The second examination does not support the lead.
agreement-supports-another = The second examination supports another candidate too.

role-examiner-name = Examiner
role-examiner-means = Opens cases, searches, compares, verifies others' leads, writes notes.
role-supervisor-name = Supervisor
role-supervisor-means = Reads and reviews sealed notes.
role-auditor-name = Auditor
role-auditor-means = Reads the audit log.
role-administrator-name = Administrator
role-administrator-means = Keeps people and the gallery's address. Sees no case.

category-vehicle = Vehicle information
category-witness = Witness statements
category-open-source-media = Open-source media
category-phone = Phone records
category-location = Location records
category-physical-evidence = Physical evidence
category-alibi = Alibi

finding-supports = Supports
finding-contradicts = Contradicts
finding-inconclusive = Inconclusive
finding-sought-not-found = Sought, not found

item-height = Height
item-weight = Weight
item-age = Age
item-marks = Scars, marks, tattoos
item-physical-condition = Physical condition
item-custody = Custody at the time
item-known-location = Known location at the time

answer-consistent = Consistent
answer-contradicts = Contradicts
answer-not-known = Not known

disposition-no-candidate-name = No candidate
disposition-no-candidate-means = None of these. The search gave nothing, and the note says so: it must be disclosed.
disposition-excluded-name = Excluded
disposition-excluded-means = Examination or evidence excludes the candidate. Say what excludes.
disposition-lead-not-corroborated-name = Lead, not corroborated
disposition-lead-not-corroborated-means = All three categories answered, without sufficient independent support.
disposition-lead-corroborated-name = Lead, corroborated
disposition-lead-corroborated-means = Two independent supports from two categories, nothing unresolved, verified by a second examiner.

standing-independent = Counts as independent support
standing-open = Nothing is said of it before its last question is answered
standing-not-counted = Supports, but does not count
standing-contaminated = Contaminated: never counts as support
standing-against = Speaks against the lead
standing-neutral = Answers the category, supports nothing

preparation-rotate = Turned { $degrees }° clockwise
preparation-crop = Cropped to { $width } × { $height } pixels
preparation-tone = Brightness { $brightness }, contrast { $contrast }, gamma { $gamma }

# A person, as named wherever one is chosen or has signed.
person-badge = { $name }, badge { $badge }
person-badge-at = { $name }, badge { $badge }, { $at }

# The size of a file.
size-bytes = { $count } bytes
size-kilobytes = { $count } kB
size-megabytes = { $count } MB
