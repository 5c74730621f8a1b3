// Generated from the Rust types by `make bindings`. Do not edit.

export type PersonId = string;
export type CaseId = string;
export type ProbeId = string;
export type SearchId = string;
export type CandidateId = string;
export type EntryId = string;
export type NoteId = string;
export type Role = "examiner" | "supervisor" | "auditor" | "administrator";
export type Training = { 
/**
 * Name of the course.
 */
course: string, 
/**
 * Day on which it was passed.
 */
completed_on: string, 
/**
 * Proficiency test result, 0 to 100.
 */
proficiency: number, };
export type Person = { 
/**
 * Identity; separation of duties compares this and the badge, never the name.
 */
id: PersonId, 
/**
 * Full name.
 */
name: string, 
/**
 * Badge or serial number within the agency.
 */
badge: string, 
/**
 * ORI: the agency's originating identifier.
 */
ori: string, 
/**
 * What the person may do.
 */
roles: Array<Role>, 
/**
 * The latest training record, if there is one.
 */
training: Training | null, 
/**
 * Who added this person to the workstation; absent for the first.
 */
added_by: PersonRef | null, };
export type PersonRef = { 
/**
 * Identity.
 */
id: PersonId, 
/**
 * Name at the time.
 */
name: string, 
/**
 * Badge at the time.
 */
badge: string, 
/**
 * Agency at the time.
 */
ori: string, };
export type Gap = { 
/**
 * Where the answer belongs: a dotted path such as `purpose.case_number` or
 * `vehicle.<entry id>.finding`. The screen uses it to lead to the field.
 */
place: string, 
/**
 * What is missing, as a sentence that tells what to do.
 */
missing: string, 
/**
 * Why the rule exists, in one sentence.
 */
why: string, };
export type OffenceClass = "felony" | "misdemeanor" | "either";
export type Offence = { 
/**
 * Its code: section and law, `211 PC`.
 */
code: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How it is charged.
 */
class: OffenceClass, 
/**
 * Whether the act itself injures a person, or may.
 */
injury: boolean, };
export type Confirmation = { 
/**
 * Who.
 */
by: PersonRef, 
/**
 * When.
 */
at: string, 
/**
 * What was confirmed, as far as a change of it matters: another text needs another confirmation.
 */
of: string, };
export type Answered = { 
/**
 * The note that was returned.
 */
review: NoteId, 
/**
 * What was asked.
 */
remark: Remark, 
/**
 * The answer.
 */
answer: string, };
export type Change = { 
/**
 * Its name for people.
 */
label: string, 
/**
 * As it was; empty where it is new.
 */
before: string, 
/**
 * As it is; empty where it is gone.
 */
after: string, };
export type SetAside = { 
/**
 * The examination.
 */
examination: ExaminationRecord, 
/**
 * When the further search was answered, or the case handed over.
 */
at: string, };
export type GivenUp = { 
/**
 * The second examiner's work as far as it went.
 */
work: Work, 
/**
 * Who took it back.
 */
by: PersonRef, 
/**
 * When.
 */
at: string, };
export type UnveiledElsewhere = { 
/**
 * The gallery's subject.
 */
subject_id: string, 
/**
 * Who saw it.
 */
to: PersonRef, 
/**
 * In which case.
 */
case: CaseId, 
/**
 * When it was unveiled there.
 */
at: string, 
/**
 * Whether it was a lead there that a second examiner did not support.
 */
disagreed: boolean, };
export type Handover = { 
/**
 * Who had it.
 */
from: PersonRef, 
/**
 * Who has it since.
 */
to: PersonRef, 
/**
 * Who handed it over: whoever had it, or a supervisor in their absence.
 */
by: PersonRef, 
/**
 * When.
 */
at: string, 
/**
 * Why.
 */
reason: string, };
export type History = { 
/**
 * Examinations of earlier searches, oldest first.
 */
set_aside: Array<SetAside>, 
/**
 * Verifications that were begun and not handed in.
 */
given_up: Array<GivenUp>, 
/**
 * What was unveiled in other cases about the same probe or number.
 */
elsewhere: Array<UnveiledElsewhere>, 
/**
 * From whom to whom the case went, oldest first.
 */
handed_over: Array<Handover>, };
export type Basis = { 
/**
 * The crime or purpose code, for instance `211 PC`.
 */
code: string, 
/**
 * The reasonable-suspicion statement, or for purposes without a crime, why the person must
 * be found or named.
 */
statement: string, 
/**
 * Who asked for the search.
 */
requested_by: string, 
/**
 * The supervisor who confirmed, by name; the program writes it.
 */
supervisor: string, };
export type CaseNumber = string;
export type Purpose = "felony" | "misdemeanor-with-injury" | "missing-person" | "deceased-identification" | "unable-to-identify-self" | "imminent-threat" | "training";
export type CaseDraft = { 
/**
 * Case number as typed.
 */
case_number: string, 
/**
 * The offence or event, in words.
 */
offence: string, 
/**
 * When the event happened.
 */
event_at: string | null, 
/**
 * What the search is for.
 */
purpose: Purpose | null, 
/**
 * Why it is justified.
 */
basis: Basis, 
/**
 * Said on purpose: there is another case with this number, and this is a further one.
 */
further_case: boolean, };
export type Case = { 
/**
 * Identity on this workstation.
 */
id: CaseId, 
/**
 * The department's number.
 */
number: CaseNumber, 
/**
 * The offence or event.
 */
offence: string, 
/**
 * When the event happened.
 */
event_at: string, 
/**
 * What the search is for.
 */
purpose: Purpose, 
/**
 * Why it is justified.
 */
basis: Basis, 
/**
 * Who opened the case.
 */
opened_by: PersonRef, 
/**
 * When.
 */
opened_at: string, 
/**
 * The offence that the code names, as the table had it.
 */
charge: Offence | null, 
/**
 * The supervisor who confirmed what the program flagged.
 */
confirmed_by: PersonRef | null, 
/**
 * When.
 */
confirmed_at: string | null, };
export type ProbeSource = "fixed-camera-still" | "witness-photo" | "social-media-post" | "id-document" | "deceased" | "other-still" | "live-video" | "body-worn-video" | "sketch" | "composite" | "look-alike" | "generated-or-edited";
export type ImageFacts = { 
/**
 * SHA-256 of the file's bytes, in hexadecimal.
 */
sha256: string, 
/**
 * File name as it was given.
 */
file_name: string, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * Format, for instance `JPEG`.
 */
format: string, 
/**
 * Width of the upright image in pixels.
 */
width: number, 
/**
 * Height of the upright image in pixels.
 */
height: number, 
/**
 * How it was turned to be upright, where it lay on its side and nothing in the file says so.
 */
turned?: Turned, 
/**
 * What the file says of where it comes from, as far as there is something to tell.
 */
says?: Array<Saying>, };
export type Turned = "not" | "quarter" | "half" | "three-quarters";
export type Saying = { "says": "signed", 
/**
 * Who.
 */
by: string, 
/**
 * When, as its time stamp says.
 */
at: string | null, 
/**
 * With which program.
 */
tool: string | null, 
/**
 * How far that holds.
 */
standing: Signature, } | { "says": "edited", 
/**
 * Their names.
 */
edits: Array<string>, } | { "says": "declared", 
/**
 * The term.
 */
kind: string, } | { "says": "elsewhere", 
/**
 * Where it says.
 */
address: string, } | { "says": "unread" } | { "says": "unreadable" } | { "says": "taken-after-change", 
/**
 * When it says that it was taken.
 */
taken: string, 
/**
 * When it says that it was changed.
 */
changed: string, } | { "says": "taken-later", 
/**
 * When it says that it was taken.
 */
taken: string, } | { "says": "other-time", 
/**
 * By the camera.
 */
taken: string, 
/**
 * By the satellites, UTC.
 */
satellites: string, } | { "says": "software", 
/**
 * The program.
 */
name: string, 
/**
 * The field that names it.
 */
field: string, } | { "says": "other-thumbnail" } | { "says": "other-size", 
/**
 * Pixels across, as it says.
 */
width: number, 
/**
 * Pixels down.
 */
height: number, };
export type Signature = "verified" | "unknown" | "invalid";
export type FaceBox = { 
/**
 * Left edge.
 */
x: number, 
/**
 * Top edge.
 */
y: number, 
/**
 * Width.
 */
width: number, 
/**
 * Height.
 */
height: number, };
export type FurtherPhoto = { 
/**
 * Facts of the file.
 */
image: ImageFacts, 
/**
 * The face that was picked.
 */
face: FaceBox, 
/**
 * Overall quality of that face, 0 to 100.
 */
quality: number, 
/**
 * Why it shows the same person.
 */
same_person: string, };
export type FurtherImage = { 
/**
 * The image.
 */
image: ProbeImage, 
/**
 * Why it shows the same person.
 */
same_person: string, };
export type QualityVerdict = "good" | "fair" | "poor";
export type QualityFinding = { 
/**
 * Name of the component, for instance `inter-eye distance`.
 */
component: string, 
/**
 * The measured value with its unit, for people.
 */
measured: string, 
/**
 * How it turned out.
 */
verdict: QualityVerdict, 
/**
 * What it means and what would help.
 */
advice: string, };
export type ProbeRecord = { 
/**
 * Identity.
 */
id: ProbeId, 
/**
 * Facts of the file.
 */
image: ImageFacts, 
/**
 * Declared kind.
 */
source: ProbeSource, 
/**
 * When the picture was taken.
 */
captured_at: string, 
/**
 * When it came into the program.
 */
imported_at: string, 
/**
 * Who obtained it.
 */
obtained_by: string, 
/**
 * How it was obtained.
 */
obtained_how: string, 
/**
 * Legal basis for having it.
 */
legal_basis: string, 
/**
 * The face that was picked.
 */
face: FaceBox, 
/**
 * Overall quality of that face, 0 to 100.
 */
quality: number, 
/**
 * Components of the quality.
 */
findings: Array<QualityFinding>, 
/**
 * Further photographs that the template is made from as well.
 */
further: Array<FurtherPhoto>, 
/**
 * A prepared copy that is searched beside the original.
 */
prepared: PreparedProbe | null, 
/**
 * Set when the quality lies between the policy's floor and target. Stays on the record.
 */
quality_warning: string | null, 
/**
 * Who accepted the probe.
 */
accepted_by: PersonRef, };
export type SeenFace = { 
/**
 * Where.
 */
bounds: FaceBox, 
/**
 * Overall quality, 0 to 100.
 */
quality: number, 
/**
 * Components of the quality.
 */
findings: Array<QualityFinding>, };
export type ProbeOrigin = { 
/**
 * Declared kind.
 */
source: ProbeSource | null, 
/**
 * When the picture was taken.
 */
captured_at: string | null, 
/**
 * Who obtained it.
 */
obtained_by: string, 
/**
 * How it was obtained.
 */
obtained_how: string, 
/**
 * Legal basis for having it.
 */
legal_basis: string, };
export type ProbeImage = { 
/**
 * Facts of the file.
 */
facts: ImageFacts, 
/**
 * When it came in.
 */
imported_at: string, 
/**
 * Faces, best first.
 */
faces: Array<SeenFace>, 
/**
 * The face that was picked.
 */
picked: number | null, };
export type PreparationStep = { "kind": "rotate", 
/**
 * Degrees, -180 to 180.
 */
degrees: number, } | { "kind": "crop", 
/**
 * Left edge, pixels of the picture before this step.
 */
x: number, 
/**
 * Top edge.
 */
y: number, 
/**
 * Width, at least [`LEAST_SIDE`].
 */
width: number, 
/**
 * Height.
 */
height: number, } | { "kind": "tone", 
/**
 * -1 to 1.
 */
brightness: number, 
/**
 * 0.1 to 4.
 */
contrast: number, 
/**
 * 0.2 to 5.
 */
gamma: number, };
export type PreparedProbe = { 
/**
 * What was done to it, in order.
 */
steps: Array<PreparationStep>, 
/**
 * Where the face is in the prepared picture.
 */
face: FaceBox, 
/**
 * Overall quality of that face, 0 to 100.
 */
quality: number, 
/**
 * Components of the quality.
 */
findings: Array<QualityFinding>, };
export type Preparation = { 
/**
 * What was done to it, in order.
 */
steps: Array<PreparationStep>, 
/**
 * The face in it, when the copy is to be searched too.
 */
chosen: SeenFace | null, };
export type Candidate = { 
/**
 * Identity of the row.
 */
id: CandidateId, 
/**
 * The gallery's subject; empty where a paper may not tell it.
 */
subject_id?: string, 
/**
 * Similarity score: cosine, -1 to 1. Absent where a paper may not tell it.
 */
score?: number | null, 
/**
 * When the gallery photograph was taken, if known.
 */
captured_on: string | null, 
/**
 * The agency that enrolled it, if known.
 */
agency: string | null, 
/**
 * Where the gallery serves other photographs of the same subject.
 */
other_photos?: Array<string>, };
export type CandidateList = Array<Candidate>;
export type FilterKind = "agency" | "capture-years";
export type SearchFilters = { 
/**
 * Only records of these agencies (ORI); empty means all.
 */
agencies: Array<string>, 
/**
 * Only photographs taken on this day or later.
 */
captured_from: string | null, 
/**
 * Only photographs taken on this day or earlier.
 */
captured_until: string | null, };
export type Completeness = { 
/**
 * Whether the answer equals a full-precision scan.
 */
exact: boolean, 
/**
 * Templates that were compared.
 */
scanned: number, 
/**
 * Templates in the gallery.
 */
gallery_size: number, 
/**
 * Templates that filters left out.
 */
filtered_out: number, };
export type Encoding = { 
/**
 * Whether the mirrored face was encoded, too.
 */
thorough: boolean, 
/**
 * Photographs of the person that went into it.
 */
photographs: number, 
/**
 * Quality of the picked face as it was encoded, 0 to 100.
 */
quality: number, };
export type SearchRecord = { 
/**
 * Identity, given by the gallery.
 */
id: SearchId, 
/**
 * Address of the gallery.
 */
gallery: string, 
/**
 * Embedding model of template and gallery.
 */
model: string, 
/**
 * What it was for.
 */
purpose: Purpose, 
/**
 * SHA-256 of the probe's original.
 */
probe_sha256: string, 
/**
 * Who searched.
 */
by: PersonRef, 
/**
 * When.
 */
at: string, 
/**
 * What was searched.
 */
completeness: Completeness, 
/**
 * Which records were searched.
 */
filters: SearchFilters, 
/**
 * SHA-256 of the policy in force.
 */
policy: string, 
/**
 * How the probe was prepared; empty for the untouched original.
 */
prepared: Array<PreparationStep>, 
/**
 * How its template was made; not kept of the first searches, whose text stays as it was sealed.
 */
encoding?: Encoding, 
/**
 * The list, best score first.
 */
candidates: CandidateList, };
export type Conclusion = "support" | "limited-support" | "inconclusive" | "exclusion";
export type RecordedConclusion = { 
/**
 * The conclusion.
 */
conclusion: Conclusion, 
/**
 * The examiner's own words: needed where the conclusion contradicts the recorded components.
 */
reason: string, 
/**
 * When it was recorded.
 */
at: string, };
export type Component = "outline" | "hairline" | "forehead" | "eyebrows" | "eyes" | "cheeks" | "nose" | "ears" | "mouth" | "chin-jawline" | "neck" | "facial-hair" | "facial-lines" | "scars" | "marks" | "alterations";
export type Visibility = "clear" | "partly" | "not-visible";
export type Suitability = "suitable" | "limited" | "unsuitable";
export type Seen = { 
/**
 * How well it is seen.
 */
visibility: Visibility | null, 
/**
 * What is seen.
 */
note: string, };
export type Shape = { "kind": "point", 
/**
 * Where.
 */
at: [number, number], } | { "kind": "line", 
/**
 * From.
 */
from: [number, number], 
/**
 * To.
 */
to: [number, number], } | { "kind": "outline", 
/**
 * Its points.
 */
points: Array<[number, number]>, };
export type OnImage = { "kind": "probe" } | { "kind": "candidate", 
/**
 * Which.
 */
photo: number, };
export type Mark = { 
/**
 * On which image.
 */
on: OnImage, 
/**
 * Which component it shows.
 */
component: Component, 
/**
 * What was drawn.
 */
shape: Shape, };
export type ProbeAnalysis = { 
/**
 * Component by component.
 */
components: { [key in Component]?: Seen }, 
/**
 * What the image allows as a whole.
 */
suitability: Suitability | null, 
/**
 * What limits it, in words.
 */
note: string, 
/**
 * Marks on the probe.
 */
marks: Array<Mark>, 
/**
 * Set when it was recorded. Nothing of it changes from then on.
 */
recorded_at: string | null, };
export type Similarity = "similar" | "different" | "cannot-tell";
export type Observation = { 
/**
 * Whether it is visible in both images.
 */
visible_in_both: boolean | null, 
/**
 * How it compares; only for what is visible in both.
 */
finding: Similarity | null, 
/**
 * What is seen.
 */
note: string, };
export type SideSettings = { 
/**
 * Added to every value, -1 to 1.
 */
brightness: number, 
/**
 * Factor around the middle, 0 to 4; 1 leaves it.
 */
contrast: number, 
/**
 * Exponent's inverse, 0.2 to 5; 1 leaves it.
 */
gamma: number, 
/**
 * Shown without colour.
 */
grey: boolean, 
/**
 * Mirrored left to right.
 */
flipped: boolean, 
/**
 * Degrees clockwise beside the alignment.
 */
rotation: number, };
export type ViewMode = "beside" | "swipe-vertical" | "swipe-horizontal" | "overlay" | "flicker";
export type ViewSettings = { 
/**
 * When; the program fills it in.
 */
at: string | null, 
/**
 * How the images lie.
 */
mode: ViewMode, 
/**
 * Share of the candidate in an overlay, 0 to 1.
 */
opacity: number, 
/**
 * Changes a second of a flicker.
 */
rate: number, 
/**
 * Magnification beside the one that fits.
 */
zoom: number, 
/**
 * Which photograph of the candidate.
 */
photo: number, 
/**
 * Grid, guide lines or landmarks shown.
 */
guides: Array<string>, 
/**
 * The probe's side.
 */
probe: SideSettings, 
/**
 * The candidate's side.
 */
candidate: SideSettings, };
export type Comparison = { 
/**
 * What was observed.
 */
observations: { [key in Component]?: Observation }, 
/**
 * Marks on both images.
 */
marks: Array<Mark>, 
/**
 * View settings, oldest first.
 */
views: Array<ViewSettings>, };
export type ChangedConclusion = { 
/**
 * On which candidate.
 */
candidate: CandidateId, 
/**
 * The blind conclusion, if there was one.
 */
from: RecordedConclusion | null, 
/**
 * The conclusion since, with the reason for the change.
 */
to: RecordedConclusion, };
export type Work = { 
/**
 * The search whose list is examined.
 */
search: SearchId, 
/**
 * Who examines.
 */
examiner: PersonRef, 
/**
 * Seed of the order in which candidates are shown; on record so that the order can be shown again.
 */
shuffle_seed: number, 
/**
 * The candidates that are shown, where they are not the whole list: a verifier's.
 */
among: Array<CandidateId>, 
/**
 * What the probe shows by itself.
 */
analysis: ProbeAnalysis, 
/**
 * Candidates that were opened, and when first.
 */
looked_at: { [key in CandidateId]: string }, 
/**
 * Candidates that were excluded at the thumbnail without being opened, and when. They are not looked at.
 */
at_thumbnail: { [key in CandidateId]: string }, 
/**
 * Comparisons by candidate.
 */
comparisons: { [key in CandidateId]: Comparison }, 
/**
 * Conclusions by candidate, as they were recorded blind.
 */
conclusions: { [key in CandidateId]: RecordedConclusion }, 
/**
 * The candidate that the examiner keeps as the lead.
 */
lead: CandidateId | null, 
/**
 * Set when the answer is "none of these".
 */
none_of_these: boolean, };
export type ExaminationRecord = { 
/**
 * Set when the examiner has concluded. The blind work does not change from then on.
 */
concluded_at: string | null, 
/**
 * Set when scores and records were shown.
 */
unveiled_at: string | null, 
/**
 * Conclusions that were changed since.
 */
changes: Array<ChangedConclusion>, 
/**
 * The blind second examination.
 */
verification: Verification | null, 
/**
 * The search whose list is examined.
 */
search: SearchId, 
/**
 * Who examines.
 */
examiner: PersonRef, 
/**
 * Seed of the order in which candidates are shown; on record so that the order can be shown again.
 */
shuffle_seed: number, 
/**
 * The candidates that are shown, where they are not the whole list: a verifier's.
 */
among: Array<CandidateId>, 
/**
 * What the probe shows by itself.
 */
analysis: ProbeAnalysis, 
/**
 * Candidates that were opened, and when first.
 */
looked_at: { [key in CandidateId]: string }, 
/**
 * Candidates that were excluded at the thumbnail without being opened, and when. They are not looked at.
 */
at_thumbnail: { [key in CandidateId]: string }, 
/**
 * Comparisons by candidate.
 */
comparisons: { [key in CandidateId]: Comparison }, 
/**
 * Conclusions by candidate, as they were recorded blind.
 */
conclusions: { [key in CandidateId]: RecordedConclusion }, 
/**
 * The candidate that the examiner keeps as the lead.
 */
lead: CandidateId | null, 
/**
 * Set when the answer is "none of these".
 */
none_of_these: boolean, };
export type Outcome = { "kind": "none-of-these" } | { "kind": "lead", 
/**
 * Which.
 */
candidate: CandidateId, 
/**
 * The conclusion that stands: the examiner's, or what the conference came to; inconclusive
 * where examiner and verifier disagree.
 */
conclusion: Conclusion, };
export type Agreement = "agrees" | "disagrees-on-lead" | "supports-another";
export type Conference = { 
/**
 * Who wrote it down, and who confirmed it.
 */
held_by: [PersonRef, PersonRef], 
/**
 * What was looked at again and why one of them changed.
 */
account: string, 
/**
 * What both conclude.
 */
agreed: Conclusion, 
/**
 * When.
 */
at: string, 
/**
 * Where both sat at different workstations: when the other one signed it too.
 */
confirmed_at?: string, };
export type RequestId = string;
export type SentCandidate = { 
/**
 * Made for this request and nothing else; only who asks can tell whose it is.
 */
token: CandidateId, 
/**
 * SHA-256 of each photograph as it travels: pixels alone, so that no file's own words come along.
 */
photographs: Array<string>, };
export type VerificationRequest = { id: RequestId, to: PersonId, asked_at: string, probe: string, face: FaceBox | null, candidates: Array<SentCandidate>, key_sha256: string, };
export type RequestKey = { 
/**
 * 32 random bytes in hexadecimal: the digest cannot be tried out.
 */
salt: string, 
/**
 * The search whose list it is.
 */
search: SearchId, 
/**
 * Whose each token is.
 */
candidates: { [key in CandidateId]: CandidateId }, };
export type Asked = { request: VerificationRequest, key: RequestKey, };
export type Declined = { 
/**
 * Why, in their words.
 */
reason: string, 
/**
 * When.
 */
at: string, };
export type Verification = { 
/**
 * Who verified; never the examiner.
 */
verifier: PersonRef, 
/**
 * Conclusion on the lead.
 */
conclusion: Conclusion, 
/**
 * When it was handed in.
 */
at: string, 
/**
 * Computed from both examinations.
 */
agreement: Agreement, 
/**
 * The verifier's blind work, with the conclusions on the other candidates.
 */
work: Work, 
/**
 * How a disagreement was resolved, if it was.
 */
conference: Conference | null, 
/**
 * Where the second examiner sat at another workstation: what they were sent, and what they signed.
 */
asked?: Asked, };
export type VerificationState = "not-yet" | "no-lead" | "open" | "asked" | "begun" | "done";
export type WaitsFor = "you" | "examiner" | "supervisor" | "auditor" | "nobody";
export type UnveiledCandidate = { 
/**
 * Place in the gallery's order, from 1.
 */
rank: number, 
/**
 * Score and record.
 */
record: Candidate, };
export type ShownCandidate = { 
/**
 * Identity.
 */
id: CandidateId, 
/**
 * Whether it was opened.
 */
looked_at: boolean, 
/**
 * Whether it was excluded at the thumbnail without being opened.
 */
at_thumbnail: boolean, 
/**
 * Whether the gallery has withdrawn its record since the search.
 */
withdrawn: boolean, 
/**
 * How many photographs of the subject there are.
 */
photos: number, 
/**
 * What was observed and drawn.
 */
comparison: Comparison, 
/**
 * The reasons that the recorded components give.
 */
reasons: string, 
/**
 * The person's own conclusion, as it stands.
 */
conclusion: RecordedConclusion | null, 
/**
 * Whether it was changed, or given, after unveiling.
 */
changed: boolean, 
/**
 * The blind conclusion then, if there was one.
 */
blind: RecordedConclusion | null, 
/**
 * Where the conclusion contradicts what was recorded.
 */
contradictions: Array<string>, 
/**
 * Rank, from 1, score and record: only after the examiner has unveiled.
 */
unveiled: UnveiledCandidate | null, };
export type Finding = "supports" | "contradicts" | "inconclusive" | "sought-not-found";
export type Attempt = { 
/**
 * What was tried.
 */
what: string, 
/**
 * Where.
 */
place: string, 
/**
 * When.
 */
at: string | null, };
export type Fixes = { 
/**
 * Where the person was.
 */
place: boolean, 
/**
 * When.
 */
time: boolean, 
/**
 * Property of the event in the person's hands.
 */
property: boolean, };
export type Root = { "kind": "own" } | { "kind": "probe" } | { "kind": "entry", 
/**
 * Which.
 */
entry: EntryId, };
export type Independence = { 
/**
 * Had the source seen, or been told of, the search's result?
 */
source_knew_result: boolean | null, 
/**
 * Is it a record made before the search?
 */
recorded_before_search: boolean | null, 
/**
 * When the record was made, as it says itself. Needed where the entry's category has no time of its own.
 */
recorded_at: string | null, 
/**
 * Is it a comparison of faces of any kind?
 */
compares_faces: boolean | null, 
/**
 * What it shares its root with.
 */
root: Root | null, 
/**
 * Is it about the event (and not about character, record, nationality or neighbourhood)?
 */
about_event: boolean | null, 
/**
 * Was it found by searching the candidate's name?
 */
found_by_name: boolean | null, };
export type VehicleDetails = { 
/**
 * Description: make, model, colour, damage.
 */
vehicle: string, 
/**
 * Plate as far as it was read; see `vehicle::check_plate`.
 */
plate: string, 
/**
 * Vehicle identification number; see `vehicle::check_vin`.
 */
vin: string, 
/**
 * Is it only that the person owns a vehicle, without a sighting at the event?
 */
ownership_only: boolean | null, 
/**
 * When it was seen, unless it is ownership alone.
 */
seen_at: string | null, 
/**
 * Where.
 */
seen_where: string, 
/**
 * How it stands to the scene and to the person.
 */
relation: string, };
export type WitnessDetails = { 
/**
 * The witness; a reference is enough.
 */
witness: string, 
/**
 * When the statement was made.
 */
stated_at: string | null, 
/**
 * Was any photograph of the candidate shown before the statement?
 */
photo_shown_before: boolean | null, 
/**
 * Was the candidate's name told before the statement?
 */
name_told_before: boolean | null, 
/**
 * Was a line-up or show-up built from this lead?
 */
lineup_from_lead: boolean | null, 
/**
 * Did the person only see the video or picture, and not the event?
 */
only_saw_video: boolean | null, };
export type MediaDetails = { 
/**
 * URL or file.
 */
locator: string, 
/**
 * Account that published it.
 */
account: string, 
/**
 * When it was captured.
 */
captured_at: string | null, 
/**
 * Why it is believed authentic.
 */
authentic_because: string, 
/**
 * Is it the post that the probe came from?
 */
is_probe_post: boolean | null, 
/**
 * Is it only a profile photograph of somebody who looks similar?
 */
lookalike_profile: boolean | null, };
export type FurtherDetails = { 
/**
 * The record, exhibit, place or person that it rests on.
 */
rests_on: string, };
export type Attachment = { 
/**
 * SHA-256 of the file's bytes, in hexadecimal.
 */
sha256: string, 
/**
 * File name as it was given.
 */
file_name: string, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * When it came in.
 */
attached_at: string, };
export type Details = { "category": "vehicle" } & VehicleDetails | { "category": "witness" } & WitnessDetails | { "category": "media" } & MediaDetails | { "category": "phone" } & FurtherDetails | { "category": "location" } & FurtherDetails | { "category": "physical-evidence" } & FurtherDetails | { "category": "alibi" } & FurtherDetails;
export type Fact = { 
/**
 * What it is about.
 */
about: string, 
/**
 * The sentence.
 */
text: string, };
export type AddendumContent = { 
/**
 * `corroborate.addendum.v1`.
 */
schema: string, 
/**
 * The note.
 */
note: NoteId, 
/**
 * SHA-256 of the note.
 */
note_sha256: string, 
/**
 * From 1, in the order of writing.
 */
number: number, 
/**
 * Who wrote it.
 */
author: PersonRef, 
/**
 * When.
 */
at: string, 
/**
 * What it says.
 */
text: string, };
export type Remark = { 
/**
 * The field, as [`Gap::place`](department::Gap::place) names it; one of [`remark_places`](crate::remark_places).
 */
place: string, 
/**
 * What is wrong with it.
 */
text: string, };
export type RemarkPlace = { 
/**
 * As [`Gap::place`] names it.
 */
place: string, 
/**
 * Its name for people.
 */
label: string, };
export type Entry = { 
/**
 * Identity.
 */
id: EntryId, 
/**
 * What belongs to its category only.
 */
details: Details, 
/**
 * What it says about the lead.
 */
finding: Finding | null, 
/**
 * What it shows.
 */
shows: string, 
/**
 * Where it comes from: a person, a register, a reader, an account.
 */
source: string, 
/**
 * When it was obtained.
 */
obtained_at: string | null, 
/**
 * By whom.
 */
obtained_by: string, 
/**
 * How.
 */
obtained_how: string, 
/**
 * How it links the person to the crime, not to the photograph.
 */
link_to_crime: string, 
/**
 * What it fixes about the event.
 */
fixes: Fixes, 
/**
 * Attempts, for `sought-not-found`.
 */
attempts: Array<Attempt>, 
/**
 * Answers on which independence rests.
 */
independence: Independence, 
/**
 * For `contradicts`: how the contradiction was resolved, if it was.
 */
resolution: string, 
/**
 * Files. Of open-source media the first is the capture.
 */
attachments: Array<Attachment>, 
/**
 * The candidate that was kept when the entry was made; the program writes it.
 */
made_for: CandidateId | null, 
/**
 * Why a date that looks wrong is right, where one does.
 */
dates_explained: string, 
/**
 * Earlier wordings of what contradicts the lead; the program keeps them.
 */
earlier: Array<string>, };
export type Objection = "source-knew-result" | "face-comparison" | "shares-root-with-probe" | "shares-root-with-entry" | "not-about-event" | "name-search-without-record" | "second-name-search" | "ownership-only" | "only-saw-video" | "look-alike-profile" | "probe-post" | "photo-shown-before" | "name-told-before" | "line-up-from-lead" | "probe-file" | "part-of-the-case" | "made-for-another";
export type Standing = { "kind": "independent" } | { "kind": "not-counted", 
/**
 * Why.
 */
objections: Array<Objection>, } | { "kind": "contaminated", 
/**
 * Why.
 */
objections: Array<Objection>, } | { "kind": "against" } | { "kind": "neutral" } | { "kind": "open" };
export type Category = "vehicle" | "witness" | "open-source-media" | "phone" | "location" | "physical-evidence" | "alibi";
export type Scope = "lead" | "exclusion" | "no-candidate";
export type ContradictionItem = "height" | "weight" | "age" | "marks" | "physical-condition" | "custody" | "known-location";
export type ContradictionAnswer = "consistent" | "contradicts" | "not-known";
export type PanelAnswer = { 
/**
 * Which item.
 */
item: ContradictionItem, 
/**
 * How it compares.
 */
answer: ContradictionAnswer | null, 
/**
 * What the answer rests on. Needed unless it is not known.
 */
rests_on: string, 
/**
 * For a contradiction: how it was resolved, if it was.
 */
resolution: string, 
/**
 * Earlier wordings of a contradiction; the program keeps them.
 */
earlier: Array<string>, };
export type ContradictionPanel = { 
/**
 * One answer an item.
 */
answers: Array<PanelAnswer>, 
/**
 * What speaks for the person.
 */
speaks_for_the_person: string, 
/**
 * Earlier wordings of it; the program keeps them.
 */
earlier: Array<string>, };
export type Checklist = { 
/**
 * What it is completed for.
 */
scope: Scope, 
/**
 * All entries, in the order they were made.
 */
entries: Array<Entry>, 
/**
 * What could speak against the lead.
 */
panel: ContradictionPanel, };
export type Disposition = "no-candidate" | "excluded" | "lead-not-corroborated" | "lead-corroborated";
export type NoteContent = { 
/**
 * [`NOTE_SCHEMA`].
 */
schema: string, 
/**
 * Identity.
 */
id: NoteId, 
/**
 * Who wrote it.
 */
author: PersonRef, 
/**
 * When it was sealed.
 */
sealed_at: string, 
/**
 * The standing statement.
 */
statement: string, 
/**
 * The disposition.
 */
disposition: Disposition, 
/**
 * The reason, for `excluded`.
 */
reason: string, 
/**
 * The author's account.
 */
narrative: string, 
/**
 * The case.
 */
case: Case, 
/**
 * The probe.
 */
probe: ProbeRecord, 
/**
 * Every search of the case.
 */
searches: Array<SearchRecord>, 
/**
 * The examination.
 */
examination: ExaminationRecord, 
/**
 * What it came to.
 */
outcome: Outcome, 
/**
 * The second examination, if there was one.
 */
verification: Verification | null, 
/**
 * The checklist.
 */
checklist: Checklist, 
/**
 * What each entry of it is worth.
 */
standings: Array<[EntryId, Standing]>, 
/**
 * Notes of this case that were returned by a reviewer and that this one amends, oldest first.
 */
amends: Array<NoteId>, 
/**
 * Candidates whose records the gallery has withdrawn since the search: expunged or suppressed.
 */
withdrawn?: Array<CandidateId>, 
/**
 * All that was seen beside the examination that counts.
 */
history?: History, 
/**
 * A supervisor's word on what is flagged in the account.
 */
account_confirmed?: Confirmation | null, 
/**
 * Answers to what the last reviewer asked.
 */
answers?: Array<Answered>, 
/**
 * SHA-256 of the policy in force.
 */
policy: string, 
/**
 * The zone in which its times are told.
 */
time_zone: string, 
/**
 * What the record shows, in sentences that the program wrote.
 */
facts: Array<Fact>, };
export type NoteForm = { 
/**
 * Disposition.
 */
disposition: Disposition | null, 
/**
 * The reason, for `excluded`.
 */
reason: string, 
/**
 * The author's account.
 */
narrative: string, 
/**
 * Answers to what the last reviewer asked to be mended, in the order of [`asked`](crate::asked).
 */
answers: Array<string>, };
export type PolicySummary = { 
/**
 * Name of the department.
 */
department: string, 
/**
 * Form of a case number.
 */
case_number_format: string, 
/**
 * Fewest attempts of a `sought-not-found`.
 */
sought_attempts: number, 
/**
 * Fewest candidates that need a conclusion.
 */
minimum_concluded: number, 
/**
 * Other candidates that a verifier gets beside the lead.
 */
verification_fillers: number, 
/**
 * Filters that may be used.
 */
filters: Array<FilterKind>, 
/**
 * Below this quality no probe is searched.
 */
quality_floor: number, 
/**
 * Up to this quality a search carries a warning.
 */
quality_target: number, 
/**
 * Minutes without work after which the window locks.
 */
lock_after_minutes: number, 
/**
 * Fewest characters of a passphrase.
 */
passphrase_characters: number, 
/**
 * The zone in which times are told.
 */
time_zone: string, };
export type Step = "purpose" | "probe" | "search" | "examine" | "verify" | "corroborate" | "note";
export type StepState = "done" | "open" | "shut" | "not-needed";
export type CommandError = { 
/**
 * A stable code.
 */
code: string, 
/**
 * What happened, what was kept, what to do.
 */
message: string, 
/**
 * What is missing, when a gate refused.
 */
gaps: Array<Gap>, };
export type Enclosed = string & { readonly enclosed: true };
export type Confirming = { 
/**
 * Who.
 */
person: PersonId, 
/**
 * Their own passphrase.
 */
passphrase: Enclosed, 
/**
 * The code of their authenticator app; empty where none is asked for.
 */
shown: Enclosed, };
export type Start = { 
/**
 * Who is signed in.
 */
person: Person | null, 
/**
 * What that person must do before anything else.
 */
due: DueView | null, 
/**
 * Whether the policy in force here is not the one that the department signed: nobody searches then.
 */
policy_unsigned: boolean, 
/**
 * How far this workstation is on its way into a department, if it is.
 */
joining: JoinView | null, 
/**
 * Everybody who may sign in; nobody at first start.
 */
people: Array<PersonLine>, 
/**
 * What a reviewer is asked.
 */
questions: Array<QuestionLine>, 
/**
 * Components of a face with what to look at, top to bottom.
 */
components: Array<ComponentLine>, 
/**
 * The department's policy in brief.
 */
policy: PolicySummary, 
/**
 * Offences that a search may name, with their codes; offered where one is typed.
 */
offences: Array<Offence>, 
/**
 * The statement that stands on every screen.
 */
statement: string, 
/**
 * `light`, `dark` or empty for the system's.
 */
theme: string, 
/**
 * Whether keys of one letter record nothing.
 */
letter_keys_off: boolean, 
/**
 * Version of the program.
 */
version: string, 
/**
 * Whether a gallery is set.
 */
gallery_set: boolean, 
/**
 * The identity provider with which people sign in, where the department has one.
 */
provider: ProviderView | null, 
/**
 * Whether whoever is signed in came in while it was away.
 */
provider_away: boolean, 
/**
 * What happened to people's records since the signed-in supervisor last read of it; shown before anything else.
 */
staff_news: Array<StaffLine>, };
export type FirstStepsView = { 
/**
 * They accepted the policy in force.
 */
policy: boolean, 
/**
 * The gallery that is set answered, with the model of this program: for administrators.
 */
gallery: boolean | null, 
/**
 * Two examiners may search today, and there is a supervisor: for administrators.
 */
people: boolean | null, 
/**
 * A backup was made: for administrators.
 */
backup: boolean | null, 
/**
 * Their training counts today: for examiners.
 */
training: boolean | null, 
/**
 * A case was begun here: for examiners.
 */
practice: boolean | null, };
export type PolicyView = { 
/**
 * Its file.
 */
text: string, 
/**
 * SHA-256 of it, hexadecimal.
 */
sha256: string, 
/**
 * Whether whoever sits here accepted it.
 */
accepted: boolean, };
export type StaffLine = { 
/**
 * Position in the audit.
 */
seq: number, 
/**
 * When it happened.
 */
at: string, 
/**
 * What it is about, where it is nobody's record.
 */
about: NewsAbout | null, 
/**
 * Whose record it is.
 */
name: string, 
/**
 * Their badge now.
 */
badge: string, 
/**
 * Who acted: name, badge, agency.
 */
by: string, 
/**
 * A sentence each.
 */
said: Array<string>, };
export type NewsAbout = "policy" | "misidentification" | "retention";
export type VaultState = { 
/**
 * Why the vault is not what it was; empty where it is.
 */
warning: string, };
export type DayRead = { 
/**
 * `YYYY-MM-DD`, once it is a day.
 */
day: string | null, 
/**
 * The day in words, or what is wrong with it; empty where nothing is typed.
 */
words: string, };
export type PersonForm = { 
/**
 * Full name.
 */
name: string, 
/**
 * Badge or serial number.
 */
badge: string, 
/**
 * The agency's originating identifier, as it was typed.
 */
ori: string, 
/**
 * Name of the course in facial comparison.
 */
course: string, 
/**
 * As it was typed.
 */
completed_on: string, 
/**
 * As it was typed.
 */
proficiency: string, 
/**
 * What the person may do.
 */
roles: Array<Role>, 
/**
 * The first person's own; empty for somebody who is added.
 */
passphrase: Enclosed, };
export type SettingsView = { 
/**
 * Address of the gallery.
 */
gallery: string, 
/**
 * Whether a token rests in the secret store. The token itself never comes back.
 */
token_set: boolean, 
/**
 * `light`, `dark` or empty.
 */
theme: string, 
/**
 * Whether keys of one letter record nothing.
 */
letter_keys_off: boolean, };
export type SettingsForm = { 
/**
 * Address of the gallery.
 */
gallery: string, 
/**
 * Empty keeps the stored token.
 */
token: Enclosed, 
/**
 * `light`, `dark` or empty for the system's.
 */
theme: string, 
/**
 * Whether keys of one letter record nothing.
 */
letter_keys_off: boolean, };
export type GalleryView = { 
/**
 * People in it.
 */
subjects: number, 
/**
 * Photographs in it that are encoded.
 */
templates: number, 
/**
 * Ids of the models that its templates are of.
 */
models: Array<string>, 
/**
 * Whether this workstation's model is among them.
 */
model_fits: boolean, };
export type CaseLine = { 
/**
 * The case.
 */
id: CaseId, 
/**
 * Case number as typed.
 */
number: string, 
/**
 * Offence or event as typed.
 */
offence: string, 
/**
 * When it was changed last.
 */
changed_at: string | null, 
/**
 * The first step that is not done; absent once the note is sealed.
 */
step: Step | null, 
/**
 * Its sealed note.
 */
note: NoteId | null, 
/**
 * What the sealed note says.
 */
disposition: Disposition | null, 
/**
 * Whether a reviewer returned its note and no other was sealed since.
 */
returned: boolean, 
/**
 * What was decided on its sealed note.
 */
decision: Decision | null, 
/**
 * How far the second examination is.
 */
verification: VerificationState, 
/**
 * Who it waits for.
 */
waits_for: WaitsFor, 
/**
 * Whether whoever is signed in can hand it over.
 */
may_hand_over: boolean, 
/**
 * From whom it came last, and why, where it was handed over.
 */
handed_over: [string, string] | null, 
/**
 * The workstation where it lives now, when it moved away; what it holds is not told.
 */
moved_to: string | null, 
/**
 * Whether it was on its way there when that workstation was taken out of the department.
 */
stranded: boolean, 
/**
 * What kind of fault keeps it from being read, where one does; what it holds is not told.
 */
unread: string | null, };
export type StepView = { 
/**
 * Which.
 */
step: Step, 
/**
 * How far it is.
 */
state: StepState, };
export type SearchView = { 
/**
 * When it was answered.
 */
at: string, 
/**
 * Address of the gallery that answered.
 */
gallery: string, 
/**
 * Id of the model of the template that was sent.
 */
model: string, 
/**
 * How many are listed.
 */
candidates: number, 
/**
 * What was compared, and what was not.
 */
completeness: Completeness, 
/**
 * What limited the comparison.
 */
filters: SearchFilters, };
export type Stage = "blind" | "concluded" | "unveiled" | "verified";
export type WorthView = { 
/**
 * Whether it was measured.
 */
measured: boolean, 
/**
 * Of the list as a whole, a paragraph each.
 */
says: Array<string>, 
/**
 * Of each candidate; none where nothing was measured.
 */
candidates: Array<WorthLine>, };
export type WorthLine = { 
/**
 * Whose.
 */
id: CandidateId, 
/**
 * How usual such a score is.
 */
usual: string, 
/**
 * How often chance brings it.
 */
by_chance: string, };
export type BenchView = { 
/**
 * The case whose list it is.
 */
case: CaseId, 
/**
 * Whether this is a blind second examination.
 */
verifying: boolean, 
/**
 * SHA-256 of the probe's original.
 */
probe: string, 
/**
 * How far the examination is.
 */
stage: Stage, 
/**
 * What the probe shows by itself.
 */
analysis: ProbeAnalysis, 
/**
 * Candidates in the order in which they are shown.
 */
candidates: Array<ShownCandidate>, 
/**
 * Who is kept as the lead.
 */
lead: CandidateId | null, 
/**
 * Whether the answer is "none of these".
 */
none_of_these: boolean, 
/**
 * Fewest candidates to look at.
 */
wanted: number, 
/**
 * What stands between this work and its end.
 */
gaps: Array<Gap>, 
/**
 * What the scores are worth, once they are unveiled.
 */
worth: WorthView | null, };
export type Answer = { 
/**
 * The case as it stands now, where it is the person's own.
 */
case: CaseView | null, 
/**
 * Their bench as it stands now.
 */
bench: BenchView | null, };
export type WaitingLine = { 
/**
 * The case whose lead is verified.
 */
case: CaseId, 
/**
 * When it was asked for.
 */
asked_at: string, 
/**
 * How many are compared.
 */
candidates: number, 
/**
 * Whether this person began already.
 */
begun: boolean, 
/**
 * The workstation that asks, where it is another one.
 */
from: string | null, };
export type ColleagueLine = { 
/**
 * Who.
 */
id: PersonId, 
/**
 * Their name.
 */
name: string, 
/**
 * Their badge.
 */
badge: string, };
export type ColleaguesView = { 
/**
 * People of the department, by name.
 */
people: Array<ColleagueLine>, 
/**
 * Other workstations of the department; none where the case stays at this one.
 */
workstations: Array<WorkstationLine>, 
/**
 * What keeps the case at this one, in a sentence; empty where nothing does.
 */
stays: string, };
export type HolderLine = { 
/**
 * Who.
 */
of: ColleagueLine, 
/**
 * How many.
 */
cases: number, 
/**
 * How many of them were on their way to a workstation that was taken out of the department.
 */
stranded: number, };
export type ConferenceLine = { 
/**
 * Its identity.
 */
id: string, 
/**
 * The workstation that asks.
 */
from: string, 
/**
 * The examiner, who wrote it down and has signed it.
 */
examiner: PersonRef, 
/**
 * What was looked at again and why one of them changed.
 */
account: string, 
/**
 * What both conclude.
 */
agreed: Conclusion, 
/**
 * When it was written down.
 */
at: string, };
export type AskedView = { 
/**
 * Who is asked.
 */
name: string, 
/**
 * At which workstation.
 */
place: string, 
/**
 * Set when they cannot compare now.
 */
declined: Declined | null, };
export type ConferringView = { 
/**
 * What was written down.
 */
account: string, 
/**
 * What both conclude.
 */
agreed: Conclusion, 
/**
 * When.
 */
at: string, 
/**
 * Set when the verifier does not sign it.
 */
declined: Declined | null, };
export type VerificationView = { 
/**
 * How far it is.
 */
state: VerificationState, 
/**
 * When it was asked for.
 */
asked_at: string | null, 
/**
 * Where it is asked of another workstation.
 */
elsewhere: AskedView | null, 
/**
 * A conference that waits for a signature from there.
 */
conferring: ConferringView | null, 
/**
 * Once handed in.
 */
done: Verification | null, 
/**
 * The conclusion that stands then.
 */
outcome: Outcome | null, };
export type Geometry = { 
/**
 * Of the upright picture, in pixels.
 */
width: number, 
/**
 * Of the upright picture, in pixels.
 */
height: number, 
/**
 * Right eye, left eye, tip of the nose, right and left corner of the mouth, as the person has them.
 */
landmarks: Array<[number, number]> | null, 
/**
 * Left, top, width and height of the face, in pixels.
 */
bounds: [number, number, number, number] | null, };
export type PersonLine = { 
/**
 * Identity.
 */
id: PersonId, 
/**
 * Full name.
 */
name: string, 
/**
 * Badge or serial number.
 */
badge: string, 
/**
 * Whether they have a passphrase of their own; else they sign in with their enrolment code.
 */
own: boolean, 
/**
 * Whether a second factor is asked for.
 */
second: boolean, 
/**
 * Whether they show it at the identity provider, in the browser.
 */
browser: boolean, 
/**
 * Whether they can confirm as a supervisor.
 */
supervises: boolean, };
export type ProviderView = { 
/**
 * Host and port, as people know it.
 */
host: string, 
/**
 * Hours within which a code of an authenticator app does while it is away; 0 is never.
 */
offline_hours: number, };
export type DueView = "passphrase" | "second-factor" | "recovery-kit";
export type SecondFactorView = { 
/**
 * The secret as it is typed where no camera is at hand.
 */
typed: string, 
/**
 * Modules on a side of the QR code, the quiet zone of four on each side included.
 */
side: number, 
/**
 * Its dark modules as the path of an SVG image, one unit a module.
 */
path: string, };
export type Admitted = { 
/**
 * The code, told once; empty where nobody got one.
 */
code: string, 
/**
 * What the window needs.
 */
start: Start, };
export type ComponentLine = { 
/**
 * Which.
 */
component: Component, 
/**
 * In words.
 */
name: string, 
/**
 * What to look at, in a sentence.
 */
look_at: string, };
export type Judgement = "purpose-fits" | "probe-acceptable" | "examination-reasoned" | "corroboration-independent" | "exculpatory-handled";
export type Judged = { 
/**
 * Which.
 */
judgement: Judgement, 
/**
 * The answer.
 */
holds: boolean | null, 
/**
 * In the reviewer's words; needed where it does not hold.
 */
remark: string, };
export type Decision = "approve" | "return" | "refer";
export type ReviewForm = { 
/**
 * Answers.
 */
judged: Array<Judged>, 
/**
 * The decision.
 */
decision: Decision | null, 
/**
 * Why it is referred.
 */
reason: string, 
/**
 * What is to be mended, field by field.
 */
remarks: Array<Remark>, };
export type ReviewContent = { 
/**
 * `corroborate.review.v2`.
 */
schema: string, 
/**
 * The note.
 */
note: NoteId, 
/**
 * SHA-256 of the note as it was reviewed.
 */
note_sha256: string, 
/**
 * Who reviewed; never the author, the examiner or the verifier.
 */
reviewer: PersonRef, 
/**
 * The role in which they reviewed: `supervisor`.
 */
role: Role | null, 
/**
 * When.
 */
at: string, 
/**
 * The decision.
 */
decision: Decision, 
/**
 * The reviewer's own judgement.
 */
judged: Array<Judged>, 
/**
 * Why it was referred.
 */
reason: string, 
/**
 * What is to be mended, field by field.
 */
remarks: Array<Remark>, };
export type QueueLine = { 
/**
 * Which.
 */
note: NoteId, 
/**
 * Its case's number.
 */
number: string, 
/**
 * Offence or event.
 */
offence: string, 
/**
 * What the search was for.
 */
purpose: Purpose, 
/**
 * 0 first.
 */
urgency: number, 
/**
 * What it says.
 */
disposition: Disposition, 
/**
 * Who sealed it.
 */
author: string, 
/**
 * When.
 */
sealed_at: string, 
/**
 * Whole days since it was sealed.
 */
days: number, 
/**
 * Whether it amends one that was returned.
 */
amended: boolean, };
export type QuestionLine = { 
/**
 * Which.
 */
judgement: Judgement, 
/**
 * As the reviewer is asked.
 */
question: string, };
export type EntryStanding = { 
/**
 * Which entry.
 */
entry: EntryId, 
/**
 * How it counts.
 */
standing: Standing, 
/**
 * Why it does not count, a sentence each.
 */
reasons: Array<string>, 
/**
 * What should be looked at again, though nothing is refused for it.
 */
doubts: Array<string>, };
export type Known = { 
/**
 * Names of people.
 */
people: Array<string>, 
/**
 * Places and sources.
 */
places: Array<string>, };
export type Remembered = { 
/**
 * Who asked for a search.
 */
requested_by: Array<string>, 
/**
 * Who obtained a probe.
 */
obtained_by: Array<string>, 
/**
 * How it was obtained.
 */
obtained_how: Array<string>, 
/**
 * The legal basis for having it.
 */
legal_basis: Array<string>, 
/**
 * Where something was sought, or comes from.
 */
places: Array<string>, 
/**
 * Who obtained an entry.
 */
entry_by: Array<string>, 
/**
 * How an entry was obtained.
 */
entry_how: Array<string>, };
export type WorkstationLine = { 
/**
 * Its public key.
 */
key: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its public key, short enough to be read out.
 */
fingerprint: string, 
/**
 * Whether it is of this department; another department's exchanges packages alone.
 */
of_department: boolean, };
export type BackupView = { 
/**
 * The folder that they go to; empty where none are made.
 */
folder: string, 
/**
 * When the last one was made and read back.
 */
made_at: string | null, 
/**
 * Its bytes.
 */
bytes: number, 
/**
 * Whether they are kept at the department's relay too.
 */
at_relay: boolean, 
/**
 * When the newest that lies there was made.
 */
copied: string | null, 
/**
 * Why the last one that was due was not made.
 */
trouble: string, };
export type KeepingWord = "hold-set" | "hold-lifted" | "duty-begun" | "duty-ended";
export type Reckoning = { "kind": "clock", 
/**
 * Now.
 */
now: string, } | { "kind": "witnessed", 
/**
 * Now.
 */
now: string, } | { "kind": "unknown" };
export type Ended = "lead" | "nothing" | "draft" | "referred";
export type StillOpen = "under-review" | "returned" | "referred" | "waits" | "moved" | "no-time" | "unread" | "untold";
export type Duty = { "kind": "disclosed", 
/**
 * When last.
 */
since: string, } | { "kind": "asked", 
/**
 * When.
 */
since: string, 
/**
 * Who.
 */
by: PersonRef, 
/**
 * Why.
 */
reason: string, } | { "kind": "running", 
/**
 * Since when.
 */
since: string, } | { "kind": "beside" };
export type Retention = { "kind": "open", 
/**
 * Why not.
 */
because: StillOpen, } | { "kind": "held", 
/**
 * Who set it.
 */
by: PersonRef, 
/**
 * When.
 */
at: string, 
/**
 * Why.
 */
reason: string, } | { "kind": "disclosure-duty", 
/**
 * Why.
 */
duty: Duty, } | { "kind": "not-yet", 
/**
 * The first day on which it is due.
 */
until: string, 
/**
 * How it ended.
 */
ended: Ended, } | { "kind": "due", 
/**
 * Since which day.
 */
since: string, 
/**
 * How it ended.
 */
ended: Ended, 
/**
 * The first moment at which it may go; none before supervisors were told.
 */
goes_from: string | null, };
export type RetentionView = { 
/**
 * Whether whoever is signed in decides, and does not only read.
 */
may_decide: boolean, 
/**
 * The policy's numbers.
 */
rule: RetentionRuleView, 
/**
 * The time by which cases go.
 */
reckoning: Reckoning, 
/**
 * Cases that are due, held, kept or not yet due.
 */
lines: Array<RetentionLine>, 
/**
 * Open cases, by why they are.
 */
open: Array<OpenCount>, 
/**
 * Certificates of what was purged, newest first.
 */
certificates: Array<CertificateLine>, };
export type RetentionRuleView = { 
/**
 * After a lead.
 */
lead_days: number, 
/**
 * After a search that gave nothing.
 */
nothing_days: number, 
/**
 * After the last change of a draft.
 */
draft_days: number, 
/**
 * Between telling and going.
 */
notice_days: number, 
/**
 * The law or order behind them.
 */
law: string, };
export type RetentionLine = { 
/**
 * Which.
 */
case: CaseId, 
/**
 * Its number.
 */
number: string, 
/**
 * What the rule says of it.
 */
retention: Retention, 
/**
 * Why whoever is signed in does not let it go; none where they may.
 */
refused: string | null, };
export type OpenCount = { 
/**
 * Why.
 */
because: StillOpen, 
/**
 * How many.
 */
cases: number, };
export type CertificateLine = { 
/**
 * Of which case.
 */
case: CaseId, 
/**
 * Its number.
 */
number: string, 
/**
 * How it ended.
 */
ended: Ended, 
/**
 * When it went.
 */
at: string, 
/**
 * Who let it go.
 */
by: string, 
/**
 * How many things went.
 */
gone: number, 
/**
 * SHA-256 of the certificate.
 */
sha256: string, };
export type GoneCount = { 
/**
 * Of what kind.
 */
kind: string, 
/**
 * How many.
 */
count: number, 
/**
 * Bytes of all.
 */
bytes: number, };
export type PurgePreview = { 
/**
 * Which.
 */
case: CaseId, 
/**
 * Its number.
 */
number: string, 
/**
 * SHA-256 of what is confirmed.
 */
sha256: string, 
/**
 * What goes, by kind.
 */
gone: Array<GoneCount>, 
/**
 * Why.
 */
retention: Retention, 
/**
 * What stands in the way; nothing where it may go.
 */
refused: Array<Gap>, };
export type ExchangeView = { 
/**
 * Name of this workstation.
 */
name: string, 
/**
 * The own public key, short enough to be read out.
 */
fingerprint: string, 
/**
 * What the other workstation's administrator pastes.
 */
card: string, 
/**
 * Workstations whose cards were compared.
 */
others: Array<WorkstationLine>, 
/**
 * Key of the workstation where notes are reviewed; empty is here.
 */
review_at: string, 
/**
 * Address of the department's relay; empty where packages travel as files.
 */
relay: string, 
/**
 * Packages that wait to be sent.
 */
waiting: number, 
/**
 * Packages that left.
 */
sent: number, 
/**
 * Why packages do not move, if they do not.
 */
trouble: string, 
/**
 * What a new workstation joins the department by, where a relay serves it.
 */
invitation: string | null, 
/**
 * The department's root key.
 */
root: string | null, 
/**
 * The same, short enough to be read out.
 */
root_fingerprint: string | null, 
/**
 * Administrators who may confirm a change besides whoever is signed in.
 */
seconds: Array<PersonRef>, 
/**
 * Whether the department has taken this workstation out.
 */
taken_out: boolean, };
export type JoinView = { 
/**
 * The department's name, as its invitation says.
 */
department: string, 
/**
 * Its root key, and the same short enough to be read out.
 */
root: string, 
/**
 * First half of the root key's SHA-256, in groups of four.
 */
root_fingerprint: string, 
/**
 * Address of its relay.
 */
relay: string, 
/**
 * The own card, which an administrator of the department takes in.
 */
card: string, 
/**
 * The card, short enough to be read out.
 */
fingerprint: string, 
/**
 * Whether an administrator has let this workstation in.
 */
let_in: boolean, 
/**
 * Whether people of the department can sign in here now.
 */
joined: boolean, 
/**
 * What keeps it from going on, if something does.
 */
trouble: string, };
export type CaseView = { 
/**
 * The case.
 */
id: CaseId, 
/**
 * The rail, first step first.
 */
steps: Array<StepView>, 
/**
 * Everything that is missing before the note can be saved.
 */
gaps: Array<Gap>, 
/**
 * What is typed about the case.
 */
purpose: CaseDraft, 
/**
 * What the gallery took back since the search.
 */
withdrawn: string | null, 
/**
 * What a supervisor must confirm before a search runs, in words.
 */
sensitive: Array<string>, 
/**
 * Who confirmed it, if somebody did and nothing was changed since.
 */
confirmed_by: string | null, 
/**
 * The same of the account.
 */
account_flags: Array<string>, 
/**
 * What the last reviewer asked, in the order of the note's answers.
 */
asked: Array<Remark>, 
/**
 * Case and purpose, once they are confirmed.
 */
case: Case | null, 
/**
 * What is typed about where the probe comes from.
 */
origin: ProbeOrigin, 
/**
 * The photograph that was brought, with its faces.
 */
image: ProbeImage | null, 
/**
 * What the file of each photograph, the probe's first, says of where it comes from, in words.
 */
file_says: Array<Array<string>>, 
/**
 * Further photographs of the same person.
 */
further: Array<FurtherImage>, 
/**
 * The probe, once it is confirmed.
 */
probe: ProbeRecord | null, 
/**
 * The last search.
 */
search: SearchView | null, 
/**
 * How many searches there were.
 */
searches: number, 
/**
 * What is prepared of the probe.
 */
preparation: Preparation, 
/**
 * Whether a second examiner agrees.
 */
verification: VerificationView, 
/**
 * The corroboration as typed.
 */
checklist: Checklist, 
/**
 * What each entry is worth.
 */
standings: Array<EntryStanding>, 
/**
 * What is typed of the note.
 */
note: NoteForm, 
/**
 * The sealed note.
 */
sealed: NoteId | null, 
/**
 * Reviews that returned a note of this case, oldest first.
 */
returned: Array<ReviewContent>, 
/**
 * What the record shows so far, as the note will say it.
 */
facts: Array<Fact>, 
/**
 * What was typed before in fields of the same kind.
 */
known: Known, };
export type ResultId = string;
export type ResultKind = "arrest" | "charge-added" | "search-warrant" | "vehicle-impounded" | "property-recovered" | "person-located" | "person-named" | "cleared" | "no-action" | "charges-dropped" | "convicted" | "acquitted" | "complaint" | "misidentification";
export type RestedOn = { "kind": "entry", 
/**
 * Which.
 */
entry: EntryId, } | { "kind": "evidence", 
/**
 * What it is.
 */
what: string, 
/**
 * Whose, or from where.
 */
source: string, 
/**
 * Whether its source had seen or been told of the search's result.
 */
source_knew_result: boolean | null, 
/**
 * Whether it is a comparison of faces of any kind, a line-up with the candidate's photograph among them.
 */
compares_faces: boolean | null, };
export type Concern = "lead-alone" | "before-approval" | "wrong-person" | "another-kind";
export type Race = "asian" | "black" | "hispanic" | "middle-eastern" | "native-american" | "pacific-islander" | "white" | "multiracial";
export type Gender = "female" | "male" | "nonbinary";
export type AgeBand = "0-17" | "18-24" | "25-34" | "35-44" | "45-64" | "65-";
export type DescribedIn = "booking-record" | "officers-report";
export type Described = { 
/**
 * Race.
 */
race: Race | null, 
/**
 * Gender.
 */
gender: Gender | null, 
/**
 * Age.
 */
age: AgeBand | null, 
/**
 * Where it stands.
 */
from: DescribedIn | null, };
export type ResultForm = { 
/**
 * What came of it.
 */
kind: ResultKind | null, 
/**
 * On which day.
 */
on: string | null, 
/**
 * By which authority: an agency, a court.
 */
authority: string, 
/**
 * What happened, and of `cleared` and `misidentification` how that was learned.
 */
account: string, 
/**
 * What it rested on.
 */
rested_on: Array<RestedOn>, 
/**
 * The arrest or charge that this ends.
 */
of: ResultId | null, 
/**
 * An earlier result that was recorded wrongly and that this one stands for.
 */
corrects: ResultId | null, 
/**
 * Whom it concerns, as a record has it.
 */
described: Described, };
export type ResultContent = { 
/**
 * [`RESULT_SCHEMA`].
 */
schema: string, 
/**
 * Identity.
 */
id: ResultId, 
/**
 * The note.
 */
note: NoteId, 
/**
 * SHA-256 of the note.
 */
note_sha256: string, 
/**
 * From 1, in the order of recording.
 */
number: number, 
/**
 * What came of it.
 */
kind: ResultKind, 
/**
 * On which day.
 */
on: string, 
/**
 * By which authority.
 */
authority: string, 
/**
 * What happened.
 */
account: string, 
/**
 * What it rested on.
 */
rested_on: Array<RestedOn>, 
/**
 * The arrest or charge that this ends.
 */
of: ResultId | null, 
/**
 * The earlier result that this one stands for.
 */
corrects: ResultId | null, 
/**
 * Whom it concerns, as a record has it.
 */
described: Described, 
/**
 * What the auditor is told of it, as the program worked it out.
 */
concerns: Array<Concern>, 
/**
 * Who recorded it.
 */
recorded_by: PersonRef, 
/**
 * When.
 */
recorded_at: string, };
export type Span = { 
/**
 * The first.
 */
from: string, 
/**
 * The last.
 */
to: string, };
export type Figure = { 
/**
 * The group: an operation, a purpose, an offence. Empty for cases without one.
 */
group: string, 
/**
 * Searches made.
 */
searches: number, 
/**
 * Searches whose list held nobody who was kept.
 */
gave_nothing: number, 
/**
 * Notes of a lead that was never corroborated.
 */
not_corroborated: number, 
/**
 * Approved notes of a corroborated lead.
 */
corroborated: number, 
/**
 * Results, in the order of [`ResultKind::ALL`].
 */
results: Array<number>, 
/**
 * Arrests, charges and warrants that rested on a lead alone, corrected later or not.
 */
violations: number, };
export type ResultFigures = { 
/**
 * All cases together.
 */
all: Figure, 
/**
 * By operation, then by name.
 */
by_operation: Array<Figure>, 
/**
 * By purpose, as its code.
 */
by_purpose: Array<Figure>, 
/**
 * By offence.
 */
by_offence: Array<Figure>, };
export type Named<T> = { 
/**
 * Its code.
 */
code: T, 
/**
 * Its name.
 */
name: string, };
export type ResultOffer = { 
/**
 * Which.
 */
kind: ResultKind, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether what it rested on is asked.
 */
rests: boolean, 
/**
 * Whether it is a violation where that is the lead alone.
 */
more_than_the_lead: boolean, 
/**
 * Whether it ends an arrest or a charge, which is asked for.
 */
ends: boolean, };
export type ResultOffers = { 
/**
 * Kinds.
 */
kinds: Array<ResultOffer>, 
/**
 * Races.
 */
races: Array<Named<Race>>, 
/**
 * Genders.
 */
genders: Array<Named<Gender>>, 
/**
 * Ages.
 */
ages: Array<Named<AgeBand>>, 
/**
 * Where a description stands.
 */
sources: Array<Named<DescribedIn>>, };
export type ResultLine = { 
/**
 * What it says.
 */
content: ResultContent, 
/**
 * Its kind in words.
 */
name: string, 
/**
 * Whether a later one stands for it.
 */
corrected: boolean, 
/**
 * What the auditor was told of it, a sentence each.
 */
concerns: Array<string>, 
/**
 * Whether an end of it can be recorded.
 */
open: boolean, };
export type FiguresView = { 
/**
 * Kinds of result, in the order of the figures' numbers.
 */
kinds: Array<Named<ResultKind>>, 
/**
 * The numbers.
 */
figures: ResultFigures, };
export type PackLine = { 
/**
 * Its name.
 */
id: string, 
/**
 * Its title.
 */
title: string, 
/**
 * The law.
 */
law: string, 
/**
 * First day in force.
 */
from: string, 
/**
 * Fields that are filled from the records.
 */
filled: number, 
/**
 * Fields that are not, each with why.
 */
not_recorded: Array<string>, };
export type MadeReportLine = { 
/**
 * The pack.
 */
pack: string, 
/**
 * First day.
 */
from: string, 
/**
 * Last day.
 */
to: string, 
/**
 * When it was made.
 */
at: string, 
/**
 * SHA-256 of its JSON.
 */
sha256: string, };
export type ReportsView = { 
/**
 * Packs that ship.
 */
packs: Array<PackLine>, 
/**
 * Reports that were made, newest first.
 */
made: Array<MadeReportLine>, 
/**
 * Operations that cases here belong to.
 */
operations: Array<string>, };
export type NoteView = { 
/**
 * What was sealed.
 */
content: NoteContent, 
/**
 * SHA-256 of what was sealed.
 */
sha256: string, 
/**
 * Fingerprint of the key that signed it.
 */
sealed_by: string, 
/**
 * The review, if there is one.
 */
review: ReviewContent | null, 
/**
 * Reviews that came from other workstations after the one that counts.
 */
further_reviews: Array<ReviewContent>, 
/**
 * What was added since, oldest first.
 */
addenda: Array<AddendumContent>, 
/**
 * What came of it, oldest first.
 */
results: Array<ResultLine>, 
/**
 * What can be chosen of a result.
 */
result_offers: ResultOffers, 
/**
 * Whether whoever is signed in may record what came of it now.
 */
may_record: boolean, 
/**
 * The operation that its case belongs to; empty for none.
 */
operation: string, 
/**
 * Operations that cases here belong to.
 */
operations: Array<string>, 
/**
 * What is otherwise than in the returned note that it amends.
 */
changes: Array<Change>, 
/**
 * Whether whoever is signed in may add to it.
 */
may_add: boolean, 
/**
 * Fields that a reviewer can remark on.
 */
places: Array<RemarkPlace>, 
/**
 * The other workstation where the case lives, if it does.
 */
from: string | null, 
/**
 * Whether whoever is signed in may review it now.
 */
may_review: boolean, 
/**
 * Whether it may leave as a file.
 */
exportable: boolean, 
/**
 * Whether what came of it says that the lead was wrong.
 */
found_wrong: boolean, 
/**
 * What each entry is worth.
 */
standings: Array<EntryStanding>, 
/**
 * What the examination came to.
 */
outcome: Outcome, 
/**
 * What became of the lead's photograph after the gallery withdrew its record, in a sentence.
 */
photograph: string | null, 
/**
 * What a second examiner said.
 */
verification: Verification | null, };
export type ValidityView = { 
/**
 * The embedding model that searches are made with.
 */
model: string, 
/**
 * Candidates of a list by the policy in force. Searches have no threshold.
 */
list: number, 
/**
 * Every calibration that is here, the first that fits first.
 */
calibrations: Array<CalibrationView>, 
/**
 * Reports by group.
 */
groups: Array<GroupsView>, 
/**
 * Folder from which reports by group are read; `None` where the department has no policy file of its own.
 */
folder: string | null, 
/**
 * Files there that are no such reports, and why.
 */
unread: Array<string>, };
export type CalibrationView = { 
/**
 * Name of its file.
 */
name: string, 
/**
 * SHA-256 of its file.
 */
sha256: string, 
/**
 * Whether it is the department's own.
 */
own: boolean, 
/**
 * The model it was measured with.
 */
model: string, 
/**
 * Whether it holds for thorough searches, or for plain ones.
 */
thorough: boolean, 
/**
 * For which qualities of a probe it is in force here, from and to; none where others go before it or its model is not used.
 */
holds: Array<[number, number]>, 
/**
 * What photographs it was measured on, in the words of whoever measured.
 */
measured_on: string, 
/**
 * The day on which it was made, where that was recorded.
 */
made_on: string | null, 
/**
 * People.
 */
people: number, 
/**
 * Photographs.
 */
photographs: number, 
/**
 * Cost of its ratios in bits, and its 95 % interval.
 */
cllr: number, 
/**
 * See `cllr`.
 */
cllr_interval: [number, number], 
/**
 * What ratios of the same scores cost at best.
 */
cllr_min: number, 
/**
 * Whether the interval reaches 1: then it is not shown that they say anything.
 */
no_better: boolean, 
/**
 * By how much the stated share of lists with the person was off, 0 to 1.
 */
presence_error: number | null, 
/**
 * Searches that this was measured with.
 */
searches: number, 
/**
 * What is drawn of it.
 */
plots: Array<PlotView>, };
export type PlotView = { 
/**
 * What it is called: letters and hyphens.
 */
name: string, 
/**
 * What stands above it.
 */
title: string, 
/**
 * How it is read.
 */
says: string, 
/**
 * The axis below.
 */
x: AxisView, 
/**
 * The axis at the left.
 */
y: AxisView, 
/**
 * What is drawn.
 */
series: Array<SeriesView>, };
export type AxisView = { 
/**
 * What it shows.
 */
label: string, 
/**
 * Whether values lie on it by powers of ten.
 */
log: boolean, 
/**
 * Least value.
 */
from: number, 
/**
 * Highest value.
 */
to: number, };
export type SeriesView = { 
/**
 * Its name.
 */
name: string, 
/**
 * A line through these points.
 */
line: Array<[number, number]>, 
/**
 * An area: first value, lower and upper bound of the second.
 */
band: Array<[number, number, number]>, };
export type GroupsView = { 
/**
 * Name of its file.
 */
name: string, 
/**
 * SHA-256 of its file.
 */
sha256: string, 
/**
 * The model it was measured with.
 */
model: string, 
/**
 * Whether that is the model of this workstation.
 */
fits: boolean, 
/**
 * The day on which it was made, where that was recorded.
 */
made_on: string | null, 
/**
 * Photographs.
 */
photographs: number, 
/**
 * People of the gallery, each with one photograph.
 */
enrolled: number, 
/**
 * People who are in no group.
 */
in_no_group: number, 
/**
 * A group with fewer people who are looked for is not measured.
 */
least: number, 
/**
 * Thresholds, the loosest first; today's, none, first of all where it was measured.
 */
thresholds: Array<ThresholdView>, 
/**
 * Lengths of the list.
 */
lists: Array<number>, 
/**
 * By attribute.
 */
attributes: Array<AttributeView>, };
export type ThresholdView = { 
/**
 * Candidates score above it; `None` is no threshold.
 */
above: number | null, 
/**
 * Share of pairs of two people that score above it.
 */
far: number, };
export type AttributeView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its groups; all people together are the last, without a name.
 */
groups: Array<GroupView>, 
/**
 * What each pays, by threshold, then by length of the list.
 */
settings: Array<Array<SettingView>>, };
export type GroupView = { 
/**
 * Its name.
 */
name: string, 
/**
 * People who are looked for.
 */
people: number, 
/**
 * Searches.
 */
searches: number, 
/**
 * Whether they are too few: nothing was measured.
 */
too_few: boolean, };
export type SettingView = { 
/**
 * In the order of the groups; `None` with too few people.
 */
cells: Array<CellView | null>, 
/**
 * Who has most people listed who are not the person, against who has fewest.
 */
listed: Against | null, 
/**
 * Who is missed most, against who is missed least.
 */
lost: Against | null, };
export type CellView = { 
/**
 * Candidates of a search for somebody who is not enrolled, with the 95 % interval.
 */
listed: FigureView, 
/**
 * Share of searches for somebody who is enrolled that do not list them.
 */
lost: FigureView, };
export type FigureView = { 
/**
 * The figure.
 */
value: number, 
/**
 * Lower end of the interval.
 */
low: number, 
/**
 * Upper end of the interval.
 */
high: number, };
export type Against = { 
/**
 * The group that pays most.
 */
most: number, 
/**
 * The group that pays least.
 */
least: number, 
/**
 * Whether their intervals do not touch: only then it is shown that one pays more.
 */
apart: boolean, 
/**
 * How many times as much, rounded down to what is shown; `None` where that is less than 1.1 times, or the other pays nothing.
 */
times: number | null, };
export type Progress = { 
/**
 * What is done at the moment, for people.
 */
doing: string, 
/**
 * Share done, 0 to 1; absent when it cannot be known.
 */
share: number | null, };
export type Offered = { 
/**
 * Position by which it is taken.
 */
index: number, 
/**
 * Name of the file, without its folder.
 */
name: string, };
export type Party = { 
/**
 * Name at the time.
 */
name: string, 
/**
 * Badge at the time.
 */
badge: string, 
/**
 * Agency at the time.
 */
ori: string, };
export type DeskEvent = { 
/**
 * Public key of the workstation, in hexadecimal.
 */
workstation: string, 
/**
 * Position in its audit, from 1.
 */
seq: number, 
/**
 * When, by the workstation's clock.
 */
at: string, 
/**
 * Who, as it was written.
 */
person: string, 
/**
 * The same, where it is somebody.
 */
by: Party | null, 
/**
 * What was done.
 */
action: string, 
/**
 * The case, where it concerns one.
 */
case: CaseId | null, 
/**
 * Its number, where the event names it.
 */
number: string | null, 
/**
 * What it was for, where the event says so.
 */
purpose: Purpose | null, 
/**
 * What else it tells, name and text.
 */
told: Array<[string, string]>, };
export type MatterKind = "alone" | "referral" | "topic";
export type ClosedAs = "training-topic" | "false-alarm";
export type Pattern = "unfinished" | "many-searches" | "same-basis" | "weak-basis" | "near-floor" | "in-seconds" | "top-score" | "changed-after-unveiling" | "same-pair" | "never-returns" | "copied-entries" | "unusual-hours" | "exports" | "failed-sign-ins" | "policy-loosened";
export type AuditedNote = { 
/**
 * When it was sealed.
 */
sealed_at: string, 
/**
 * Who wrote it.
 */
author: Party, 
/**
 * The disposition.
 */
disposition: Disposition, 
/**
 * Who reviewed it, what they decided, and why.
 */
review: [Party, Decision, string] | null, };
export type AuditedCase = { 
/**
 * Its number.
 */
number: string, 
/**
 * What it is for.
 */
purpose: Purpose | null, 
/**
 * The offence.
 */
offence: string, 
/**
 * Its code.
 */
code: string, 
/**
 * The statement that justifies the search.
 */
statement: string, 
/**
 * Who asked for it.
 */
requested_by: string, 
/**
 * Why the program refers it.
 */
referrals: Array<string>, 
/**
 * Who has the case.
 */
holder: Party, 
/**
 * Searches: when, by whom, how many candidates.
 */
searches: Array<[string, Party, number]>, 
/**
 * Who examined, and on how many candidates they concluded; once a note was sealed.
 */
examined: [Party, number] | null, 
/**
 * Who verified.
 */
verified: Party | null, 
/**
 * Notes: when sealed, by whom, with which disposition, and the review.
 */
notes: Array<AuditedNote>, 
/**
 * Who read of it by another role than examiner or verifier, and when.
 */
seen_by: Array<[Party, string]>, };
export type PartyLine = { 
/**
 * How they are named.
 */
name: string, 
/**
 * What is looked for.
 */
key: string, };
export type SourceLine = { 
/**
 * Its key.
 */
workstation: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Whether it is this one.
 */
own: boolean, 
/**
 * How many events.
 */
rows: number, 
/**
 * When the newest happened.
 */
last_at: string | null, 
/**
 * When something came last; none for a workstation of the roster of which nothing ever came.
 */
heard_at: string | null, 
/**
 * Whether it has been silent for longer than the policy expects.
 */
silent: boolean, 
/**
 * What is wrong, a sentence each.
 */
faults: Array<string>, };
export type GalleryAuditLine = { 
/**
 * Its address.
 */
address: string, 
/**
 * How many rows.
 */
rows: number, 
/**
 * When it was read last.
 */
read_at: string, 
/**
 * The row that does not follow from the one before it.
 */
broken_at: number | null, };
export type GalleryLogLine = { 
/**
 * Public key of the log, as its operator prints it (`gallery audit key`).
 */
key: string, 
/**
 * Whether the department's roster names it; else it is the one that was seen first.
 */
named: boolean, 
/**
 * When it was seen first.
 */
since: string, 
/**
 * Rows of the newest checkpoint that was seen.
 */
rows: number, 
/**
 * When that was seen.
 */
seen_at: string, 
/**
 * Witnesses of the department's roster who saw it, a sentence each.
 */
witnesses: Array<string>, };
export type DeskCaseLine = { 
/**
 * The case.
 */
id: CaseId, 
/**
 * Its number.
 */
number: string, 
/**
 * What it is for.
 */
purpose: Purpose | null, 
/**
 * The offence.
 */
offence: string, 
/**
 * Whether it lives here.
 */
here: boolean, 
/**
 * At which workstation it lives.
 */
at: string, };
export type ClosedLine = { 
/**
 * How.
 */
closed_as: ClosedAs, 
/**
 * Why.
 */
reason: string, 
/**
 * By whom.
 */
by: Party, 
/**
 * When.
 */
at: string, };
export type MatterLine = { 
/**
 * What it is told from others by.
 */
key: string, 
/**
 * Which kind.
 */
kind: MatterKind, 
/**
 * Which pattern, of a topic.
 */
pattern: Pattern | null, 
/**
 * What it is, in a few words.
 */
title: string, 
/**
 * Why, in a sentence.
 */
why: string, 
/**
 * What is usual among colleagues, where that is known.
 */
usual: string, 
/**
 * Whom it is about.
 */
about: Array<Party>, 
/**
 * When it happened last.
 */
at: string | null, 
/**
 * Whose token, of a search that stands alone.
 */
who: string, 
/**
 * Agency of that token.
 */
agency: string, 
/**
 * Case number given.
 */
number: string, 
/**
 * Purpose given.
 */
purpose: string, 
/**
 * Basis given.
 */
basis: string, 
/**
 * Code of the gallery's refusal, where it was refused.
 */
refused: string | null, 
/**
 * Its cases.
 */
cases: Array<DeskCaseLine>, 
/**
 * How many events it rests on.
 */
events: number, 
/**
 * Whether what is missing may still come.
 */
waits: boolean, 
/**
 * How it was closed, if it is.
 */
closed: ClosedLine | null, 
/**
 * Whether it was closed before and there is more of it since.
 */
reopened: boolean, 
/**
 * Whether it is about whoever is signed in, who cannot close it.
 */
own: boolean, };
export type SampleLine = { 
/**
 * SHA-256 of the seed.
 */
sha256: string, 
/**
 * When it was committed to.
 */
committed_at: string, 
/**
 * When it was drawn, if it was.
 */
drawn_at: string | null, 
/**
 * The seed, once something was drawn.
 */
seed: string | null, 
/**
 * From how many cases; until something is drawn, how many there would be now.
 */
population: number, 
/**
 * What was drawn.
 */
cases: Array<DeskCaseLine>, 
/**
 * Whether drawing again gives the same.
 */
holds: boolean, };
export type EventsForm = { 
/**
 * Words or their beginnings; a case number finds all of its case.
 */
text: string, 
/**
 * An action; empty for any.
 */
action: string, 
/**
 * Somebody's key; empty for anybody's.
 */
person: string, 
/**
 * A workstation's key; empty for any.
 */
workstation: string, 
/**
 * From which day on, as it was typed; empty for any.
 */
from: string, 
/**
 * Until which day; empty for any.
 */
until: string, 
/**
 * Only what a matter rests on; empty for everything.
 */
matter: string, 
/**
 * Where the page begins: `next` of the page before.
 */
before: number | null, };
export type EventLine = { 
/**
 * The event.
 */
event: DeskEvent, 
/**
 * Name of the workstation.
 */
at: string, 
/**
 * Its case, where it is known.
 */
case: DeskCaseLine | null, 
/**
 * Why the case is referred to the auditor, if it is.
 */
marks: Array<string>, };
export type EventsView = { 
/**
 * The events, the newest first.
 */
events: Array<EventLine>, 
/**
 * Where the next page begins, if there is more.
 */
next: number | null, };
export type DeskView = { 
/**
 * Workstations whose events are here.
 */
sources: Array<SourceLine>, 
/**
 * The gallery's side, once it was read.
 */
gallery: GalleryAuditLine | null, 
/**
 * The log of the gallery's audit, where it keeps one.
 */
gallery_log: GalleryLogLine | null, 
/**
 * What the gallery showed that does not fit to what it showed before, a sentence each.
 */
gallery_faults: Array<string>, 
/**
 * Whether a token for the gallery's audit is stored.
 */
token_set: boolean, 
/**
 * Searches that stand alone, referrals, topics: those that are open first.
 */
matters: Array<MatterLine>, 
/**
 * Samples, the newest first.
 */
samples: Array<SampleLine>, 
/**
 * Actions that occur, for the filter.
 */
actions: Array<string>, 
/**
 * People who occur, for the filter.
 */
people: Array<PartyLine>, };
