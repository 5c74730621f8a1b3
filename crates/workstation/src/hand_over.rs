//! A case goes to a colleague, to another workstation of the department, or both.

use catalogue::say;
use serde_json::json;

use casework::{CandidateId, CaseFile, CaseId, Gap, Moment, Person, PersonId, Role, SearchId};
use vault::{ListPhotographs, PackageError, Vault, VaultError};

use crate::change_case::case_of;
use crate::error::{CommandError, Outcome};
use crate::photographs::path_of;
use crate::views::{ColleagueLine, ColleaguesView, HolderLine, WorkstationLine};
use crate::workstation::{Blocking, Workstation, fresh_seed};

/// The list of a case, and of each candidate whose photographs are not kept here where the gallery has them, by number.
type Fetching = Option<(SearchId, Vec<(CandidateId, Vec<(u8, String)>)>)>;

/// What keeps a case here, as one sentence.
fn said_of(why: &VaultError) -> String {
    match why {
        VaultError::NotProven { why, .. } => why.clone(),
        other => other.to_string(),
    }
}

impl Workstation {
    /// Hands a case over to `to`, and moves it to the workstation with the key `place` where that is not empty. Whoever has it may
    /// stay who has it, and go on elsewhere. A case that was searched moves with the photographs of its list: the gallery gives them to
    /// the workstation alone that searched, and counts them as opened.
    pub async fn hand_over(&self, id: CaseId, to: PersonId, place: String, reason: String) -> Outcome<()> {
        let done = self.hand_over_now(id, to, place, reason).await;
        if let Err(error) = &done {
            let error = error.clone();
            self.run(move |s| {
                s.audit_refusal("handover-refused", id, &error);
                Ok(())
            })
            .await?;
        }
        self.0.exchange_due.notify_one();
        done
    }

    async fn hand_over_now(&self, id: CaseId, to: PersonId, place: String, reason: String) -> Outcome<()> {
        let me = self.run(|s| s.person()).await?.id;
        if to == me && place.is_empty() {
            return Err(CommandError::new("unknown", say!("workstation-hand-over-to-nobody")));
        }
        if place.is_empty() {
            return self.run(move |s| s.hand_over_with(id, to, ("", &ListPhotographs::new()), &reason)).await;
        }
        // What a search brings comes here: the case stays until it has.
        let _none = self
            .0
            .searching
            .try_lock()
            .map_err(|_| CommandError::new("busy", say!("workstation-search-under-way-wait-answer")))?;
        let photographs = self.photographs_that_move(id, &place).await?;
        self.run(move |s| s.hand_over_with(id, to, (&place, &photographs), &reason)).await
    }

    /// The photographs of a case's list that are not kept here, for the case and nobody's eyes. Of whom the gallery has withdrawn nothing
    /// goes; what it withdraws later is told on.
    async fn photographs_that_move(&self, id: CaseId, place: &str) -> Outcome<ListPhotographs> {
        let asked = async || {
            let place = place.to_owned();
            self.run(move |s| s.to_fetch(id, &place)).await
        };
        let mut photographs = ListPhotographs::new();
        let Some((search, _)) = asked().await?.filter(|(_, missing)| !missing.is_empty()) else {
            return Ok(photographs);
        };
        self.withdrawn_from(id, search).await?;
        let client = self.run(|s| s.client()).await?;
        for (candidate, paths) in asked().await?.map(|(_, missing)| missing).unwrap_or_default() {
            self.whole_at_gallery(search, candidate).await?;
            for (number, path) in paths {
                photographs.insert((candidate, number), client.photo(&path).await?);
            }
        }
        Ok(photographs)
    }
}

impl Blocking<'_> {
    /// Who could have this case next, and at which other workstations.
    pub fn successors(&self, id: CaseId) -> Outcome<ColleaguesView> {
        let policy = self.policy();
        self.act_as(|v, person, now| {
            let file = case_of(v, id, person)?;
            let taken_back = v.taken_back_at(id)?;
            let never_had =
                |to: &Person| taken_back.is_none_or(|at| file.had_nothing_before(at, &to.reference()).is_ok());
            let may = |to: &Person| file.may_hand_over(person, to, now, &policy).is_ok() && never_had(to);
            let people = v.people()?.into_iter().filter(may);
            let others = v.workstations_of_department()?.into_iter().map(WorkstationLine::of_department);
            let (workstations, stays) = match v.may_move(&file) {
                Ok(()) => (others.collect(), String::new()),
                // Where there is no other workstation nothing is to be said of one.
                Err(why) => (Vec::new(), others.take(1).map(|_| said_of(&why)).collect()),
            };
            Ok(ColleaguesView { people: people.map(ColleagueLine::from).collect(), workstations, stays })
        })
    }

    /// Whether the case can move to `place` now, by whoever is signed in, and which photographs of its list are to be fetched for that.
    fn to_fetch(&self, id: CaseId, place: &str) -> Outcome<Fetching> {
        self.act_as(|v, person, _| {
            let file: CaseFile = v.case(id)?;
            // By whoever could hand it over: nothing of it is fetched for anybody else.
            if !person.is(Role::Supervisor) {
                file.may_open(person)?;
            }
            if !v.is_of_department(place)? {
                return Err(VaultError::from(PackageError::NoSuchWorkstation).into());
            }
            v.may_move(&file)?;
            let mut missing = Vec::new();
            for (candidate, count) in file.photographs_that_move() {
                if v.list_photograph(id, candidate, 0)?.is_none() {
                    let paths = (0..count).filter_map(|number| u8::try_from(number).ok());
                    let paths = paths.map(|number| Ok((number, path_of(&file, candidate, number)?)));
                    missing.push((candidate, paths.collect::<Outcome<Vec<_>>>()?));
                }
            }
            Ok(file.search().map(|search| (search.id(), missing)))
        })
    }

    /// Hands the case over to `to`, and moves it with the `photographs` of its list to the workstation with the key `place` where that
    /// is not empty.
    fn hand_over_with(
        &self,
        id: CaseId,
        to: PersonId,
        (place, photographs): (&str, &ListPhotographs),
        reason: &str,
    ) -> Outcome<()> {
        self.act_as(|v, person, now| {
            match to == person.id {
                true => case_of(v, id, person).map(drop)?,
                false => self.hand(v, id, (person, to), reason, now)?,
            }
            if !place.is_empty() {
                if self.is_taken_out(v, now) {
                    return Err(CommandError::new("taken-out", say!("workstation-taken-out")));
                }
                v.move_case(id, place, photographs, &person.reference(), now)?;
            }
            Ok(())
        })
    }

    fn hand(&self, v: &mut Vault, id: CaseId, (by, to): (&Person, PersonId), reason: &str, now: Moment) -> Outcome<()> {
        let taken_back = v.taken_back_at(id)?;
        self.give(v, id, (by, to), now, |file, to, seed| {
            taken_back.map_or(Ok(()), |at| file.had_nothing_before(at, &to.reference()))?;
            file.hand_over(by, to, reason, seed, now, &self.policy())
        })
    }

    fn give(
        &self,
        v: &mut Vault,
        id: CaseId,
        (by, to): (&Person, PersonId),
        now: Moment,
        hand_over: impl FnOnce(&mut CaseFile, &Person, u32) -> Result<(), Vec<Gap>>,
    ) -> Outcome<()> {
        let mut file: CaseFile = v.case(id)?;
        let (to, held) = (v.person(to)?, file.history.handed_over.len());
        hand_over(&mut file, &to, fresh_seed()?)?;
        let detail = json!({ "case": id, "to": to.id, "in_absence": file.history.handed_over.last().is_some_and(|last| last.in_absence()) });
        v.put_case(id, &file, &by.reference(), now, Some(("case-handed-over", detail)))?;
        Ok(v.state_handovers(held, &file)?)
    }

    /// For a supervisor: who has open cases here, and how many. Nothing of a case is told.
    pub fn holders(&self) -> Outcome<Vec<HolderLine>> {
        let (open, person) = self.act_as(|v, person, _| {
            person.may_reassign()?;
            Ok((open_cases(v)?, person.clone()))
        })?;
        let mut lines: Vec<HolderLine> = Vec::new();
        for (file, stranded) in open {
            let (holder, stranded) = (file.holder(), usize::from(stranded));
            match lines.iter_mut().find(|line| line.of.id == holder.id) {
                Some(line) => (line.cases, line.stranded) = (line.cases + 1, line.stranded + stranded),
                None if holder.is_same(&person.reference()) => {}
                None => lines.push(HolderLine { of: ColleagueLine::from(holder.clone()), cases: 1, stranded }),
            }
        }
        lines.sort_by(|a, b| a.of.name.cmp(&b.of.name));
        Ok(lines)
    }

    /// A supervisor hands every open case of `from` here over to `to`, while they are away; also those that were on their way to a
    /// workstation that was taken out of the department. Gives what became of those that stay where they are, a sentence each.
    pub fn hand_over_all(&self, from: PersonId, to: PersonId, reason: &str) -> Outcome<Vec<String>> {
        let open = self.act_as(|v, person, _| {
            person.may_reassign()?;
            open_cases(v)
        })?;
        let theirs = open.into_iter().filter(|(file, _)| file.holder().id == from);
        let theirs: Vec<(CaseId, bool)> = theirs.map(|(file, stranded)| (file.id, stranded)).collect();
        if theirs.is_empty() {
            return Err(CommandError::new("unknown", say!("workstation-hand-over-nothing-open")));
        }
        let mut left = Vec::new();
        for (id, stranded) in theirs {
            let given = self.act_as(|v, person, now| match stranded {
                true => v.take_back(id, &person.reference(), now, |v| {
                    self.give(v, id, (person, to), now, |file, to, seed| {
                        file.take_back(person, to, reason, seed, now, &self.policy())
                    })
                }),
                false => self.hand(v, id, (person, to), reason, now),
            });
            if let Err(error) = given {
                self.audit_refusal("handover-refused", id, &error);
                left.push(error.gaps.first().map_or(error.message, |gap| gap.missing.clone()));
            }
        }
        // The others are asked soon whether one of them has what was taken back.
        self.exchange_due.notify_one();
        Ok(left)
    }
}

/// The open cases here, and whether each was on its way to a workstation that was taken out of the department.
fn open_cases(v: &Vault) -> Outcome<Vec<(CaseFile, bool)>> {
    let here = v.cases::<CaseFile>()?.0.into_iter().map(|row| (row.content, false));
    let stranded = v.stranded()?.into_iter().map(|file| (file, true));
    Ok(here.filter(|(file, _)| file.sealed.is_none()).chain(stranded).collect())
}
