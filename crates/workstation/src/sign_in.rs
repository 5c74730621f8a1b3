//! Signing in, and what a person changes of how they do.

use catalogue::say;

use department::PublicKey;

use casework::{Clock, Day, PersonId, PolicySummary, check_passphrase};
use vault::{Second, SecondFactor, Settings, VaultError};

use crate::clock::SystemClock;
use crate::enclosed::Enclosed;
use crate::error::{CommandError, Outcome, signed_out};
use crate::seated::second_factor_first;
use crate::shown_at_provider::{Shown, second};
use crate::views::{ComponentLine, DueView, ProviderView, QuestionLine, SecondFactorView, StaffLine, Start};
use crate::workstation::Blocking;

/// How a day that is being typed is read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
pub struct DayRead {
    /// `YYYY-MM-DD`, once it is a day.
    pub day: Option<String>,
    /// The day in words, or what is wrong with it; empty where nothing is typed.
    pub words: String,
}

impl DayRead {
    /// Reads `text`.
    pub fn of(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self { day: None, words: String::new() };
        }
        match Day::read(text) {
            Ok(day) => Self { day: Some(day.to_string()), words: say!("workstation-read", day = day.in_words()) },
            Err(wrong) => Self { day: None, words: wrong },
        }
    }
}

impl Blocking<'_> {
    /// What the window needs to begin, and after whatever changed who sits here.
    pub fn start(&self) -> Outcome<Start> {
        let (person, due) = self.signed_in()?;
        let people = self.people()?;
        let provider_away = self.end_idle()?.as_ref().is_some_and(|session| session.away);
        let settings = if person.is_some() { self.with(|v| Ok(v.settings()?))? } else { Settings::default() };
        Ok(Start {
            person,
            due: due.map(DueView::of),
            policy_unsigned: match due {
                None if self.is_open() => !self.policy_is_signed()?,
                _ => false,
            },
            joining: if people.is_empty() { self.joining()? } else { None },
            people,
            questions: QuestionLine::all(),
            components: ComponentLine::all(),
            policy: PolicySummary::from(&*self.policy()),
            offences: self.policy().offence.iter().chain(casework::shipped_offences()).cloned().collect(),
            statement: casework::LEAD_STATEMENT.to_owned(),
            theme: settings.theme,
            letter_keys_off: settings.letter_keys_off,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            gallery_set: !settings.gallery.is_empty(),
            provider: self.signs_in_with()?.map(|rule| ProviderView::of(&rule)),
            provider_away,
            staff_news: self.staff_news()?.iter().map(StaffLine::of).collect(),
        })
    }

    /// Signs `id` in with a passphrase, or with the enrolment code that they were given, and their second factor: what they showed
    /// in the browser just now where the department has an identity provider, else a code where they have one.
    pub fn sign_in(&self, id: PersonId, passphrase: &Enclosed, code: &Enclosed) -> Outcome<()> {
        let (passphrase, code) = (self.envelope.open(passphrase)?, self.envelope.open(code)?);
        let (now, policy) = (SystemClock.now(), self.policy());
        let rule = &policy.session;
        let remembered = code.is_empty() && self.behind.remembers(id, rule.second_factor_hours)?;
        let shown = self.provider.take(id);
        let (proved, away) =
            (matches!(shown, Some(Shown::Proved(_))), matches!(shown, Some(Shown::Away(_))) && !remembered);
        let factor = if remembered { Second::NotAsked } else { second(shown.as_ref(), &code) };
        let coded = matches!(factor, Second::Code(_));
        if away {
            self.grace_lasts(id)?;
        }
        let entered =
            self.at_entrance(|entrance, _| Ok(entrance.enter(id, &passphrase, factor, "signed-in", now, rule)))?;
        let entered = match entered {
            Ok(entered) => entered,
            Err(error) => {
                self.provider.put_back(shown, &error);
                return Err(error.into());
            }
        };
        if proved {
            self.behind.proved_by(id)?;
        }
        if proved || (!remembered && !away && entered.due().is_none()) {
            self.behind.shown_by(id)?;
        }
        self.open_for(&entered)?;
        // Whoever was taken out of the people while the vault was closed has a door that leads nowhere.
        let person = self.with(|v| Ok(v.person(id)?));
        if let Err(error) = person.and_then(|person| self.may_come_with_a_code(coded, &person)) {
            self.behind.close();
            return Err(error);
        }
        let mut entered = entered;
        self.found_later(&mut entered)?;
        // A key that was exchanged elsewhere signs nothing any more.
        let signing = entered.signing().as_ref().map(PublicKey::of);
        let exchanged = self.with(|v| Ok(v.has_another_key(id, signing.as_ref(), now)))?;
        if exchanged {
            self.behind.close();
            return Err(CommandError::new("key-exchanged", say!("workstation-key-exchanged")));
        }
        self.work_by_the_departments()?;
        self.sit_down(entered)?;
        let end_session = match &shown {
            Some(Shown::Proved(proof)) => proof.end_session().cloned(),
            _ => None,
        };
        self.in_session(|session| {
            (session.end_session, session.away) = (end_session, away);
            Ok(())
        })?;
        self.state_own_door()
    }

    /// Replaces the own passphrase, or the code with which somebody came in.
    pub fn change_passphrase(&self, old: &Enclosed, new: &Enclosed) -> Outcome<()> {
        let (id, _) = self.session()?.ok_or_else(signed_out)?;
        let person = self.with(|v| Ok(v.person(id)?))?;
        let (old, new) = (self.envelope.open(old)?, self.envelope.open(new)?);
        check_passphrase(&new, &person, &self.policy().session)?;
        let entered = self.let_in(&person.reference(), &old, "passphrase-asked")?;
        let entered = self.at_entrance(|entrance, _| Ok(entrance.choose(entered, &new, SystemClock.now())?))?;
        self.sit_down(entered)?;
        self.state_own_door()
    }

    /// Begins to set up the second factor of whoever is signed in: what their authenticator app takes in.
    pub fn second_factor(&self) -> Outcome<SecondFactorView> {
        let badge = self.in_session(|session| Ok(session.entered.person().badge.clone()))?;
        let factor = SecondFactor::fresh()?;
        let view = SecondFactorView::of(&factor, &badge)?;
        self.in_session(|session| {
            session.factor = Some(factor);
            Ok(view)
        })
    }

    /// Sets the second factor that was begun, once a code of it fits. Returns the recovery codes, which are told once. Whoever
    /// has one already confirms the change with their passphrase.
    pub fn set_second_factor(&self, code: &Enclosed, passphrase: &Enclosed) -> Outcome<Vec<String>> {
        let (code, passphrase) = (self.envelope.open(code)?, self.envelope.open(passphrase)?);
        let now = SystemClock.now();
        let factor = self.in_session(|session| session.factor.clone().ok_or_else(second_factor_first))?;
        if !factor.fits(&code, now) {
            return Err(VaultError::WrongCode.into());
        }
        if self.session()?.is_some_and(|(_, due)| due.is_none()) {
            self.let_in(&self.who()?.reference(), &passphrase, "second-factor-asked")?;
        }
        let codes = self.in_session(|session| {
            let entered = &mut session.entered;
            let codes = self.at_entrance(|entrance, _| Ok(entrance.set_second(entered, &factor, &code, now)?))?;
            session.factor = None;
            self.behind.shown_by(session.entered.person().id)?;
            Ok(codes)
        })?;
        self.state_own_door()?;
        Ok(codes)
    }
}
