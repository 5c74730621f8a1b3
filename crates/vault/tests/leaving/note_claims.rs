//! What everybody together cannot make of a corroborated lead.

/// A change of the record in which everybody takes part: place and value.
type Told = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// What everybody together cannot make of a corroborated lead: name, reason, changes. `@` stands for the examination's
/// verification and the note's own.
pub const TOLD: &[Told] = &[
    ("without words of its own", "gate", &[("/narrative", r#""-""#)]),
    ("another statement", "gate", &[("/statement", r#""This is an identification.""#)]),
    ("a case from the future", "gate", &[("/case/event_at", r#""2026-04-01T00:00:00Z""#)]),
    ("an event after the case", "gate", &[("/case/event_at", r#""2026-03-02T09:00:01Z""#)]),
    ("no offence", "gate", &[("/case/offence", r#"" ""#)]),
    ("no code", "gate", &[("/case/charge", "null")]),
    ("a basis of one word", "gate", &[("/case/basis/statement", r#""Robbery""#)]),
    ("nobody asked for it", "gate", &[("/case/basis/requested_by", r#""""#)]),
    ("another case number", "gate", &[("/case/number", r#""""#)]),
    ("a sketch", "gate", &[("/probe/source", r#""sketch""#)]),
    ("a probe below the floor", "gate", &[("/probe/quality", "9")]),
    ("no legal basis", "gate", &[("/probe/legal_basis", r#""""#)]),
    ("nobody obtained it", "gate", &[("/probe/obtained_by", r#"" ""#)]),
    ("a picture before the event", "gate", &[("/probe/captured_at", r#""2026-02-28T21:41:00Z""#)]),
    ("a picture from after it came in", "gate", &[("/probe/captured_at", r#""2026-03-02T09:05:01Z""#)]),
    ("a probe that came in after the search", "gate", &[("/probe/imported_at", r#""2026-03-02T09:12:01Z""#)]),
    ("a search for another purpose", "gate", &[("/searches/0/purpose", r#""training""#)]),
    ("a search of another probe", "gate", &[("/searches/0/probe_sha256", r#""00""#)]),
    ("a search before the case", "gate", &[("/searches/0/at", r#""2026-03-02T08:59:59Z""#)]),
    ("a search after the conclusion", "gate", &[("/searches/0/at", r#""2026-03-02T09:40:01Z""#)]),
    ("an examination of no search", "gate", &[("/examination/search", r#""00000000-0000-0000-0000-0000000000ff""#)]),
    ("no analysis", "gate", &[("/examination/analysis/recorded_at", "null")]),
    ("an analysis with a component left out", "gate", &[("/examination/analysis/components/ears/visibility", "null")]),
    ("an analysis without suitability", "gate", &[("/examination/analysis/suitability", "null")]),
    ("support on an unsuitable probe", "gate", &[("/examination/analysis/suitability", r#""unsuitable""#)]),
    ("limits that are not said", "gate", &[("/examination/analysis/suitability", r#""limited""#)]),
    (
        "a conclusion after its end",
        "gate",
        &[("/examination/conclusions/00000000-0000-0000-0000-0000000003e8/at", r#""2026-03-02T09:40:01Z""#)],
    ),
    (
        "a conclusion before the list",
        "gate",
        &[("/examination/conclusions/00000000-0000-0000-0000-0000000003e8/at", r#""2026-03-02T09:11:59Z""#)],
    ),
    (
        "a lead that is excluded",
        "gate",
        &[("/examination/conclusions/00000000-0000-0000-0000-0000000003e8/conclusion", r#""exclusion""#)],
    ),
    (
        "a lead that is inconclusive",
        "gate",
        &[("/examination/conclusions/00000000-0000-0000-0000-0000000003e8/conclusion", r#""inconclusive""#)],
    ),
    (
        "three opened",
        "gate",
        &[(
            "/examination/looked_at",
            r#"{"00000000-0000-0000-0000-0000000003e8":"2026-03-02T09:30:00Z","00000000-0000-0000-0000-0000000003e9":"2026-03-02T09:30:00Z","00000000-0000-0000-0000-0000000003ea":"2026-03-02T09:30:00Z"}"#,
        )],
    ),
    ("a lead and none of these", "gate", &[("/examination/none_of_these", "true")]),
    ("a lead that nobody compared", "gate", &[("/examination/comparisons", "{}")]),
    (
        "a component that was not compared",
        "gate",
        &[("/examination/comparisons/00000000-0000-0000-0000-0000000003e8/observations/nose/finding", "null")],
    ),
    ("a lead that is not on the list", "gate", &[("/examination/lead", r#""00000000-0000-0000-0000-0000000003fd""#)]),
    ("unveiled before it was concluded", "gate", &[("/examination/unveiled_at", r#""2026-03-02T09:39:59Z""#)]),
    ("never unveiled", "gate", &[("/examination/unveiled_at", "null"), ("@", "null")]),
    ("not verified", "gate", &[("@", "null")]),
    ("verified by the examiner", "gate", &[("@/verifier", EXAMINER), ("@/work/examiner", EXAMINER)]),
    ("verified by another than whose work it is", "gate", &[("@/verifier", EXAMINER)]),
    ("verified before the unveiling", "gate", &[("@/at", r#""2026-03-02T09:40:59Z""#)]),
    ("a verifier's list of one", "gate", &[("@/work/among", r#"["00000000-0000-0000-0000-0000000003e8"]"#)]),
    (
        "a verifier who did not get the lead",
        "gate",
        &[(
            "@/work/among",
            r#"["00000000-0000-0000-0000-0000000003e9","00000000-0000-0000-0000-0000000003ea","00000000-0000-0000-0000-0000000003eb","00000000-0000-0000-0000-0000000003ec"]"#,
        )],
    ),
    ("a verifier who opened nobody", "gate", &[("@/work/looked_at", "{}")]),
    (
        "an agreement that is none",
        "gate",
        &[("@/work/conclusions/00000000-0000-0000-0000-0000000003e8/conclusion", r#""inconclusive""#)],
    ),
    ("a verifier's conclusion that is another", "gate", &[("@/conclusion", r#""limited-support""#)]),
    ("a disagreement that is called agreement", "gate", &[("@/agreement", r#""disagrees-on-lead""#)]),
    ("a conference without a disagreement", "gate", &[("@/conference", CONFERENCE)]),
    ("a verification beside the examination's", "gate", &[("/verification/at", r#""2026-03-02T11:00:01Z""#)]),
    ("an outcome that is another", "gate", &[("/outcome/conclusion", r#""support""#)]),
    ("one support alone", "gate", &[("/checklist/entries/4/finding", r#""inconclusive""#)]),
    ("two supports of one category", "gate", &[("/checklist/entries/4/details", VEHICLE)]),
    ("a support that compares faces", "gate", &[("/checklist/entries/3/independence/compares_faces", "true")]),
    (
        "a support that knew the result",
        "gate",
        &[
            ("/checklist/entries/3/independence/source_knew_result", "true"),
            ("/checklist/entries/3/independence/recorded_before_search", "false"),
        ],
    ),
    (
        "a support of the probe's own source",
        "gate",
        &[("/checklist/entries/3/independence/root", r#"{"kind":"probe"}"#)],
    ),
    (
        "a support that shares its root",
        "gate",
        &[(
            "/checklist/entries/4/independence/root",
            r#"{"entry":"00000000-0000-0000-0000-0000000000c9","kind":"entry"}"#,
        )],
    ),
    ("supports of one source", "gate", &[("/checklist/entries/4/source", r#""Source 201""#)]),
    ("a support about something else", "gate", &[("/checklist/entries/3/independence/about_event", "false")]),
    ("ownership alone", "gate", &[("/checklist/entries/3/details/ownership_only", "true")]),
    ("a witness who was shown the photograph", "gate", &[("/checklist/entries/4/details/photo_shown_before", "true")]),
    ("a witness who was told the name", "gate", &[("/checklist/entries/4/details/name_told_before", "true")]),
    ("a witness of a line-up from the lead", "gate", &[("/checklist/entries/4/details/lineup_from_lead", "true")]),
    ("a witness who only saw the video", "gate", &[("/checklist/entries/4/details/only_saw_video", "true")]),
    ("a witness who works on the case", "gate", &[("/checklist/entries/4/details/witness", r#""Examiner 1""#)]),
    (
        "supports that fix nothing",
        "gate",
        &[("/checklist/entries/3/fixes", NOTHING), ("/checklist/entries/4/fixes", NOTHING)],
    ),
    ("a support with a question open", "gate", &[("/checklist/entries/3/independence/found_by_name", "null")]),
    ("a support without its source", "gate", &[("/checklist/entries/3/source", r#""""#)]),
    ("a support from the future", "gate", &[("/checklist/entries/3/obtained_at", r#""2026-03-02T12:00:01Z""#)]),
    ("a category left out", "gate", &[("/checklist/entries/2/details", VEHICLE)]),
    (
        "sought once",
        "gate",
        &[(
            "/checklist/entries/2/attempts",
            r#"[{"at":"2026-03-02T10:00:00Z","place":"Registry and readers","what":"open-source media by name of the street"}]"#,
        )],
    ),
    ("an unresolved contradiction", "gate", &[("/checklist/entries/2/finding", r#""contradicts""#)]),
    ("a panel left open", "gate", &[("/checklist/panel/answers/0/answer", "null")]),
    (
        "a panel that contradicts",
        "gate",
        &[
            ("/checklist/panel/answers/0/answer", r#""contradicts""#),
            ("/checklist/panel/answers/0/rests_on", r#""Booked in another county""#),
        ],
    ),
    ("a panel answered twice", "gate", &[("/checklist/panel/answers/1/item", r#""height""#)]),
    ("nothing said for the person", "gate", &[("/checklist/panel/speaks_for_the_person", r#"" ""#)]),
    ("an entry that is worth more", "gate", &[("/standings/0/1", r#"{"kind":"independent"}"#)]),
    ("a standing left out", "gate", &[("/standings", "[]")]),
    ("another disposition", "gate", &[("/disposition", r#""no-candidate""#)]),
    (
        "a disposition for which the checklist is not",
        "gate",
        &[("/disposition", r#""excluded""#), ("/reason", r#""The ears differ in every one""#)],
    ),
    ("a search that is too old", "gate", &[("/sealed_at", r#""2026-05-20T12:00:00Z""#)]),
    ("sealed before the verification", "gate", &[("/sealed_at", r#""2026-03-02T10:59:59Z""#)]),
    ("sealed before it was unveiled", "gate", &[("/sealed_at", r#""2026-03-02T09:40:30Z""#)]),
    ("an examination of no list set aside", "gate", &[("/history", ASIDE)]),
    ("a sentence of the program changed", "sentences", &[("/facts/0/text", r#""26-000123, Robbery.""#)]),
    ("a sentence of the program left out", "sentences", &[("/facts", "[]")]),
    (
        "a flagged account",
        "gate",
        &[("/narrative", r#""The person was found at the immigration protest and photographed there.""#)],
    ),
    ("a history of nothing", "malformed", &[("/history", r#"{"elsewhere":[],"given_up":[],"set_aside":[]}"#)]),
    ("nobody withdrawn, and said", "malformed", &[("/withdrawn", "[]")]),
    ("a field more", "malformed", &[("/approved", "true")]),
    ("a moment in another form", "malformed", &[("/sealed_at", r#""2026-03-02T12:00:00+00:00""#)]),
    ("an identity in another form", "malformed", &[("/id", r#""0000000000000000000000000000AAAA""#)]),
    ("an earlier schema", "signature", &[("/schema", r#""corroborate.note.v1""#)]),
    ("a schema to come", "signature", &[("/schema", r#""corroborate.note.v3""#)]),
];

const EXAMINER: &str =
    r#"{"badge":"0001","id":"00000000-0000-0000-0000-000000000001","name":"Examiner 1","ori":"CA0190000"}"#;
const NOTHING: &str = r#"{"place":false,"property":false,"time":false}"#;
const VEHICLE: &str = r#"{"category":"vehicle","ownership_only":false,"plate":"7ABC123","relation":"Seen at the door of the till","seen_at":"2026-03-01T21:38:00Z","seen_where":"Forecourt","vehicle":"","vin":""}"#;
const CONFERENCE: &str = r#"{"account":"Both looked at the ears again.","agreed":"support","at":"2026-03-02T11:30:00Z","held_by":[{"badge":"0001","id":"00000000-0000-0000-0000-000000000001","name":"Examiner 1","ori":"CA0190000"},{"badge":"0002","id":"00000000-0000-0000-0000-000000000002","name":"Examiner 2","ori":"CA0190000"}]}"#;
const ASIDE: &str = r#"{"elsewhere":[],"given_up":[{"at":"2026-03-02T10:00:00Z","by":{"badge":"0001","id":"00000000-0000-0000-0000-000000000001","name":"Examiner 1","ori":"CA0190000"},"work":{"among":["00000000-0000-0000-0000-0000000003e8","00000000-0000-0000-0000-0000000003e9"],"analysis":{"components":{},"marks":[],"note":"","recorded_at":null,"suitability":null},"at_thumbnail":{},"comparisons":{},"conclusions":{"00000000-0000-0000-0000-0000000003e8":{"at":"2026-03-02T09:50:00Z","conclusion":"exclusion","reason":""}},"examiner":{"badge":"0003","id":"00000000-0000-0000-0000-000000000003","name":"Examiner 3","ori":"CA0190000"},"lead":null,"looked_at":{},"none_of_these":false,"search":"00000000-0000-0000-0000-00000000001e","shuffle_seed":1}}],"set_aside":[]}"#;

/// What nobody can make of a note whose case was handed over.
pub const HANDED_OVER: &[Told] = &[
    ("handed over to somebody else", "gate", &[("/history/handed_over/0/to", OTHER)]),
    ("handed over to oneself", "gate", &[("/history/handed_over/0/from", EXAMINER)]),
    ("handed over without a reason", "gate", &[("/history/handed_over/0/reason", r#""-""#)]),
    ("handed over after the note", "gate", &[("/history/handed_over/0/at", r#""2026-03-02T12:00:01Z""#)]),
    ("handed over to nobody", "malformed", &[("/history/handed_over", "[]")]),
    ("handed over and more", "malformed", &[("/history/handed_over/0/approved", "true")]),
    ("opened by nobody who had it", "gate", &[("/case/opened_by", OTHER)]),
];

const OTHER: &str =
    r#"{"badge":"0002","id":"00000000-0000-0000-0000-000000000002","name":"Examiner 2","ori":"CA0190000"}"#;
