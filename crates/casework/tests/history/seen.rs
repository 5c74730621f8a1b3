//! What must hold after every act: who is told what, and that nothing seen is unseen.

use std::collections::BTreeSet;

use casework::samples::worth;
use casework::*;

use super::desk::{World, name_of};
use super::paper::{Account, CAST, Case as Paper, Stage};

/// What the rules tell `account` of the case now.
fn told(paper: &Paper, account: Account) -> Sight {
    let (own, verifies, reads) = (paper.own(account), paper.verifies(account), paper.reads(account));
    let noted = paper.sealed || paper.returned.is_some();
    let examines = own && paper.examines(account);
    let waits = paper.asked.as_ref().is_some_and(|asked| match asked.begun {
        Some(_) => verifies,
        None => paper.askable(account) && !paper.is(asked.by, account),
    });
    Sight {
        case: own && !verifies,
        note: reads && noted,
        disclosure: reads,
        probe: verifies || own || (reads && noted),
        seat: if verifies { Some(Seat::Verifier) } else { examines.then_some(Seat::Examiner) },
        records: examines && !verifies && paper.exam.as_ref().is_some_and(|exam| exam.is_unveiled()),
        waits: waits && !paper.sealed,
    }
}

fn bench(world: &World, on: usize, account: Account) -> Result<(), String> {
    let (file, paper, person) = (&world.desks[on].file, &world.desks[on].paper, &world.cast.people[account]);
    let Some(exam) = &paper.exam else { return Ok(()) };
    let verifies = paper.verifies(account);
    let begun = paper.asked.as_ref().and_then(|asked| asked.begun.as_ref()).filter(|_| verifies);
    let work = begun.unwrap_or(&exam.bench);
    let unveiled = exam.is_unveiled() && !verifies;
    let shown = file.candidates(person);
    let rows: BTreeSet<_> = shown.iter().map(|c| c.id).collect();
    if rows != work.shown.iter().copied().collect() || shown.len() != rows.len() {
        return Err(format!("the bench of {account} shows {rows:?}"));
    }
    for candidate in &shown {
        let own = if verifies { work.said.get(&candidate.id).copied() } else { exam.standing(candidate.id) };
        let records = candidate.unveiled.is_some();
        if records != unveiled || candidate.conclusion.as_ref().map(|c| c.conclusion) != own {
            return Err(format!("{account} is shown {candidate:?}"));
        }
        if file.shows_candidate(person, candidate.id) != work.analysed {
            return Err(format!("the photograph of {:?} is shown to {account} before the analysis", candidate.id));
        }
    }
    Ok(())
}

/// What holds of case `on` at any time. Between the single steps of blind work one account a step is asked what it is told,
/// in turn; after everything else all of them, with their benches.
pub fn check(world: &World, on: usize, blind: bool) -> Result<(), String> {
    let (file, paper) = (&world.desks[on].file, &world.desks[on].paper);
    let turn = world.now as usize % CAST.len();
    let people = world.cast.people.iter().enumerate().filter(|(account, _)| !blind || *account == turn);
    for (account, person) in people {
        let (sight, wanted) = (file.sight(person), told(paper, account));
        if sight != wanted {
            return Err(format!("{account} of {:?} is told {sight:?}, and the rules say {wanted:?}", CAST[account]));
        }
        if !blind && sight.seat.is_some() {
            bench(world, on, account)?;
        }
    }
    if (file.history.set_aside.len(), file.history.given_up.len()) != (paper.aside.len(), paper.given_up.len()) {
        return Err("something that was set aside or given up is gone".to_owned());
    }
    let bound: Vec<_> = file.checklist.entries.iter().map(|entry| entry.made_for).collect();
    let wanted: Vec<_> = paper.entries.iter().map(|item| item.bound).collect();
    let (sought, made) = bound.split_at(bound.len() - wanted.len());
    if made != wanted || sought.iter().any(|one| *one != paper.first_bound) {
        return Err(format!("entries are bound to {bound:?}, and the rules say {wanted:?}"));
    }
    if let Some(asked) = &paper.asked {
        let lead = paper.exam.as_ref().and_then(|exam| exam.bench.kept);
        let list = paper.lists.last().map(|list| &list.rows[..]).unwrap_or_default();
        let among: BTreeSet<_> = asked.among.iter().copied().collect();
        if among.len() != 4
            || !lead.is_some_and(|lead| among.contains(&lead))
            || !among.iter().all(|row| list.iter().any(|(id, _)| id == row))
        {
            return Err(format!("a verifier gets {among:?}"));
        }
    }
    Ok(())
}

/// The names of subjects that stand in `text`.
fn named(text: &str) -> BTreeSet<String> {
    let places = text.match_indices("subject-").map(|(at, _)| text[at..].chars().take(10).collect());
    places.collect()
}

/// The subjects of case `on` that were unveiled to somebody in it, by name.
fn known(paper: &Paper) -> BTreeSet<String> {
    let lists = (0..paper.lists.len()).filter(|at| paper.is_unveiled(*at)).flat_map(|at| &paper.lists[at].rows);
    lists.map(|(_, subject)| name_of(*subject)).collect()
}

/// What is disclosed of case `on`, and the facts so far: nobody of a list that is not unveiled.
pub fn check_disclosure(world: &World, on: usize) -> Result<(), String> {
    let (file, paper) = (&world.desks[on].file, &world.desks[on].paper);
    let (known, open) = (known(paper), |at: &usize| paper.is_unveiled(*at));
    for (account, person) in world.cast.people.iter().enumerate() {
        let made = file.disclosure(person, Vec::new(), Vec::new(), worth, world.moment(), world.policy);
        let Ok(made) = made else { continue };
        if !paper.reads(account) {
            return Err(format!("{account} has a disclosure"));
        }
        for (at, search) in made.searches.iter().enumerate() {
            if search.worth().is_none() != search.withheld() {
                return Err(format!("what list {at} is worth is told, or is not"));
            }
            if search.withheld() == open(&at) || (search.withheld() && !search.search().candidates().is_withheld()) {
                return Err(format!("list {at} is told, or is not"));
            }
        }
        let text = serde_json::to_string(&made).map_err(|error| error.to_string())?;
        // Whoever reads it proves it, whatever was done before.
        let read: Disclosure = serde_json::from_str(&text).map_err(|error| format!("not read again: {error}"))?;
        read.proven().map_err(|gaps| format!("what is disclosed does not prove itself: {gaps:?}"))?;
        if read != made {
            return Err("it is read as another one".to_owned());
        }
        if named(&text) != known {
            return Err(format!("disclosed are {:?}, and {known:?} were unveiled", named(&text)));
        }
        break;
    }
    let facts = serde_json::to_string(&file.facts(world.moment(), world.policy)).map_err(|error| error.to_string())?;
    if !named(&facts).is_subset(&known) {
        return Err(format!("facts tell {facts}"));
    }
    Ok(())
}

/// What holds of case `on` at the end: what was set aside stands, and the note tells what it may.
pub fn check_note(world: &World, on: usize) -> Result<(), String> {
    let paper = &world.desks[on].paper;
    if !world.kept_as_it_was(on) {
        return Err("what was set aside or given up was changed since".to_owned());
    }
    let Some(note) = world.sealed(on) else { return Ok(()) };
    let known = known(paper);
    note.proven().map_err(|gaps| format!("what was sealed does not prove itself: {gaps:?}"))?;
    let found = match note.outcome {
        Outcome::NoneOfThese => None,
        Outcome::Lead { candidate, conclusion } => Some((candidate, conclusion)),
    };
    if found != paper.sealed_as {
        return Err(format!("the note says {found:?}, and the rules {:?}", paper.sealed_as));
    }
    let text = serde_json::to_string(note).map_err(|error| error.to_string())?;
    let shows = matches!(note.disposition, Disposition::LeadCorroborated | Disposition::LeadNotCorroborated);
    let may = if shows { &known } else { &BTreeSet::new() };
    if !named(&text).is_subset(may) || (!shows && text.contains("\"score\"")) {
        return Err(format!("the note tells {:?} of {known:?}", named(&text)));
    }
    let stages = paper.exam.as_ref().map(|exam| exam.stage);
    if note.history.set_aside.len() != paper.aside.len() || stages.is_none_or(|stage| stage == Stage::Blind) {
        return Err("the note leaves out an examination".to_owned());
    }
    Ok(())
}
