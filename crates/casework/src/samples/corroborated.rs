//! What is corroborated, the note, and what comes after it.

use super::*;

/// An entry that was sought twice and not found.
pub fn sought(n: u128, category: Category) -> Entry {
    let attempt = |what: &str| Attempt {
        what: format!("{} {what}", category.in_words()),
        place: "Registry and readers".to_owned(),
        at: Some(at("2026-03-02T10:00:00Z")),
    };
    Entry {
        finding: Some(Finding::SoughtNotFound),
        attempts: vec![attempt("by name of the street"), attempt("by description")],
        ..Entry::empty(EntryId(uuid(n)), category)
    }
}

/// An entry that supports and is independent.
pub fn support(n: u128, category: Category) -> Entry {
    let mut entry = Entry {
        finding: Some(Finding::Supports),
        shows: format!("Presence at the scene, record {n}"),
        source: format!("Source {n}"),
        obtained_at: Some(at("2026-03-02T11:00:00Z")),
        obtained_by: "Det. R. Alvarez".to_owned(),
        obtained_how: "By warrant".to_owned(),
        link_to_crime: "Places the person at the till at 21:40".to_owned(),
        fixes: Fixes { place: true, time: true, property: false },
        independence: Independence {
            source_knew_result: Some(false),
            recorded_before_search: Some(true),
            recorded_at: Some(at("2026-03-01T22:00:00Z")),
            compares_faces: Some(false),
            root: Some(Root::Own),
            about_event: Some(true),
            found_by_name: Some(false),
        },
        ..Entry::empty(EntryId(uuid(n)), category)
    };
    match &mut entry.details {
        Details::Vehicle(v) => {
            v.plate = "7ABC123".to_owned();
            v.ownership_only = Some(false);
            v.seen_at = Some(at("2026-03-01T21:38:00Z"));
            v.seen_where = "Forecourt of the filling station".to_owned();
            v.relation = "Seen at the till's door; registered to the person since 2024".to_owned();
        }
        Details::Witness(w) => {
            w.witness = format!("Witness {n}");
            w.stated_at = Some(at("2026-03-01T23:00:00Z"));
            w.photo_shown_before = Some(false);
            w.name_told_before = Some(false);
            w.lineup_from_lead = Some(false);
            w.only_saw_video = Some(false);
        }
        Details::Media(m) => {
            m.locator = format!("https://example.org/post/{n}");
            m.account = "@account".to_owned();
            m.captured_at = Some(at("2026-03-02T10:30:00Z"));
            m.authentic_because = "Original upload with location".to_owned();
            m.is_probe_post = Some(false);
            m.lookalike_profile = Some(false);
            entry.attachments = vec![attachment(&format!("{:02x}", n % 256))];
        }
        Details::Phone(f) | Details::Location(f) | Details::PhysicalEvidence(f) | Details::Alibi(f) => {
            f.rests_on = "Record 17 of the provider".to_owned();
        }
    }
    entry
}

/// An attached file with this hash; of two digits, one that repeats them.
pub fn attachment(digits: &str) -> Attachment {
    Attachment {
        sha256: digits.repeat(64 / digits.len()),
        file_name: "capture.png".to_owned(),
        bytes: 4_096,
        attached_at: at("2026-03-02T11:05:00Z"),
    }
}

/// A panel in which nothing is known.
pub fn panel() -> ContradictionPanel {
    let mut panel = ContradictionPanel { speaks_for_the_person: "Nothing known".to_owned(), ..Default::default() };
    for answer in &mut panel.answers {
        answer.answer = Some(ContradictionAnswer::NotKnown);
    }
    panel
}

/// A complete checklist without support.
pub fn checklist() -> Checklist {
    Checklist {
        scope: Scope::Lead,
        entries: Category::MANDATORY.into_iter().enumerate().map(|(n, c)| sought(100 + n as u128, c)).collect(),
        panel: panel(),
    }
}

/// The circumstances of the sample's case at `now`.
pub fn around(now: &str) -> Circumstances {
    let record = Examination::Unveiled(unveiled()).record();
    around_of(&record, now)
}

/// The same with another examination.
pub fn around_of(record: &ExaminationRecord, now: &str) -> Circumstances {
    let (case, probe, searches) = (case(), probe(), [search(20)]);
    let author = examiner(1).reference();
    let history = History::default();
    note::around(
        Some(&case),
        Some(&probe),
        &searches,
        Some((&record.work, record.verification.as_ref())),
        &history,
        &author,
        at(now),
    )
}

/// A note that only needs sealing.
pub fn note_draft() -> NoteDraft {
    NoteDraft {
        id: NoteId(uuid(40)),
        case: case(),
        probe: probe(),
        searches: vec![search(20)],
        disposition: Some(Disposition::LeadNotCorroborated),
        reason: String::new(),
        narrative: "One candidate examined; nothing independent found.".to_owned(),
        amends: Vec::new(),
        withdrawn: Vec::new(),
        history: History::default(),
        account_confirmed: None,
        answers: Vec::new(),
    }
}

/// A sealed note: a lead that is not corroborated.
///
/// # Panics
/// When a gate refuses the sample.
pub fn sealed() -> SealedNote {
    let complete = checklist().complete(&policy(), &around("2026-03-02T12:00:00Z")).expect("the gate opens");
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    CaseNote::seal(note_draft(), concluded(), complete, examiner(1).reference(), &clock, &policy())
        .expect("the gate opens")
}

/// A sealed note: a lead that is corroborated.
///
/// # Panics
/// When a gate refuses the sample.
pub fn corroborated() -> SealedNote {
    let mut list = checklist();
    list.entries.push(support(201, Category::Vehicle));
    list.entries.push(support(202, Category::Witness));
    let draft = NoteDraft { disposition: Some(Disposition::LeadCorroborated), ..note_draft() };
    let second = Examination::Verified(verified(2, Conclusion::Support, Conclusion::Exclusion).expect("verified"));
    let around = around_of(&second.record(), "2026-03-02T12:00:00Z");
    let complete = list.complete(&policy(), &around).expect("the gate opens");
    let clock = StandingClock(at("2026-03-02T12:00:00Z"));
    CaseNote::seal(draft, prove(second), complete, examiner(1).reference(), &clock, &policy()).expect("the gate opens")
}

/// A case whose note only needs sealing: a lead that is not corroborated.
///
/// # Panics
/// When a gate refuses the sample.
pub fn file() -> CaseFile {
    let probe = probe();
    let image = ProbeImage {
        facts: probe.image().clone(),
        imported_at: at("2026-03-02T09:05:00Z"),
        faces: Vec::new(),
        picked: None,
    };
    let note = note_draft();
    CaseFile(Kept {
        purpose: case_draft(),
        case: Some(case()),
        image: Some(image),
        probe: Some(probe),
        searches: vec![search(20)],
        examination: Some(Examination::Unveiled(unveiled())),
        checklist: checklist(),
        note: NoteForm {
            disposition: note.disposition,
            reason: note.reason,
            narrative: note.narrative,
            answers: Vec::new(),
        },
        sent: vec![Sent { by: examiner(1).reference(), at: at("2026-03-02T09:12:00Z") }],
        ..CaseFile::begin(case().id(), examiner(1).reference()).0
    })
}

/// What a case keeps, for whoever writes into the vault by hand.
pub fn forge(file: &mut CaseFile) -> &mut Kept {
    &mut file.0
}

/// A case as they would leave it.
pub fn forged(mut file: CaseFile, change: impl FnOnce(&mut Kept)) -> CaseFile {
    change(forge(&mut file));
    file
}

/// A picture that travels, by number, and its SHA-256.
pub fn picture(n: u128) -> (Vec<u8>, String) {
    use sha2::Digest;
    let bytes = format!("pixels {n}").into_bytes();
    let sha256 = hex::encode(sha2::Sha256::digest(&bytes));
    (bytes, sha256)
}

/// Request `n` of the sample's lead and the three others: tokens in another order than the ranks, two pictures of the lead.
pub fn sending(n: u128) -> Sending {
    let token = |rank: u32| CandidateId(uuid(n * 1_000 + 900 - u128::from(rank * 37 % 11)));
    let pictures = |rank: u32| {
        let all = if rank == 0 { vec![10, 20] } else { vec![u128::from(10 + rank)] };
        all.into_iter().map(|picture_of| picture(picture_of).1).collect()
    };
    Sending {
        id: RequestId(uuid(n)),
        salt: "5a".repeat(32),
        probe: picture(1).1,
        face: Some(FaceBox { x: 200.0, y: 100.0, width: 120.0, height: 150.0 }),
        candidates: (0..4).map(|rank| (candidate(rank), (token(rank), pictures(rank)))).collect(),
    }
}

/// The sample's case, in which request `n` asks examiner `of` at the workstation with the key `ab…`.
///
/// # Panics
/// When the rule refuses it.
pub fn asked_file(n: u128, of: u128) -> CaseFile {
    let mut file = file();
    let (me, place) = (examiner(1).reference(), ("ab".repeat(32), "Fraud desk"));
    let place = (place.0.as_str(), place.1);
    file.ask_elsewhere(&me, &examiner(of), place, sending(n), at("2026-03-02T09:50:00Z"), &policy()).expect("asked");
    file
}

/// Something that an examiner does at a bench.
type Step<'a> = &'a mut dyn FnMut(&mut Blind, &dyn Listing) -> Result<(), Vec<Gap>>;

/// Does the whole comparison of a request as examiner `by`: `on` says what is concluded on each token.
///
/// # Panics
/// When the bench refuses it.
pub fn compare_requested(requested: &mut Requested, by: u128, on: impl Fn(CandidateId) -> Conclusion) {
    let (me, now) = (examiner(by), at("2026-03-02T10:30:00Z"));
    requested.begin(&me, 11, at("2026-03-02T10:00:00Z"), &policy()).expect("begun");
    requested.at_bench(&me, |bench, _| bench.edit_analysis(analysis())).expect("taken");
    requested.at_bench(&me, |bench, _| bench.record_analysis(at("2026-03-02T10:05:00Z"))).expect("recorded");
    let tokens: Vec<CandidateId> = requested.request().candidates().iter().map(|c| c.token).collect();
    for token in tokens {
        let conclusion = on(token);
        let similar = if conclusion.carries_a_lead() { 12 } else { 0 };
        let mut at_bench = |act: Step<'_>| {
            requested.at_bench(&me, |bench, list| act(bench, list)).expect("done");
        };
        at_bench(&mut |bench, list| bench.look_at(list, token, now));
        at_bench(&mut |bench, list| bench.compare(list, token, comparison(similar)));
        at_bench(&mut |bench, list| bench.conclude_on(list, token, Some(conclusion), "", now));
    }
}
