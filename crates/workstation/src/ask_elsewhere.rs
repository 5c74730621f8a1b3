//! The verification of a lead by a colleague at another workstation: who can be asked, and what travels. Photographs leave as
//! pixels alone: whatever a file says of itself stays here.

use std::collections::BTreeMap;

use catalogue::say;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use casework::{
    CandidateId, CaseFile, CaseId, Clock, Conclusion, FaceBox, Person, PersonId, RequestId, SearchId, Sending,
};
use department::fingerprint;
use faces::decoder::EditedPhoto;
use vault::{PackageError, Vault, VaultError};

use crate::bring_photo::adjustments;
use crate::change_case::{case_of, elsewhere};
use crate::clock::SystemClock;
use crate::error::{CommandError, Outcome, stopped};
use crate::photographs::{Wanted, keeps_list};
use crate::views::{Answer, ColleagueLine, ColleaguesView, WorkstationLine};
use crate::workstation::{Blocking, Workstation};

/// Longest side of a picture that travels, in pixels: more than any photograph has.
const WHOLE: u32 = 16_384;

/// What is to be sent: the list with how many photographs there are of each, and the probe.
struct Plan {
    search: SearchId,
    among: Vec<(CandidateId, usize)>,
    probe: String,
    face: Option<FaceBox>,
}

/// The people of the department who could verify this case: its roster in force, and nobody who works on the case or has seen
/// of it. The one place that says who can be asked.
fn verifiers(v: &Vault, file: &CaseFile, policy: &casework::Policy) -> Outcome<Vec<Person>> {
    let mut file = file.clone();
    let known = elsewhere(v, &file)?;
    file.recall(&known);
    let now = SystemClock.now();
    let members = v.department().map(|chain| chain.newest().roster().people()).unwrap_or_default();
    let people = members.iter().map(|member| member.person.clone());
    let mut people: Vec<Person> = people.filter(|person| file.may_verify(person, now, policy).is_ok()).collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(people)
}

fn unknown(what: &'static str) -> CommandError {
    VaultError::Unknown(what).into()
}

impl Workstation {
    /// Asks `of`, who works at the workstation with the key `place`, for a blind verification: probe, lead and the others leave
    /// as pictures under fresh tokens.
    pub async fn ask_elsewhere(&self, id: CaseId, of: PersonId, place: String) -> Outcome<Answer> {
        let to = place.clone();
        let plan = self.run(move |s| s.plan_elsewhere(id, of, &to)).await?;
        let mut pictures = BTreeMap::new();
        let mut keep = |picture: Vec<u8>| {
            let sha256 = hex::encode(Sha256::digest(&picture));
            pictures.insert(sha256.clone(), picture);
            sha256
        };
        let mut candidates = BTreeMap::new();
        let came = self.run(move |s| s.with(|v| keeps_list(v, &v.case(id)?))).await?;
        for (candidate, photos) in plan.among {
            if !came {
                self.whole_at_gallery(plan.search, candidate).await?;
            }
            let mut sent = Vec::new();
            for photo in 0..photos {
                let photo = u8::try_from(photo).map_err(|_| stopped())?;
                sent.push(keep(self.pixels(id, Wanted::Candidate { candidate, photo }).await?));
            }
            candidates.insert(candidate, (CandidateId(Uuid::new_v4()), sent));
        }
        let probe = keep(self.pixels(id, Wanted::Probe { sha256: plan.probe }).await?);
        let mut salt = [0u8; 32];
        getrandom::fill(&mut salt).map_err(|_| stopped())?;
        let (id_of, salt) = (RequestId(Uuid::new_v4()), hex::encode(salt));
        let sending = Sending { id: id_of, salt, probe, face: plan.face, candidates };
        let answer = self.run(move |s| s.send_elsewhere(id, of, &place, sending, &pictures)).await?;
        self.0.exchange_due.notify_one();
        Ok(answer)
    }

    /// Has the gallery give the photographs of a candidate whole, as for somebody who opens it.
    pub(crate) async fn whole_at_gallery(&self, search: SearchId, candidate: CandidateId) -> Outcome<()> {
        let client = self.run(|s| s.client()).await?;
        match client.opened(search.0, candidate.0).await {
            Err(error) if error.problem().is_some_and(|p| p.status == 404) => {}
            opened => opened?,
        }
        self.0.photographs.forget_small(candidate);
        Ok(())
    }

    /// A picture as whoever is signed in sees it, whole, and nothing of its file besides.
    async fn pixels(&self, id: CaseId, wanted: Wanted) -> Outcome<Vec<u8>> {
        let (bytes, steps) = self.edited(id, &wanted).await?;
        self.run(move |s| Ok(s.decoder.picture(EditedPhoto { bytes: &bytes, steps: &adjustments(&steps) }, WHOLE)?))
            .await
    }
}

impl Blocking<'_> {
    /// Who can be asked for a second opinion in this case, and at which workstations.
    pub fn verifiers(&self, id: CaseId) -> Outcome<ColleaguesView> {
        self.act_as(|v, person, _| {
            let file = case_of(v, id, person)?;
            let people = verifiers(v, &file, &self.policy())?.into_iter();
            let people = people.map(ColleagueLine::from).collect();
            let workstations =
                v.workstations_of_department()?.into_iter().map(WorkstationLine::of_department).collect();
            Ok(ColleaguesView { people, workstations, stays: String::new() })
        })
    }

    /// Whether `of` can be asked at `place` in this case, and for what.
    fn plan_elsewhere(&self, id: CaseId, of: PersonId, place: &str) -> Outcome<Plan> {
        let (file, person) = self.act_as(|v, person, _| {
            let file = case_of(v, id, person)?;
            if !verifiers(v, &file, &self.policy())?.iter().any(|verifier| verifier.id == of) {
                return Err(CommandError::new("unknown", say!("workstation-verifier-not-to-be-asked")));
            }
            match v.is_of_department(place)? {
                true => Ok((file, person.clone())),
                false => Err(VaultError::from(PackageError::NoSuchWorkstation).into()),
            }
        })?;
        let among = file.verification_among(&person.reference(), &self.policy())?;
        let search = file.search().ok_or_else(|| unknown("search"))?;
        let image = file.image.as_ref().ok_or_else(|| unknown("picture"))?;
        let photos = |candidate| 1 + search.candidates().other_photos(candidate).len();
        Ok(Plan {
            search: search.id(),
            among: among.into_iter().map(|candidate| (candidate, photos(candidate))).collect(),
            probe: search.probe_sha256().to_owned(),
            face: image.picked.and_then(|at| image.faces.get(at)).map(|face| face.bounds),
        })
    }

    /// Asks, stores and packs in one act.
    fn send_elsewhere(
        &self,
        id: CaseId,
        of: PersonId,
        place: &str,
        sending: Sending,
        pictures: &BTreeMap<String, Vec<u8>>,
    ) -> Outcome<Answer> {
        let request = sending.id;
        self.act_as(|v, person, now| {
            let mut file = case_of(v, id, person)?;
            let known = elsewhere(v, &file)?;
            file.recall(&known);
            let found = verifiers(v, &file, &self.policy())?.into_iter().find(|verifier| verifier.id == of);
            let of = found.ok_or_else(|| CommandError::new("unknown", say!("workstation-verifier-not-to-be-asked")))?;
            let card = v.workstations_of_department()?.into_iter().find(|card| card.signs == place);
            let card = card.ok_or_else(|| VaultError::from(PackageError::NoSuchWorkstation))?;
            file.ask_elsewhere(&person.reference(), &of, (place, &card.name), sending, now, &self.policy())?;
            let detail = json!({ "case": id, "request": request, "to": fingerprint(place) });
            v.put_case(id, &file, &person.reference(), now, Some(("verification-asked", detail)))?;
            v.ask_elsewhere(&file, pictures, now)?;
            Ok(self.answer(&file, person))
        })
    }

    /// Has an open request sent once more, where it was lost on its way. It is the same package: nothing doubles.
    pub fn send_again(&self, id: CaseId) -> Outcome<Answer> {
        let answer = self.act_as(|v, person, now| {
            let file = case_of(v, id, person)?;
            let asked = file.asked_elsewhere().ok_or_else(|| unknown("request"))?;
            v.send_again(asked.asked.request().id(), &person.reference(), now)?;
            Ok(self.answer(&file, person))
        })?;
        self.exchange_due.notify_one();
        Ok(answer)
    }

    /// The examiner writes down and signs a conference with a verifier at another workstation, for whose signature it goes
    /// there.
    pub fn propose_conference(&self, id: CaseId, account: &str, agreed: Conclusion) -> Outcome<Answer> {
        let answer = self.act_as(|v, person, now| {
            let mut file = case_of(v, id, person)?;
            file.propose_conference(&person.reference(), Uuid::new_v4(), account, agreed, now)?;
            let event = Some(("conference-proposed", json!({ "case": id })));
            v.put_case(id, &file, &person.reference(), now, event)?;
            v.send_conference(&file, &person.reference(), now)?;
            Ok(self.answer(&file, person))
        })?;
        self.exchange_due.notify_one();
        Ok(answer)
    }
}
