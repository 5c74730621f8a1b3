//! Who sits here, settings, the exchange, and what is asked before a case is open.

use catalogue::say;
use qrcodegen::{QrCode, QrCodeEcc};
use serde::{Deserialize, Serialize};

use casework::{Component, Judgement, Moment, Person, PersonId, PersonRef, PolicySummary, Role};

use crate::enclosed::Enclosed;
use crate::error::{CommandError, Outcome};

/// What the window needs to begin.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Start {
    /// Who is signed in.
    pub person: Option<Person>,
    /// What that person must do before anything else.
    pub due: Option<DueView>,
    /// Whether the policy in force here is not the one that the department signed: nobody searches then.
    pub policy_unsigned: bool,
    /// How far this workstation is on its way into a department, if it is.
    pub joining: Option<JoinView>,
    /// Everybody who may sign in; nobody at first start.
    pub people: Vec<PersonLine>,
    /// What a reviewer is asked.
    pub questions: Vec<QuestionLine>,
    /// Components of a face with what to look at, top to bottom.
    pub components: Vec<ComponentLine>,
    /// The department's policy in brief.
    pub policy: PolicySummary,
    /// Offences that a search may name, with their codes; offered where one is typed.
    pub offences: Vec<casework::Offence>,
    /// The statement that stands on every screen.
    pub statement: String,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// Whether keys of one letter record nothing.
    pub letter_keys_off: bool,
    /// Version of the program.
    pub version: String,
    /// Whether a gallery is set.
    pub gallery_set: bool,
    /// The identity provider with which people sign in, where the department has one.
    pub provider: Option<ProviderView>,
    /// Whether whoever is signed in came in while it was away.
    pub provider_away: bool,
    /// What happened to people's records since the signed-in supervisor last read of it; shown before anything else.
    pub staff_news: Vec<StaffLine>,
}

/// What is to be done before the first case, each done or not; absent where it is not for this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FirstStepsView {
    /// They accepted the policy in force.
    pub policy: bool,
    /// The gallery that is set answered, with the model of this program: for administrators.
    pub gallery: Option<bool>,
    /// Two examiners may search today, and there is a supervisor: for administrators.
    pub people: Option<bool>,
    /// A backup was made: for administrators.
    pub backup: Option<bool>,
    /// Their training counts today: for examiners.
    pub training: Option<bool>,
    /// A case was begun here: for examiners.
    pub practice: Option<bool>,
}

/// The policy in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PolicyView {
    /// Its file.
    pub text: String,
    /// SHA-256 of it, hexadecimal.
    pub sha256: String,
    /// Whether whoever sits here accepted it.
    pub accepted: bool,
}

/// What news are about that are of nobody's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum NewsAbout {
    /// The department's policy.
    Policy,
    /// A misidentification.
    Misidentification,
    /// Cases that are due to go.
    Retention,
}

/// What happened to somebody's record.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct StaffLine {
    /// Position in the audit.
    #[ts(type = "number")]
    pub seq: i64,
    /// When it happened.
    pub at: Moment,
    /// What it is about, where it is nobody's record.
    pub about: Option<NewsAbout>,
    /// Whose record it is.
    pub name: String,
    /// Their badge now.
    pub badge: String,
    /// Who acted: name, badge, agency.
    pub by: String,
    /// A sentence each.
    pub said: Vec<String>,
}

impl StaffLine {
    /// The line of what the audit says.
    pub fn of(news: &vault::StaffNews) -> Self {
        let by = news.by.rsplit_once(" (").map_or(news.by.as_str(), |(by, _)| by);
        let (name, badge, said) = match &news.event {
            vault::News::Staff(event) => (event.name.clone(), event.badge.clone(), event.in_words()),
            vault::News::Loosened(said) => (String::new(), String::new(), said.clone()),
            vault::News::Misidentified(number) => {
                (String::new(), String::new(), vec![say!("workstation-news-misidentified", number)])
            }
            vault::News::Due(count) => {
                (String::new(), String::new(), vec![say!("workstation-news-due", count = *count)])
            }
        };
        let about = match news.event {
            vault::News::Staff(_) => None,
            vault::News::Loosened(_) => Some(NewsAbout::Policy),
            vault::News::Misidentified(_) => Some(NewsAbout::Misidentification),
            vault::News::Due(_) => Some(NewsAbout::Retention),
        };
        Self { seq: news.seq, at: news.at, name, badge, about, by: by.to_owned(), said }
    }
}

/// A person who may sign in.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PersonLine {
    /// Identity.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// Badge or serial number.
    pub badge: String,
    /// Whether they have a passphrase of their own; else they sign in with their enrolment code.
    pub own: bool,
    /// Whether a second factor is asked for.
    pub second: bool,
    /// Whether they show it at the identity provider, in the browser.
    pub browser: bool,
    /// Whether they can confirm as a supervisor.
    pub supervises: bool,
}

/// The department's identity provider.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ProviderView {
    /// Host and port, as people know it.
    pub host: String,
    /// Hours within which a code of an authenticator app does while it is away; 0 is never.
    pub offline_hours: u16,
}

impl ProviderView {
    /// The one of `rule`.
    pub fn of(rule: &casework::ProviderRule) -> Self {
        Self { host: ::provider::host(rule).to_owned(), offline_hours: rule.offline_hours }
    }
}

/// What somebody who came in must do first.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
pub enum DueView {
    /// Choose a passphrase of their own.
    Passphrase,
    /// Set up a second factor.
    SecondFactor,
    /// Put the department's recovery kit away.
    RecoveryKit,
}

impl DueView {
    /// The same as the vault says it.
    pub fn of(due: vault::Due) -> Self {
        match due {
            vault::Due::Passphrase => Self::Passphrase,
            vault::Due::SecondFactor => Self::SecondFactor,
            vault::Due::RecoveryKit => Self::RecoveryKit,
        }
    }
}

/// A second factor as an authenticator app takes it in.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SecondFactorView {
    /// The secret as it is typed where no camera is at hand.
    pub typed: String,
    /// Modules on a side of the QR code, the quiet zone of four on each side included.
    pub side: i32,
    /// Its dark modules as the path of an SVG image, one unit a module.
    pub path: String,
}

impl SecondFactorView {
    /// What the person with `badge` takes in.
    ///
    /// # Errors
    /// When the address is too long for a code.
    pub fn of(factor: &vault::SecondFactor, badge: &str) -> Outcome<Self> {
        const QUIET: i32 = 4;
        let address = zeroize::Zeroizing::new(factor.address(badge));
        let code = QrCode::encode_text(&address, QrCodeEcc::Medium)
            .map_err(|e| CommandError::new("second-factor", say!("workstation-code-cannot-be-drawn", e)))?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                path.push_str(&format!("M{},{}h1v1h-1z", x + QUIET, y + QUIET));
            }
        }
        Ok(Self { typed: factor.typed(), side: code.size() + 2 * QUIET, path })
    }
}

/// The people after a change, and the enrolment code of somebody who got one.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Admitted {
    /// The code, told once; empty where nobody got one.
    pub code: String,
    /// What the window needs.
    pub start: Start,
}

/// A component of the face.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ComponentLine {
    /// Which.
    pub component: Component,
    /// In words.
    pub name: String,
    /// What to look at, in a sentence.
    pub look_at: String,
}

impl ComponentLine {
    /// Every component, top to bottom.
    pub fn all() -> Vec<Self> {
        let line = |c: Component| Self { component: c, name: c.in_words().to_owned(), look_at: c.look_at().to_owned() };
        Component::ALL.into_iter().map(line).collect()
    }
}

/// What is asked of a person who is named or added.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PersonForm {
    /// Full name.
    pub name: String,
    /// Badge or serial number.
    pub badge: String,
    /// The agency's originating identifier, as it was typed.
    pub ori: String,
    /// Name of the course in facial comparison.
    pub course: String,
    /// As it was typed.
    pub completed_on: String,
    /// As it was typed.
    pub proficiency: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The first person's own; empty for somebody who is added.
    pub passphrase: Enclosed,
}

/// The settings screen.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SettingsView {
    /// Address of the gallery.
    pub gallery: String,
    /// Whether a token rests in the secret store. The token itself never comes back.
    pub token_set: bool,
    /// `light`, `dark` or empty.
    pub theme: String,
    /// Whether keys of one letter record nothing.
    pub letter_keys_off: bool,
}

/// What the settings screen sends.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SettingsForm {
    /// Address of the gallery.
    pub gallery: String,
    /// Empty keeps the stored token.
    pub token: Enclosed,
    /// `light`, `dark` or empty for the system's.
    pub theme: String,
    /// Whether keys of one letter record nothing.
    #[serde(default)]
    pub letter_keys_off: bool,
}

/// What a gallery says of itself.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GalleryView {
    /// People in it.
    #[ts(type = "number")]
    pub subjects: u64,
    /// Photographs in it that are encoded.
    #[ts(type = "number")]
    pub templates: u64,
    /// Ids of the models that its templates are of.
    pub models: Vec<String>,
    /// Whether this workstation's model is among them.
    pub model_fits: bool,
}

/// Another workstation.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct WorkstationLine {
    /// Its public key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its public key, short enough to be read out.
    pub fingerprint: String,
    /// Whether it is of this department; another department's exchanges packages alone.
    pub of_department: bool,
}

/// Backups of this workstation.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct BackupView {
    /// The folder that they go to; empty where none are made.
    pub folder: String,
    /// When the last one was made and read back.
    pub made_at: Option<Moment>,
    /// Its bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether they are kept at the department's relay too.
    pub at_relay: bool,
    /// When the newest that lies there was made.
    pub copied: Option<Moment>,
    /// Why the last one that was due was not made.
    pub trouble: String,
}

impl WorkstationLine {
    /// The line of a card.
    pub fn of(card: vault::Card, of_department: bool) -> Self {
        Self { fingerprint: card.fingerprint(), name: card.name.clone(), key: card.signs, of_department }
    }

    /// The line of a workstation of this department.
    pub fn of_department(card: vault::Card) -> Self {
        Self::of(card, true)
    }
}

/// The exchange with other workstations.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExchangeView {
    /// Name of this workstation.
    pub name: String,
    /// The own public key, short enough to be read out.
    pub fingerprint: String,
    /// What the other workstation's administrator pastes.
    pub card: String,
    /// Workstations whose cards were compared.
    pub others: Vec<WorkstationLine>,
    /// Key of the workstation where notes are reviewed; empty is here.
    pub review_at: String,
    /// Address of the department's relay; empty where packages travel as files.
    pub relay: String,
    /// Packages that wait to be sent.
    pub waiting: usize,
    /// Packages that left.
    pub sent: usize,
    /// Why packages do not move, if they do not.
    pub trouble: String,
    /// What a new workstation joins the department by, where a relay serves it.
    pub invitation: Option<String>,
    /// The department's root key.
    pub root: Option<String>,
    /// The same, short enough to be read out.
    pub root_fingerprint: Option<String>,
    /// Administrators who may confirm a change besides whoever is signed in.
    pub seconds: Vec<PersonRef>,
    /// Whether the department has taken this workstation out.
    pub taken_out: bool,
}

/// How far a workstation is on its way into a department.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct JoinView {
    /// The department's name, as its invitation says.
    pub department: String,
    /// Its root key, and the same short enough to be read out.
    pub root: String,
    /// First half of the root key's SHA-256, in groups of four.
    pub root_fingerprint: String,
    /// Address of its relay.
    pub relay: String,
    /// The own card, which an administrator of the department takes in.
    pub card: String,
    /// The card, short enough to be read out.
    pub fingerprint: String,
    /// Whether an administrator has let this workstation in.
    pub let_in: bool,
    /// Whether people of the department can sign in here now.
    pub joined: bool,
    /// What keeps it from going on, if something does.
    pub trouble: String,
}

/// One question of a review.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct QuestionLine {
    /// Which.
    pub judgement: Judgement,
    /// As the reviewer is asked.
    pub question: String,
}

impl QuestionLine {
    /// Every question, in the order of the form.
    pub fn all() -> Vec<Self> {
        Judgement::ALL.into_iter().map(|j| Self { judgement: j, question: j.question().to_owned() }).collect()
    }
}

/// How far long work is.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Progress {
    /// What is done at the moment, for people.
    pub doing: String,
    /// Share done, 0 to 1; absent when it cannot be known.
    pub share: Option<f32>,
}

/// A file that was given to the program.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Offered {
    /// Position by which it is taken.
    pub index: usize,
    /// Name of the file, without its folder.
    pub name: String,
}
