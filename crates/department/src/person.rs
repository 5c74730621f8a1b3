use crate::need;
use catalogue::say;
use serde::{Deserialize, Serialize};

use crate::text::{gist, said};
use crate::{Day, Gap, Gaps, PersonId, SessionRule, TrainingRule};

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Opens cases, searches, examines, writes notes.
    Examiner,
    /// Reviews sealed notes and receives referrals.
    Supervisor,
    /// Reads the audit log.
    Auditor,
    /// Keeps users, policy and the gallery's address; sees no case content.
    Administrator,
}

impl Role {
    /// The role in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Examiner => say!("people-examiner"),
            Self::Supervisor => say!("people-supervisor"),
            Self::Auditor => say!("people-auditor"),
            Self::Administrator => say!("people-administrator"),
        }
    }
}

/// A completed course in facial comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Training {
    /// Name of the course.
    pub course: String,
    /// Day on which it was passed.
    pub completed_on: Day,
    /// Proficiency test result, 0 to 100.
    pub proficiency: u8,
}

/// A person who uses the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Person {
    /// Identity; separation of duties compares this and the badge, never the name.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// Badge or serial number within the agency.
    pub badge: String,
    /// ORI: the agency's originating identifier.
    pub ori: String,
    /// What the person may do.
    pub roles: Vec<Role>,
    /// The latest training record, if there is one.
    pub training: Option<Training>,
    /// Who added this person to the workstation; absent for the first.
    #[serde(default)]
    pub added_by: Option<PersonRef>,
}

/// Who did something, as records carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct PersonRef {
    /// Identity.
    pub id: PersonId,
    /// Name at the time.
    pub name: String,
    /// Badge at the time.
    pub badge: String,
    /// Agency at the time.
    pub ori: String,
}

impl PersonRef {
    /// Whether both are one person: the same identity on this workstation, or the same badge of one agency, which
    /// is how a person is known on another.
    pub fn is_same(&self, other: &PersonRef) -> bool {
        let alike = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
        self.id == other.id || (alike(&self.ori, &other.ori) && alike(&self.badge, &other.badge))
    }
}

impl Training {
    /// Reads a training record as it was typed. Nothing typed is no record; a part of one is a gap and never dropped.
    ///
    /// # Errors
    /// A [`Gap`] for each part that is missing or not understood.
    pub fn read(course: &str, completed_on: &str, proficiency: &str, today: Day) -> Result<Option<Self>, Vec<Gap>> {
        if [course, completed_on, proficiency].iter().all(|typed| typed.trim().is_empty()) {
            return Ok(None);
        }
        let mut gaps = Gaps::new();
        let why = say!("people-half-training-record-none-complete");
        need!(gaps, said(course), "person.course", say!("people-enter-name-course"), why);
        let day = match completed_on.trim() {
            "" => Err(say!("people-enter-day-passed").to_owned()),
            typed => Day::read(typed),
        };
        let day = day.and_then(|day| match day > today {
            true => Err(say!("people-lies-future-enter-day-passed", day = day.in_words())),
            false => Ok(day),
        });
        if let Err(wrong) = &day {
            gaps.push(Gap::new("person.training", wrong.clone(), why));
        }
        let result = proficiency.trim().trim_end_matches('%').trim_end().parse::<u8>().ok().filter(|r| *r <= 100);
        need!(gaps, result.is_some(), "person.proficiency", say!("people-enter-proficiency-result-whole-number"), why);
        gaps.into_result(|| ())?;
        Ok(day.ok().zip(result).map(|(completed_on, proficiency)| Self {
            course: course.trim().to_owned(),
            completed_on,
            proficiency,
        }))
    }
}

impl Person {
    /// Whom a record names, as if in `role`: what they were is proven by their signature and the roster of that day.
    pub fn claimed(named: &PersonRef, role: Role) -> Self {
        let PersonRef { id, name, badge, ori } = named.clone();
        Self { id, name, badge, ori, roles: vec![role], training: None, added_by: None }
    }

    /// The form in which records carry this person.
    pub fn reference(&self) -> PersonRef {
        PersonRef { id: self.id, name: self.name.clone(), badge: self.badge.clone(), ori: self.ori.clone() }
    }

    /// What the form that names a person still lacks.
    ///
    /// # Errors
    /// A [`Gap`] for each field that is missing or malformed.
    pub fn well_formed(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = say!("people-every-record-carries-person-made");
        need!(gaps, said(&self.name), "person.name", say!("people-enter-full-name"), why);
        need!(gaps, said(&self.badge), "person.badge", say!("people-enter-badge-serial-number"), why);
        need!(
            gaps,
            is_ori(&self.ori),
            "person.ori",
            say!("people-enter-agency-ori-nine-capital"),
            say!("people-gallery-records-agency-asked"),
        );
        if let Some(training) = &self.training {
            need!(
                gaps,
                said(&training.course),
                "person.course",
                say!("people-enter-name-course"),
                say!("people-examiners-trained"),
            );
            need!(
                gaps,
                training.proficiency <= 100,
                "person.proficiency",
                say!("people-proficiency-result-number-from-0"),
                say!("people-examiners-trained"),
            );
        }
        gaps.into_result(|| ())
    }

    /// Whether this person may do anything here.
    ///
    /// # Errors
    /// A [`Gap`] without any role.
    pub fn has_a_role(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            !self.roles.is_empty(),
            "person.roles",
            say!("people-choose-person-may-do"),
            say!("people-access-follows-role"),
        );
        gaps.into_result(|| ())
    }

    /// Whether this person has a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether this person may add others and change the gallery's address.
    ///
    /// # Errors
    /// A [`Gap`] without the administrator's role.
    pub fn may_administer(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.is(Role::Administrator),
            "person.roles",
            say!("people-only-administrator-may-do-ask"),
            say!("people-may-work-here-gallery-decided"),
        );
        gaps.into_result(|| ())
    }

    /// Whether this person may read and export the audit.
    ///
    /// # Errors
    /// A [`Gap`] without the auditor's role.
    pub fn may_read_audit(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.is(Role::Auditor),
            "person.roles",
            say!("people-only-auditor-may-read-audit"),
            say!("people-audit-names-everybody-did"),
        );
        gaps.into_result(|| ())
    }

    /// Whether this person may read what the workstation's figures rest on, and what searches cost each group.
    ///
    /// # Errors
    /// A [`Gap`] for somebody who neither administers, supervises nor audits.
    pub fn may_read_validity(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            [Role::Administrator, Role::Supervisor, Role::Auditor].into_iter().any(|role| self.is(role)),
            "person.roles",
            say!("people-only-offices-may-read-validity"),
            say!("people-figures-kept-from-searches"),
        );
        gaps.into_result(|| ())
    }

    /// Whether this person may hand the cases of others over.
    ///
    /// # Errors
    /// A [`Gap`] without the supervisor's role.
    pub fn may_reassign(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.is(Role::Supervisor),
            "person.roles",
            say!("people-role-does-not-allow-reassigning"),
            say!("people-supervisors-hand-cases-over"),
        );
        gaps.into_result(|| ())
    }

    /// Whether this person may begin cases.
    ///
    /// # Errors
    /// A [`Gap`] without the examiner's role.
    pub fn may_open_cases(&self) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        need!(
            gaps,
            self.is(Role::Examiner),
            "person.roles",
            say!("people-role-does-not-work-cases"),
            say!("people-case-content-need"),
        );
        gaps.into_result(|| ())
    }

    /// Whether this person may search and compare today.
    ///
    /// # Errors
    /// The gaps that keep the person from it: role, or a training record that is absent,
    /// too old or below the policy's proficiency.
    pub fn may_search(&self, rule: &TrainingRule, today: Day) -> Result<(), Vec<Gap>> {
        let mut gaps = Gaps::new();
        let why = say!("people-only-trained-examiners-search-compare");
        need!(gaps, self.is(Role::Examiner), "person.roles", say!("people-role-does-not-allow-search"), why);
        match &self.training {
            None => gaps.push(Gap::new("person.training", say!("people-add-training-record-course-date"), why)),
            Some(training) => {
                let valid_until = training
                    .completed_on
                    .0
                    .checked_add(jiff::Span::new().months(i64::from(rule.valid_months)))
                    .map(Day);
                let current = training.completed_on <= today && valid_until.is_ok_and(|until| today <= until);
                need!(
                    gaps,
                    current,
                    "person.training",
                    say!(
                        "people-training-not-current-policy-asks",
                        completed_on = training.completed_on,
                        valid_months = rule.valid_months
                    ),
                    why,
                );
                need!(
                    gaps,
                    training.proficiency >= rule.minimum_proficiency,
                    "person.training",
                    say!(
                        "people-proficiency-result-policy-asks-least",
                        proficiency = training.proficiency,
                        minimum_proficiency = rule.minimum_proficiency
                    ),
                    why,
                );
            }
        }
        gaps.into_result(|| ())
    }
}

/// Agency and badge of a person in the form in which two ways to write them are one.
pub(crate) fn one_badge(person: &Person) -> (String, String) {
    let bare = |text: &str| gist(text).replace(' ', "");
    (bare(&person.ori), bare(&person.badge))
}

/// Whether `text` has the form of an ORI: nine capital letters and digits.
pub fn is_ori(text: &str) -> bool {
    text.len() == 9 && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// What is wrong with a new passphrase.
///
/// # Errors
/// A [`Gap`] for one that is shorter than the policy asks, or that everybody at the agency could guess.
pub fn check_passphrase(passphrase: &str, person: &Person, rule: &SessionRule) -> Result<(), Vec<Gap>> {
    let mut gaps = Gaps::new();
    let least = rule.passphrase_characters;
    need!(
        gaps,
        passphrase.chars().count() >= least,
        "person.passphrase",
        say!("people-choose-passphrase-least-characters-few", least),
        say!("people-every-record-carries-person-made-passphrase"),
    );
    let known = passphrase.to_lowercase();
    let of_person = [&person.name, &person.badge, &person.ori];
    need!(
        gaps,
        !of_person.iter().any(|part| known == part.to_lowercase())
            && passphrase.chars().collect::<std::collections::HashSet<_>>().len() > 4,
        "person.passphrase",
        say!("people-passphrase-too-easy-guess-choose"),
        say!("people-every-record-carries-person-made-passphrase"),
    );
    gaps.into_result(|| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_filled_training_record_is_a_gap_and_never_dropped() {
        let today = Day(jiff::civil::date(2026, 11, 28));
        let places = |course, day, result| -> Vec<String> {
            let gaps = Training::read(course, day, result, today).expect_err("a gap");
            gaps.into_iter().map(|gap| gap.place).collect()
        };
        assert_eq!(Training::read(" ", "", "", today), Ok(None));
        assert_eq!(places("Course", "", ""), ["person.training", "person.proficiency"]);
        assert_eq!(places("", "10/28/2026", ""), ["person.course", "person.proficiency"]);
        assert_eq!(places("", "", "88"), ["person.course", "person.training"]);
        assert_eq!(places("Course", "2026-13-28", "88"), ["person.training"]);
        assert_eq!(places("Course", "10/28/2027", "88"), ["person.training"]);
        for wrong in ["101", "-1", "88.5", "good", "300"] {
            assert_eq!(places("Course", "10/28/2026", wrong), ["person.proficiency"], "{wrong}");
        }
        let whole = Training::read(" Course ", "10/28/2026", " 88 % ", today).expect("whole").expect("a record");
        assert_eq!((whole.course.as_str(), whole.proficiency), ("Course", 88));
        assert_eq!(whole.completed_on.in_words(), "28 October 2026");
    }
}
