//! What the papers say, word for word, and that they become PDF/A whose pages can be drawn.

use casework::samples::{at, attachment, corroborated, examination, examiner, file, forge, policy, sealed, worth};
use casework::{
    CaseFile, Day, Decision, Examination, InvestigativeResult, NoteContent, Person, ResultForm, ResultId, ResultKind,
    Review, ReviewContent, ReviewForm, Role,
};
use documents::{Block, LeadReport, Paper, Picture, Signature, disclosure, lead_report, page, print};

const MADE: [i32; 6] = [2026, 3, 3, 10, 0, 0];

fn review(note: &NoteContent, decision: Decision) -> ReviewContent {
    let reviewer = Person { roles: vec![Role::Supervisor], ..examiner(9) };
    let mut form = ReviewForm { decision: Some(decision), ..ReviewForm::default() };
    for judged in &mut form.judged {
        judged.holds = Some(true);
    }
    if decision == Decision::Return {
        form.judged[4].holds = Some(false);
        form.judged[4].remark = "Custody records were not asked for.".to_owned();
    }
    Review::decide(note, &"ab".repeat(32), &form, &reviewer, at("2026-03-03T09:00:00Z")).unwrap().content().clone()
}

fn signature() -> Signature {
    Signature { sha256: "ab".repeat(32), signature: "cd".repeat(64), key: "1234 5678 9abc def0".to_owned() }
}

fn report<'a>(note: &'a NoteContent, reviews: Vec<(&'a ReviewContent, Signature)>) -> LeadReport<'a> {
    let picture = image::RgbImage::from_fn(300, 400, |x, y| image::Rgb([(x / 2) as u8, (y / 2) as u8, 120]));
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let picture = |caption: &str, digits: &str, bytes: Vec<u8>| Picture {
        bytes,
        caption: caption.to_owned(),
        sha256: attachment(digits).sha256,
    };
    LeadReport {
        department: "Sample County Sheriff",
        note,
        sealed: signature(),
        reviews,
        addenda: &[],
        results: &[],
        pictures: vec![
            picture("Probe, untouched original", "ab", png.into_inner()),
            picture("Investigative lead, subject-0", "ef", Vec::new()),
        ],
        printed: "Printed 2026-03-03 10:00 UTC by Examiner 1".to_owned(),
    }
}

#[test]
fn an_approved_lead_report_says_this() {
    let note = corroborated();
    let approved = review(note.content(), Decision::Approve);
    insta::assert_snapshot!(lead_report(&report(note.content(), vec![(&approved, signature())])).text());
}

#[test]
fn a_lead_that_was_found_wrong_is_marked_and_shows_nobody() {
    let note = corroborated();
    let approved = review(note.content(), Decision::Approve);
    for kind in [ResultKind::Misidentification, ResultKind::Cleared] {
        let form = ResultForm {
            kind: Some(kind),
            on: Some(Day("2026-03-05".parse().unwrap())),
            authority: "Demo Police Department".to_owned(),
            account: "The hospital confirmed that he was there.".to_owned(),
            ..ResultForm::default()
        };
        let (note_hash, moment) = ("ab".repeat(32), at("2026-03-10T09:00:00Z"));
        let of = (note.content(), note_hash.as_str());
        let reviews = std::slice::from_ref(&approved);
        let id = ResultId(casework::samples::uuid(700));
        let wrong = InvestigativeResult::record(of, reviews, &[], id, &form, &examiner(1), moment).unwrap();
        let results = [wrong.content().clone()];
        let paper =
            lead_report(&LeadReport { results: &results, ..report(note.content(), vec![(&approved, signature())]) });
        assert!(paper.draft.contains("must not be used"), "{}", paper.draft);
        let text = paper.text();
        assert!(text.contains(kind.in_words()) && text.contains("2026-03-05, Demo Police Department"), "{text}");
        assert!(
            text.contains("Probe, untouched original") && !text.contains("Investigative lead, subject-0"),
            "{text}"
        );
    }
}

fn disclosed(file: &CaseFile) -> Paper {
    let record =
        file.disclosure(&examiner(1), Vec::new(), Vec::new(), worth, at("2026-03-02T13:00:00Z"), &policy()).unwrap();
    disclosure(&record, "Sample County Sheriff")
}

#[test]
fn a_disclosure_says_this() {
    insta::assert_snapshot!(disclosed(&file()).text());
}

#[test]
fn a_disclosure_on_paper_tells_nobody_of_a_list_that_is_not_unveiled() {
    let mut blind = file();
    forge(&mut blind).examination = Some(Examination::Blind(examination()));
    let text = disclosed(&blind).text();
    assert!(text.contains("nothing of anybody on it is told"), "{text}");
    assert!(!text.contains("subject-") && !text.contains("Similarity score"), "{text}");
    assert!(!text.contains("more usual") && !text.contains("of 100 lists"), "{text}");
}

#[test]
fn before_approval_a_report_is_a_marked_draft() {
    let note = sealed();
    let content = note.content();
    assert!(lead_report(&report(content, Vec::new())).draft.starts_with("DRAFT. No supervisor has approved"));
    let (approved, returned) = (review(content, Decision::Approve), review(content, Decision::Return));
    let of = |reviews| lead_report(&report(content, reviews)).draft;
    assert_eq!(of(vec![(&approved, signature())]), "");
    assert!(of(vec![(&returned, signature())]).contains("returned"));
    assert!(of(vec![(&approved, signature()), (&returned, signature())]).contains("decided differently"));
}

#[test]
fn a_contaminated_witness_is_printed_as_such() {
    let note = sealed();
    let mut content = note.content().clone();
    let mut entry = casework::samples::support(900, casework::Category::Witness);
    if let casework::Details::Witness(w) = &mut entry.details {
        w.photo_shown_before = Some(true);
    }
    content.checklist.entries.push(entry);
    let around = casework::samples::around("2026-03-02T12:00:00Z");
    content.standings = content.checklist.standings(&around);
    let paper = lead_report(&report(&content, Vec::new()));
    let warned =
        paper.blocks.iter().any(|b| matches!(b, Block::Warning { text } if text.contains("CONTAMINATED, never")));
    assert!(warned, "{}", paper.text());
}

#[test]
fn papers_become_pdf_a_whose_pages_can_be_drawn() {
    let note = corroborated();
    let approved = review(note.content(), Decision::Approve);
    let paper = lead_report(&report(note.content(), vec![(&approved, signature())]));
    let printed = print(&paper, MADE).unwrap();
    assert!(printed.archival, "PDF/A-2b");
    assert!(String::from_utf8_lossy(&printed.pdf).contains("pdfaid"), "says so in its metadata");
    assert_eq!(printed.pdf, print(&paper, MADE).unwrap().pdf, "the same paper is the same file");
    let (png, pages) = page(printed.pdf.clone(), 0, 1100).unwrap();
    assert!(pages >= 2);
    let drawn = image::load_from_memory(&png).unwrap().to_luma8();
    let dark = drawn.pixels().filter(|p| p.0[0] < 128).count() as f32 / drawn.pixels().len() as f32;
    assert!((0.02..0.5).contains(&dark), "{dark} of the page is dark");
    assert!(page(printed.pdf, pages, 500).is_err());
    assert!(page(b"%PDF-1.7 nothing".to_vec(), 0, 500).is_err());
}

#[test]
fn text_is_never_read_as_markup() {
    let note = sealed();
    let mut content = note.content().clone();
    content.narrative =
        "#panic(\"no\") $x$ *not bold* @ref <label> \\ \u{2603} \u{7684}\n\n- #read(\"/etc/passwd\")".to_owned();
    let printed = print(&lead_report(&report(&content, Vec::new())), MADE).unwrap();
    assert!(!printed.pdf.is_empty());
}
