use casework::{
    AuditLine, Candidate, ContradictionAnswer, DisclosedNote, DisclosedSearch, Disclosure, ExaminationRecord, Finding,
    Moment, PersonRef, PreparationStep, ProbeRecord, Worth,
};
use catalogue::say;

use crate::report::{decision, entry_says};
use crate::{Block, Paper};

fn who(person: &PersonRef) -> String {
    say!("paper-badge", name = person.name, badge = person.badge, ori = person.ori)
}

fn facts(pairs: Vec<(&str, String)>) -> Block {
    Block::Facts { pairs: pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
}

fn table(header: &[&str], widths: &[u8], rows: Vec<Vec<String>>) -> Block {
    Block::Table { header: header.iter().map(|h| (*h).to_owned()).collect(), widths: widths.to_vec(), rows }
}

/// A paper that is being written, times in the record's zone.
struct Told<'a> {
    record: &'a Disclosure,
    blocks: Vec<Block>,
}

/// The disclosure of a case on paper. The exported JSON is the same [`Disclosure`], so both always say the same.
pub fn disclosure(record: &Disclosure, department: &str) -> Paper {
    let mut told = Told { record, blocks: vec![Block::text(record.use_of_face_recognition.clone())] };
    told.case();
    told.probe();
    told.heading(say!("paper-every-search-gave-nothing-too"));
    for search in &record.searches {
        told.searched(search);
    }
    if record.searches.is_empty() {
        told.text(say!("paper-no-search-made"));
    }
    told.examined();
    told.corroborated();
    told.noted();
    told.heading(say!("paper-done-audit-chain"));
    let line = |event: &AuditLine| {
        vec![event.seq.to_string(), told.moment(event.at), event.person.clone(), event.action.replace('-', " ")]
    };
    let rows = record.audit.iter().map(line).collect();
    told.blocks.push(table(
        &["No.", say!("paper-when"), say!("paper-who"), say!("paper-what")],
        &[6, 22, 48, 24],
        rows,
    ));
    Paper {
        department: department.to_owned(),
        title: say!("paper-disclosure", number = record.case.as_ref().map_or("", |case| case.number().as_str()))
            .trim()
            .to_owned(),
        subtitle: say!("paper-use-face-recognition-case").to_owned(),
        draft: String::new(),
        statement: record.statement.trim().to_owned(),
        footer: say!(
            "paper-produced",
            produced_at = told.moment(record.produced_at),
            produced_by = who(&record.produced_by)
        ),
        blocks: told.blocks,
    }
}

impl Told<'_> {
    fn heading(&mut self, text: &str) {
        self.blocks.push(Block::heading(text));
    }

    fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::text(text.into()));
    }

    fn warn(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Warning { text: text.into() });
    }

    fn moment(&self, at: Moment) -> String {
        at.in_zone(&self.record.time_zone)
    }

    fn case(&mut self) {
        let Some(case) = &self.record.case else { return self.text(say!("paper-no-purpose-recorded")) };
        let basis = case.basis();
        self.blocks.push(facts(vec![
            (say!("rule-note-case"), case.number().as_str().to_owned()),
            (say!("paper-offence"), format!("{}, {}", case.offence().trim(), self.moment(case.event_at()))),
            (say!("paper-purpose"), case.purpose().in_words().to_owned()),
            (say!("paper-basis"), format!("{} {}", basis.code.trim(), basis.statement.trim())),
            (say!("paper-asked"), basis.requested_by.trim().to_owned()),
            (say!("paper-opened"), format!("{}, {}", who(case.opened_by()), self.moment(case.opened_at()))),
        ]));
        for referral in &self.record.referrals {
            self.warn(say!("paper-referred-audit-program", referral));
        }
    }

    fn probe(&mut self) {
        self.heading(say!("paper-probe-done"));
        let Some(probe) = &self.record.probe else { return self.text(say!("paper-no-probe-taken")) };
        self.blocks.push(facts(vec![
            (
                say!("paper-kind"),
                say!("paper-taken", source = probe.source().in_words(), captured_at = self.moment(probe.captured_at())),
            ),
            (
                say!("paper-obtained"),
                format!(
                    "{}: {} ({})",
                    probe.obtained_by().trim(),
                    probe.obtained_how().trim(),
                    probe.legal_basis().trim()
                ),
            ),
            (
                say!("paper-quality"),
                say!(
                    "paper-100",
                    quality = probe.quality(),
                    quality_warning = probe.quality_warning().unwrap_or_default()
                ),
            ),
            ("SHA-256", probe.image().sha256.clone()),
        ]));
        self.frames(probe);
    }

    fn frames(&mut self, probe: &ProbeRecord) {
        for frame in probe.further() {
            self.text(say!(
                "paper-further-photograph-sha-256",
                same_person = frame.same_person.trim(),
                sha256 = frame.image.sha256
            ));
        }
        let turned = probe.image().turned;
        if !turned.is_not() {
            self.text(say!("paper-probe-was-turned", degrees = turned.degrees()));
        }
        match probe.prepared().map_or(&[][..], |prepared| &prepared.steps) {
            [] if !turned.is_not() => self.text(say!("paper-original-searched-turned")),
            [] => self.text(say!("paper-original-searched-nothing-done")),
            steps => {
                self.text(say!("paper-original-searched-beside-copy-prepared"));
                self.blocks.push(Block::List { items: steps.iter().map(PreparationStep::in_words).collect() });
            }
        }
    }

    fn searched(&mut self, told: &DisclosedSearch) {
        let search = told.search();
        let compared = search.completeness();
        self.blocks
            .push(Block::Subheading { text: say!("paper-by", at = self.moment(search.at()), by = who(search.by())) });
        self.blocks.push(facts(vec![
            (say!("paper-gallery"), say!("paper-model", gallery = search.gallery(), model = search.model())),
            (
                say!("paper-compared"),
                say!(
                    "paper-templates-left-out-filters-candidates",
                    scanned = compared.scanned,
                    gallery_size = compared.gallery_size,
                    filtered_out = compared.filtered_out,
                    candidates = told.candidates().len()
                ),
            ),
        ]));
        if told.gave_nothing() {
            self.warn(say!("paper-search-gave-nothing-no-candidate"));
        }
        if told.withheld() {
            return self.text(say!("paper-examination-list-not-concluded-unveiled"));
        }
        let work = self.record.examination.as_ref().map(|e| &e.work).filter(|work| work.search == search.id());
        let rows = told.candidates().iter().enumerate().map(|(at, candidate)| {
            let said = match work {
                None => say!("paper-not-examined"),
                Some(work) => match work.conclusions.get(&candidate.id) {
                    Some(concluded) => concluded.conclusion.in_words(),
                    None if work.looked_at.contains_key(&candidate.id) => say!("paper-looked-no-conclusion"),
                    None => say!("paper-not-looked"),
                },
            };
            let kept = if work.is_some_and(|work| work.lead == Some(candidate.id)) { " (kept)" } else { "" };
            let score = candidate.score.map_or_else(String::new, |score| format!("{score:.2}"));
            let taken = candidate.captured_on.as_deref().unwrap_or(say!("rule-corroboration-not-known"));
            vec![(at + 1).to_string(), candidate.subject_id.clone(), score, taken.to_owned(), format!("{said}{kept}")]
        });
        let header = [
            say!("paper-rank"),
            say!("paper-subject"),
            say!("paper-similarity-score"),
            say!("paper-taken-2"),
            say!("paper-blind-conclusion"),
        ];
        let rows = table(&header, &[8, 30, 18, 18, 26], rows.collect());
        self.blocks.push(rows);
        if let Some(worth) = told.worth() {
            self.worth(worth, told.candidates());
        }
    }

    /// What the screen says of a list's scores once it is unveiled, in the same words.
    fn worth(&mut self, worth: &Worth, candidates: &[Candidate]) {
        for says in worth.in_words() {
            self.text(says);
        }
        let Worth::Measured(measured) = worth else { return };
        let calibration = say!("paper-calibration-file", name = measured.calibration, sha256 = measured.sha256);
        self.blocks.push(facts(vec![(say!("paper-calibration"), calibration)]));
        let rows = candidates.iter().enumerate().filter_map(|(at, candidate)| {
            let one = worth.of(candidate.id)?;
            let score = candidate.score.map_or_else(String::new, |score| format!("{score:.2}"));
            Some(vec![(at + 1).to_string(), score, one.usual_in_words(), one.by_chance_in_words()])
        });
        let header = [
            say!("paper-rank"),
            say!("paper-similarity-score"),
            say!("paper-score-like-this"),
            say!("paper-score-by-chance"),
        ];
        let rows = table(&header, &[8, 16, 38, 38], rows.collect());
        self.blocks.push(rows);
    }

    fn examined(&mut self) {
        self.heading(say!("paper-examination-verification"));
        self.before();
        let Some(examination) = &self.record.examination else { return self.text(say!("paper-nothing-examined")) };
        self.came_to(examination);
        let Some(second) = &self.record.verification else {
            return self.text(say!("paper-no-second-examiner-compared"));
        };
        let mut pairs = vec![
            (say!("paper-verified"), format!("{}, {}", who(&second.verifier), self.moment(second.at))),
            (say!("paper-concluded"), format!("{}; {}", second.conclusion.in_words(), second.agreement.in_words())),
        ];
        if let Some(held) = &second.conference {
            pairs.push((say!("paper-conference"), format!("{}: {}", held.agreed.in_words(), held.account.trim())));
        }
        self.blocks.push(facts(pairs));
    }

    /// Examinations that were set aside, and verifications that were given up.
    fn before(&mut self) {
        for aside in &self.record.history.set_aside {
            let (was, at) = (&aside.examination, self.moment(aside.at));
            let unveiled =
                was.record().unveiled_at.map_or_else(|| say!("rule-note-no").to_owned(), |at| self.moment(at));
            self.warn(say!(
                "paper-earlier-examination-set-aside-further",
                examiner = who(&was.work().examiner),
                at,
                looked_at = was.work().looked_at.len(),
                conclusions = was.work().conclusions.len(),
                unveiled,
                conclusion = was.verification().map_or(say!("rule-note-no"), |second| second.conclusion.in_words())
            ));
        }
        for one in &self.record.history.handed_over {
            let (from, to, by) = (who(&one.from), who(&one.to), who(&one.by));
            self.text(say!("paper-handed-over", by, from, to, at = self.moment(one.at), reason = one.reason.trim()));
        }
        for given_up in &self.record.history.given_up {
            self.warn(say!(
                "paper-verification-begun-taken-back",
                examiner = who(&given_up.work.examiner),
                by = who(&given_up.by),
                at = self.moment(given_up.at)
            ));
        }
    }

    fn came_to(&mut self, examination: &ExaminationRecord) {
        let told = |at: Option<Moment>| at.map_or_else(|| say!("paper-not-recorded").to_owned(), |at| self.moment(at));
        let work = &examination.work;
        let pairs = vec![
            (say!("paper-examiner"), who(&work.examiner)),
            (say!("paper-concluded"), told(examination.concluded_at)),
            (say!("paper-unveiled"), told(examination.unveiled_at)),
            (say!("paper-order"), say!("paper-shuffled-seed", shuffle_seed = work.shuffle_seed)),
            (
                say!("paper-came"),
                if work.none_of_these { say!("rule-note-none") } else { say!("paper-see-conclusions-above") }
                    .to_owned(),
            ),
        ];
        self.blocks.push(facts(pairs));
        if self.record.changes_after_unveiling.is_empty() {
            self.text(say!("paper-no-conclusion-changed-after-unveiling"));
        }
        for change in &self.record.changes_after_unveiling {
            self.warn(say!(
                "paper-changed-after-unveiling-from",
                at = self.moment(change.to.at),
                conclusion = change.from.as_ref().map_or("no conclusion", |from| from.conclusion.in_words()),
                conclusion2 = change.to.conclusion.in_words(),
                reason = change.to.reason.trim()
            ));
        }
    }

    fn corroborated(&mut self) {
        self.heading(say!("paper-corroboration-speaks-person"));
        let zone = &self.record.time_zone;
        let checklist = &self.record.corroboration;
        let rows = checklist.entries.iter().map(|entry| {
            let standing = self.record.standings.iter().find(|(id, _)| *id == entry.id);
            let worth = standing.map_or_else(String::new, |(_, standing)| standing.in_words());
            let finding = entry.finding.map_or_else(String::new, |finding| finding.in_words().to_owned());
            vec![entry.category().in_words().to_owned(), finding, entry_says(entry, zone), worth]
        });
        let rows = table(
            &[say!("paper-category"), say!("paper-finding"), say!("paper-what"), say!("paper-worth")],
            &[18, 14, 46, 22],
            rows.collect(),
        );
        self.blocks.push(rows);
        for entry in checklist.entries.iter().filter(|e| e.finding == Some(Finding::Contradicts)) {
            self.warn(say!(
                "paper-speaks-against-lead",
                category = entry.category().in_words(),
                zone = entry_says(entry, zone)
            ));
        }
        let panel = &checklist.panel;
        for answer in panel.answers.iter().filter(|a| a.answer == Some(ContradictionAnswer::Contradicts)) {
            self.warn(say!("paper-contradicts", item = answer.item.in_words(), rests_on = answer.rests_on.trim()));
        }
        self.blocks.push(facts(vec![(say!("paper-speaks-person"), panel.speaks_for_the_person.trim().to_owned())]));
    }

    fn noted(&mut self) {
        self.heading(say!("paper-case-notes-their-reviews"));
        if self.record.notes.is_empty() {
            self.text(say!("paper-no-case-note-sealed"));
        }
        for note in &self.record.notes {
            self.note(note);
        }
    }

    fn note(&mut self, note: &DisclosedNote) {
        let sealed = self.moment(note.sealed_at);
        self.blocks
            .push(Block::Subheading { text: say!("paper-sealed", disposition = note.disposition.in_words(), sealed) });
        self.blocks.extend(Block::typed(note.narrative.trim()));
        for review in &note.reviews {
            let remarks =
                review.judged.iter().map(|j| j.remark.as_str()).chain(review.remarks.iter().map(|r| r.text.as_str()));
            let remarks: Vec<&str> = remarks.chain([review.reason.as_str()]).filter(|r| !r.is_empty()).collect();
            self.text(say!(
                "paper-badge-2",
                decision = decision(review.decision),
                name = review.reviewer.name,
                badge = review.reviewer.badge,
                at = self.moment(review.at),
                remarks = remarks.join(" ")
            ));
        }
        if note.reviews.is_empty() {
            self.text(say!("paper-not-reviewed"));
        }
        for addendum in &note.addenda {
            self.text(say!(
                "paper-addendum",
                number = addendum.number,
                author = who(&addendum.author),
                at = self.moment(addendum.at),
                text = addendum.text.trim()
            ));
        }
        self.blocks.push(facts(vec![("SHA-256", note.sha256.clone())]));
    }
}
