//! The screens' types, generated from the ones above.

use ts_rs::{Config, TS};

use workstation::{CommandError, DayRead, Enclosed, VaultState, views};

macro_rules! declarations {
    ($config:expr; $($type:ty),* $(,)?) => {
        [$(format!("export {}\n", <$type as TS>::decl($config))),*].concat()
    };
}

fn typescript() -> String {
    let config = Config::default();
    let declared = declarations!(&config;
        casework::PersonId, casework::CaseId, casework::ProbeId, casework::SearchId, casework::CandidateId,
        casework::EntryId, casework::NoteId, casework::Role, casework::Training, casework::Person, casework::PersonRef,
        casework::Gap, casework::OffenceClass, casework::Offence, casework::Confirmation, casework::Answered, casework::Change, casework::SetAside, casework::GivenUp, casework::UnveiledElsewhere, casework::History, casework::Basis, casework::CaseNumber, casework::Purpose, casework::CaseDraft, casework::Case,
        casework::ProbeSource, casework::ImageFacts, casework::FaceBox, casework::FurtherPhoto, casework::FurtherImage, casework::QualityVerdict, casework::QualityFinding,
        casework::ProbeRecord, casework::SeenFace, casework::ProbeOrigin, casework::ProbeImage, casework::PreparationStep, casework::PreparedProbe, casework::Preparation, casework::Candidate, casework::CandidateList, casework::FilterKind, casework::SearchFilters,
        casework::Completeness, casework::SearchRecord, casework::Conclusion, casework::RecordedConclusion,
        casework::Component, casework::Visibility, casework::Suitability, casework::Seen, casework::Shape,
        casework::OnImage, casework::Mark, casework::ProbeAnalysis, casework::Similarity, casework::Observation,
        casework::SideSettings, casework::ViewMode, casework::ViewSettings, casework::Comparison,
        casework::ChangedConclusion, casework::Work, casework::ExaminationRecord, casework::Outcome,
        casework::Agreement, casework::Conference, casework::Verification, casework::VerificationState,
        casework::UnveiledCandidate, casework::ShownCandidate, casework::Finding,
        casework::Attempt, casework::Fixes, casework::Root, casework::Independence, casework::VehicleDetails,
        casework::WitnessDetails, casework::MediaDetails, casework::FurtherDetails, casework::Attachment, casework::Details, casework::Fact, casework::AddendumContent, casework::Remark, casework::RemarkPlace, casework::Entry, casework::Objection,
        casework::Standing, casework::Category, casework::Scope, casework::ContradictionItem,
        casework::ContradictionAnswer, casework::PanelAnswer, casework::ContradictionPanel, casework::Checklist,
        casework::Disposition, casework::NoteContent, casework::NoteForm, casework::PolicySummary, casework::Step,
        casework::StepState, CommandError, Enclosed, views::Start, views::StaffLine, VaultState, DayRead, views::PersonForm, views::SettingsView, views::SettingsForm,
        views::GalleryView, views::CaseLine, views::StepView, views::SearchView, views::Stage, views::BenchView, views::Answer, views::WaitingLine, views::VerificationView, views::Geometry, views::PersonLine, views::ComponentLine,
        casework::Judgement, casework::Judged, casework::Decision, casework::ReviewForm, casework::ReviewContent, views::QueueLine, views::QuestionLine, views::EntryStanding, views::Known, views::Remembered, views::WorkstationLine, views::ExchangeView, views::CaseView, views::NoteView, views::Progress, views::Offered,
    );
    format!("// Generated from the Rust types by `make bindings`. Do not edit.\n\n{declared}")
}

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/api/bindings.ts");

#[test]
fn the_generated_types_are_up_to_date() {
    let wanted = typescript();
    if std::env::var_os("CORROBORATE_WRITE_BINDINGS").is_some() {
        std::fs::write(PATH, wanted).expect("bindings.ts is written");
        return;
    }
    let found = std::fs::read_to_string(PATH).unwrap_or_default();
    assert_eq!(found, wanted, "run `make bindings`");
}

/// Names that stand between `open` and `close` in `text`.
fn names<'a>(text: &'a str, open: &str, close: char) -> Vec<&'a str> {
    let mut found: Vec<&str> = text.split(open).skip(1).filter_map(|rest| rest.split(close).next()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn screens_handler_and_capability_name_the_same_commands() {
    let mut listed: Vec<&str> = include_str!("../commands.txt").lines().filter(|l| !l.is_empty()).collect();
    listed.sort_unstable();
    let main = include_str!("main.rs");
    assert_eq!(names(main, "            commands::", ','), listed, "the handler in main.rs");
    let api = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/api/api.ts")).expect("api.ts");
    assert_eq!(names(&api, "call(\"", '"'), listed, "api.ts");
    let capability = include_str!("../capabilities/main.json");
    let allowed: Vec<String> = names(capability, "\"allow-", '"').into_iter().map(|n| n.replace('-', "_")).collect();
    assert_eq!(allowed, listed, "capabilities/main.json");
}
