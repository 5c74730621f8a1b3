//! The screens' types, generated from the ones above.

use ts_rs::{Config, TS};

#[path = "../declared.rs"]
mod declared;

use workstation::{CommandError, Confirming, DayRead, Enclosed, VaultState, views};

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
        casework::Gap, casework::OffenceClass, casework::Offence, casework::Confirmation, casework::Answered, casework::Change, casework::SetAside, casework::GivenUp, casework::UnveiledElsewhere, casework::Handover, casework::History, casework::Basis, casework::CaseNumber, casework::Purpose, casework::CaseDraft, casework::Case,
        casework::ProbeSource, casework::ImageFacts, casework::Turned, casework::Saying, casework::Signature, casework::FaceBox, casework::FurtherPhoto, casework::FurtherImage, casework::QualityVerdict, casework::QualityFinding,
        casework::ProbeRecord, casework::SeenFace, casework::ProbeOrigin, casework::ProbeImage, casework::PreparationStep, casework::PreparedProbe, casework::Preparation, casework::Candidate, casework::CandidateList, casework::FilterKind, casework::SearchFilters,
        casework::Completeness, casework::Encoding, casework::SearchRecord, casework::Conclusion, casework::RecordedConclusion,
        casework::Component, casework::Visibility, casework::Suitability, casework::Seen, casework::Shape,
        casework::OnImage, casework::Mark, casework::ProbeAnalysis, casework::Similarity, casework::Observation,
        casework::SideSettings, casework::ViewMode, casework::ViewSettings, casework::Comparison,
        casework::ChangedConclusion, casework::Work, casework::ExaminationRecord, casework::Outcome,
        casework::Agreement, casework::Conference, casework::RequestId, casework::SentCandidate, casework::VerificationRequest, casework::RequestKey, casework::Asked, casework::Declined, casework::Verification, casework::VerificationState, casework::WaitsFor,
        casework::UnveiledCandidate, casework::ShownCandidate, casework::Finding,
        casework::Attempt, casework::Fixes, casework::Root, casework::Independence, casework::VehicleDetails,
        casework::WitnessDetails, casework::MediaDetails, casework::FurtherDetails, casework::Attachment, casework::Details, casework::Fact, casework::AddendumContent, casework::Remark, casework::RemarkPlace, casework::Entry, casework::Objection,
        casework::Standing, casework::Category, casework::Scope, casework::ContradictionItem,
        casework::ContradictionAnswer, casework::PanelAnswer, casework::ContradictionPanel, casework::Checklist,
        casework::Disposition, casework::NoteContent, casework::NoteForm, casework::PolicySummary, casework::Step,
        casework::StepState, CommandError, Enclosed, Confirming, views::Start, views::FirstStepsView, views::PolicyView, views::StaffLine, views::NewsAbout, VaultState, DayRead, views::PersonForm, views::SettingsView, views::SettingsForm,
        views::GalleryView, views::CaseLine, views::StepView, views::SearchView, views::Stage, views::WorthView, views::WorthLine, views::BenchView, views::Answer, views::WaitingLine, views::ColleagueLine, views::ColleaguesView, views::HolderLine, views::ConferenceLine, views::AskedView, views::ConferringView, views::VerificationView, views::Geometry, views::PersonLine, views::ProviderView, views::DueView, views::SecondFactorView, views::Admitted, views::ComponentLine,
        casework::Judgement, casework::Judged, casework::Decision, casework::ReviewForm, casework::ReviewContent, views::QueueLine, views::QuestionLine, views::EntryStanding, views::Known, views::Remembered, views::WorkstationLine, views::BackupView, casework::KeepingWord, casework::Reckoning, casework::Ended, casework::StillOpen, casework::Duty, casework::Retention, views::RetentionView, views::RetentionRuleView, views::RetentionLine, views::OpenCount, views::CertificateLine, views::GoneCount, views::PurgePreview, views::ExchangeView, views::JoinView, views::CaseView, casework::ResultId, casework::ResultKind, casework::RestedOn, casework::Concern, casework::Race, casework::Gender, casework::AgeBand, casework::DescribedIn, casework::Described, casework::ResultForm, casework::ResultContent, casework::Span, casework::Figure, casework::ResultFigures, views::Named<casework::ResultKind>, views::ResultOffer, views::ResultOffers, views::ResultLine, views::FiguresView, views::PackLine, views::MadeReportLine, views::ReportsView, views::NoteView, views::ValidityView, views::CalibrationView, views::PlotView, views::AxisView, views::SeriesView, views::GroupsView, views::ThresholdView, views::AttributeView, views::GroupView, views::SettingView, views::CellView, views::FigureView, views::Against, views::Progress, views::Offered,
        casework::oversight::Party, casework::oversight::DeskEvent, casework::oversight::MatterKind, casework::oversight::ClosedAs, casework::oversight::Pattern, casework::oversight::AuditedNote, casework::oversight::AuditedCase, views::PartyLine, views::SourceLine, views::GalleryAuditLine, views::GalleryLogLine, views::DeskCaseLine, views::ClosedLine, views::MatterLine, views::SampleLine, views::EventsForm, views::EventLine, views::EventsView, views::DeskView,
    );
    format!("// Generated from the Rust types by `make bindings`. Do not edit.\n\n{declared}")
}

#[test]
fn the_generated_types_are_up_to_date() {
    let wanted = typescript();
    up_to_date(concat!(env!("CORROBORATE_ROOT"), "/ui/src/api/bindings.ts"), &wanted);
}

/// The page's calls: one for each command that is declared, in the types of `bindings.ts`.
#[test]
fn the_generated_calls_are_up_to_date() {
    let commands = declared::commands(concat!(env!("CORROBORATE_ROOT"), "/src-tauri/src/commands").as_ref());
    let call = |command: &declared::Declared| {
        // A word of the language cannot name a parameter.
        let parameter = |name: &str| if matches!(name, "case" | "new") { format!("{name}_") } else { name.to_owned() };
        let parameters: Vec<String> =
            command.arguments.iter().map(|(name, of)| format!("{}: {of}", parameter(name))).collect();
        let given: Vec<String> = command
            .arguments
            .iter()
            .map(
                |(name, _)| {
                    if parameter(name) == *name { name.clone() } else { format!("{name}: {}", parameter(name)) }
                },
            )
            .collect();
        let given = if given.is_empty() { String::new() } else { format!(", {{ {} }}", given.join(", ")) };
        let (name, answer) = (declared::camel(&command.name), &command.answer);
        format!("  {name}: ({}): Promise<{answer}> => invoke(\"{}\"{given}),\n", parameters.join(", "), command.name)
    };
    let calls: String = commands.iter().map(call).collect();
    let words = calls.split(|c: char| !c.is_alphanumeric());
    let types: std::collections::BTreeSet<&str> =
        words.filter(|word| word.starts_with(char::is_uppercase) && *word != "Promise").collect();
    let types: Vec<&str> = types.into_iter().collect();
    let wanted = format!(
        "// Generated from the declared commands by `make bindings`. Do not edit.\n\n\
         import {{ invoke }} from \"@tauri-apps/api/core\";\nimport type {{ {} }} from \"./bindings\";\n\n\
         export const commands = {{\n{calls}}};\n",
        types.join(", ")
    );
    up_to_date(concat!(env!("CORROBORATE_ROOT"), "/ui/src/api/commands.ts"), &wanted);
}

/// Compares a generated file with what it should be, or writes it.
fn up_to_date(path: &str, wanted: &str) {
    if std::env::var_os("CORROBORATE_WRITE_BINDINGS").is_some() {
        std::fs::write(path, wanted).expect("it is written");
        return;
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), wanted, "run `make bindings`");
}
