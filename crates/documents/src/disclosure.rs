use casework::{
    AuditLine, ContradictionAnswer, DisclosedNote, DisclosedSearch, Disclosure, ExaminationRecord, Finding, Moment,
    PersonRef, PreparationStep, ProbeRecord,
};

use crate::report::{decision, entry_says};
use crate::{Block, Paper};

fn who(person: &PersonRef) -> String {
    format!("{}, badge {}, {}", person.name, person.badge, person.ori)
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
    told.heading("Every search, those that gave nothing too");
    for search in &record.searches {
        told.searched(search);
    }
    if record.searches.is_empty() {
        told.text("No search was made.");
    }
    told.examined();
    told.corroborated();
    told.noted();
    told.heading("What was done, as the audit chain has it");
    let line = |event: &AuditLine| {
        vec![event.seq.to_string(), told.moment(event.at), event.person.clone(), event.action.replace('-', " ")]
    };
    let rows = record.audit.iter().map(line).collect();
    told.blocks.push(table(&["No.", "When", "Who", "What"], &[6, 22, 48, 24], rows));
    Paper {
        department: department.to_owned(),
        title: format!("Disclosure {}", record.case.as_ref().map_or("", |case| case.number().as_str()))
            .trim()
            .to_owned(),
        subtitle: "Use of face recognition in this case".to_owned(),
        draft: String::new(),
        statement: record.statement.trim().to_owned(),
        footer: format!("Produced {} by {}", told.moment(record.produced_at), who(&record.produced_by)),
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
        let Some(case) = &self.record.case else { return self.text("No purpose was recorded.") };
        let basis = case.basis();
        self.blocks.push(facts(vec![
            ("Case", case.number().as_str().to_owned()),
            ("Offence", format!("{}, {}", case.offence().trim(), self.moment(case.event_at()))),
            ("Purpose", case.purpose().in_words().to_owned()),
            ("Basis", format!("{} {}", basis.code.trim(), basis.statement.trim())),
            ("Asked for by", basis.requested_by.trim().to_owned()),
            ("Opened by", format!("{}, {}", who(case.opened_by()), self.moment(case.opened_at()))),
        ]));
        for referral in &self.record.referrals {
            self.warn(format!("Referred to audit by the program: {referral}"));
        }
    }

    fn probe(&mut self) {
        self.heading("Probe, and what was done to it");
        let Some(probe) = &self.record.probe else { return self.text("No probe was taken in.") };
        self.blocks.push(facts(vec![
            ("Kind", format!("{}, taken {}", probe.source().in_words(), self.moment(probe.captured_at()))),
            (
                "Obtained",
                format!(
                    "{}: {} ({})",
                    probe.obtained_by().trim(),
                    probe.obtained_how().trim(),
                    probe.legal_basis().trim()
                ),
            ),
            ("Quality", format!("{} of 100. {}", probe.quality(), probe.quality_warning().unwrap_or_default())),
            ("SHA-256", probe.image().sha256.clone()),
        ]));
        self.frames(probe);
    }

    fn frames(&mut self, probe: &ProbeRecord) {
        for frame in probe.further() {
            self.text(format!("Further photograph: {} SHA-256 {}", frame.same_person.trim(), frame.image.sha256));
        }
        match probe.prepared().map_or(&[][..], |prepared| &prepared.steps) {
            [] => self.text("The original was searched; nothing was done to it."),
            steps => {
                self.text("The original was searched, and beside it a copy, prepared in these steps:");
                self.blocks.push(Block::List { items: steps.iter().map(PreparationStep::in_words).collect() });
            }
        }
    }

    fn searched(&mut self, told: &DisclosedSearch) {
        let search = told.search();
        let compared = search.completeness();
        self.blocks.push(Block::Subheading { text: format!("{}, by {}", self.moment(search.at()), who(search.by())) });
        self.blocks.push(facts(vec![
            ("Gallery", format!("{}, model {}", search.gallery(), search.model())),
            (
                "Compared",
                format!(
                    "{} of {} templates, {} left out by filters; {} candidates",
                    compared.scanned,
                    compared.gallery_size,
                    compared.filtered_out,
                    told.candidates().len()
                ),
            ),
        ]));
        if told.gave_nothing() {
            self.warn("This search gave nothing: no candidate of it was kept.");
        }
        if told.withheld() {
            return self
                .text("The examination of this list is not concluded and unveiled: nothing of anybody on it is told.");
        }
        let work = self.record.examination.as_ref().map(|e| &e.work).filter(|work| work.search == search.id());
        let rows = told.candidates().iter().enumerate().map(|(at, candidate)| {
            let said = match work {
                None => "not examined",
                Some(work) => match work.conclusions.get(&candidate.id) {
                    Some(concluded) => concluded.conclusion.in_words(),
                    None if work.looked_at.contains_key(&candidate.id) => "looked at, no conclusion",
                    None => "not looked at",
                },
            };
            let kept = if work.is_some_and(|work| work.lead == Some(candidate.id)) { " (kept)" } else { "" };
            let score = candidate.score.map_or_else(String::new, |score| format!("{score:.2}"));
            let taken = candidate.captured_on.as_deref().unwrap_or("not known");
            vec![(at + 1).to_string(), candidate.subject_id.clone(), score, taken.to_owned(), format!("{said}{kept}")]
        });
        let header = ["Rank", "Subject", "Similarity score", "Taken", "Blind conclusion"];
        let rows = table(&header, &[8, 30, 18, 18, 26], rows.collect());
        self.blocks.push(rows);
    }

    fn examined(&mut self) {
        self.heading("Examination and verification");
        self.before();
        let Some(examination) = &self.record.examination else { return self.text("Nothing was examined.") };
        self.came_to(examination);
        let Some(second) = &self.record.verification else { return self.text("No second examiner compared.") };
        let mut pairs = vec![
            ("Verified by", format!("{}, {}", who(&second.verifier), self.moment(second.at))),
            ("Concluded", format!("{}; {}", second.conclusion.in_words(), second.agreement.in_words())),
        ];
        if let Some(held) = &second.conference {
            pairs.push(("Conference", format!("{}: {}", held.agreed.in_words(), held.account.trim())));
        }
        self.blocks.push(facts(pairs));
    }

    /// Examinations that were set aside, and verifications that were given up.
    fn before(&mut self) {
        for aside in &self.record.history.set_aside {
            let (was, at) = (&aside.examination, self.moment(aside.at));
            let unveiled = was.record().unveiled_at.map_or_else(|| "no".to_owned(), |at| self.moment(at));
            self.warn(format!(
                "An earlier examination by {} was set aside by a further search ({at}): {} opened, {} conclusions, \
                 unveiled: {unveiled}, verified: {}.",
                who(&was.work().examiner),
                was.work().looked_at.len(),
                was.work().conclusions.len(),
                was.verification().map_or("no", |second| second.conclusion.in_words()),
            ));
        }
        for given_up in &self.record.history.given_up {
            self.warn(format!(
                "A verification that {} had begun was taken back by {}, {}.",
                who(&given_up.work.examiner),
                who(&given_up.by),
                self.moment(given_up.at)
            ));
        }
    }

    fn came_to(&mut self, examination: &ExaminationRecord) {
        let told = |at: Option<Moment>| at.map_or_else(|| "not recorded".to_owned(), |at| self.moment(at));
        let work = &examination.work;
        let pairs = vec![
            ("Examiner", who(&work.examiner)),
            ("Concluded", told(examination.concluded_at)),
            ("Unveiled", told(examination.unveiled_at)),
            ("Order", format!("shuffled with the seed {}", work.shuffle_seed)),
            ("Came to", if work.none_of_these { "none of these" } else { "see the conclusions above" }.to_owned()),
        ];
        self.blocks.push(facts(pairs));
        if self.record.changes_after_unveiling.is_empty() {
            self.text("No conclusion was changed after unveiling.");
        }
        for change in &self.record.changes_after_unveiling {
            self.warn(format!(
                "Changed after unveiling, {}: from {} to {}. {}",
                self.moment(change.to.at),
                change.from.as_ref().map_or("no conclusion", |from| from.conclusion.in_words()),
                change.to.conclusion.in_words(),
                change.to.reason.trim()
            ));
        }
    }

    fn corroborated(&mut self) {
        self.heading("Corroboration, and what speaks for the person");
        let zone = &self.record.time_zone;
        let checklist = &self.record.corroboration;
        let rows = checklist.entries.iter().map(|entry| {
            let standing = self.record.standings.iter().find(|(id, _)| *id == entry.id);
            let worth = standing.map_or_else(String::new, |(_, standing)| standing.in_words());
            let finding = entry.finding.map_or_else(String::new, |finding| finding.in_words().to_owned());
            vec![entry.category().in_words().to_owned(), finding, entry_says(entry, zone), worth]
        });
        let rows = table(&["Category", "Finding", "What", "What it is worth"], &[18, 14, 46, 22], rows.collect());
        self.blocks.push(rows);
        for entry in checklist.entries.iter().filter(|e| e.finding == Some(Finding::Contradicts)) {
            self.warn(format!("{} speaks against the lead: {}", entry.category().in_words(), entry_says(entry, zone)));
        }
        let panel = &checklist.panel;
        for answer in panel.answers.iter().filter(|a| a.answer == Some(ContradictionAnswer::Contradicts)) {
            self.warn(format!("The {} contradicts: {}", answer.item.in_words(), answer.rests_on.trim()));
        }
        self.blocks.push(facts(vec![("Speaks for the person", panel.speaks_for_the_person.trim().to_owned())]));
    }

    fn noted(&mut self) {
        self.heading("Case notes and their reviews");
        if self.record.notes.is_empty() {
            self.text("No case note was sealed.");
        }
        for note in &self.record.notes {
            self.note(note);
        }
    }

    fn note(&mut self, note: &DisclosedNote) {
        let sealed = self.moment(note.sealed_at);
        self.blocks.push(Block::Subheading { text: format!("{}, sealed {sealed}", note.disposition.in_words()) });
        self.blocks.extend(Block::typed(note.narrative.trim()));
        for review in &note.reviews {
            let remarks =
                review.judged.iter().map(|j| j.remark.as_str()).chain(review.remarks.iter().map(|r| r.text.as_str()));
            let remarks: Vec<&str> = remarks.chain([review.reason.as_str()]).filter(|r| !r.is_empty()).collect();
            self.text(format!(
                "{} by {}, badge {}, {}. {}",
                decision(review.decision),
                review.reviewer.name,
                review.reviewer.badge,
                self.moment(review.at),
                remarks.join(" ")
            ));
        }
        if note.reviews.is_empty() {
            self.text("Not reviewed.");
        }
        for addendum in &note.addenda {
            self.text(format!(
                "Addendum {}, {}, {}: {}",
                addendum.number,
                who(&addendum.author),
                self.moment(addendum.at),
                addendum.text.trim()
            ));
        }
        self.blocks.push(facts(vec![("SHA-256", note.sha256.clone())]));
    }
}
