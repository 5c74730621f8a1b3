//! Who may be told what of a case, written down from the rules of the department and not from the program: attackers
//! hold every answer against it.

use super::door::Who;

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Nothing is confirmed.
    NoPurpose,
    /// The purpose is confirmed.
    Purpose,
    /// The probe is confirmed.
    Probe,
    /// The list is there.
    Searched,
    /// The analysis of the probe is recorded.
    Analysed,
    /// Some candidates were opened.
    Opened,
    /// Concluded, nothing unveiled.
    Concluded,
    /// Scores and records were shown to the examiner.
    Unveiled,
    /// A verification is asked for.
    Asked,
    /// A second examiner compares.
    Begun,
    /// The second examiner handed in.
    HandedIn,
    /// The note is sealed.
    Sealed,
    /// A supervisor reads it.
    UnderReview,
    /// It was returned.
    Returned,
    /// It was approved.
    Approved,
}

/// How somebody stands to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Nobody is signed in, or somebody with a passphrase that is not their own.
    Nobody,
    /// Opened it and examines its list.
    Examiner,
    /// Another examiner, asked to verify or not.
    Other,
    /// Compares as second examiner, until that is handed in.
    Verifier,
    /// An examiner who supervises as well and works on nothing of it: they could be asked to verify.
    Both,
    /// A supervisor, who reviews or has nothing to do with it.
    Supervisor,
    /// Administrator or auditor.
    Office,
}

/// What an answer can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// What was typed about the case, its number included.
    Typed,
    /// What the examiner recorded and concluded, and who the lead is.
    First,
    /// What the second examiner recorded and concluded.
    Second,
    /// What the gallery said: subjects, scores, ranks.
    Gallery,
}

/// A picture of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    /// The probe, as it came or prepared.
    Probe,
    /// A file that belongs to the corroboration.
    Attachment,
    /// The candidate that is kept.
    Lead,
    /// Another whom the second examiner gets.
    Among,
    /// Another of the list.
    Listed,
}

impl State {
    /// Every state, in their order.
    pub const ALL: [State; 15] = [
        State::NoPurpose,
        State::Purpose,
        State::Probe,
        State::Searched,
        State::Analysed,
        State::Opened,
        State::Concluded,
        State::Unveiled,
        State::Asked,
        State::Begun,
        State::HandedIn,
        State::Sealed,
        State::UnderReview,
        State::Returned,
        State::Approved,
    ];

    /// Whether a sealed note stands.
    pub fn is_sealed(self) -> bool {
        matches!(self, State::Sealed | State::UnderReview | State::Approved)
    }

    /// Whether a note was sealed, and perhaps returned since.
    pub fn is_noted(self) -> bool {
        self >= State::Sealed
    }
}

impl Relation {
    /// How `who` stands to a case of [`Who::First`] that `verifier` compares, if anybody does.
    pub fn of(who: Who, owner: Who, verifier: Option<Who>) -> Self {
        match who {
            Who::Nobody | Who::Temporary => Relation::Nobody,
            Who::Administrator | Who::Auditor => Relation::Office,
            _ if who == owner => Relation::Examiner,
            _ if verifier == Some(who) => Relation::Verifier,
            _ if who.examines() && who.supervises() => Relation::Both,
            _ if who.supervises() => Relation::Supervisor,
            _ => Relation::Other,
        }
    }
}

/// Whether an answer in the window may tell this.
pub fn may_be_told(state: State, who: Relation, class: Class) -> bool {
    match who {
        // "No case content", "no case content beyond need": the audit leaves as a file of its own.
        Relation::Nobody | Relation::Office => false,
        // Scores, ranks, names are hidden until the own conclusion is recorded; of a verification, until it is handed in.
        Relation::Examiner => match class {
            Class::Typed | Class::First => true,
            Class::Gallery => state >= State::Unveiled,
            Class::Second => state >= State::HandedIn,
        },
        // The second examiner never sees the first one's answers, nor which case it is, and sees their own.
        Relation::Verifier => class == Class::Second && state == State::Begun,
        Relation::Other => false,
        // A supervisor reviews what is sealed.
        Relation::Supervisor => state.is_noted(),
        // Whoever could still be asked to verify is told nothing by another role.
        Relation::Both => state.is_sealed(),
    }
}

/// Whether the auditor's desk may tell this: for which crime and why a case was searched, who did what when, and nothing that was compared or
/// came from the gallery.
pub fn may_be_audited(who: Who, command: &str, class: Class) -> bool {
    // The desk of retention names cases by their numbers, as the audit does.
    let desk = command.starts_with("oversight") || ["retention", "purge_preview"].contains(&command);
    who == Who::Auditor && class == Class::Typed && desk
}

/// Whether the file of what must be disclosed may leave for them, and tell this.
pub fn may_be_disclosed(state: State, who: Relation, class: Class) -> bool {
    let reads = match who {
        Relation::Examiner | Relation::Supervisor => true,
        Relation::Both => state.is_sealed(),
        Relation::Nobody | Relation::Office | Relation::Other | Relation::Verifier => false,
    };
    let there = match class {
        Class::Typed | Class::First => true,
        Class::Gallery => state >= State::Unveiled,
        Class::Second => state >= State::HandedIn,
    };
    reads && there
}

/// Whether they may see this picture.
pub fn may_see(state: State, who: Relation, shown: Shown) -> bool {
    match who {
        Relation::Nobody | Relation::Office | Relation::Other => false,
        Relation::Examiner => match shown {
            Shown::Probe | Shown::Attachment => true,
            // What the probe shows is written down before a candidate is shown.
            Shown::Lead | Shown::Among | Shown::Listed => state >= State::Analysed,
        },
        Relation::Verifier => state == State::Begun && matches!(shown, Shown::Probe | Shown::Lead | Shown::Among),
        Relation::Supervisor | Relation::Both => {
            let noted = state.is_sealed() || (who == Relation::Supervisor && state.is_noted());
            match shown {
                Shown::Probe | Shown::Attachment => noted,
                Shown::Lead => state.is_sealed(),
                Shown::Among | Shown::Listed => false,
            }
        }
    }
}
